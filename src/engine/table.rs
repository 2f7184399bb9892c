//! Scans the rows of a table.

use super::Engine;
use super::judge::{Judge, Verdict};
use super::memo::Memo;
use super::plan::TablePlan;
use crate::model::{Column, Location, Occurrences, Row, RowSink};
use std::sync::Arc;

/// Columns whose cells are remembered: a table may claim any number of columns, the memory must not follow.
const REMEMBERED: usize = 256;

/// Scans rows of one table; keeps what it has learnt from one part of the table to the next.
pub struct TableScanner<'e> {
    engine: &'e Engine,
    plan: Arc<TablePlan>,
    judge: Judge,
    memos: Vec<Memo<Verdict>>,
    parts: Vec<bool>,
    non_empty: Vec<u64>,
    /// What the present row holds: 0-based column and identifier.
    found: Vec<(u32, u16)>,
}

impl<'e> TableScanner<'e> {
    /// A scanner for the table of that plan.
    pub fn new(engine: &'e Engine, plan: Arc<TablePlan>) -> Self {
        let width = plan.columns.len();
        Self {
            engine,
            judge: Judge::default(),
            memos: (0..width).map(|index| if index < REMEMBERED { Memo::default() } else { Memo::off() }).collect(),
            parts: vec![false; width],
            non_empty: vec![0; width],
            found: Vec::new(),
            plan,
        }
    }

    /// A sink that scans rows and adds what it finds to `occurrences`.
    pub fn sink<'s, O: Occurrences>(&'s mut self, occurrences: &'s mut O) -> TableSink<'s, 'e, O> {
        TableSink { scanner: self, occurrences }
    }

    /// Takes the number of non-empty cells per column since the last call.
    pub fn take_non_empty(&mut self) -> Vec<u64> {
        let width = self.plan.columns.len();
        std::mem::replace(&mut self.non_empty, vec![0; width])
    }

    fn row(&mut self, row: Row<'_>, occurrences: &mut impl Occurrences) {
        self.found.clear();
        let Self { engine, plan, judge, memos, parts, non_empty, found } = self;
        for index in 0..row.len() {
            let cell = row.cell(index);
            let Some(column) = plan.columns.get(index) else {
                let verdict = judge.value(engine, &plan.extra, cell);
                note(&verdict, index, found);
                continue;
            };
            if cell.is_empty() {
                parts[index] = false;
                continue;
            }
            non_empty[index] += 1;
            if !column.planned && engine.is_inert(cell) {
                continue;
            }
            let verdict = memos[index].get_or(cell, || judge.value(engine, &column.field, cell));
            parts[index] = verdict.part;
            note(&verdict, index, found);
        }
        if let Some(missing) = parts.get_mut(row.len()..) {
            missing.fill(false);
        }
        self.compose();
        for &(index, identifier) in &self.found {
            let (column, name) = (index + 1, self.plan.columns.get(index as usize).and_then(|plan| plan.name.as_ref()));
            occurrences.add(usize::from(identifier), Some(Column { number: column, name }), &mut || Location::Cell {
                row: row.number,
                column,
                column_name: name.cloned(),
            });
        }
    }

    /// Adds what the row's cells make up together, in the order of columns.
    fn compose(&mut self) {
        let before = self.found.len();
        if let Some(name) = self.engine.managed.full_name() {
            for person in &self.plan.people {
                if self.parts[person.given] && self.parts[person.family] {
                    self.found.push((person.given.min(person.family) as u32, name));
                }
            }
        }
        if let Some(address) = self.engine.managed.mailing_address() {
            for columns in &self.plan.addresses {
                if self.parts[columns.street] && self.parts[columns.city] {
                    self.found.push((columns.street as u32, address));
                }
            }
        }
        if self.found.len() > before {
            self.found.sort_by_key(|(index, _)| *index);
        }
    }
}

fn note(verdict: &Verdict, index: usize, found: &mut Vec<(u32, u16)>) {
    if let Some(identifiers) = &verdict.identifiers {
        found.extend(identifiers.iter().map(|identifier| (index as u32, *identifier)));
    }
}

/// Scans rows into an [`Occurrences`].
pub struct TableSink<'s, 'e, O> {
    scanner: &'s mut TableScanner<'e>,
    occurrences: &'s mut O,
}

impl<O: Occurrences> RowSink for TableSink<'_, '_, O> {
    fn row(&mut self, row: Row<'_>) {
        self.scanner.row(row, self.occurrences);
    }
}
