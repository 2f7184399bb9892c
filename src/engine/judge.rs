//! Judges one value: which identifiers match in it, and what it may be part of.

use super::Engine;
use super::boundary::is_uuid;
use super::cost::{Cost, Costs};
use super::custom_search::CustomSearch;
use super::evidence::{Match, settle};
use super::matcher::{Context, Matcher};
use super::names_in_text::NameFinder;
use super::path_plan::PathPlan;
use super::person_name::{is_full_name, is_name_part_shape};
use super::plan::{FieldPlan, NameUse};
use super::postal_address::{each_address, is_full_address};
use crate::identifiers::text_masks::MaskedText;
use crate::identifiers::text_words::Nobody;
use crate::model::decode_value;
use std::ops::Range;
use std::rc::Rc;
use std::time::Instant;

/// What a value gave: one entry per occurrence, as the identifier's index.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verdict {
    /// Indices of the identifiers that occurred, in order of their place in the value; `None` for nothing.
    pub identifiers: Option<Rc<[u16]>>,
    /// The value may be a part of a person's name or of an address, as its column says.
    pub part: bool,
}

/// A value in a passage, and what is looked for in it.
pub struct NamedValue<'p> {
    /// Its bytes in the passage's text.
    pub range: Range<usize>,
    /// The plan of the member that it belongs to.
    pub plan: &'p PathPlan,
}

impl NamedValue<'_> {
    fn overlaps(&self, start: usize, end: usize) -> bool {
        self.range.start < end && start < self.range.end
    }
}

/// Judges values; keeps buffers for reuse.
#[derive(Debug, Default)]
pub struct Judge {
    matcher: Matcher,
    masks: MaskedText,
    names: NameFinder,
    name_ranges: Vec<Range<usize>>,
    matches: Vec<Match>,
    found: Vec<(usize, usize, u16)>,
    custom: CustomSearch,
    /// What it has cost, while somebody wants to know.
    costs: Option<Box<Costs>>,
}

impl Judge {
    /// Measures from now on.
    pub fn measure(&mut self) {
        self.costs.get_or_insert_default();
    }

    /// True when it measures.
    pub fn measures(&self) -> bool {
        self.costs.is_some()
    }

    /// What judging has cost since it measures.
    pub fn take_costs(&mut self) -> Costs {
        self.costs.as_deref_mut().map(std::mem::take).unwrap_or_default()
    }

    /// As [`Judge::value`]; adds to `cost` when it measures.
    pub fn costed_value(&mut self, engine: &Engine, plan: &FieldPlan, bytes: &[u8], cost: &mut Cost) -> Verdict {
        let since = self.clock();
        let verdict = self.value(engine, plan, bytes);
        if let Some(since) = since {
            cost.spent(since);
        }
        verdict
    }

    fn clock(&self) -> Option<Instant> {
        self.costs.as_ref().map(|_| Instant::now())
    }

    fn spent(&mut self, since: Option<Instant>, on: impl FnOnce(&mut Costs) -> &mut Cost) {
        if let (Some(since), Some(costs)) = (since, &mut self.costs) {
            on(costs).spent(since);
        }
    }

    /// Judges a cell or record value.
    pub fn value(&mut self, engine: &Engine, plan: &FieldPlan, bytes: &[u8]) -> Verdict {
        let text = decode_value(bytes);
        let found = self.ranges(engine, plan, &text);
        let identifiers = (!found.is_empty()).then(|| found.iter().map(|(_, _, identifier)| *identifier).collect());
        Verdict { identifiers, part: is_part(plan, &text) }
    }

    /// What occurs in a cell or record value, sorted: (start, end, identifier), byte offsets in `text`.
    pub fn ranges(&mut self, engine: &Engine, plan: &FieldPlan, text: &str) -> &[(usize, usize, u16)] {
        self.found.clear();
        let is_inert = plan.named.is_empty() && is_inert(text.as_bytes());
        if !is_inert {
            self.masks.read(text.as_bytes());
            let since = self.clock();
            let context = Context::Value { named: &plan.named, names: &plan.name_text };
            self.patterns(engine, text, context, plan.names == NameUse::Running);
            self.spent(since, |costs| &mut costs.patterns);
            let since = self.clock();
            self.names_and_addresses(engine, plan, text);
            self.spent(since, |costs| &mut costs.names);
        }
        let masks = (!is_inert).then_some(&self.masks);
        self.custom.find(engine, text, masks, Some(&plan.custom_named), &mut self.costs, &mut self.found);
        self.settle(engine, Some(&plan.allowed_by), text);
        &self.found
    }

    /// Sorts what was found, without what is allowed.
    #[expect(
        clippy::stable_sort_primitive,
        reason = "it makes use of the order in which each search adds what it finds"
    )]
    fn settle(&mut self, engine: &Engine, in_column: Option<&[bool]>, text: &str) {
        if let Some(allowance) = &engine.allowance {
            self.found.retain(|&(start, end, identifier)| !allowance.allows(identifier, in_column, &text[start..end]));
        }
        self.found.sort();
    }

    /// Adds the matches of managed patterns (see [`Judge::search`]).
    fn patterns(&mut self, engine: &Engine, text: &str, context: Context<'_>, names: bool) {
        self.search(engine, text, context, names);
        self.found.extend(self.matches.iter().map(|found| (found.start, found.end, found.identifier)));
    }

    /// Looks for the matches of managed patterns. Notes the words with which names may begin, if they are looked for.
    fn search(&mut self, engine: &Engine, text: &str, context: Context<'_>, names: bool) {
        self.matches.clear();
        self.names.clear();
        let Self { masks, matches, .. } = self;
        if names && engine.managed.full_name().is_some() {
            self.matcher.find_masked(&engine.managed, text, masks, context, &mut self.names, matches);
        } else {
            self.matcher.find_masked(&engine.managed, text, masks, context, &mut Nobody, matches);
        }
    }

    fn names_and_addresses(&mut self, engine: &Engine, plan: &FieldPlan, text: &str) {
        if let Some(name) = engine.managed.full_name() {
            match plan.names {
                NameUse::Whole => {
                    let whole = trimmed(text, &(0..text.len()));
                    if is_full_name(&text[whole.clone()]) {
                        self.found.push((whole.start, whole.end, name));
                    }
                }
                NameUse::Running => self.names_in(text, name),
                _ => {}
            }
        }
        if let Some(address) = engine.managed.mailing_address() {
            let whole = plan.full_address.then(|| trimmed(text, &(0..text.len())));
            match whole.filter(|whole| is_full_address(&text[whole.clone()])) {
                Some(whole) => self.found.push((whole.start, whole.end, address)),
                None if plan.running_text => self.addresses_in(text, address),
                None => {}
            }
        }
    }

    /// Adds the names that do not lie inside another match (a cookie, a key, a token).
    fn names_in(&mut self, text: &str, name: u16) {
        self.name_ranges.clear();
        self.names.find(text, &mut self.name_ranges);
        // Names and matches stand in order of their start, so one look at each is enough.
        let mut matches = self.matches.iter().peekable();
        let mut reach = 0;
        for range in &self.name_ranges {
            while let Some(found) = matches.next_if(|found| found.start < range.end) {
                reach = reach.max(found.end);
            }
            if reach <= range.start {
                self.found.push((range.start, range.end, name));
            }
        }
    }

    fn addresses_in(&mut self, text: &str, address: u16) {
        each_address(text, &self.masks, |range| self.found.push((range.start, range.end, address)));
    }

    /// What occurs in a passage, sorted: (start, end, identifier), byte offsets in `text`. It is running text in which the
    /// names of `values`, which stand in order of their starts, count as keywords for them.
    ///
    /// An address over a value that is the street of one goes to `split` instead: whether it counts depends on what else the
    /// object holds.
    pub fn passage(
        &mut self,
        engine: &Engine,
        text: &str,
        values: &[NamedValue<'_>],
        split: &mut Vec<Range<usize>>,
    ) -> &[(usize, usize, u16)] {
        self.found.clear();
        self.masks.read(text.as_bytes());
        let since = self.clock();
        self.search(engine, text, Context::Text, true);
        self.named_matches(engine, text, values);
        self.found.extend(self.matches.iter().map(|found| (found.start, found.end, found.identifier)));
        self.spent(since, |costs| &mut costs.patterns);
        let since = self.clock();
        if let Some(name) = engine.managed.full_name() {
            let first = self.found.len();
            self.names_in(text, name);
            // The name of a value says what it is: a place is no person, however it is called.
            let told = |found: &(usize, usize, u16)| {
                any_over(values, found.0, found.1, |value| value.plan.names() != NameUse::Running)
            };
            let running = self.found.split_off(first);
            self.found.extend(running.into_iter().filter(|found| !told(found)));
            let whole = values.iter().filter(|value| value.plan.names() == NameUse::Whole);
            let whole =
                whole.map(|value| trimmed(text, &value.range)).filter(|range| is_full_name(&text[range.clone()]));
            self.found.extend(whole.map(|range| (range.start, range.end, name)));
        }
        if let Some(address) = engine.managed.mailing_address() {
            let first = self.found.len();
            let whole = values.iter().map(|value| trimmed(text, &value.range));
            let whole = whole.filter(|range| is_full_address(&text[range.clone()]));
            self.found.extend(whole.map(|range| (range.start, range.end, address)));
            let known = self.found[first..].to_vec();
            each_address(text, &self.masks, |range| {
                let is_known = known.iter().any(|known| known.0 < range.end && range.start < known.1);
                let is_split = any_over(values, range.start, range.end, |value| value.plan.is_street());
                match (is_known, is_split) {
                    (true, _) => {}
                    (false, true) => split.push(range),
                    (false, false) => self.found.push((range.start, range.end, address)),
                }
            });
        }
        self.spent(since, |costs| &mut costs.names);
        self.custom.find(engine, text, Some(&self.masks), None, &mut self.costs, &mut self.found);
        for value in values {
            let named = value.plan.custom_named();
            let slice = &text[value.range.clone()];
            // What cannot match in the whole text cannot in a part of it.
            let wanted = |(position, _): &(usize, _)| named[*position] && self.custom.may_match(engine, *position);
            let wanted = engine.custom.iter().enumerate().filter(wanted);
            for (position, custom) in wanted {
                let index = engine.custom_index(position) as u16;
                let shift = value.range.start;
                let ranges = custom.occurrences(slice, true).into_iter();
                self.found.extend(ranges.map(|range| (shift + range.start, shift + range.end, index)));
            }
        }
        self.settle(engine, None, text);
        self.found.dedup();
        &self.found
    }

    /// Adds the matches in values whose names hold keywords, and settles them with those that are there.
    fn named_matches(&mut self, engine: &Engine, text: &str, values: &[NamedValue<'_>]) {
        let running = self.matches.len();
        for value in values {
            let Some(context) = value.plan.named_context() else { continue };
            let first = self.matches.len();
            self.matcher.find(&engine.managed, &text[value.range.clone()], context, &mut self.matches);
            for found in &mut self.matches[first..] {
                found.start += value.range.start;
                found.end += value.range.start;
            }
        }
        if self.matches.len() > running {
            let set = &engine.managed;
            settle(&mut self.matches, |one, other| set.may_share(one, other), |_| ());
        }
    }

    /// What occurs in running text, sorted: (start, end, identifier), byte offsets in `text`.
    pub fn running(&mut self, engine: &Engine, text: &str) -> &[(usize, usize, u16)] {
        self.found.clear();
        self.masks.read(text.as_bytes());
        let since = self.clock();
        self.patterns(engine, text, Context::Text, true);
        self.spent(since, |costs| &mut costs.patterns);
        let since = self.clock();
        if let Some(name) = engine.managed.full_name() {
            self.names_in(text, name);
        }
        if let Some(address) = engine.managed.mailing_address() {
            self.addresses_in(text, address);
        }
        self.spent(since, |costs| &mut costs.names);
        self.custom.find(engine, text, Some(&self.masks), None, &mut self.costs, &mut self.found);
        self.settle(engine, None, text);
        &self.found
    }
}

/// Values that begin before a place and may still reach over it: they hardly stand inside each other.
const NESTED: usize = 8;

/// True if `holds` is for a value that overlaps the range. Values stand in order of their starts and hardly overlap.
fn any_over(values: &[NamedValue<'_>], start: usize, end: usize, holds: impl Fn(&NamedValue<'_>) -> bool) -> bool {
    let before = values.partition_point(|value| value.range.start < end);
    values[..before].iter().rev().take(NESTED).filter(|value| value.overlaps(start, end)).any(holds)
}

/// The range without white space at its ends.
fn trimmed(text: &str, range: &Range<usize>) -> Range<usize> {
    let value = &text[range.clone()];
    let start = range.start + value.len() - value.trim_start().len();
    start..start + value.trim().len()
}

/// True for numbers, dates and UUIDs: no managed identifier occurs in them unless the name of their column says so.
pub fn is_inert(bytes: &[u8]) -> bool {
    if bytes.len() == 36 && bytes[8] == b'-' && is_uuid(bytes) {
        return true;
    }
    let (mut digits, mut fraction, mut after_digit) = (0, false, false);
    for &byte in bytes {
        match CLASSES[usize::from(byte)] {
            Class::Digit if fraction => {}
            Class::Digit => digits += 1,
            Class::Point => (digits, fraction) = (0, after_digit),
            Class::Break => (digits, fraction) = (0, false),
            Class::Joint if fraction => (digits, fraction) = (0, false),
            Class::Joint => {}
            Class::Other => return false,
        }
        after_digit = byte.is_ascii_digit();
        if digits >= 13 {
            return false;
        }
    }
    !bytes.starts_with(b"00")
}

#[derive(Clone, Copy)]
enum Class {
    Digit,
    /// Ends a run of digits; what follows a digit and a point is a fraction, which is no run.
    Point,
    /// Ends a run of digits.
    Break,
    /// May stand inside a run of digits.
    Joint,
    Other,
}

static CLASSES: [Class; 256] = {
    let mut classes = [Class::Other; 256];
    let mut digit = b'0';
    while digit <= b'9' {
        classes[digit as usize] = Class::Digit;
        digit += 1;
    }
    classes[b'.' as usize] = Class::Point;
    classes[b':' as usize] = Class::Break;
    classes[b'/' as usize] = Class::Break;
    classes[b'T' as usize] = Class::Joint;
    classes[b'Z' as usize] = Class::Joint;
    classes[b'-' as usize] = Class::Joint;
    classes[b' ' as usize] = Class::Joint;
    classes
};

fn is_part(plan: &FieldPlan, text: &str) -> bool {
    match plan.names {
        NameUse::Given | NameUse::Family => is_name_part_shape(text.trim()),
        // The column as a whole has been found to hold streets; one that is written oddly is a street still.
        _ if plan.street => text.chars().any(char::is_alphabetic),
        _ => text.chars().any(|c| !c.is_whitespace()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_dates_and_uuids_are_inert_and_long_digits_are_not() {
        for inert in ["2021-08-23T03:26:50Z", "136.00", "-119.41106704250097", "410620009", "2011-12-16", "08"] {
            assert!(is_inert(inert.as_bytes()), "{inert}");
        }
        assert!(is_inert(b"593aaa05-d864-1df7-5b96-155fbdb19f28"));
        for live in ["4111111111111111", "4111 1111 1111 1111", "+4930123456", "004930123456", "Smith"] {
            assert!(!is_inert(live.as_bytes()), "{live}");
        }
    }
}
