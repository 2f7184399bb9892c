//! Tells at one place of a text which patterns may match there, all at once.

use crate::identifiers::pattern_shape::DEPTH;
use crate::identifiers::pattern_table::{PatternBits, PatternTable};
use crate::identifiers::set::ManagedSet;
use std::sync::Arc;

/// Kinds of bytes: ASCII, anything else, the end of the text.
const KINDS: usize = 130;
const HIGH: usize = 128;
const END: usize = 129;

/// Bytes before the first letter or digit of a match, at most.
pub(super) const MOST_LEAD: usize = 3;

/// What is known about the patterns that were called so far. Belongs to one thread.
#[derive(Debug, Default)]
pub(super) struct PatternFilter {
    table: Option<Arc<()>>,
    loaded: PatternBits,
    /// For each of the first bytes of a match and each kind of byte: the patterns that allow it there.
    rows: Vec<[PatternBits; KINDS]>,
    /// Patterns without a shape, or with one that does not help: to be searched for as a whole.
    pub(super) odd: PatternBits,
    /// Patterns whose matches have no known greatest length.
    pub(super) unbounded: PatternBits,
    /// Patterns that have a digit in every match.
    pub(super) needs_digit: PatternBits,
    /// Patterns that have a digit within the first bytes of every match.
    pub(super) early_digit: PatternBits,
    /// Patterns whose matches can begin that many bytes before their first letter or digit.
    pub(super) lead: [PatternBits; MOST_LEAD + 1],
}

impl PatternFilter {
    /// Makes the patterns of `called` known.
    pub(super) fn load(&mut self, set: &ManagedSet, table: &PatternTable, called: &PatternBits) {
        if !self.table.as_ref().is_some_and(|known| Arc::ptr_eq(known, table.identity())) {
            *self = Self { table: Some(Arc::clone(table.identity())), ..Self::default() };
        }
        let missing = called.without(&self.loaded);
        if missing.is_empty() {
            return;
        }
        if self.rows.is_empty() {
            self.rows.resize(DEPTH, [PatternBits::NONE; KINDS]);
        }
        missing.each(|number| self.load_one(set, table, number));
        self.loaded = self.loaded.or(&missing);
    }

    fn load_one(&mut self, set: &ManagedSet, table: &PatternTable, number: usize) {
        let Some(shape) = table.shape(&set.identifiers, number) else {
            self.odd.add(number);
            self.unbounded.add(number);
            return;
        };
        if shape.needs_digit {
            self.needs_digit.add(number);
        }
        if shape.digit {
            self.early_digit.add(number);
        }
        if shape.longest.is_none() {
            self.unbounded.add(number);
        }
        match shape.lead {
            Some(lead) if lead <= MOST_LEAD && !table.odd().has(number) => {
                (0..=lead).for_each(|lead| self.lead[lead].add(number));
            }
            _ => self.odd.add(number),
        }
        for (row, set) in self.rows.iter_mut().zip(&shape.bytes) {
            for (byte, patterns) in (0..=127).zip(row.iter_mut()) {
                if set.has(byte) {
                    patterns.add(number);
                }
            }
            if (128..=255).any(|byte| set.has(byte)) {
                row[HIGH].add(number);
            }
            if set.end {
                row[END].add(number);
            }
        }
    }

    /// The patterns of `called` of which a match may begin at `at`.
    #[inline]
    pub(super) fn at(&self, bytes: &[u8], at: usize, called: &PatternBits) -> PatternBits {
        let mut left = *called;
        for (depth, row) in self.rows.iter().enumerate() {
            let kind = match bytes.get(at + depth) {
                Some(&byte) if byte < 128 => usize::from(byte),
                Some(_) => HIGH,
                None => END,
            };
            left = left.and(&row[kind]);
            if left.is_empty() {
                break;
            }
        }
        left
    }
}
