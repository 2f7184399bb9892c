//! Remembers, for one column, what equal cells gave.
//!
//! A verdict depends on the column's plan and the cell's bytes only, so replaying it is exact. The memory is bounded, and a
//! column whose cells hardly repeat switches its memo off.

/// Number of slots; a power of two.
const SLOTS: usize = 512;
/// Longer cells are not remembered.
const LONGEST: usize = 256;
/// Probes after which the share of hits decides whether the memo pays.
const TRIAL: u32 = 4096;
/// Cells that are judged before anything is remembered: a small table would not get back what the slots cost.
const WARM_UP: u32 = 32;

#[derive(Debug, Default, Clone)]
struct Slot<V> {
    hash: u64,
    bytes: Vec<u8>,
    verdict: V,
}

/// A direct-mapped memory of verdicts.
#[derive(Debug)]
pub struct Memo<V> {
    slots: Vec<Slot<V>>,
    probes: u32,
    hits: u32,
    off: bool,
}

impl<V: Default + Clone> Default for Memo<V> {
    fn default() -> Self {
        Self { slots: Vec::new(), probes: 0, hits: 0, off: false }
    }
}

impl<V: Default + Clone> Memo<V> {
    /// A memo that remembers nothing.
    pub fn off() -> Self {
        Self { off: true, ..Self::default() }
    }

    /// The verdict on `bytes`: the remembered one, or what `judge` says.
    pub fn get_or(&mut self, bytes: &[u8], judge: impl FnOnce() -> V) -> V {
        if self.off || bytes.len() > LONGEST {
            return judge();
        }
        if self.slots.is_empty() {
            if self.probes < WARM_UP {
                self.probes += 1;
                return judge();
            }
            self.slots.resize(SLOTS, Slot::default());
        }
        let hash = hash(bytes);
        let slot = &mut self.slots[hash as usize & (SLOTS - 1)];
        self.probes += 1;
        if slot.hash == hash && slot.bytes == bytes {
            self.hits += 1;
            return slot.verdict.clone();
        }
        let verdict = judge();
        slot.hash = hash;
        slot.bytes.clear();
        slot.bytes.extend_from_slice(bytes);
        slot.verdict = verdict.clone();
        if self.probes == TRIAL {
            if self.hits < TRIAL / 4 {
                self.off = true;
                self.slots = Vec::new();
            }
            self.probes = 0;
            self.hits = 0;
        }
        verdict
    }
}

/// A fast hash, good enough for slots whose bytes are compared in full; never 0, which marks an empty slot.
fn hash(bytes: &[u8]) -> u64 {
    const MULTIPLIER: u64 = 0x9E37_79B9_7F4A_7C15;
    let mut state = bytes.len() as u64 ^ MULTIPLIER;
    let mut words = bytes.chunks_exact(8);
    for word in &mut words {
        let word = u64::from_le_bytes(word.try_into().unwrap_or_default());
        state = (state ^ word).wrapping_mul(MULTIPLIER).rotate_left(29);
    }
    let mut last = [0; 8];
    last[..words.remainder().len()].copy_from_slice(words.remainder());
    state = (state ^ u64::from_le_bytes(last)).wrapping_mul(MULTIPLIER);
    (state ^ (state >> 32)) | 1 << 63
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_cells_are_judged_once_and_others_each() {
        let mut memo = Memo::default();
        let mut judged = 0;
        for cell in ["a", "b", "a", "a", "b"].iter().cycle().take(500) {
            let verdict = memo.get_or(cell.as_bytes(), || {
                judged += 1;
                (*cell).to_string()
            });
            assert_eq!(verdict, *cell);
        }
        assert_eq!(judged, WARM_UP + 2);
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
}
