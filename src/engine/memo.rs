//! Remembers, for one column, what equal cells gave.
//!
//! A verdict depends on the column's plan and the cell's bytes only, so replaying it is exact. The memory is bounded, and a
//! column whose cells hardly repeat switches its memo off.

/// Number of slots for short cells; a power of two.
const SHORT_SLOTS: usize = 512;
/// Number of slots for long cells; a power of two.
const LONG_SLOTS: usize = 256;
/// Longest short cell, in bytes; a slot is as long as a line of the processor's cache.
const SHORT: usize = 60;
/// Longer cells are not remembered, in bytes.
const LONG: usize = 252;
/// Different verdicts that are remembered.
const MOST_VERDICTS: usize = 1000;
/// Probes after which the share of hits decides whether the memo pays.
const TRIAL: u32 = 4096;
/// Cells that are judged before anything is remembered: a small table would not get back what the slots cost.
const WARM_UP: u32 = 32;

/// A cell and the number of its verdict; an empty slot has the length of no cell.
#[derive(Debug, Clone)]
#[repr(align(64))]
struct Slot<const N: usize> {
    length: u16,
    verdict: u16,
    bytes: [u8; N],
}

impl<const N: usize> Slot<N> {
    const EMPTY: Self = Self { length: u16::MAX, verdict: 0, bytes: [0; N] };

    #[inline]
    fn holds(&self, bytes: &[u8]) -> bool {
        usize::from(self.length) == bytes.len() && self.bytes[..bytes.len()] == *bytes
    }

    fn fill(&mut self, bytes: &[u8], verdict: u16) {
        self.length = bytes.len() as u16;
        self.verdict = verdict;
        self.bytes[..bytes.len()].copy_from_slice(bytes);
    }
}

/// A memory of verdicts, each under one of two neighbouring slots. Verdicts are told by number; 0 is that of `V::default()`.
#[derive(Debug)]
pub struct Memo<V> {
    short: Vec<Slot<SHORT>>,
    long: Vec<Slot<LONG>>,
    verdicts: Vec<V>,
    probes: u32,
    hits: u32,
    off: bool,
}

impl<V: Default> Default for Memo<V> {
    fn default() -> Self {
        let verdicts = vec![V::default()];
        Self { short: Vec::new(), long: Vec::new(), verdicts, probes: 0, hits: 0, off: false }
    }
}

impl<V: Default + Clone + PartialEq> Memo<V> {
    /// A memo that remembers nothing.
    pub fn off() -> Self {
        Self { off: true, ..Self::default() }
    }

    /// The verdict on `bytes`: the remembered one, or what `judge` says.
    pub fn get_or(&mut self, bytes: &[u8], judge: impl FnOnce() -> V) -> V {
        if let Some(number) = self.number(bytes) {
            return self.verdict(number).clone();
        }
        let verdict = judge();
        self.remember(bytes, &verdict);
        verdict
    }

    /// The number of the remembered verdict on `bytes`.
    #[inline]
    pub fn number(&mut self, bytes: &[u8]) -> Option<u16> {
        if self.off {
            return None;
        }
        self.probes += 1;
        let hash = hash(bytes);
        let number = if bytes.len() <= SHORT { find(&self.short, hash, bytes) } else { find(&self.long, hash, bytes) };
        self.hits += u32::from(number.is_some());
        number
    }

    /// The verdict of that number.
    pub fn verdict(&self, number: u16) -> &V {
        &self.verdicts[usize::from(number)]
    }

    /// Remembers the verdict on `bytes`, where there is room.
    pub fn remember(&mut self, bytes: &[u8], verdict: &V) {
        if self.off || bytes.len() > LONG || self.probes < WARM_UP && self.short.is_empty() {
            return;
        }
        if self.probes >= TRIAL {
            if self.hits < self.probes / 4 {
                self.off = true;
                self.short = Vec::new();
                self.long = Vec::new();
                return;
            }
            self.probes = 0;
            self.hits = 0;
        }
        let number = match self.verdicts.iter().position(|known| known == verdict) {
            Some(number) => number,
            None if self.verdicts.len() < MOST_VERDICTS => {
                self.verdicts.push(verdict.clone());
                self.verdicts.len() - 1
            }
            None => return,
        };
        let (hash, number) = (hash(bytes), number as u16);
        if self.short.is_empty() {
            self.short.resize(SHORT_SLOTS, Slot::EMPTY);
        }
        if bytes.len() <= SHORT {
            return put(&mut self.short, hash, bytes, number);
        }
        if self.long.is_empty() {
            self.long.resize(LONG_SLOTS, Slot::EMPTY);
        }
        put(&mut self.long, hash, bytes, number);
    }
}

#[inline]
fn find<const N: usize>(slots: &[Slot<N>], hash: usize, bytes: &[u8]) -> Option<u16> {
    let place = hash & (slots.len().wrapping_sub(1));
    let first = slots.get(place)?;
    if first.holds(bytes) {
        return Some(first.verdict);
    }
    let second = slots.get(place ^ 1)?;
    second.holds(bytes).then_some(second.verdict)
}

/// Puts a verdict in the first of its two slots and what was there in the second.
fn put<const N: usize>(slots: &mut [Slot<N>], hash: usize, bytes: &[u8], number: u16) {
    let place = hash & (slots.len() - 1);
    slots.swap(place, place ^ 1);
    slots[place].fill(bytes, number);
}

/// A hash of the length, the first, the middle and the last bytes: good enough where the bytes are compared in full.
#[inline]
fn hash(bytes: &[u8]) -> usize {
    const MULTIPLIER: u64 = 0x9E37_79B9_7F4A_7C15;
    let word = |at: usize| u64::from_le_bytes(bytes[at..at + 8].try_into().unwrap_or_default());
    let length = bytes.len();
    let (first, middle, last) = match length {
        8.. => (word(0), word((length - 8) / 2), word(length - 8)),
        4.. => {
            let half = |at: usize| u64::from(u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap_or_default()));
            (half(0), 0, half(length - 4))
        }
        _ => (bytes.iter().fold(0, |word, byte| word << 8 | u64::from(*byte)), 0, 0),
    };
    let mixed = (first ^ length as u64).wrapping_mul(MULTIPLIER) ^ middle.rotate_left(17);
    let mixed = (mixed.rotate_left(31) ^ last).wrapping_mul(MULTIPLIER);
    (mixed >> 40) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_cells_are_judged_once_and_others_each() {
        let mut memo = Memo::default();
        let mut judged = 0;
        let long = "x".repeat(LONG);
        for cell in ["a", "b", "a", "a", "b", &long, "some words", "12345"].iter().cycle().take(800) {
            let verdict = memo.get_or(cell.as_bytes(), || {
                judged += 1;
                (*cell).to_string()
            });
            assert_eq!(verdict, *cell);
        }
        assert_eq!(judged, WARM_UP - 1 + 5);
    }

    #[test]
    fn a_memo_that_does_not_pay_still_gives_right_verdicts() {
        let mut memo = Memo::default();
        for number in 0..20_000_u32 {
            let cell = number.to_string();
            assert_eq!(memo.get_or(cell.as_bytes(), || number), number);
        }
        assert!(memo.off);
    }

    #[test]
    fn cells_of_every_length_are_told_apart() {
        let mut memo = Memo::default();
        let text = "ab".repeat(200);
        for round in 0..20 {
            for length in 0..text.len() {
                for start in 0..2 {
                    let cell = &text.as_bytes()[start..length.max(start)];
                    let expected = (cell.len(), start, cell.is_empty());
                    let verdict = memo.get_or(cell, || (cell.len(), start, cell.is_empty()));
                    assert_eq!((verdict.0, verdict.2), (expected.0, expected.2), "round {round}");
                    assert!(cell.is_empty() || verdict.1 == start);
                }
            }
        }
    }
}
