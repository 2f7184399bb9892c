//! Scans the rows of a table.

use super::Engine;
use super::judge::{Judge, Verdict};
use super::memo::Memo;
use super::plan::TablePlan;
use crate::model::{Column, Location, Occurrences, Row, RowSink};
use std::sync::Arc;

/// Columns whose cells are remembered: a table may claim any number of columns, the memory must not follow.
const REMEMBERED: usize = 256;

/// The marks of cells that have to be looked at.
const MARKS: u32 = Row::TELLING | Row::EMPTY;

/// Scans rows of one table; keeps what it has learnt from one part of the table to the next.
pub struct TableScanner<'e> {
    engine: &'e Engine,
    plan: Arc<TablePlan>,
    judge: Judge,
    memos: Vec<Memo<Verdict>>,
    columns: Vec<ColumnState>,
    /// For each column the marks with which a cell is looked at, and all marks where every cell is.
    looked_at: Vec<u32>,
    /// Counts of memorised verdicts whose identifiers need no locations: column, number, count.
    repeated: Vec<(u32, u16, u64)>,
    room: Vec<u8>,
    /// Some columns make up names or addresses together.
    composes: bool,
    /// Even a quiet cell may hold the keyword of a custom identifier.
    visits_all: bool,
    /// What the present row holds, where columns make up something together: 0-based column and identifier.
    found: Vec<(u32, u16)>,
    /// Name of the worksheet that the table is, for its locations.
    sheet: Option<Arc<str>>,
}

/// What is counted and known of a column.
#[derive(Debug, Clone, Copy, Default)]
struct ColumnState {
    /// Rows of the part that end behind this column, before the last known one.
    ends_here: u64,
    /// Empty cells of the part.
    empty: u64,
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
            looked_at: columns.map(|column| if column.planned || visits_all { MARKS } else { 0 }).collect(),
            columns: vec![ColumnState::default(); plan.columns.len()],
            repeated: Vec::new(),
            room: Vec::new(),
            composes: !plan.people.is_empty() || !plan.addresses.is_empty(),
            visits_all: visits_all || plan.extra.is_named(),
            found: Vec::new(),
            sheet: None,
            plan,
        }
    }

    /// The same for a table that is a worksheet or the like. Its name is empty where the object has only one.
    #[must_use]
    pub fn in_sheet(self, name: Arc<str>) -> Self {
        Self { sheet: Some(name), ..self }
    }

    /// A sink that scans a part of the table and adds what it finds to `occurrences`.
    pub fn sink<'s, O: Occurrences>(&'s mut self, occurrences: &'s mut O) -> TableSink<'s, 'e, O> {
        self.sink_at(1, occurrences)
    }

    /// The same for a table of which rows were scanned before: the next one has that 1-based number.
    pub fn sink_at<'s, O: Occurrences>(&'s mut self, row: u64, occurrences: &'s mut O) -> TableSink<'s, 'e, O> {
        TableSink { scanner: self, occurrences, row }
    }

    /// Takes the number of non-empty cells per column in the part that was read last, which had so many rows.
    pub fn take_non_empty(&mut self, rows: u64) -> impl Iterator<Item = u64> {
        let mut reaching = rows;
        self.columns.iter_mut().map(move |column| {
            reaching -= std::mem::take(&mut column.ends_here);
            reaching - std::mem::take(&mut column.empty)
        })
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

    /// Counts one more cell whose verdict is the memorised one of that number.
    #[inline]
    fn repeat(&mut self, index: usize, number: u16) {
        let key = (index as u32, number);
        match self.repeated.iter_mut().find(|(column, number, _)| (*column, *number) == key) {
            Some((_, _, times)) => *times += 1,
            None => self.repeated.push((key.0, key.1, 1)),
        }
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
pub struct TableSink<'s, 'e, O: Occurrences> {
    scanner: &'s mut TableScanner<'e>,
    occurrences: &'s mut O,
    /// 1-based row in the part.
    row: u64,
}

impl<O: Occurrences> TableSink<'_, '_, O> {
    /// A cell in which something may occur, or an empty one.
    #[inline]
    fn visit(&mut self, row: &Row<'_>, index: usize) {
        let mut room = std::mem::take(&mut self.scanner.room);
        let cell = row.cell(index, &mut room);
        if cell.is_empty() {
            let column = &mut self.scanner.columns[index];
            column.empty += 1;
            column.part = false;
        } else {
            self.look(index, cell);
        }
        self.scanner.room = room;
    }

    #[inline]
    fn look(&mut self, index: usize, cell: &[u8]) {
        let scanner = &mut *self.scanner;
        match scanner.memos.get_mut(index).and_then(|memo| memo.number(cell)) {
            Some(0) => scanner.columns[index].part = false,
            Some(number) => {
                let verdict = scanner.memos[index].verdict(number);
                let identifiers = verdict.identifiers.iter().flat_map(|identifiers| identifiers.iter());
                if !scanner.composes
                    && identifiers.clone().all(|identifier| !self.occurrences.needs_location(usize::from(*identifier)))
                {
                    return scanner.repeat(index, number);
                }
                let verdict = verdict.clone();
                self.note(index, &verdict);
            }
            None => {
                let verdict = scanner.judge(index, cell);
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
        let (number, row, sheet) = (index as u32 + 1, self.row, &self.scanner.sheet);
        self.occurrences.add(usize::from(identifier), Some(Column { number, name }), &mut || Location::Cell {
            row,
            column: number,
            column_name: name.cloned(),
            sheet: sheet.clone(),
        });
    }

    /// Leaves off without handing in what was only counted, and gives the number of the next row: the table goes on in
    /// another sink.
    pub fn pause(self) -> u64 {
        let row = self.row;
        // It holds nothing but borrows.
        std::mem::forget(self);
        row
    }

    /// The cells behind the last known column.
    #[cold]
    fn extra(&mut self, row: &Row<'_>) {
        let mut room = Vec::new();
        for index in self.scanner.columns.len()..row.len() {
            if row.ends[index] & Row::TELLING != 0 || self.scanner.visits_all {
                let scanner = &mut *self.scanner;
                let verdict = scanner.judge.value(scanner.engine, &scanner.plan.extra, row.cell(index, &mut room));
                self.note(index, &verdict);
            }
        }
    }

    /// Adds what the row's cells make up together, and all else that was found in it, in the order of columns.
    fn compose(&mut self, cells: usize) {
        for missing in self.scanner.columns.iter_mut().skip(cells) {
            missing.part = false;
        }
        self.scanner.compose();
        let mut found = std::mem::take(&mut self.scanner.found);
        for (index, identifier) in found.drain(..) {
            self.add(index as usize, identifier);
        }
        self.scanner.found = found;
    }
}

impl<O: Occurrences> RowSink for TableSink<'_, '_, O> {
    #[inline]
    fn row(&mut self, row: Row<'_>) {
        let known = self.scanner.columns.len().min(row.len());
        let mut index = 0;
        while let Some(offset) = row.ends[index..known]
            .iter()
            .zip(&self.scanner.looked_at[index..known])
            .position(|(end, looked_at)| (end | looked_at) & MARKS != 0)
        {
            index += offset;
            self.visit(&row, index);
            index += 1;
        }
        if row.len() > known {
            self.extra(&row);
        } else if let Some(column) = self.scanner.columns.get_mut(row.len()) {
            column.ends_here += 1;
        }
        if self.scanner.composes {
            self.compose(row.len());
        }
        self.row += 1;
    }
}

impl<O: Occurrences> Drop for TableSink<'_, '_, O> {
    /// Hands in what was only counted.
    fn drop(&mut self) {
        let TableScanner { repeated, memos, plan, .. } = &mut *self.scanner;
        for (index, number, times) in repeated.drain(..) {
            let name = plan.columns[index as usize].name.as_ref();
            let column = Column { number: index + 1, name };
            for &identifier in memos[index as usize].verdict(number).identifiers.iter().flat_map(|found| found.iter()) {
                self.occurrences.count(usize::from(identifier), Some(column), times);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::plan::{FieldPlan, NameUse};
    use crate::identifiers::builtin;
    use crate::identifiers::set::ManagedSet;
    use crate::model::is_quiet;
    use proptest::prelude::*;
    use std::sync::LazyLock;

    static ENGINE: LazyLock<Engine> = LazyLock::new(|| {
        let managed = ManagedSet::new(builtin::managed(), |_| true).expect("the built-in identifiers are sound");
        Engine::new(managed, Vec::new())
    });

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(3000))]

        #[test]
        fn nothing_occurs_in_a_quiet_cell_unless_its_column_says_so(
            cell in "([0-9a-fTZ.:/ -]{0,40})|([0-9]{1,12}[./: -]?[0-9]{0,12})|([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{8})",
        ) {
            let names = FieldPlan::from_names(&ENGINE, &["x"]);
            let plan = FieldPlan { names: NameUse::Running, running_text: true, full_address: true, ..names };
            let verdict = Judge::default().value(&ENGINE, &plan, cell.as_bytes());
            prop_assert!(!is_quiet(cell.as_bytes()) || verdict.identifiers.is_none(), "{}", cell);
        }
    }

    #[test]
    fn no_managed_keyword_is_quiet() {
        for keyword in 0..ENGINE.managed.keywords.len() {
            let text = ENGINE.managed.keywords.text(keyword as u16);
            assert!(!is_quiet(text.as_bytes()), "{text}");
        }
    }
}
