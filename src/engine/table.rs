//! Scans the rows of a table.

use super::Engine;
use super::boundary::{UUID, is_lower_uuid};
use super::cost::{Cost, Costs};
use super::judge::{Judge, Verdict};
use super::memo::{Memo, Place, is_same};
use super::plan::TablePlan;
use crate::model::{Column, Location, Occurrences, Row, RowSink, TextPlace, bits_from};
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
    /// A bit for each column of which every cell is looked at that has any bytes; of the others the telling ones are.
    planned: Vec<u64>,
    room: Vec<u8>,
    /// Some columns make up names or addresses together.
    composes: bool,
    /// Even a quiet cell may hold the keyword of a custom identifier.
    visits_all: bool,
    /// What the present row holds, where columns make up something together: 0-based column and identifier.
    found: Vec<(u32, u16)>,
    /// Name of the worksheet that the table is, for its locations.
    sheet: Option<Arc<str>>,
    /// What the cells behind the last known column have cost.
    extra: Cost,
}

/// What is counted and known of a column.
#[derive(Debug, Clone, Default)]
struct ColumnState {
    /// Rows of the part that end behind this column, before the last known one.
    ends_here: u64,
    /// Empty cells of the part.
    empty: u64,
    /// The present row's cell may be part of a name or address.
    part: bool,
    /// Number of the verdict that the column's memo would have on every UUID in small letters.
    uuids: Option<u16>,
    /// The last UUID in small letters, with zeros as long as there was none: in many tables the next row has the same.
    last_uuid: Uuid,
    /// For each number of a verdict, how often it was given.
    repeats: Vec<Repeat>,
    cost: Cost,
}

/// A cell as long as a UUID.
#[derive(Debug, Clone)]
struct Uuid([u8; UUID]);

impl Default for Uuid {
    /// No UUID: all bytes are zero.
    fn default() -> Self {
        Self([0; UUID])
    }
}

/// How often a remembered verdict was given that was only counted.
#[derive(Debug, Clone, Copy, Default)]
struct Repeat {
    times: u64,
    /// None of its identifiers needs locations any more.
    is_counted: bool,
}

impl<'e> TableScanner<'e> {
    /// A scanner for the table of that plan.
    pub fn new(engine: &'e Engine, plan: Arc<TablePlan>) -> Self {
        let visits_all = !engine.keywords_need_letters;
        let mut planned = vec![0; plan.columns.len().div_ceil(64)];
        for (index, column) in plan.columns.iter().enumerate() {
            planned[index / 64] |= u64::from(column.planned || visits_all) << (index % 64);
        }
        let mut scanner = Self {
            engine,
            judge: Judge::default(),
            memos: (0..plan.columns.len().min(REMEMBERED)).map(|_| Memo::default()).collect(),
            planned,
            columns: vec![ColumnState::default(); plan.columns.len()],
            room: Vec::new(),
            composes: !plan.people.is_empty() || !plan.addresses.is_empty(),
            visits_all: visits_all || plan.extra.is_named(engine),
            found: Vec::new(),
            sheet: None,
            extra: Cost::default(),
            plan,
        };
        for (index, memo) in scanner.memos.iter_mut().enumerate() {
            let verdict = scanner.plan.on_uuids(engine, index);
            scanner.columns[index].uuids = verdict.and_then(|verdict| memo.number_of(&verdict));
        }
        scanner
    }

    /// The same for a table that is a worksheet or the like. Its name is empty where the object has only one.
    #[must_use]
    pub fn in_sheet(self, name: Arc<str>) -> Self {
        Self { sheet: Some(name), ..self }
    }

    /// A sink that scans a part of the table and adds what it finds to `occurrences`.
    pub fn sink<'s, O: Occurrences>(&'s mut self, occurrences: &'s mut O) -> TableSink<'s, 'e, O> {
        for column in &mut self.columns {
            column.repeats.clear();
        }
        self.sink_at(1, occurrences)
    }

    /// The same for a table of which rows were scanned before: the next one has that 1-based number.
    pub fn sink_at<'s, O: Occurrences>(&'s mut self, row: u64, occurrences: &'s mut O) -> TableSink<'s, 'e, O> {
        TableSink { scanner: self, occurrences, row, places: &[] }
    }

    /// Takes the number of non-empty cells per column in the part that was read last, which had so many rows.
    pub fn take_non_empty(&mut self, rows: u64) -> impl Iterator<Item = u64> {
        let mut reaching = rows;
        self.columns.iter_mut().map(move |column| {
            reaching -= std::mem::take(&mut column.ends_here);
            reaching - std::mem::take(&mut column.empty)
        })
    }

    /// Measures from now on.
    pub fn measure(&mut self) {
        self.judge.measure();
    }

    /// What scanning has cost since it measures.
    pub fn take_costs(&mut self) -> Costs {
        let mut costs = self.judge.take_costs();
        let columns = self.columns.iter_mut().zip(&self.plan.columns).zip(1_u32..);
        let columns =
            columns.map(|((state, column), number)| (number, column.name.as_deref(), std::mem::take(&mut state.cost)));
        let behind = (self.plan.columns.len() as u32 + 1, None, std::mem::take(&mut self.extra));
        for (number, name, cost) in columns.chain([behind]).filter(|(_, _, cost)| cost.values > 0) {
            *costs.fields.entry(column_label(number, name)).or_default() += cost;
        }
        costs
    }

    /// Judges a cell of a known column.
    fn judge(&mut self, index: usize, cell: &[u8]) -> Verdict {
        let column = &self.plan.columns[index];
        let verdict = if !column.planned && self.engine.is_inert(cell) {
            Verdict::default()
        } else {
            let cost = &mut self.columns[index].cost;
            self.judge.costed_value(self.engine, &column.field, cell, cost)
        };
        if let Some(memo) = self.memos.get_mut(index) {
            memo.remember(cell, &verdict);
        }
        verdict
    }

    /// The number of a verdict that need not be found out: that on a UUID, or a remembered one.
    #[inline]
    fn number(&mut self, index: usize, place: Place<'_>) -> Option<u16> {
        let cell = place.cell();
        if cell.len() == UUID {
            let ColumnState { uuids, last_uuid, .. } = &mut self.columns[index];
            if let (Some(number), Ok(cell)) = (*uuids, <&[u8; UUID]>::try_from(cell)) {
                if is_same(&last_uuid.0, cell) {
                    return Some(number);
                }
                if is_lower_uuid(cell) {
                    last_uuid.0 = *cell;
                    return Some(number);
                }
            }
        }
        self.memos.get_mut(index)?.number(place)
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

/// What a column is called: its name, or its 1-based number where there is none to be shown.
pub fn column_label(number: u32, name: Option<&str>) -> String {
    name.map_or_else(|| format!("column {number}"), str::to_owned)
}

/// Scans the rows of a part of a table into an [`Occurrences`].
pub struct TableSink<'s, 'e, O: Occurrences> {
    scanner: &'s mut TableScanner<'e>,
    occurrences: &'s mut O,
    /// 1-based row in the part.
    row: u64,
    /// Where the present row's cells stand, in an object that is a text.
    places: &'s [TextPlace],
}

impl<'s, O: Occurrences> TableSink<'s, '_, O> {
    /// A cell that is not known to be empty, as it stands between quotes.
    #[cold]
    fn visit_quoted(&mut self, row: &Row<'_>, cell: usize, index: usize) {
        let mut room = std::mem::take(&mut self.scanner.room);
        let cell = row.cell(cell, &mut room);
        if cell.is_empty() {
            let column = &mut self.scanner.columns[index];
            column.empty += 1;
            column.part = false;
        } else {
            self.look(index, Place::new(cell, cell.len()));
        }
        self.scanner.room = room;
    }

    /// A cell in which something may occur.
    #[inline]
    fn look(&mut self, index: usize, place: Place<'_>) {
        match self.scanner.number(index, place) {
            Some(0) => self.scanner.columns[index].part = false,
            Some(number) => {
                let repeats = &mut self.scanner.columns[index].repeats;
                match repeats.get_mut(usize::from(number)) {
                    Some(repeat) if repeat.is_counted => repeat.times += 1,
                    _ => self.repeat(index, number),
                }
            }
            None => {
                let verdict = self.scanner.judge(index, place.cell());
                self.note(index, &verdict);
            }
        }
    }

    /// A remembered verdict that was not only counted up to now.
    #[cold]
    fn repeat(&mut self, index: usize, number: u16) {
        let verdict = self.scanner.memos[index].verdict(number).clone();
        let mut identifiers = verdict.identifiers.iter().flat_map(|identifiers| identifiers.iter());
        if self.scanner.composes
            || identifiers.any(|identifier| self.occurrences.needs_location(usize::from(*identifier)))
        {
            return self.note(index, &verdict);
        }
        let repeats = &mut self.scanner.columns[index].repeats;
        let number = usize::from(number);
        if repeats.len() <= number {
            repeats.resize(number + 1, Repeat::default());
        }
        repeats[number] = Repeat { times: 1, is_counted: true };
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
        let place = self.places.get(index);
        self.occurrences.add(usize::from(identifier), Some(Column { number, name }), &mut || match place {
            Some(&TextPlace { start, end, start_column }) => Location::Lines { start, end, start_column },
            None => Location::Cell { row, column: number, column_name: name.cloned(), sheet: sheet.clone() },
        });
    }

    /// The same for a row that stands in a text, whose cells are located by these places.
    #[must_use]
    pub fn in_text(mut self, places: &'s [TextPlace]) -> Self {
        self.places = places;
        self
    }

    /// Leaves off without handing in what was only counted, and gives the number of the next row: the table goes on in
    /// another sink.
    pub fn pause(self) -> u64 {
        let row = self.row;
        // It holds nothing but borrows.
        std::mem::forget(self);
        row
    }

    /// The cells behind the last known column, of which the first is the row's cell `from`.
    #[cold]
    fn extra(&mut self, row: &Row<'_>, from: usize) {
        let mut room = Vec::new();
        for cell in from..row.len() {
            if self.scanner.visits_all || row.telling_from(cell) & 1 == 1 {
                let scanner = &mut *self.scanner;
                let bytes = row.cell(cell, &mut room);
                let TableScanner { engine, plan, judge, extra, .. } = scanner;
                let verdict = judge.costed_value(engine, &plan.extra, bytes, extra);
                self.note(row.column + cell, &verdict);
            }
        }
    }

    /// The row ends after so many cells.
    #[inline]
    fn end(&mut self, cells: usize) {
        if let Some(column) = self.scanner.columns.get_mut(cells) {
            column.ends_here += 1;
        }
        if self.scanner.composes {
            self.compose(cells);
        }
        self.row += 1;
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
        let known = self.scanner.columns.len().saturating_sub(row.column).min(row.len());
        for from in (0..known).step_by(64) {
            let there = if known - from < 64 { (1 << (known - from)) - 1 } else { u64::MAX };
            let first = row.column + from;
            let mut empty = row.empty_from(from) & there;
            let looked_at = row.telling_from(from) | bits_from(&self.scanner.planned, first);
            let mut looked_at = looked_at & there & !empty;
            while looked_at != 0 {
                let bit = looked_at.trailing_zeros() as usize;
                looked_at &= looked_at - 1;
                if row.quoted {
                    self.visit_quoted(&row, from + bit, first + bit);
                } else {
                    let (bytes, length) = row.raw_and_behind(from + bit);
                    self.look(first + bit, Place::new(bytes, length));
                }
            }
            while empty != 0 {
                let column = &mut self.scanner.columns[first + empty.trailing_zeros() as usize];
                column.empty += 1;
                column.part = false;
                empty &= empty - 1;
            }
        }
        if row.len() > known {
            self.extra(&row, known);
        }
        if row.is_last {
            self.end(row.column + row.len());
        }
    }
}

impl<O: Occurrences> Drop for TableSink<'_, '_, O> {
    /// Hands in what was only counted.
    fn drop(&mut self) {
        let TableScanner { columns, memos, plan, .. } = &*self.scanner;
        for (((number, state), memo), planned) in (1..).zip(columns).zip(memos).zip(&plan.columns) {
            let column = Column { number, name: planned.name.as_ref() };
            for (repeat, verdict) in state.repeats.iter().zip(memo.verdicts()).filter(|(repeat, _)| repeat.times > 0) {
                for &identifier in verdict.identifiers.iter().flat_map(|found| found.iter()) {
                    self.occurrences.count(usize::from(identifier), Some(column), repeat.times);
                }
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
