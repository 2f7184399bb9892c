//! Judges one value: which identifiers match in it, and what it may be part of.

use super::matcher::Matcher;
use super::names_in_text::full_names_in;
use super::postal_address::{addresses_in, is_full_address};
use crate::engine::Engine;
use crate::engine::evidence::Match;
use crate::engine::judge::is_inert;
use crate::engine::matcher::Context;
use crate::engine::person_name::is_full_name;
use crate::engine::plan::{FieldPlan, NameUse};

/// Judges values; keeps buffers for reuse.
#[derive(Debug, Default)]
pub struct Judge {
    matcher: Matcher,
    matches: Vec<Match>,
    found: Vec<(usize, usize, u16)>,
}

impl Judge {
    /// What occurs in a cell or record value, sorted: (start, end, identifier), byte offsets in `text`.
    pub fn ranges(&mut self, engine: &Engine, plan: &FieldPlan, text: &str) -> &[(usize, usize, u16)] {
        self.found.clear();
        if !(plan.named.is_empty() && is_inert(text.as_bytes())) {
            self.patterns(engine, text, Context::Value { named: &plan.named, names: &plan.name_text });
            self.names_and_addresses(engine, plan, text);
        }
        self.custom(engine, text, |position| plan.custom_named[position]);
        self.found.sort_unstable();
        &self.found
    }

    /// Adds the matches of managed patterns.
    fn patterns(&mut self, engine: &Engine, text: &str, context: Context<'_>) {
        self.matches.clear();
        self.matcher.find(&engine.managed, text, context, &mut self.matches);
        self.found.extend(self.matches.iter().map(|found| (found.start, found.end, found.identifier)));
    }

    fn names_and_addresses(&mut self, engine: &Engine, plan: &FieldPlan, text: &str) {
        let trimmed = text.trim();
        let whole = text.len() - text.trim_start().len();
        let whole = (whole, whole + trimmed.len());
        if let Some(name) = engine.managed.full_name() {
            match plan.names {
                NameUse::Whole if is_full_name(trimmed) => self.found.push((whole.0, whole.1, name)),
                NameUse::Running => self.names_in(text, name),
                _ => {}
            }
        }
        if let Some(address) = engine.managed.mailing_address() {
            if plan.full_address && is_full_address(trimmed) {
                self.found.push((whole.0, whole.1, address));
            } else if plan.running_text && text.bytes().any(|byte| byte.is_ascii_digit()) {
                self.found.extend(addresses_in(text).into_iter().map(|range| (range.start, range.end, address)));
            }
        }
    }

    /// Adds the names that do not lie inside another match (a cookie, a key, a token).
    fn names_in(&mut self, text: &str, name: u16) {
        for range in full_names_in(text) {
            if !self.matches.iter().any(|found| found.start < range.end && range.start < found.end) {
                self.found.push((range.start, range.end, name));
            }
        }
    }

    fn custom(&mut self, engine: &Engine, text: &str, named: impl Fn(usize) -> bool) {
        for (position, custom) in engine.custom.iter().enumerate() {
            let index = engine.custom_index(position) as u16;
            let ranges = custom.occurrences(text, named(position));
            self.found.extend(ranges.into_iter().map(|range| (range.start, range.end, index)));
        }
    }

    /// What occurs in running text, sorted: (start, end, identifier), byte offsets in `text`.
    pub fn running(&mut self, engine: &Engine, text: &str) -> &[(usize, usize, u16)] {
        self.found.clear();
        self.patterns(engine, text, Context::Text);
        if let Some(name) = engine.managed.full_name() {
            self.names_in(text, name);
        }
        if let Some(address) = engine.managed.mailing_address() {
            self.found.extend(addresses_in(text).into_iter().map(|range| (range.start, range.end, address)));
        }
        self.custom(engine, text, |_| false);
        self.found.sort_unstable();
        &self.found
    }
}
