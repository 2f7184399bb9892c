//! Scans the values of records (JSON documents and JSON Lines).

use super::Engine;
use super::cost::{Cost, Costs};
use super::ignore_marks::{IgnoreMarks, KnownIds};
use super::judge::Judge;
use super::judge::NamedValue;
use super::path_plan::PathPlan;
use super::record_parts::{OpenObjects, PartPlace};
use super::running_text::TextScanner;
use crate::model::{
    FieldPath, Location, MarkKind, MemberId, MemberNames, Occurrences, Passage, PathStep, RecordSink, TextBlock,
    decode_value,
};
use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Instant;

/// Paths whose values are remembered: records may hold any number of paths, the memory must not follow.
const REMEMBERED: usize = 256;

/// What a path is called that must not be shown.
const WITHHELD: &str = "(a path that is withheld)";

/// Scans record values; keeps the plans of the paths it has met.
pub struct RecordScanner<'e> {
    engine: &'e Engine,
    judge: Judge,
    text: TextScanner<'e>,
    names: MemberNames,
    /// Plans by member, made when the first value is met.
    plans: Vec<Option<Box<PathPlan>>>,
    planned: usize,
    objects: OpenObjects,
    /// What values at paths that were forgotten have cost.
    forgotten: Costs,
    /// What passages have cost.
    passages: Cost,
    /// What comments in passages may name that say that something is known; `None` where they are not heeded.
    heeded: Option<&'e KnownIds>,
}

impl<'e> RecordScanner<'e> {
    /// A scanner for records.
    pub fn new(engine: &'e Engine) -> Self {
        Self {
            engine,
            judge: Judge::default(),
            text: TextScanner::new(engine),
            names: MemberNames::default(),
            plans: Vec::new(),
            planned: 0,
            objects: OpenObjects::default(),
            forgotten: Costs::default(),
            passages: Cost::default(),
            heeded: None,
        }
    }

    /// The same scanner, which heeds comments in passages that say that something is known.
    #[must_use]
    pub fn heeding(self, known: Option<&'e KnownIds>) -> Self {
        Self { heeded: known, ..self }
    }

    /// A sink that scans values and adds what it finds to `occurrences`.
    pub fn sink<'s, O: Occurrences>(&'s mut self, occurrences: &'s mut O) -> RecordSinkOf<'s, 'e, O> {
        self.objects.clear();
        self.sink_at(0, occurrences)
    }

    /// The member names that were met.
    pub fn names(&mut self) -> &mut MemberNames {
        &mut self.names
    }

    /// The same amid a record, of which a part was scanned before.
    pub fn sink_at<'s, O: Occurrences>(&'s mut self, record: u64, occurrences: &'s mut O) -> RecordSinkOf<'s, 'e, O> {
        RecordSinkOf { scanner: self, occurrences, record }
    }

    /// Measures from now on.
    pub fn measure(&mut self) {
        self.judge.measure();
        self.text.measure();
    }

    /// What scanning has cost since it measures.
    pub fn take_costs(&mut self) -> Costs {
        let mut costs = self.judge.take_costs();
        costs.add(self.text.take_costs());
        costs.add(std::mem::take(&mut self.forgotten));
        if self.passages.values > 0 {
            *costs.fields.entry(String::new()).or_default() += std::mem::take(&mut self.passages);
        }
        let Self { plans, names, .. } = self;
        for (index, plan) in plans.iter_mut().enumerate() {
            let Some(plan) = plan.as_mut().filter(|plan| plan.cost.values > 0) else { continue };
            let path = if plan.shown { names.names(MemberId::at(index)).join(".") } else { WITHHELD.to_owned() };
            *costs.fields.entry(path).or_default() += std::mem::take(&mut plan.cost);
        }
        costs
    }

    #[cold]
    fn plan(&mut self, member: MemberId) {
        let index = member.index();
        if index >= self.plans.len() {
            self.plans.resize_with(index + 1, || None);
        }
        let names = self.names.names(member);
        let names: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
        self.plans[index] = Some(Box::new(PathPlan::new(self.engine, &names, self.planned < REMEMBERED)));
        self.planned += 1;
    }

    #[inline]
    fn value(&mut self, path: FieldPath<'_>, bytes: &[u8], occurrences: &mut impl Occurrences) {
        if bytes.is_empty() {
            return;
        }
        if !matches!(self.plans.get(path.member.index()), Some(Some(_))) {
            self.plan(path.member);
        }
        let Some(Some(plan)) = self.plans.get_mut(path.member.index()) else { return };
        let shown = plan.shown;
        for &identifier in plan.found(self.engine, &mut self.judge, bytes) {
            let names = &self.names;
            occurrences.add(usize::from(identifier), None, &mut || place(names, path.record, path.steps, shown));
        }
        if plan.is_part {
            let place = PartPlace::Path(path.steps, plan.shown);
            self.objects.note(plan, &place, decode_value(bytes).trim());
        }
    }

    fn passage(&mut self, passage: Passage<'_>, occurrences: &mut impl Occurrences) {
        for mark in passage.marks {
            if let MarkKind::Value(member, _) = mark.kind
                && !matches!(self.plans.get(member.index()), Some(Some(_)))
            {
                self.plan(member);
            }
        }
        let plans = std::mem::take(&mut self.plans);
        let values = passage.marks.iter().filter_map(|mark| {
            let MarkKind::Value(member, end) = mark.kind else { return None };
            Some(NamedValue { range: mark.at..end, plan: plans.get(member.index())?.as_ref()? })
        });
        let values: Vec<NamedValue<'_>> = values.collect();
        let mut split = Vec::new();
        let since = self.judge.measures().then(Instant::now);
        let found = self.judge.passage(self.engine, passage.text, &values, &mut split).to_vec();
        if let Some(since) = since {
            self.passages.spent(since);
        }
        let in_core = |start: usize| (passage.core.0..passage.core.1).contains(&start);
        let mut found: Vec<_> = found.into_iter().filter(|found| in_core(found.0)).collect();
        if let Some(marks) = self.heeded.and_then(|known| IgnoreMarks::read(known, passage.text)) {
            found.retain(|&(start, _, identifier)| {
                let is_known = marks.ignore(start, identifier);
                if is_known {
                    occurrences.ignore();
                }
                !is_known
            });
            for &at in marks.unknown.iter().filter(|at| in_core(**at)) {
                if let Location::Lines { start, .. } = passage.location(at, at + 1) {
                    occurrences.misnamed(start);
                }
            }
        }
        let mut found = found.into_iter().peekable();
        let mut split = split.into_iter().filter(|range| in_core(range.start)).peekable();
        let mut values = values.into_iter();
        for mark in passage.marks {
            while let Some((start, end, identifier)) = found.next_if(|found| found.0 < mark.at) {
                occurrences.add(usize::from(identifier), None, &mut || passage.location(start, end));
            }
            match mark.kind {
                MarkKind::Open => self.objects.open(),
                MarkKind::Close => self.close(0, occurrences),
                MarkKind::Value(..) => {
                    let Some(value) = values.next() else { continue };
                    let text = passage.text[value.range.clone()].trim();
                    if value.plan.is_part && !text.is_empty() {
                        let at = passage.location(value.range.start, value.range.end);
                        self.objects.note(value.plan, &PartPlace::Lines(at), text);
                    }
                    while let Some(range) = split.next_if(|range| range.start < value.range.end) {
                        self.running_address(&passage.location(range.start, range.end), occurrences);
                    }
                }
            }
        }
        for range in split {
            self.running_address(&passage.location(range.start, range.end), occurrences);
        }
        for (start, end, identifier) in found {
            occurrences.add(usize::from(identifier), None, &mut || passage.location(start, end));
        }
        self.plans = plans;
    }

    /// An address in running text over a value that may be the street of one that is put together.
    fn running_address(&mut self, at: &Location, occurrences: &mut impl Occurrences) {
        if !self.objects.note_running_address(at)
            && let Some(address) = self.engine.managed.mailing_address()
        {
            occurrences.add(usize::from(address), None, &mut || at.clone());
        }
    }

    #[inline]
    fn close(&mut self, record: u64, occurrences: &mut impl Occurrences) {
        let Self { engine, names, objects, .. } = self;
        objects.close(|composed| {
            let name = engine.managed.full_name().zip(composed.name);
            let address = engine.managed.mailing_address();
            let addresses = composed.addresses.into_iter().filter_map(|at| Some((address?, at)));
            for (identifier, at) in name.into_iter().chain(addresses) {
                occurrences.add(usize::from(identifier), None, &mut || match &at {
                    PartPlace::Path(steps, shown) => place(names, record, steps, *shown),
                    PartPlace::Lines(lines) => lines.clone(),
                });
            }
        });
    }
}

fn place(names: &MemberNames, record: u64, steps: &[PathStep], shown: bool) -> Location {
    let json_path = if shown { Arc::from(json_path(names, steps)) } else { Arc::default() };
    Location::Record { index: record, json_path }
}

/// The path in the form of Macie's findings: dots for plain names, brackets and quotes for others.
fn json_path(names: &MemberNames, steps: &[PathStep]) -> String {
    let mut path = String::from("$");
    for step in steps {
        match *step {
            PathStep::Index(index) => {
                let _ = write!(path, "[{index}]");
            }
            PathStep::Member(member) => push_name(&mut path, &names.name(member)),
        }
    }
    path
}

fn push_name(path: &mut String, name: &str) {
    if !name.is_empty() && name.chars().all(|character| character.is_alphanumeric() || character == '_') {
        path.push('.');
        path.push_str(name);
    } else {
        let _ = write!(path, "['{}']", name.replace('\\', "\\\\").replace('\'', "\\'"));
    }
}

/// Scans record values into an [`Occurrences`].
pub struct RecordSinkOf<'s, 'e, O> {
    scanner: &'s mut RecordScanner<'e>,
    occurrences: &'s mut O,
    record: u64,
}

impl<O: Occurrences> RecordSink for RecordSinkOf<'_, '_, O> {
    #[inline]
    fn names(&mut self) -> &mut MemberNames {
        &mut self.scanner.names
    }

    fn forget_names(&mut self, path: &mut [PathStep]) {
        let scanner = &mut *self.scanner;
        if scanner.judge.measures() {
            let costs = scanner.take_costs();
            scanner.forgotten.add(costs);
        }
        scanner.names.restart(&mut [path, &mut scanner.objects.steps]);
        scanner.plans.clear();
        scanner.planned = 0;
    }

    #[inline]
    fn value(&mut self, path: FieldPath<'_>, bytes: &[u8]) {
        self.record = path.record;
        self.scanner.value(path, bytes, self.occurrences);
    }

    #[inline]
    fn open_object(&mut self) {
        self.scanner.objects.open();
    }

    #[inline]
    fn close_object(&mut self) {
        self.scanner.close(self.record, self.occurrences);
    }

    fn text(&mut self, block: TextBlock<'_>) {
        self.scanner.text.block(block, self.occurrences);
    }
}

impl<O: Occurrences> RecordSinkOf<'_, '_, O> {
    /// Scans a passage.
    pub fn passage(&mut self, passage: Passage<'_>) {
        self.scanner.passage(passage, self.occurrences);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_use_dots_for_plain_names_and_brackets_for_others() {
        let mut names = MemberNames::default();
        let mut name = |text: &str| PathStep::Member(names.member(MemberId::ROOT, MemberId::ROOT, text.as_bytes()));
        let (access, key, number, its) = (name("access"), name("key"), name("Card Number"), name("it's"));
        assert_eq!(json_path(&names, &[]), "$");
        assert_eq!(json_path(&names, &[access, key, PathStep::Index(2)]), "$.access.key[2]");
        assert_eq!(json_path(&names, &[PathStep::Index(0), number]), "$[0]['Card Number']");
        assert_eq!(json_path(&names, &[its]), "$['it\\'s']");
    }
}
