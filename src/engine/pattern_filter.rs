//! Tells at one place of a text which patterns may match there, all at once.

use crate::identifiers::pattern_shape::DEPTH;
use crate::identifiers::pattern_table::{MOST, PatternBits, PatternTable};
use crate::identifiers::set::ManagedSet;
use std::sync::Arc;

/// Kinds of bytes: ASCII, anything else, the end of the text.
const KINDS: usize = 130;
const HIGH: usize = 128;
const END: usize = 129;

/// Bytes before the first letter or digit of a match, at most.
pub(super) const MOST_LEAD: usize = 3;

/// What is known about the patterns that were called so far. Belongs to one thread.
///
/// The few patterns that are ever called get slots of their own, so that one word of bits holds them all in most scans. Sets of
/// slots are [`PatternBits`] too; this is the only place that tells one from the other.
#[derive(Debug, Default)]
pub(super) struct PatternFilter {
    table: Option<Arc<()>>,
    /// Patterns by number that have a slot.
    loaded: PatternBits,
    /// The number of the pattern in a slot.
    numbers: Vec<u16>,
    /// The slot of a pattern.
    slots: Vec<u16>,
    /// For each 64 slots: for each of the first bytes of a match and each kind of byte, the slots that allow it there.
    rows: Vec<Vec<u64>>,
    /// By number: patterns without a shape, or with one that does not help, to be searched for as a whole.
    pub(super) odd: PatternBits,
    /// By number: patterns that have a digit in every match.
    pub(super) needs_digit: PatternBits,
    /// By slot: patterns whose matches have no known greatest length.
    pub(super) unbounded: PatternBits,
    /// By slot: patterns that have a digit within the first bytes of every match.
    pub(super) early_digit: PatternBits,
    /// By slot: patterns whose matches can begin that many bytes before their first letter or digit.
    pub(super) lead: [PatternBits; MOST_LEAD + 1],
}

impl PatternFilter {
    /// Makes the patterns of `called` known.
    pub(super) fn load(&mut self, set: &ManagedSet, table: &PatternTable, called: &PatternBits) {
        if !self.table.as_ref().is_some_and(|known| Arc::ptr_eq(known, table.identity())) {
            *self = Self { table: Some(Arc::clone(table.identity())), ..Self::default() };
            self.slots.resize(MOST, 0);
        }
        let missing = called.without(&self.loaded);
        if missing.is_empty() {
            return;
        }
        missing.each(|number| self.load_one(set, table, number));
        self.loaded = self.loaded.or(&missing);
    }

    fn load_one(&mut self, set: &ManagedSet, table: &PatternTable, number: usize) {
        let shape = table.shape(&set.identifiers, number);
        if shape.is_some_and(|shape| shape.needs_digit) {
            self.needs_digit.add(number);
        }
        let lead = shape.and_then(|shape| shape.lead).filter(|lead| *lead <= MOST_LEAD && !table.odd().has(number));
        let (Some(shape), Some(lead)) = (shape, lead) else {
            self.odd.add(number);
            return;
        };
        let slot = self.numbers.len();
        self.numbers.push(number as u16);
        self.slots[number] = slot as u16;
        if slot / 64 == self.rows.len() {
            self.rows.push(vec![0; DEPTH * KINDS]);
        }
        (0..=lead).for_each(|lead| self.lead[lead].add(slot));
        if shape.digit {
            self.early_digit.add(slot);
        }
        if shape.longest.is_none() {
            self.unbounded.add(slot);
        }
        let rows = &mut self.rows[slot / 64];
        for (row, set) in rows.chunks_exact_mut(KINDS).zip(&shape.bytes) {
            let kinds = (0..=127).map(|byte| set.has(byte));
            let kinds = kinds.chain([(128..=255).any(|byte| set.has(byte)), set.end]);
            for (patterns, allowed) in row.iter_mut().zip(kinds) {
                *patterns |= u64::from(allowed) << (slot % 64);
            }
        }
    }

    /// The slots of patterns that are loaded and not odd.
    pub(super) fn slots_of(&self, numbers: &PatternBits) -> PatternBits {
        let mut slots = PatternBits::NONE;
        numbers.without(&self.odd).each(|number| slots.add(usize::from(self.slots[number])));
        slots
    }

    /// The number of the pattern in a slot.
    pub(super) fn number(&self, slot: usize) -> usize {
        usize::from(self.numbers[slot])
    }

    /// The slots of `called` of which a match may begin at `at`.
    #[inline]
    pub(super) fn at(&self, bytes: &[u8], at: usize, called: &PatternBits) -> PatternBits {
        let mut all = PatternBits::NONE;
        for (word, rows) in self.rows.iter().enumerate() {
            let mut left = called.word(word);
            if left == 0 {
                continue;
            }
            for (depth, row) in rows.chunks_exact(KINDS).enumerate() {
                let kind = match bytes.get(at + depth) {
                    Some(&byte) => usize::from(byte.min(HIGH as u8)),
                    None => END,
                };
                left &= row[kind];
                if left == 0 {
                    break;
                }
            }
            all.set_word(word, left);
        }
        all
    }
}
