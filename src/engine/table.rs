//! Scans the rows of a table.

use super::Engine;
use super::judge::{Judge, Verdict};
use super::memo::Memo;
use super::plan::TablePlan;
use crate::model::{Column, Location, Occurrences, RowSink};
use std::sync::Arc;

/// Columns whose cells are remembered: a table may claim any number of columns, the memory must not follow.
const REMEMBERED: usize = 256;

/// Scans rows of one table; keeps what it has learnt from one part of the table to the next.
pub struct TableScanner<'e> {
    engine: &'e Engine,
    plan: Arc<TablePlan>,
    judge: Judge,
    memos: Vec<Memo<Verdict>>,
    columns: Vec<ColumnState>,
    /// Some columns make up names or addresses together.
    composes: bool,
    /// Even a quiet cell may hold the keyword of a custom identifier.
    visits_all: bool,
    /// What the present row holds, where columns make up something together: 0-based column and identifier.
    found: Vec<(u32, u16)>,
}

/// What is counted and known of a column; small, because every cell comes by here.
#[derive(Debug, Clone, Copy, Default)]
struct ColumnState {
    non_empty: u64,
    /// Quiet cells are looked at as well.
    visited: bool,
    /// The present row's cell may be part of a name or address.
    part: bool,
}

impl<'e> TableScanner<'e> {
    /// A scanner for the table of that plan.
    pub fn new(engine: &'e Engine, plan: Arc<TablePlan>) -> Self {
        let visits_all = !engine.keywords_need_letters;
        let columns = plan.columns.iter();
        Self {
            engine,
            judge: Judge::default(),
            memos: (0..plan.columns.len().min(REMEMBERED)).map(|_| Memo::default()).collect(),
            columns: columns
                .map(|column| ColumnState { visited: column.planned || visits_all, ..ColumnState::default() })
                .collect(),
            composes: !plan.people.is_empty() || !plan.addresses.is_empty(),
            visits_all: visits_all || plan.extra.is_named(),
            found: Vec::new(),
            plan,
        }
    }

    /// A sink that scans a part of the table and adds what it finds to `occurrences`.
    pub fn sink<'s, O: Occurrences>(&'s mut self, occurrences: &'s mut O) -> TableSink<'s, 'e, O> {
        TableSink { scanner: self, occurrences, row: 1, column: 0 }
    }

    /// Takes the number of non-empty cells per column since the last call.
    pub fn take_non_empty(&mut self) -> impl Iterator<Item = u64> {
        self.columns.iter_mut().map(|column| std::mem::take(&mut column.non_empty))
    }

    /// Judges a cell of a known column.
    fn judge(&mut self, index: usize, cell: &[u8]) -> Verdict {
        let column = &self.plan.columns[index];
        let verdict = if !column.planned && self.engine.is_inert(cell) {
            Verdict::default()
        } else {
            self.judge.value(self.engine, &column.field, cell)
        };
        if let Some(memo) = self.memos.get_mut(index) {
            memo.remember(cell, &verdict);
        }
        verdict
    }

    /// Adds what the row's cells make up together, in the order of columns.
    fn compose(&mut self) {
        let before = self.found.len();
        let both = |one: usize, other: usize| self.columns[one].part && self.columns[other].part;
        if let Some(name) = self.engine.managed.full_name() {
            for person in &self.plan.people {
                if both(person.given, person.family) {
                    self.found.push((person.given.min(person.family) as u32, name));
                }
            }
        }
        if let Some(address) = self.engine.managed.mailing_address() {
            for columns in &self.plan.addresses {
                if both(columns.street, columns.city) {
                    self.found.push((columns.street as u32, address));
                }
            }
        }
        if self.found.len() > before {
            self.found.sort_by_key(|(index, _)| *index);
        }
    }
}

/// Scans the rows of a part of a table into an [`Occurrences`].
pub struct TableSink<'s, 'e, O> {
    scanner: &'s mut TableScanner<'e>,
    occurrences: &'s mut O,
    /// 1-based row in the part.
    row: u64,
    /// 0-based column of the next cell.
    column: usize,
}

impl<O: Occurrences> TableSink<'_, '_, O> {
    /// A cell in which something may occur.
    #[inline]
    fn visit(&mut self, index: usize, bytes: &[u8]) {
        match self.scanner.memos.get_mut(index).and_then(|memo| memo.number(bytes)) {
            Some(0) => self.scanner.columns[index].part = false,
            Some(number) => {
                let verdict = self.scanner.memos[index].verdict(number).clone();
                self.note(index, &verdict);
            }
            None => {
                let verdict = self.scanner.judge(index, bytes);
                self.note(index, &verdict);
            }
        }
    }

    /// Notes what one cell gave.
    fn note(&mut self, index: usize, verdict: &Verdict) {
        if let Some(column) = self.scanner.columns.get_mut(index) {
            column.part = verdict.part;
        }
        let Some(identifiers) = &verdict.identifiers else { return };
        if self.scanner.composes {
            self.scanner.found.extend(identifiers.iter().map(|identifier| (index as u32, *identifier)));
        } else {
            for &identifier in identifiers.iter() {
                self.add(index, identifier);
            }
        }
    }

    fn add(&mut self, index: usize, identifier: u16) {
        let name = self.scanner.plan.columns.get(index).and_then(|plan| plan.name.as_ref());
        let (number, row) = (index as u32 + 1, self.row);
        self.occurrences.add(usize::from(identifier), Some(Column { number, name }), &mut || Location::Cell {
            row,
            column: number,
            column_name: name.cloned(),
        });
    }

    /// A cell behind the last known column.
    #[cold]
    fn extra(&mut self, index: usize, bytes: &[u8], telling: bool) {
        if telling || self.scanner.visits_all {
            let scanner = &mut *self.scanner;
            let verdict = scanner.judge.value(scanner.engine, &scanner.plan.extra, bytes);
            self.note(index, &verdict);
        }
    }
}

impl<O: Occurrences> RowSink for TableSink<'_, '_, O> {
    #[inline]
    fn cell(&mut self, bytes: &[u8], telling: bool) {
        let index = self.column;
        self.column += 1;
        let Some(column) = self.scanner.columns.get_mut(index) else {
            return self.extra(index, bytes, telling);
        };
        if bytes.is_empty() {
            column.part = false;
            return;
        }
        column.non_empty += 1;
        if telling || column.visited {
            self.visit(index, bytes);
        }
    }

    #[inline]
    fn end_row(&mut self) {
        if self.scanner.composes {
            if let Some(missing) = self.scanner.columns.get_mut(self.column..) {
                missing.iter_mut().for_each(|column| column.part = false);
            }
            self.scanner.compose();
            let mut found = std::mem::take(&mut self.scanner.found);
            for (index, identifier) in found.drain(..) {
                self.add(index as usize, identifier);
            }
            self.scanner.found = found;
        }
        self.row += 1;
        self.column = 0;
    }
}
