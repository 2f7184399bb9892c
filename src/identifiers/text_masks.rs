//! The masks of one text: where words and runs of digits begin, so that most bytes are never looked at one by one.

use crate::blocks::{BLOCK, Classifier, TextMasks, Work};

/// Bytes that one mask speaks of.
pub const STEP: usize = BLOCK;

/// The masks of one text. Keeps its memory for the next.
#[derive(Debug, Default)]
pub struct MaskedText {
    classifier: Classifier,
    masks: Vec<TextMasks>,
    count: usize,
}

impl MaskedText {
    /// Replaces the masks by those of `text`.
    pub fn read(&mut self, text: &[u8]) {
        let needed = text.len().div_ceil(STEP);
        if self.masks.len() < needed {
            self.masks.resize(needed, TextMasks::default());
        }
        self.count = self.classifier.text(text, &mut self.masks);
    }

    /// Does `work` with the instructions for single bits that this machine has.
    pub fn run<W: Work>(&self, work: W) -> W::Output {
        self.classifier.run(work)
    }

    /// The masks, in order.
    pub fn words(&self) -> &[TextMasks] {
        &self.masks[..self.count]
    }

    /// The masks of the step of that number; none behind the end.
    pub fn word(&self, index: usize) -> TextMasks {
        self.words().get(index).copied().unwrap_or_default()
    }

    /// True when a digit stands between the byte offsets, or close to them.
    pub fn has_digit(&self, start: usize, end: usize) -> bool {
        let end = end.div_ceil(STEP).min(self.count);
        self.masks[(start / STEP).min(end)..end].iter().any(|word| word.digit != 0)
    }

    /// True when a character beyond ASCII stands between the byte offsets, or close to them.
    pub fn has_high(&self, start: usize, end: usize) -> bool {
        let end = end.div_ceil(STEP).min(self.count);
        self.masks[(start / STEP).min(end)..end].iter().any(|word| word.high != 0)
    }
}

/// ASCII letters and digits.
#[inline]
pub fn alphanumeric(masks: &TextMasks) -> u64 {
    masks.letter | masks.digit
}

/// Calls `found` with the offset of every bit of `mask`, in order, counted from `base`.
#[inline]
pub fn each_bit(mut mask: u64, base: usize, mut found: impl FnMut(usize)) {
    while mask != 0 {
        found(base + mask.trailing_zeros() as usize);
        mask &= mask - 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_are_visited_in_order() {
        let mut seen = Vec::new();
        each_bit(1 | 1 << 5 | 1 << 63, 64, |bit| seen.push(bit));
        assert_eq!(seen, [64, 69, 127]);
    }

    #[test]
    fn a_shorter_text_leaves_nothing_of_a_longer_one() {
        let mut text = MaskedText::default();
        text.read(&[b'a'; 200]);
        assert_eq!(text.words().len(), 4);
        text.read(b"1b");
        assert_eq!((text.words().len(), text.word(0).digit, text.word(0).letter, text.word(1).letter), (1, 1, 2, 0));
    }
}
