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

    /// True when somewhere at least so many digits stand in a row, of [`STEP`] at most.
    pub fn has_digits_in_a_row(&self, fewest: usize) -> bool {
        let words = self.words();
        let next = words.iter().skip(1).map(|word| word.digit).chain([0]);
        let enough = |word: u64, next: u64| (word.count_ones() + next.count_ones()) as usize >= fewest;
        let mut pairs = words.iter().map(|word| word.digit).zip(next);
        pairs.any(|(word, next)| word != 0 && enough(word, next) && in_a_row(fewest, word, next) != 0)
    }

    /// True when a character beyond ASCII stands between the byte offsets, or close to them.
    pub fn has_high(&self, start: usize, end: usize) -> bool {
        let end = end.div_ceil(STEP).min(self.count);
        self.masks[(start / STEP).min(end)..end].iter().any(|word| word.high != 0)
    }
}

/// For each of 64 places, whether at least so many bytes in a row are marked from there on, of [`STEP`] at most; `after` are the marks
/// of the 64 behind them.
#[inline]
pub fn in_a_row(fewest: usize, marks: u64, after: u64) -> u64 {
    let mut row = u128::from(marks) | u128::from(after) << 64;
    let mut length = 1;
    while length < fewest {
        let more = length.min(fewest - length);
        row &= row >> more;
        length += more;
    }
    row as u64
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
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn bytes_in_a_row_are_told_for_64_places_at_once(marks in any::<u64>(), more in any::<u64>(), after in any::<u64>(), fewest in 0..=STEP) {
            for (marks, after) in [(marks, after), (marks & more, after), (marks | more, u64::MAX), (u64::MAX, after)] {
                let all = u128::from(marks) | u128::from(after) << 64;
                let row = in_a_row(fewest, marks, after);
                for bit in 0..64 {
                    prop_assert_eq!(row >> bit & 1 == 1, (all >> bit).trailing_ones() as usize >= fewest.max(1));
                }
            }
        }

        #[test]
        fn digits_in_a_row_are_found_wherever_they_stand(text in "([0-9]{1,12}|[a-z -]{1,60}){0,12}", fewest in 1..20_usize) {
            let mut masks = MaskedText::default();
            masks.read(text.as_bytes());
            let longest = text.split(|c: char| !c.is_ascii_digit()).map(str::len).max().unwrap_or(0);
            prop_assert_eq!(masks.has_digits_in_a_row(fewest), longest >= fewest);
        }
    }

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
