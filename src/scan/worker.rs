//! What every thread of a scan does: open objects, scan parts, put results in order.

use super::Progress;
use super::coverage::{cut_short, of_content, with_nul};
use super::object::Object;
use super::parts::{Dialect, Input, Part, PartResult};
use super::scanner::Scanner;
use super::stats::Stats;
use crate::engine::{Costs, Engine, RecordScanner, TableScanner, TextScanner};
use crate::model::{Column, Coverage, ObjectReport, Reason};
use crate::readers::{BlockSizes, Blocks, JsonError, JsonReader, LineReader, MAX_DEPTH, RowReader};
use std::io::{self, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// All objects of a scan and how far it has come. Shared by the threads.
pub(super) struct Work<'r> {
    scanner: &'r Scanner,
    progress: &'r dyn Progress,
    stats: Option<&'r Stats>,
    objects: Vec<Object<'r>>,
    /// Objects in the order in which they are opened: the largest first, so that the threads end together.
    order: Vec<usize>,
    next: AtomicUsize,
    /// Threads that are opening an object, whose parts others may soon help with.
    opening: AtomicUsize,
}

impl<'r> Work<'r> {
    pub(super) fn new(
        scanner: &'r Scanner,
        objects: Vec<Object<'r>>,
        progress: &'r dyn Progress,
        stats: Option<&'r Stats>,
    ) -> Self {
        let mut order: Vec<usize> = (0..objects.len()).collect();
        order.sort_by_key(|&index| std::cmp::Reverse(objects[index].size()));
        Self { scanner, progress, stats, objects, order, next: AtomicUsize::new(0), opening: AtomicUsize::new(0) }
    }

    pub(super) fn into_reports(self) -> Vec<ObjectReport> {
        let counted = &self.scanner.counted;
        self.objects.into_iter().map(|object| object.into_report(counted)).collect()
    }
}

/// How long a thread waits before it looks again for something to do.
const PAUSE: Duration = Duration::from_micros(50);

/// Scans until nothing is left to do.
pub(super) fn run(work: &Work<'_>) {
    loop {
        let position = work.next.fetch_add(1, Ordering::Relaxed);
        let Some(&index) = work.order.get(position) else { break };
        let object = &work.objects[index];
        work.opening.fetch_add(1, Ordering::SeqCst);
        guarded(object, || object.open(work.scanner, work.progress));
        work.opening.fetch_sub(1, Ordering::SeqCst);
        scan_parts(work, object);
        work.progress.object_done();
    }
    loop {
        for &index in &work.order {
            scan_parts(work, &work.objects[index]);
        }
        if work.opening.load(Ordering::SeqCst) == 0 && work.objects.iter().all(Object::is_drained) {
            return;
        }
        std::thread::sleep(PAUSE);
    }
}

/// Takes parts of the object until it has no more.
fn scan_parts(work: &Work<'_>, object: &Object<'_>) {
    let mut hands = Hands { measures: work.stats.is_some(), ..Hands::default() };
    let located = object.located();
    loop {
        // Whoever scans the part that the others wait for is not here, so this ends.
        while object.is_far_ahead() {
            std::thread::sleep(PAUSE);
        }
        let Some((sequence, part)) = object.take_part() else { break };
        let tally = work.scanner.tally().after(Arc::clone(&located));
        let mut result = PartResult { tally, records: 0, bytes: 0, coverage: Coverage::complete() };
        let outcome = catch_unwind(AssertUnwindSafe(|| hands.scan(work.scanner, object, part, &mut result)));
        if outcome.is_err() {
            // Its state may be half changed: start afresh with the next part.
            hands = Hands { measures: hands.measures, ..Hands::default() };
            result.coverage.worsen(broken());
        }
        object.put_result(sequence, result);
    }
    if let Some(stats) = work.stats {
        stats.add(object.key(), hands.take_costs());
    }
}

fn guarded(object: &Object<'_>, action: impl FnOnce()) {
    if catch_unwind(AssertUnwindSafe(action)).is_err() {
        object.give_up(broken());
    }
}

fn broken() -> Coverage {
    Coverage::partial(Reason::MalformedFile, "the content broke the reader; please report this as a bug of lakegate")
}

/// What a thread keeps between the parts of one object.
#[derive(Default)]
struct Hands<'e> {
    table: Option<TableScanner<'e>>,
    rows: Option<(Dialect, RowReader)>,
    records: Option<RecordScanner<'e>>,
    lines: LineReader,
    text: Option<TextScanner<'e>>,
    measures: bool,
}

impl<'e> Hands<'e> {
    /// What scanning has cost.
    fn take_costs(&mut self) -> Costs {
        let mut costs = Costs::default();
        costs.add(self.table.as_mut().map(TableScanner::take_costs).unwrap_or_default());
        costs.add(self.records.as_mut().map(RecordScanner::take_costs).unwrap_or_default());
        costs.add(self.text.as_mut().map(TextScanner::take_costs).unwrap_or_default());
        costs
    }

    /// Makes the scanners measure that there are, if they should.
    fn measure(&mut self) {
        if self.measures {
            self.table.iter_mut().for_each(TableScanner::measure);
            self.records.iter_mut().for_each(RecordScanner::measure);
            self.text.iter_mut().for_each(TextScanner::measure);
        }
    }

    fn scan(&mut self, scanner: &'e Scanner, object: &Object<'_>, part: Part<'_>, result: &mut PartResult) {
        let engine = &scanner.engine;
        match part {
            Part::Rows { chunk, plan, dialect } => {
                self.table.get_or_insert_with(|| TableScanner::new(engine, Arc::clone(&plan)));
                self.measure();
                let Some(table) = &mut self.table else { return };
                let rows = match &mut self.rows {
                    Some((known, rows)) if *known == dialect => rows,
                    stale => {
                        let rows = RowReader::with_quotes(dialect.delimiter, dialect.quotes);
                        &mut stale.insert((dialect, rows)).1
                    }
                };
                result.records = rows.read_rows(&chunk, chunk.survey().quotes, &mut table.sink(&mut result.tally));
                result.bytes = chunk.len() as u64;
                result.coverage = with_nul(chunk.survey().nul);
                for ((number, column), values) in (1..).zip(&plan.columns).zip(table.take_non_empty(result.records)) {
                    result.tally.add_non_empty(Column { number, name: column.name.as_ref() }, values);
                }
                object.give_back(chunk);
            }
            Part::Lines { chunk, first_line } => {
                self.records.get_or_insert_with(|| RecordScanner::new(engine));
                self.measure();
                let Some(records) = &mut self.records else { return };
                let read = self.lines.read_lines(&chunk, 0, first_line, &mut records.sink(&mut result.tally));
                result.records = read.records;
                result.bytes = chunk.len() as u64;
                result.coverage = read.coverage();
                result.coverage.worsen(with_nul(chunk.survey().nul));
                object.give_back(chunk);
            }
            Part::Text(block) => {
                self.text.get_or_insert_with(|| TextScanner::new(engine));
                self.measure();
                let Some(text) = &mut self.text else { return };
                text.block(block.as_text_block(), &mut result.tally);
                let core = &block.text.as_bytes()[block.core.0..block.core.1];
                result.bytes = core.len() as u64;
                result.coverage = of_content(core);
            }
            Part::Document(input) => self.document(engine, input, result),
        }
    }

    fn document(&mut self, engine: &'e Engine, input: Input<'_>, result: &mut PartResult) {
        self.records.get_or_insert_with(|| RecordScanner::new(engine));
        self.measure();
        let Some(records) = &mut self.records else { return };
        let mut input = Metered { input, bytes: 0, coverage: Coverage::complete() };
        let mut reader = JsonReader::new(&mut input);
        let outcome = reader.read_all(&mut records.sink(&mut result.tally));
        match outcome {
            Ok(_) => {}
            Err(JsonError::Io(error)) => result.coverage = cut_short(&error),
            Err(JsonError::TooDeep { .. }) => {
                let detail = format!("nested deeper than {MAX_DEPTH} levels");
                result.coverage = Coverage::partial(Reason::JsonNestingLevelOverLimit, detail);
            }
            Err(JsonError::Malformed { place, .. }) => {
                let detail =
                    format!("not JSON from line {}, column {} on; the rest was read as text", place.line, place.column);
                result.coverage = Coverage::partial(Reason::UnableToParseFile, detail);
                let rest = Blocks::new(reader.into_rest(), BlockSizes::default()).starting_at(place);
                if let Err(error) = rest.read_all(&mut records.sink(&mut result.tally)) {
                    result.coverage.worsen(cut_short(&error));
                }
            }
        }
        result.bytes = input.bytes;
        result.coverage.worsen(input.coverage);
    }
}

/// Counts the bytes that are read and looks for what does not belong there.
struct Metered<R> {
    input: R,
    bytes: u64,
    coverage: Coverage,
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.input.read(buffer)?;
        self.bytes += read as u64;
        self.coverage.worsen(of_content(&buffer[..read]));
        Ok(read)
    }
}
