//! Puts the results of an object's parts in order and adds them up.

use super::parts::PartResult;
use super::scanner::Scanner;
use crate::engine::TablePlan;
use crate::findings::{Counted, Located, Tally, build};
use crate::model::{Coverage, Location, Member, ObjectInfo, ObjectReport, Occurrences, Reason};
use crate::readers::Table;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The results so far.
pub(super) struct Merge {
    tally: Option<Tally>,
    next: u64,
    pending: BTreeMap<u64, PartResult>,
    /// Rows or records before the next part.
    records: u64,
    bytes: u64,
    /// What later parts need not locate any more.
    located: Arc<Located>,
    /// Worst gap so far.
    pub(super) coverage: Coverage,
    /// Detected media type.
    pub(super) mime_type: String,
    /// The file inside a compressed object.
    pub(super) member: Option<Member>,
}

impl Merge {
    /// No results yet of a scan for so many identifiers.
    pub(super) fn new(identifiers: usize) -> Self {
        Self {
            tally: None,
            located: Arc::new(Located::none_of(identifiers)),
            next: 0,
            pending: BTreeMap::new(),
            records: 0,
            bytes: 0,
            coverage: Coverage::complete(),
            mime_type: String::new(),
            member: None,
        }
    }

    /// What parts that are not merged yet need not locate any more.
    pub(super) fn located(&self) -> Arc<Located> {
        Arc::clone(&self.located)
    }

    /// Notes the header of a table: its records, and sensitive data in the header itself, which is located by line.
    pub(super) fn start_table(&mut self, scanner: &Scanner, plan: &TablePlan, table: &Table) {
        self.records = table.records_before_data();
        self.bytes = table.data_start as u64;
        for &(identifier, start_column) in &plan.in_header {
            let tally = self.tally.get_or_insert_with(|| scanner.tally());
            Occurrences::add(tally, usize::from(identifier), None, &mut || Location::Lines {
                start: 1,
                end: 1,
                start_column,
            });
        }
    }

    /// Results that wait for an earlier one.
    pub(super) fn waiting(&self) -> usize {
        self.pending.len()
    }

    /// Takes the result of a part, and adds up all that are now next in order.
    pub(super) fn put(&mut self, sequence: u64, result: PartResult) {
        self.pending.insert(sequence, result);
        while let Some(mut result) = self.pending.remove(&self.next) {
            self.next += 1;
            result.tally.shift_rows(self.records);
            self.records += result.records;
            self.bytes += result.bytes;
            self.coverage.worsen(result.coverage);
            match &mut self.tally {
                Some(tally) => tally.merge(result.tally),
                None => self.tally = Some(result.tally),
            }
        }
        if let Some(tally) = &self.tally {
            self.located.note(tally);
        }
    }

    /// The report on the object. `cutting` are the gaps met while it was cut into parts.
    pub(super) fn into_report(
        mut self,
        object: ObjectInfo,
        cutting: Coverage,
        changed: bool,
        counted: &[Counted],
    ) -> ObjectReport {
        self.coverage.worsen(cutting);
        if changed && self.coverage.status == crate::model::Status::Complete {
            let detail = "the file changed while it was read";
            self.coverage = Coverage::partial(Reason::ObjectVersionMismatch, detail);
        }
        ObjectReport {
            object,
            mime_type: self.mime_type,
            member: self.member,
            size_classified: self.bytes,
            coverage: self.coverage,
            finding: self.tally.and_then(|tally| build(tally, counted)),
        }
    }
}
