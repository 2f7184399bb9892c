//! Which bytes of a text are letters, digits or beyond ASCII: one bit a byte, 64 bytes a step.
//!
//! Searches ask these masks where words and runs of digits begin, so that most bytes are never looked at one by one.

/// 64 bytes of a text, the first in the lowest bit. Bits behind the end of the text are 0 in every mask.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Masks {
    /// ASCII letters.
    pub letter: u64,
    /// ASCII capitals.
    pub upper: u64,
    /// ASCII digits.
    pub digit: u64,
    /// Bytes of characters beyond ASCII.
    pub high: u64,
}

impl Masks {
    /// ASCII letters and digits.
    pub fn alphanumeric(&self) -> u64 {
        self.letter | self.digit
    }
}

/// The masks of one text. Keeps its memory for the next.
#[derive(Debug, Default)]
pub struct TextMasks {
    words: Vec<Masks>,
}

/// Bytes that one step covers.
pub const STEP: usize = 64;

impl TextMasks {
    /// Replaces the masks by those of `text`.
    pub fn read(&mut self, text: &[u8]) {
        self.words.clear();
        self.words.reserve(text.len().div_ceil(STEP) + 1);
        let (blocks, rest) = text.as_chunks::<STEP>();
        self.words.extend(blocks.iter().map(classify));
        if !rest.is_empty() {
            let mut last = [0; STEP];
            last[..rest.len()].copy_from_slice(rest);
            self.words.push(classify(&last));
        }
    }

    /// The masks, in order.
    pub fn words(&self) -> &[Masks] {
        &self.words
    }

    /// The masks of the step of that number; none behind the end.
    pub fn word(&self, index: usize) -> Masks {
        self.words.get(index).copied().unwrap_or_default()
    }
}

fn classify(block: &[u8; STEP]) -> Masks {
    let letter = pack(block, |byte| (byte | 0x20).wrapping_sub(b'a') < 26);
    let upper = pack(block, |byte| byte.wrapping_sub(b'A') < 26);
    let digit = pack(block, |byte| byte.wrapping_sub(b'0') < 10);
    let high = pack(block, |byte| byte >= 0x80);
    Masks { letter, upper, digit, high }
}

/// One bit for each byte that is in the class.
#[inline(always)]
#[allow(clippy::inline_always)] // the class has to be seen where it is tested for the compiler to use vectors
fn pack(block: &[u8; STEP], class: impl Fn(u8) -> bool) -> u64 {
    let mut flags = [0_u8; STEP];
    for (flag, byte) in flags.iter_mut().zip(block) {
        *flag = u8::from(class(*byte));
    }
    let mut mask = 0;
    for (index, eight) in flags.as_chunks::<8>().0.iter().enumerate() {
        // Gathers the lowest bits of eight bytes in the highest byte of the product.
        let bits = u64::from_le_bytes(*eight).wrapping_mul(0x0102_0408_1020_4080) >> 56;
        mask |= bits << (index * 8);
    }
    mask
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
        #[test]
        fn a_mask_has_the_bits_of_its_bytes(text in proptest::collection::vec(any::<u8>(), 0..200)) {
            let mut masks = TextMasks::default();
            masks.read(&text);
            prop_assert_eq!(masks.words().len(), text.len().div_ceil(STEP));
            for index in 0..masks.words().len() * STEP {
                let byte = text.get(index).copied().unwrap_or(0);
                let (word, bit) = (masks.word(index / STEP), index % STEP);
                prop_assert_eq!(word.letter >> bit & 1 == 1, byte.is_ascii_alphabetic());
                prop_assert_eq!(word.upper >> bit & 1 == 1, byte.is_ascii_uppercase());
                prop_assert_eq!(word.digit >> bit & 1 == 1, byte.is_ascii_digit());
                prop_assert_eq!(word.high >> bit & 1 == 1, !byte.is_ascii());
            }
        }
    }

    #[test]
    fn bits_are_visited_in_order() {
        let mut seen = Vec::new();
        each_bit(1 | 1 << 5 | 1 << 63, 64, |bit| seen.push(bit));
        assert_eq!(seen, [64, 69, 127]);
    }
}
