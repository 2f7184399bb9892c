//! Remembers, for one column, what equal cells gave.
//!
//! A verdict depends on the column's plan and the cell's bytes only, so replaying it is exact. The memory is bounded, and a
//! column whose cells hardly repeat switches its memo off.

/// Number of pairs of tiny cells; a power of two.
const PAIRS: usize = 256;
/// Number of slots for short cells; a power of two.
const SLOTS: usize = 512;
/// Number of slots for long cells; a power of two.
const LONG_SLOTS: usize = 256;
/// Longest tiny cell, in bytes: one word of 128 bits holds all of it.
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

/// A cell that may be remembered, and what stands behind it: of a short one, whole words can be read then.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    bytes: &'a [u8],
    length: usize,
}

impl<'a> Place<'a> {
    /// The first `length` bytes of `bytes`, all of them if they are fewer.
    #[inline]
    pub fn new(bytes: &'a [u8], length: usize) -> Self {
        Self { bytes, length: length.min(bytes.len()) }
    }

    /// The cell.
    #[inline]
    pub fn cell(self) -> &'a [u8] {
        &self.bytes[..self.length]
    }

    /// All bytes of a tiny cell, followed by zeros.
    #[inline]
    fn tiny(self) -> u128 {
        let word = self.bytes.first_chunk().map_or_else(
            || {
                let mut word = [0; TINY];
                let there = self.bytes.len().min(TINY);
                word[..there].copy_from_slice(&self.bytes[..there]);
                word
            },
            |word| *word,
        );
        u128::from_le_bytes(word) & KEPT[self.length.min(TINY)]
    }
}

/// For each length of a tiny cell, its bytes in a word.
static KEPT: [u128; TINY + 1] = {
    let mut kept = [u128::MAX; TINY + 1];
    let mut length = 0;
    while length < TINY {
        kept[length] = (1 << (8 * length)) - 1;
        length += 1;
    }
    kept
};

/// Mixes what tells cells apart; the low bits are a place for the cell.
#[inline]
fn mixed(first: u64, last: u64, middle: u64, length: usize) -> usize {
    const MULTIPLIER: u64 = 0x9E37_79B9_7F4A_7C15;
    let mixed = first ^ last.rotate_left(29) ^ middle.rotate_left(47) ^ (length as u64) << 57;
    (mixed.wrapping_mul(MULTIPLIER) >> 44) as usize
}

/// A place for a cell that is longer than tiny ones: its first, last and middle bytes count.
#[inline]
fn place_of_longer(cell: &[u8]) -> usize {
    let last = cell.len() - 8;
    mixed(word(cell, 0), word(cell, last), word(cell, last / 2), cell.len())
}

#[inline]
fn word(cell: &[u8], at: usize) -> u64 {
    cell.get(at..at + 8).and_then(|bytes| bytes.try_into().ok()).map_or(0, u64::from_le_bytes)
}

/// Whether two cells of equal length that are longer than tiny ones are the same. Most are two or three words, the last of
/// which may overlap the one before; a call of the library's comparison takes longer.
#[inline]
pub(super) fn is_same(left: &[u8], right: &[u8]) -> bool {
    left.last_chunk::<TINY>() == right.last_chunk::<TINY>()
        && left.as_chunks::<TINY>().0.iter().zip(right.as_chunks::<TINY>().0).all(|(left, right)| left == right)
}

/// Two tiny cells and the numbers of their verdicts, in one line of the processor's cache: the one that was remembered last
/// comes first. An empty half has the length of no cell.
#[derive(Debug, Clone)]
#[repr(align(64))]
struct Pair {
    cells: [u128; 2],
    lengths: [u16; 2],
    verdicts: [u16; 2],
}

impl Pair {
    const EMPTY: Self = Self { cells: [0; 2], lengths: [u16::MAX; 2], verdicts: [0; 2] };

    #[inline]
    fn place(cell: u128, length: usize) -> usize {
        mixed(cell as u64, (cell >> 64) as u64, 0, length) % PAIRS
    }

    #[inline]
    fn number(&self, cell: u128, length: usize) -> Option<u16> {
        // Both are compared whatever comes out of the first, so that no branch depends on which of them it is.
        let same = |half: usize| (self.cells[half] == cell) & (usize::from(self.lengths[half]) == length);
        let (first, second) = (same(0), same(1));
        (first | second).then_some(self.verdicts[usize::from(!first)])
    }

    fn put(&mut self, cell: u128, length: usize, verdict: u16) {
        self.cells = [cell, self.cells[0]];
        self.lengths = [length as u16, self.lengths[0]];
        self.verdicts = [verdict, self.verdicts[0]];
    }
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
        usize::from(self.length) == cell.len() && is_same(&self.bytes[..cell.len()], cell)
    }

    fn fill(&mut self, cell: &[u8], verdict: u16) {
        (self.length, self.verdict) = (cell.len() as u16, verdict);
        self.bytes[..cell.len()].copy_from_slice(cell);
    }
}

/// A memory of verdicts, each at one of two neighbouring places. Verdicts are told by number; 0 is that of `V::default()`.
#[derive(Debug)]
pub struct Memo<V> {
    tiny: Option<Box<[Pair; PAIRS]>>,
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
        if let Some(number) = self.number(Place::new(bytes, bytes.len())) {
            return self.verdict(number).clone();
        }
        let verdict = judge();
        self.remember(bytes, &verdict);
        verdict
    }

    /// The number of the remembered verdict on the cell.
    #[inline]
    pub fn number(&mut self, place: Place<'_>) -> Option<u16> {
        if self.off {
            return None;
        }
        self.probes += 1;
        let number = if place.length <= TINY {
            let cell = place.tiny();
            self.tiny.as_ref().and_then(|pairs| pairs[Pair::place(cell, place.length)].number(cell, place.length))
        } else {
            self.number_of_longer(place.cell())
        };
        self.hits += u32::from(number.is_some());
        number
    }

    #[inline(never)]
    fn number_of_longer(&self, cell: &[u8]) -> Option<u16> {
        if cell.len() <= SHORT { find(&self.short, cell) } else { find(&self.long, cell) }
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
        let tiny = self.tiny.get_or_insert_with(|| Box::new([const { Pair::EMPTY }; PAIRS]));
        if bytes.len() <= TINY {
            let cell = Place::new(bytes, bytes.len()).tiny();
            tiny[Pair::place(cell, bytes.len())].put(cell, bytes.len(), number);
        } else if bytes.len() <= SHORT {
            put(&mut self.short, SLOTS, bytes, number);
        } else {
            put(&mut self.long, LONG_SLOTS, bytes, number);
        }
    }
}

#[inline]
fn find<const N: usize>(slots: &[Slot<N>], cell: &[u8]) -> Option<u16> {
    let place = place_of_longer(cell) & slots.len().wrapping_sub(1);
    let first = slots.get(place)?;
    if first.holds(cell) {
        return Some(first.verdict);
    }
    let second = slots.get(place ^ 1)?;
    second.holds(cell).then_some(second.verdict)
}

/// Puts a verdict in the first of its two slots and what was there in the second. The first time makes `size` slots.
fn put<const N: usize>(slots: &mut Vec<Slot<N>>, size: usize, cell: &[u8], number: u16) {
    if slots.is_empty() {
        slots.resize(size, Slot::EMPTY);
    }
    let place = place_of_longer(cell) & (slots.len() - 1);
    slots.swap(place, place ^ 1);
    slots[place].fill(cell, number);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

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

    proptest! {
        #[test]
        fn cells_are_the_same_when_all_their_bytes_are(
            cell in prop::collection::vec(0_u8..3, TINY..120),
            changed in prop::option::of(any::<prop::sample::Index>()),
        ) {
            let mut other = cell.clone();
            if let Some(changed) = changed {
                *changed.get_mut(&mut other) += 1;
            }
            prop_assert_eq!(is_same(&cell, &other), cell == other);
        }

        #[test]
        fn what_stands_behind_a_cell_does_not_matter(
            cells in prop::collection::vec(("[ab\\x00]{0,20}", "[ab\\x00]{0,20}"), 40..400),
        ) {
            let mut memo = Memo::default();
            for (cell, behind) in &cells {
                let all = [cell.as_bytes(), behind.as_bytes()].concat();
                let number = memo.number(Place::new(&all, cell.len()));
                prop_assert!(number.is_none_or(|number| memo.verdict(number) == cell));
                if number.is_none() {
                    let is_warm = memo.probes >= WARM_UP;
                    memo.remember(cell.as_bytes(), cell);
                    let remembered = memo.number(Place::new(&all, cell.len())).map(|number| memo.verdict(number));
                    prop_assert!(!is_warm || remembered == Some(cell));
                }
            }
        }
    }
}
