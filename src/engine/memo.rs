//! Remembers, for one column, what equal cells gave.
//!
//! A verdict depends on the column's plan and the cell's bytes only, so replaying it is exact. The memory is bounded, and a
//! column whose cells hardly repeat switches its memo off.

/// Number of slots for tiny cells, and for short ones; powers of two.
const SLOTS: usize = 512;
/// Number of slots for long cells; a power of two.
const LONG_SLOTS: usize = 256;
/// Longest tiny cell, in bytes: two words hold all of it.
const TINY: usize = 16;
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

/// The length, the first and the last bytes of a cell. They tell tiny cells apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Key {
    first: u64,
    last: u64,
    length: u16,
}

impl Key {
    #[inline]
    fn of(cell: &[u8]) -> Self {
        let (first, last) = match *cell {
            [.., _, _, _, _, _, _, _, _] => (word(cell, 0), word(cell, cell.len() - 8)),
            [a, b, c, d, ..] => {
                let end = cell.len();
                (u64::from_le_bytes([a, b, c, d, cell[end - 4], cell[end - 3], cell[end - 2], cell[end - 1]]), 0)
            }
            [a, .., c] => (u64::from_le_bytes([a, cell[1], c, 0, 0, 0, 0, 0]), 0),
            [a] => (u64::from(a), 0),
            [] => (0, 0),
        };
        // A length beyond that of remembered cells may look like another; the cells themselves are compared then.
        Self { first, last, length: cell.len() as u16 }
    }

    /// A place for the cell; of a longer one, the bytes in the middle count as well.
    #[inline]
    fn place(&self, middle: u64) -> usize {
        const MULTIPLIER: u64 = 0x9E37_79B9_7F4A_7C15;
        let mixed = self.first ^ self.last.rotate_left(29) ^ middle.rotate_left(47) ^ u64::from(self.length) << 57;
        (mixed.wrapping_mul(MULTIPLIER) >> 44) as usize
    }
}

#[inline]
fn word(cell: &[u8], at: usize) -> u64 {
    cell.get(at..at + 8).and_then(|bytes| bytes.try_into().ok()).map_or(0, u64::from_le_bytes)
}

/// A tiny cell and the number of its verdict.
#[derive(Debug, Clone)]
struct Tiny {
    key: Key,
    verdict: u16,
}

impl Tiny {
    const EMPTY: Self = Self { key: Key { first: 0, last: 0, length: u16::MAX }, verdict: 0 };
}

/// A longer cell and the number of its verdict; an empty slot has the length of no cell.
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
    fn holds(&self, cell: &[u8]) -> bool {
        usize::from(self.length) == cell.len() && self.bytes[..cell.len()] == *cell
    }

    fn fill(&mut self, cell: &[u8], verdict: u16) {
        (self.length, self.verdict) = (cell.len() as u16, verdict);
        self.bytes[..cell.len()].copy_from_slice(cell);
    }
}

/// A memory of verdicts, each under one of two neighbouring slots. Verdicts are told by number; 0 is that of `V::default()`.
#[derive(Debug)]
pub struct Memo<V> {
    tiny: Option<Box<[Tiny; SLOTS]>>,
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
        Self { tiny: None, short: Vec::new(), long: Vec::new(), verdicts, probes: 0, hits: 0, off: false }
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
        let key = Key::of(bytes);
        let number = if bytes.len() <= TINY { self.number_of_tiny(key) } else { self.number_of_longer(key, bytes) };
        self.hits += u32::from(number.is_some());
        number
    }

    #[inline]
    fn number_of_tiny(&self, key: Key) -> Option<u16> {
        let slots = self.tiny.as_ref()?;
        let place = key.place(0);
        [place, place ^ 1]
            .into_iter()
            .map(|place| &slots[place % SLOTS])
            .find(|slot| slot.key == key)
            .map(|slot| slot.verdict)
    }

    #[inline(never)]
    fn number_of_longer(&self, key: Key, bytes: &[u8]) -> Option<u16> {
        if bytes.len() <= SHORT { find(&self.short, key, bytes) } else { find(&self.long, key, bytes) }
    }

    /// The verdict of that number.
    pub fn verdict(&self, number: u16) -> &V {
        &self.verdicts[usize::from(number)]
    }

    /// All verdicts, in the order of their numbers.
    pub fn verdicts(&self) -> &[V] {
        &self.verdicts
    }

    /// The number of a verdict, which is new to the memo or not; `None` when there are too many.
    pub fn number_of(&mut self, verdict: &V) -> Option<u16> {
        let number = match self.verdicts.iter().position(|known| known == verdict) {
            Some(number) => number,
            None if self.verdicts.len() < MOST_VERDICTS => {
                self.verdicts.push(verdict.clone());
                self.verdicts.len() - 1
            }
            None => return None,
        };
        Some(number as u16)
    }

    /// Remembers the verdict on `bytes`, where there is room.
    pub fn remember(&mut self, bytes: &[u8], verdict: &V) {
        if self.off || bytes.len() > LONG || self.probes < WARM_UP && self.tiny.is_none() {
            return;
        }
        if self.probes >= TRIAL {
            if self.hits < self.probes / 4 {
                self.off = true;
                self.tiny = None;
                self.short = Vec::new();
                self.long = Vec::new();
                return;
            }
            self.probes = 0;
            self.hits = 0;
        }
        let Some(number) = self.number_of(verdict) else { return };
        let key = Key::of(bytes);
        let tiny = self.tiny.get_or_insert_with(|| Box::new([const { Tiny::EMPTY }; SLOTS]));
        if bytes.len() <= TINY {
            let place = key.place(0) % SLOTS;
            tiny.swap(place, place ^ 1);
            tiny[place] = Tiny { key, verdict: number };
        } else if bytes.len() <= SHORT {
            put(&mut self.short, SLOTS, key, bytes, number);
        } else {
            put(&mut self.long, LONG_SLOTS, key, bytes, number);
        }
    }
}

/// The bytes in the middle of a cell of at least eight.
#[inline]
fn middle(cell: &[u8]) -> u64 {
    word(cell, (cell.len() - 8) / 2)
}

#[inline]
fn find<const N: usize>(slots: &[Slot<N>], key: Key, cell: &[u8]) -> Option<u16> {
    let place = key.place(middle(cell)) & (slots.len().wrapping_sub(1));
    let first = slots.get(place)?;
    if first.holds(cell) {
        return Some(first.verdict);
    }
    let second = slots.get(place ^ 1)?;
    second.holds(cell).then_some(second.verdict)
}

/// Puts a verdict in the first of its two slots and what was there in the second. The first time makes `size` slots.
fn put<const N: usize>(slots: &mut Vec<Slot<N>>, size: usize, key: Key, cell: &[u8], number: u16) {
    if slots.is_empty() {
        slots.resize(size, Slot::EMPTY);
    }
    let place = key.place(middle(cell)) & (slots.len() - 1);
    slots.swap(place, place ^ 1);
    slots[place].fill(cell, number);
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
