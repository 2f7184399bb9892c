//! Scans the rows of a table.

use super::judge::{Judge, Verdict};
use super::memo::Memo;
use super::plan::{ColumnPlan, TablePlan};
use super::Engine;
use crate::model::{Column, Location, Occurrences, Row, RowSink};
use std::sync::Arc;

/// Scans rows of one table; keeps what it has learnt from one part of the table to the next.
pub struct TableScanner<'e> {
    engine: &'e Engine,
    plan: Arc<TablePlan>,
    judge: Judge,
    memos: Vec<Memo<Verdict>>,
    parts: Vec<bool>,
    non_empty: Vec<u64>,
}

impl<'e> TableScanner<'e> {
    /// A scanner for the table of that plan.
    pub fn new(engine: &'e Engine, plan: Arc<TablePlan>) -> Self {
        let width = plan.columns.len();
        Self {
            engine,
            judge: Judge::default(),
            memos: (0..width).map(|_| Memo::default()).collect(),
            parts: vec![false; width],
            non_empty: vec![0; width],
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
        let plan = Arc::clone(&self.plan);
        for index in 0..row.len() {
            let cell = row.cell(index);
            let Some(column) = plan.columns.get(index) else {
                let verdict = self.judge.value(self.engine, &plan.extra, cell);
                report(&verdict, row.number, index, None, occurrences);
                continue;
            };
            if cell.is_empty() {
                self.parts[index] = false;
                continue;
            }
            self.non_empty[index] += 1;
            self.cell(row.number, index, column, cell, occurrences);
        }
        for missing in row.len()..plan.columns.len() {
            self.parts[missing] = false;
        }
        self.compose(row.number, &plan, occurrences);
    }

    fn cell(&mut self, number: u64, index: usize, column: &ColumnPlan, cell: &[u8], occurrences: &mut impl Occurrences) {
        let field = &column.field;
        let planned = !field.named.is_empty() || column.part || field.has_custom_named();
        if !planned && self.engine.is_inert(cell) {
            return;
        }
        let (engine, judge) = (self.engine, &mut self.judge);
        let verdict = self.memos[index].get_or(cell, || judge.value(engine, field, cell));
        self.parts[index] = verdict.part;
        report(&verdict, number, index, column.name.as_ref(), occurrences);
    }

    fn compose(&self, number: u64, plan: &TablePlan, occurrences: &mut impl Occurrences) {
        if let Some(name) = self.engine.managed.full_name() {
            for person in &plan.people {
                if self.parts[person.given] && self.parts[person.family] {
                    add(name, number, person.given.min(person.family), plan, occurrences);
                }
            }
        }
        if let Some(address) = self.engine.managed.mailing_address() {
            for columns in &plan.addresses {
                if self.parts[columns.street] && self.parts[columns.city] {
                    add(address, number, columns.street, plan, occurrences);
                }
            }
        }
    }
}

fn report(
    verdict: &Verdict,
    row: u64,
    index: usize,
    column_name: Option<&Arc<str>>,
    occurrences: &mut impl Occurrences,
) {
    let Some(identifiers) = &verdict.identifiers else { return };
    let column = index as u32 + 1;
    for &identifier in identifiers.iter() {
        let place = Some(Column { number: column, name: column_name });
        occurrences.add(usize::from(identifier), place, &mut || Location::Cell {
            row,
            column,
            column_name: column_name.cloned(),
        });
    }
}

fn add(identifier: u16, row: u64, index: usize, plan: &TablePlan, occurrences: &mut impl Occurrences) {
    let column = index as u32 + 1;
    let name = plan.columns[index].name.as_ref();
    occurrences.add(usize::from(identifier), Some(Column { number: column, name }), &mut || Location::Cell {
        row,
        column,
        column_name: name.cloned(),
    });
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
