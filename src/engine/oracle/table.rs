//! The rows of a table as they read: every cell is judged, whatever it looks like.

use super::judge::Judge;
use crate::engine::Engine;
use crate::engine::person_name::is_name_part_shape;
use crate::engine::plan::{FieldPlan, NameUse, TablePlan};
use crate::model::{Location, decode_value};
use std::collections::HashMap;

/// What a cell gave: the identifiers that occur in it, in order, and whether it may be part of a name or an address.
type Verdict = (Vec<u16>, bool);

/// Finds what occurs in the rows of a table.
pub struct PlainTable<'e> {
    engine: &'e Engine,
    plan: &'e TablePlan,
    judge: Judge,
    /// Equal cells of a column give the same; without this the tests would take too long.
    verdicts: HashMap<(usize, Vec<u8>), Verdict>,
}

impl<'e> PlainTable<'e> {
    /// For a table of that plan.
    pub fn new(engine: &'e Engine, plan: &'e TablePlan) -> Self {
        Self { engine, plan, judge: Judge::default(), verdicts: HashMap::new() }
    }

    /// What occurs in the row of that number, in order: identifier and location.
    pub fn row(&mut self, row: u64, cells: &[Vec<u8>]) -> Vec<(u16, Location)> {
        let mut found: Vec<(usize, u16)> = Vec::new();
        let mut parts = vec![false; cells.len().max(self.plan.columns.len())];
        for (column, cell) in cells.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
            let (identifiers, part) = self.cell(column, cell);
            found.extend(identifiers.iter().map(|identifier| (column, *identifier)));
            parts[column] = *part;
        }
        if let Some(name) = self.engine.managed.full_name() {
            let people = self.plan.people.iter().filter(|person| parts[person.given] && parts[person.family]);
            found.extend(people.map(|person| (person.given.min(person.family), name)));
        }
        if let Some(address) = self.engine.managed.mailing_address() {
            let addresses = self.plan.addresses.iter().filter(|address| parts[address.street] && parts[address.city]);
            found.extend(addresses.map(|columns| (columns.street, address)));
        }
        found.sort_by_key(|(column, _)| *column);
        let place = |column: usize| Location::Cell {
            row,
            column: column as u32 + 1,
            column_name: self.plan.columns.get(column).and_then(|column| column.name.clone()),
            sheet: None,
        };
        found.into_iter().map(|(column, identifier)| (identifier, place(column))).collect()
    }

    fn cell(&mut self, column: usize, cell: &[u8]) -> &Verdict {
        let Self { engine, plan, judge, verdicts } = self;
        verdicts.entry((column, cell.to_vec())).or_insert_with(|| {
            let field = plan.columns.get(column).map_or(&plan.extra, |column| &column.field);
            let text = decode_value(cell);
            let found = judge.ranges(engine, field, &text);
            (found.iter().map(|(_, _, identifier)| *identifier).collect(), is_part(field, text.trim()))
        })
    }
}

fn is_part(field: &FieldPlan, text: &str) -> bool {
    match field.names {
        NameUse::Given | NameUse::Family => is_name_part_shape(text),
        _ if field.street => text.chars().any(char::is_alphabetic),
        _ => !text.is_empty(),
    }
}
