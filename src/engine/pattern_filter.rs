//! Tells at one place of a text which patterns may match there, all at once.

use crate::identifiers::pattern_facts::{ByteSet, DEPTH};
use crate::identifiers::pattern_shape::PatternShape;
use crate::identifiers::pattern_table::{MOST, PatternBits, PatternTable};
use crate::identifiers::set::ManagedSet;
use std::sync::Arc;

/// What can stand at a place: each byte, or the end of the text.
const KINDS: usize = END + 1;
const END: usize = 256;

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
    /// For each 64 slots what their matches look like.
    rows: Vec<Rows>,
    /// By number: patterns without a shape, or with one that does not help, to be searched for as a whole.
    pub(super) odd: PatternBits,
    /// By number: patterns that have a digit in every match.
    pub(super) needs_digit: PatternBits,
    /// By slot: patterns whose matches have no known greatest length.
    pub(super) unbounded: PatternBits,
    /// For each slot the bytes of the longest match; 0 where it is unbounded.
    longest: Vec<usize>,
    /// For each keyword what it calls in running text, once it has been asked for.
    called: Vec<Option<Called>>,
    /// By slot: patterns whose matches can begin that many bytes before their first letter or digit.
    pub(super) lead: [PatternBits; MOST_LEAD + 1],
}

/// What a keyword calls in running text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Called {
    /// Its patterns by slot.
    pub(super) slots: PatternBits,
    /// Bytes of the longest match of one of them; `None` where a match may have any length.
    pub(super) longest: Option<usize>,
}

/// What the matches of 64 patterns look like, one bit a slot.
#[derive(Debug)]
pub(super) struct Rows {
    /// For each of the first bytes of a match and each kind of byte, the slots that allow it there.
    bytes: Vec<[u64; KINDS]>,
    /// For each kind of byte, the slots that allow it right before the first letter or digit of a match: those that allow it at
    /// one of the places before it, and those whose matches can begin with a letter or digit.
    before: [u64; KINDS],
    /// For each kind of byte, the slots that allow it in front of the first letter or digit of a match.
    signs: [u64; KINDS],
    /// For each kind of byte, the slots whose matches can have it as their first letter or digit.
    first: [u64; KINDS],
    /// For each number of digits, the slots whose matches may have no more among their first bytes.
    digits: [u64; DEPTH + 1],
    /// The slots of which that can be a letter, and no digit need be among the first bytes; for each number those whose matches may
    /// begin with no more letters and digits in a row.
    without_digit: [u64; DEPTH + 1],
}

impl Rows {
    fn new() -> Self {
        Self {
            bytes: vec![[0; KINDS]; DEPTH],
            before: [0; KINDS],
            signs: [0; KINDS],
            first: [0; KINDS],
            digits: [0; DEPTH + 1],
            without_digit: [0; DEPTH + 1],
        }
    }

    /// Adds the slot, the remainder of whose number is `bit`.
    fn add(&mut self, bit: usize, shape: &PatternShape, lead: usize) {
        let bit = 1 << bit;
        for (row, set) in self.bytes.iter_mut().zip(&shape.bytes) {
            (0..KINDS).filter(|kind| allows(set, *kind)).for_each(|kind| row[kind] |= bit);
        }
        let bare = (0..=127_u8).any(|byte| byte.is_ascii_alphanumeric() && shape.bytes[0].has(byte));
        for kind in 0..KINDS {
            let sign = kind != END && shape.bytes[..lead].iter().any(|set| allows(set, kind));
            if sign {
                self.signs[kind] |= bit;
            }
            if sign || bare {
                self.before[kind] |= bit;
            }
            if kind != END && shape.bytes[..=lead].iter().any(|set| allows(set, kind)) {
                self.first[kind] |= bit;
            }
        }
        self.digits[shape.fewest_digits.min(DEPTH)..].iter_mut().for_each(|slots| *slots |= bit);
        let letter = (0..=127_u8).any(|byte| byte.is_ascii_alphabetic() && self.first[usize::from(byte)] & bit != 0);
        if letter && shape.fewest_digits == 0 {
            let is_sign = |set: &ByteSet| (0..=255_u8).all(|byte| !(byte.is_ascii_alphanumeric() && set.has(byte)));
            let is_of_row =
                |set: &&ByteSet| !set.end && (0..=255_u8).all(|byte| byte.is_ascii_alphanumeric() || !set.has(byte));
            let (signs, others) = shape.bytes.split_at(lead);
            let in_a_row =
                if signs.iter().all(is_sign) { others.iter().take_while(is_of_row).count().max(1) } else { 1 };
            self.without_digit[in_a_row..].iter_mut().for_each(|slots| *slots |= bit);
        }
    }

    /// What the byte before `at`, or the beginning of the text, allows.
    #[inline]
    pub(super) fn before(&self, bytes: &[u8], at: usize) -> Before {
        let kind = if at == 0 { END } else { usize::from(bytes[at - 1]) };
        Before { allowed: self.before[kind], signed: if at == 0 { 0 } else { self.signs[kind] } }
    }

    /// The slots of which the first letter or digit of a match may be that byte.
    #[inline]
    pub(super) fn first(&self, byte: u8) -> u64 {
        self.first[usize::from(byte)]
    }

    /// The slots whose matches may have no more digits among their first [`DEPTH`] bytes than are marked.
    #[inline]
    pub(super) fn with_digits(&self, marks: u16) -> u64 {
        self.digits[marks.count_ones() as usize]
    }

    /// Of the slots of `live` whose matches may begin with a letter and have no digit among their first [`DEPTH`] bytes: the letters and
    /// digits in a row with which each match begins, at least. More than there can be where there is no such slot.
    pub(super) fn fewest_without_digit(&self, live: u64) -> usize {
        // What may begin with no more than some may begin with no more than others.
        self.without_digit.partition_point(|slots| live & slots == 0)
    }

    /// True when a match of one of the slots of `called` can have the byte at `at` as its first.
    #[inline]
    pub(super) fn may_begin(&self, bytes: &[u8], at: usize, called: u64) -> bool {
        called & self.bytes[0][kind(bytes, at)] != 0
    }

    /// The slots of `called` of which a match may begin at `at`.
    #[inline(always)]
    #[expect(
        clippy::inline_always,
        reason = "the loop over the words of a text that it is part of is made for several machines"
    )]
    pub(super) fn at(&self, bytes: &[u8], at: usize, called: u64) -> u64 {
        let mut left = called;
        if let Some(window) = bytes.get(at..).and_then(|rest| rest.first_chunk::<DEPTH>()) {
            for (row, byte) in self.bytes.iter().zip(window) {
                left &= row[usize::from(*byte)];
                if left == 0 {
                    break;
                }
            }
        } else {
            for (depth, row) in self.bytes.iter().enumerate() {
                left &= row[kind(bytes, at + depth)];
            }
        }
        left
    }
}

/// What a byte in front of a word allows.
#[derive(Debug, Clone, Copy)]
pub(super) struct Before {
    /// The slots of which the first letter or digit of a match may begin the word.
    pub(super) allowed: u64,
    /// The slots whose matches can have the byte in front of that.
    pub(super) signed: u64,
}

/// Whether a byte of that kind, or the end of the text, is in the set.
fn allows(set: &ByteSet, kind: usize) -> bool {
    match kind {
        END => set.end,
        byte => set.has(byte as u8),
    }
}

/// The kind of the byte at `at`.
#[inline]
fn kind(bytes: &[u8], at: usize) -> usize {
    bytes.get(at).map_or(END, |byte| usize::from(*byte))
}

impl PatternFilter {
    /// Makes the patterns of `called` known.
    pub(super) fn load(&mut self, set: &ManagedSet, table: &PatternTable, called: &PatternBits) {
        if !self.table.as_ref().is_some_and(|known| Arc::ptr_eq(known, table.identity())) {
            *self = Self { table: Some(Arc::clone(table.identity())), ..Self::default() };
            self.slots.resize(MOST, 0);
            self.called.resize(set.keywords.len(), None);
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
            self.rows.push(Rows::new());
        }
        (0..=lead).for_each(|lead| self.lead[lead].add(slot));
        self.longest.push(shape.longest.unwrap_or(0));
        if shape.longest.is_none() {
            self.unbounded.add(slot);
        }
        self.rows[slot / 64].add(slot % 64, shape, lead);
    }

    /// Number of slots; each is below it.
    pub(super) fn len(&self) -> usize {
        self.numbers.len()
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

    /// What a keyword calls in running text; its patterns have to be loaded.
    pub(super) fn called_in_text(&mut self, table: &PatternTable, keyword: u16) -> Called {
        if let Some(called) = self.called[usize::from(keyword)] {
            return called;
        }
        let slots = self.slots_of(table.called_in_text(keyword));
        let mut longest = 0;
        slots.each(|slot| longest = longest.max(self.longest[slot]));
        let called = Called { slots, longest: slots.and(&self.unbounded).is_empty().then_some(longest) };
        self.called[usize::from(keyword)] = Some(called);
        called
    }

    /// Words of 64 slots.
    pub(super) fn width(&self) -> usize {
        self.rows.len()
    }

    /// What the matches of the 64 patterns with slots from 64 x `word` on look like.
    pub(super) fn rows(&self, word: usize) -> &Rows {
        &self.rows[word]
    }
}
