//! Puts the results of an object's parts in order and adds them up.

use super::coverage::of_members;
use super::member::MemberResult;
use super::parts::PartResult;
use super::scanner::Scanner;
use crate::engine::{Engine, TablePlan, TextScanner};
use crate::findings::{Counted, Located, Tally, build};
use crate::model::{
    Coverage, Location, Member, MemberInfo, ObjectInfo, ObjectReport, Occurrences, Reason, Status, TextBlock,
};
use crate::readers::{Compressed, Table};
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
    pub(super) mime_type: &'static str,
    /// What is inside a compressed object.
    pub(super) compressed: Option<Compressed>,
    /// The files inside a structured object.
    members: Vec<Member>,
    /// Counts of what was found in them.
    in_members: Option<Tally>,
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
            mime_type: "",
            compressed: None,
            members: Vec::new(),
            in_members: None,
        }
    }

    /// What parts that are not merged yet need not locate any more.
    pub(super) fn located(&self) -> Arc<Located> {
        Arc::clone(&self.located)
    }

    /// Notes the header of a table and what stands above it: their records, and sensitive data in them, which is located by line.
    pub(super) fn start_table(&mut self, (scanner, engine): (&Scanner, &Engine), plan: &TablePlan, table: &Table) {
        self.records = table.records_before_data();
        self.bytes = table.data_start as u64;
        if !table.preamble.is_empty() {
            let text = table.preamble.as_str();
            let (core, at_start) = ((0, text.len()), true);
            let block = TextBlock { text, core, first_line: 1, first_column: 1, at_start, at_end: false };
            let tally = self.tally.get_or_insert_with(|| scanner.tally());
            TextScanner::new(engine).block(block, tally);
        }
        for &(identifier, start_column) in &plan.in_header {
            let tally = self.tally.get_or_insert_with(|| scanner.tally());
            Occurrences::add(tally, usize::from(identifier), None, &mut || Location::Lines {
                start: table.header_line,
                end: table.header_line,
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
            self.members.append(&mut result.members);
            self.in_members = result.in_members.or(self.in_members.take());
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
        let ignored = self.tally.as_ref().map(Tally::ignored).cloned().unwrap_or_default();
        let mut members = Vec::new();
        let total = if let Some(inside) = self.compressed.take() {
            let counts = self.counts();
            members.extend(self.own_member(inside.name, inside.mime_type, None, counted));
            counts
        } else {
            sum(self.tally.take(), self.in_members.take())
        };
        let finding = total.and_then(|tally| build(tally, counted));
        self.coverage.worsen(of_members(&self.members));
        members.append(&mut self.members);
        ObjectReport {
            object,
            mime_type: self.mime_type.to_owned(),
            members,
            size_classified: self.bytes,
            coverage: self.coverage,
            ignored,
            finding,
        }
    }

    /// The result for a file inside an object.
    pub(super) fn into_member(mut self, info: MemberInfo<'_>, counted: &[Counted]) -> MemberResult {
        let (path, mime_type) = match &self.compressed {
            Some(inside) => (format!("{}!/{}", info.path, inside.name), inside.mime_type),
            None => (info.path.to_owned(), self.mime_type),
        };
        let (counts, bytes) = (self.counts(), self.bytes);
        let mut members = Vec::from_iter(self.own_member(path, mime_type, info.modified, counted));
        members.extend(self.members.into_iter().map(|member| {
            let path = format!("{}!/{}", info.path, member.path);
            Member { path, ..member }
        }));
        MemberResult { members, counts, bytes, ..MemberResult::default() }
    }

    /// Counts of all that was found, in the files inside too.
    fn counts(&self) -> Option<Tally> {
        sum(self.tally.as_ref().map(Tally::counts), self.in_members.clone())
    }

    /// The object as one of the files inside, unless there is nothing to say but of others: it is an archive.
    fn own_member(
        &mut self,
        path: String,
        mime_type: &'static str,
        modified: Option<i64>,
        counted: &[Counted],
    ) -> Option<Member> {
        let tally = self.tally.take().filter(|tally| !tally.is_empty());
        let archive = !self.members.is_empty() && tally.is_none() && self.coverage.status == Status::Complete;
        (!archive).then(|| Member {
            path,
            mime_type: mime_type.into(),
            size: self.bytes,
            modified,
            coverage: self.coverage.clone(),
            finding: tally.and_then(|tally| build(tally, counted)).map(Box::new),
        })
    }
}

/// Both counts together.
fn sum(own: Option<Tally>, other: Option<Tally>) -> Option<Tally> {
    match (own, other) {
        (Some(mut own), Some(other)) => {
            own.merge(other);
            Some(own)
        }
        (own, other) => own.or(other),
    }
}
