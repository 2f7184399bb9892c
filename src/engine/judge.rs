//! Judges one value: which identifiers match in it, and what it may be part of.

use super::Engine;
use super::boundary::is_uuid;
use super::evidence::Match;
use super::matcher::{Context, Matcher};
use super::person_name::{full_names_in, is_full_name, is_name_part_shape};
use super::plan::{FieldPlan, NameUse};
use super::postal_address::{addresses_in, is_full_address, is_street_line};
use crate::model::decode_value;
use std::ops::Range;
use std::rc::Rc;

/// What a value gave: one entry per occurrence, as the identifier's index.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verdict {
    /// Indices of the identifiers that occurred, in order of their place in the value; `None` for nothing.
    pub identifiers: Option<Rc<[u16]>>,
    /// The value may be a part of a person's name or of an address, as its column says.
    pub part: bool,
}

/// Judges values; keeps buffers for reuse.
#[derive(Debug, Default)]
pub struct Judge {
    matcher: Matcher,
    matches: Vec<Match>,
    found: Vec<(usize, u16)>,
}

impl Judge {
    /// True when no identifier can occur in a value of these bytes unless its column's name says so: numbers, dates, UUIDs.
    pub fn is_inert(bytes: &[u8]) -> bool {
        if bytes.len() == 36 && is_uuid(bytes) {
            return true;
        }
        let mut digits = 0;
        for &byte in bytes {
            match byte {
                b'0'..=b'9' => digits += 1,
                b'.' | b':' | b'/' => digits = 0,
                b'T' | b'Z' | b'-' | b' ' => {}
                _ => return false,
            }
            if digits >= 13 {
                return false;
            }
        }
        !bytes.starts_with(b"00")
    }

    /// Judges a cell or record value.
    pub fn value(&mut self, engine: &Engine, plan: &FieldPlan, bytes: &[u8]) -> Verdict {
        let text = decode_value(bytes);
        self.found.clear();
        self.matches.clear();
        let managed = &engine.managed;
        if !(plan.named.is_empty() && Self::is_inert(bytes)) {
            self.matcher.find(managed, &text, Context::Value(&plan.named), &mut self.matches);
            self.found.extend(self.matches.iter().map(|found| (found.start, found.identifier)));
        }
        self.names_and_addresses(engine, plan, &text);
        for (position, custom) in engine.custom.iter().enumerate() {
            let index = engine.custom_index(position) as u16;
            let ranges = custom.occurrences(&text, plan.custom_named[position]);
            self.found.extend(ranges.into_iter().map(|range| (range.start, index)));
        }
        self.found.sort_unstable();
        Verdict {
            identifiers: (!self.found.is_empty())
                .then(|| self.found.iter().map(|(_, identifier)| *identifier).collect()),
            part: is_part(plan, text.trim()),
        }
    }

    fn names_and_addresses(&mut self, engine: &Engine, plan: &FieldPlan, text: &str) {
        if let Some(name) = engine.managed.full_name() {
            match plan.names {
                NameUse::Whole => {
                    if is_full_name(text.trim()) {
                        self.found.push((0, name));
                    }
                }
                NameUse::Running => {
                    let names = self.free_of(&full_names_in(text));
                    self.found.extend(names.into_iter().map(|start| (start, name)));
                }
                NameUse::Given | NameUse::Family | NameUse::None => {}
            }
        }
        if let Some(address) = engine.managed.mailing_address() {
            if plan.full_address && is_full_address(text.trim()) {
                self.found.push((0, address));
            } else if plan.running_text && text.bytes().any(|byte| byte.is_ascii_digit()) {
                self.found.extend(addresses_in(text).into_iter().map(|range| (range.start, address)));
            }
        }
    }

    /// Starts of the names that do not lie inside another match (a cookie, a key, a token).
    fn free_of(&self, names: &[Range<usize>]) -> Vec<usize> {
        names
            .iter()
            .filter(|name| !self.matches.iter().any(|found| found.start < name.end && name.start < found.end))
            .map(|name| name.start)
            .collect()
    }

    /// Finds managed identifiers, names and addresses in running text, sorted by start: (start, end, identifier).
    pub fn running(&mut self, engine: &Engine, text: &str) -> Vec<(usize, usize, u16)> {
        self.matches.clear();
        self.matcher.find(&engine.managed, text, Context::Text, &mut self.matches);
        let mut found: Vec<(usize, usize, u16)> =
            self.matches.iter().map(|found| (found.start, found.end, found.identifier)).collect();
        if let Some(name) = engine.managed.full_name() {
            let names = full_names_in(text);
            let starts = self.free_of(&names);
            found.extend(
                names.iter().filter(|range| starts.contains(&range.start)).map(|range| (range.start, range.end, name)),
            );
        }
        if let Some(address) = engine.managed.mailing_address() {
            found.extend(addresses_in(text).into_iter().map(|range| (range.start, range.end, address)));
        }
        for (position, custom) in engine.custom.iter().enumerate() {
            let index = engine.custom_index(position) as u16;
            found.extend(custom.occurrences(text, false).into_iter().map(|range| (range.start, range.end, index)));
        }
        found.sort_unstable();
        found
    }
}

fn is_part(plan: &FieldPlan, text: &str) -> bool {
    match plan.names {
        NameUse::Given | NameUse::Family => is_name_part_shape(text),
        _ if plan.street => is_street_line(text),
        _ => !text.is_empty(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_dates_and_uuids_are_inert_and_long_digits_are_not() {
        for inert in ["2021-08-23T03:26:50Z", "136.00", "-119.41106704250097", "410620009", "2011-12-16", "08"] {
            assert!(Judge::is_inert(inert.as_bytes()), "{inert}");
        }
        assert!(Judge::is_inert(b"593aaa05-d864-1df7-5b96-155fbdb19f28"));
        for live in ["4111111111111111", "4111 1111 1111 1111", "+4930123456", "004930123456", "Smith"] {
            assert!(!Judge::is_inert(live.as_bytes()), "{live}");
        }
    }
}
