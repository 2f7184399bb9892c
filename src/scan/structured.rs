//! Scans an object whose reader knows its structure, and the files inside it.

use super::hands::Reading;
use super::member::{MemberResult, scan_member};
use super::parts::PartResult;
use crate::engine::{RecordScanner, TablePlan, TableScanner, TextScanner};
use crate::findings::Tally;
use crate::model::{
    Column, ContentSink, Coverage, FieldPath, Location, MemberInfo, MemberNames, Occurrences, Passage, PathStep,
    Reason, RecordSink, Row, RowSink, TableStart, TextBlock, TextPlace,
};
use crate::readers::{LimitReached, ReadFailure};
use std::io::{self, Read};
use std::sync::Arc;

/// Takes the content of one object and adds what is found to the result of its only part.
pub(super) struct ContentScanner<'s, 'r> {
    /// What lies around the files inside.
    reading: Reading<'s>,
    result: &'r mut PartResult,
    table: Option<Table<'s>>,
    records: RecordScanner<'s>,
    /// The record that was met last.
    record: u64,
    text: TextScanner<'s>,
    /// Something was given, so that a failure is one of a part only.
    anything: bool,
}

struct Table<'s> {
    scanner: TableScanner<'s>,
    plan: Arc<TablePlan>,
    first_row: u64,
    next_row: u64,
}

impl<'s, 'r> ContentScanner<'s, 'r> {
    /// A scanner of an object around which lies what `reading` says.
    pub(super) fn new(reading: Reading<'s>, result: &'r mut PartResult) -> Self {
        let engine = reading.engine;
        let (mut records, mut text) = (RecordScanner::new(engine).heeding(reading.heeded), TextScanner::new(engine));
        if reading.measures {
            records.measure();
            text.measure();
        }
        let reading = Reading { levels: reading.levels + 1, ..reading };
        Self { reading, result, table: None, records, record: 0, text, anything: false }
    }

    /// Ends the object, whose reader ended so.
    pub(super) fn finish(mut self, outcome: Result<(), ReadFailure>) {
        self.end_table();
        self.result.costs.add(self.records.take_costs());
        self.result.costs.add(self.text.take_costs());
        if let Err(failure) = outcome {
            self.result.coverage.worsen(failure.coverage(self.anything));
        }
    }

    /// Counts one more file inside, if there may be one.
    fn count_member(&self) -> Result<(), LimitReached> {
        let most = self.reading.limits.quotas().levels;
        if self.reading.levels > most {
            let detail = format!("archives and compression inside each other on more than {most} levels");
            return Err(LimitReached { reason: Reason::ArchiveNestingLevelOverLimit, detail });
        }
        self.reading.limits.count_member()
    }

    fn end_table(&mut self) {
        let Some(mut table) = self.table.take() else { return };
        // A sink that is dropped hands in what it only counted.
        drop(table.scanner.sink_at(table.next_row, &mut self.result.tally));
        let rows = table.next_row - table.first_row;
        for ((number, column), values) in (1..).zip(&table.plan.columns).zip(table.scanner.take_non_empty(rows)) {
            self.result.tally.add_non_empty(Column { number, name: column.name.as_ref() }, values);
        }
        self.result.costs.add(table.scanner.take_costs());
    }

    fn add_member(&mut self, member: MemberResult) {
        self.anything = true;
        self.result.bytes += member.bytes;
        if let Some(tally) = member.counts {
            match &mut self.result.in_members {
                Some(counts) => counts.merge(tally),
                None => self.result.in_members = Some(tally),
            }
        }
        self.result.members.extend(member.members);
        self.result.costs.add(member.costs);
    }
}

impl RecordSink for ContentScanner<'_, '_> {
    fn names(&mut self) -> &mut MemberNames {
        self.records.names()
    }

    fn forget_names(&mut self, path: &mut [PathStep]) {
        self.records.sink_at(self.record, &mut self.result.tally).forget_names(path);
    }

    fn value(&mut self, path: FieldPath<'_>, bytes: &[u8]) {
        self.anything = true;
        self.record = path.record;
        self.records.sink_at(self.record, &mut self.result.tally).value(path, bytes);
    }

    fn open_object(&mut self) {
        self.records.sink_at(self.record, &mut self.result.tally).open_object();
    }

    fn close_object(&mut self) {
        self.records.sink_at(self.record, &mut self.result.tally).close_object();
    }

    fn text(&mut self, block: TextBlock<'_>) {
        self.anything = true;
        self.text.block(block, &mut self.result.tally);
    }
}

impl ContentSink for ContentScanner<'_, '_> {
    fn start_table(&mut self, start: &TableStart, sheet: Option<&str>, first_row: u64) {
        self.anything = true;
        self.end_table();
        let engine = self.reading.engine;
        let plan = Arc::new(TablePlan::new(engine, start));
        let sheet: Arc<str> = Arc::from(sheet.unwrap_or_default());
        let mut header = 1;
        for (number, name) in (1..).zip(start.names.iter().flatten()) {
            for &(identifier, _) in plan.in_header.iter().filter(|(_, column)| *column == header) {
                let (sheet, row) = (Some(Arc::clone(&sheet)), first_row.saturating_sub(1).max(1));
                let location = Location::Cell { row, column: number, column_name: None, sheet };
                self.result.tally.add(usize::from(identifier), location);
            }
            header += name.chars().count() as u64 + 1;
        }
        let mut scanner = TableScanner::new(engine, Arc::clone(&plan)).in_sheet(sheet);
        if self.reading.measures {
            scanner.measure();
        }
        self.table = Some(Table { scanner, plan, first_row, next_row: first_row });
    }

    fn row(&mut self, row: Row<'_>) {
        self.row_in_text(row, &[]);
    }

    fn row_in_text(&mut self, row: Row<'_>, places: &[TextPlace]) {
        let Some(table) = &mut self.table else { return };
        let mut sink = table.scanner.sink_at(table.next_row, &mut self.result.tally).in_text(places);
        sink.row(row);
        table.next_row = sink.pause();
    }

    fn page(&mut self, number: u64, text: &str) {
        self.anything = true;
        let block =
            TextBlock { text, core: (0, text.len()), first_line: 1, first_column: 1, at_start: true, at_end: true };
        self.text.block(block, &mut OnPage { tally: &mut self.result.tally, number });
    }

    fn passage(&mut self, passage: Passage<'_>) {
        self.anything = true;
        self.records.sink_at(self.record, &mut self.result.tally).passage(passage);
    }

    fn member(&mut self, member: MemberInfo<'_>, content: &mut dyn Read) -> io::Result<()> {
        self.count_member()?;
        let result = scan_member(self.reading, member, content);
        self.add_member(result);
        Ok(())
    }

    fn unread_member(&mut self, member: MemberInfo<'_>, why: Coverage) -> io::Result<()> {
        self.count_member()?;
        self.add_member(MemberResult::unread(member, why));
        Ok(())
    }

    fn gap(&mut self, coverage: Coverage) {
        self.result.coverage.worsen(coverage);
    }
}

/// Occurrences in the text of a page, which are located by the page.
struct OnPage<'t> {
    tally: &'t mut Tally,
    number: u64,
}

impl Occurrences for OnPage<'_> {
    fn add(&mut self, identifier: usize, column: Option<Column<'_>>, _: &mut dyn FnMut() -> Location) {
        let number = self.number;
        Occurrences::add(self.tally, identifier, column, &mut || Location::Page { number });
    }

    fn needs_location(&self, identifier: usize) -> bool {
        self.tally.needs_location(identifier)
    }

    fn count(&mut self, identifier: usize, column: Option<Column<'_>>, times: u64) {
        self.tally.count(identifier, column, times);
    }
}
