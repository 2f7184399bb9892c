//! The words of a text, found by its masks: every place where letters and digits begin.

use super::first_words::{beginning_of, eight_at, mix};
use super::text_masks::{MaskedText, STEP, alphanumeric};
use crate::blocks::TextMasks;

/// A word of a text: ASCII letters and digits in a row; or a character beyond ASCII, or what stands right behind one.
pub struct Word<'m> {
    /// Byte offset of its first byte. It may be inside a character beyond ASCII.
    pub start: usize,
    /// The bit of its first byte in `masks`.
    pub bit: u32,
    /// ASCII letters and digits in a row from there on, as far as `masks` and `after` tell; 0 for a character beyond ASCII.
    pub length: u32,
    /// The eight bytes from there on; zeros behind the end of the text.
    pub eight: u64,
    /// Its [beginning](super::first_words::Beginning), [mixed](mix).
    pub mixed: u64,
    /// A character beyond ASCII, or what stands right behind one.
    pub beyond: bool,
    /// Other words may end or begin inside it, or it may go on behind its letters and digits.
    pub odd: bool,
    /// It begins with a letter, or a character beyond ASCII, and behind neither letter nor digit nor such a character.
    pub opens: bool,
    /// The masks of the step in which it begins.
    pub masks: &'m TextMasks,
    /// Those of the next.
    pub after: &'m TextMasks,
}

/// The 64 bits from bit `bit` of the first of two masks on.
#[inline]
pub fn from_bit(first: u64, second: u64, bit: u32) -> u64 {
    first >> bit | second << 1 << (63 - bit)
}

/// Calls `found` with every word of the text, in order. A word also begins at a capital behind a small letter, and every byte of a
/// character beyond ASCII is one. `masks` are those of `bytes`.
#[inline]
pub fn each_word(bytes: &[u8], masks: &MaskedText, mut found: impl FnMut(&Word<'_>)) {
    let mut before = TextMasks::default();
    for (index, word) in masks.words().iter().enumerate() {
        let after = masks.word(index + 1);
        let alnum = alphanumeric(word);
        let token = alnum | word.high;
        let lower = word.letter & !word.upper;
        let behind_alnum = alnum << 1 | alphanumeric(&before) >> 63;
        let behind_token = behind_alnum | word.high << 1 | before.high >> 63;
        let change = word.upper & (lower << 1 | (before.letter & !before.upper) >> 63);
        let opens = token & !behind_token & !word.digit;
        let beyond = word.high | alnum & (word.high << 1 | before.high >> 63);
        let mut left = alnum & !behind_alnum | change | beyond;
        if left == 0 {
            before = *word;
            continue;
        }
        let after_lower = after.letter & !after.upper;
        let odd = change | word.high;
        let odd_after = after.upper & (after_lower << 1 | lower >> 63) | after.high;
        let any_odd = odd | odd_after != 0;
        let alnum_after = alphanumeric(&after);
        while left != 0 {
            let bit = left.trailing_zeros();
            left &= left - 1;
            let start = index * STEP + bit as usize;
            let length = (!from_bit(alnum, alnum_after, bit)).trailing_zeros();
            let eight = eight_at(bytes, start);
            // Behind the first byte, up to what follows the word. Of long words the end is not in sight.
            let inside = || from_bit(odd, odd_after, bit) & (u64::MAX >> (63 - length)) & !1;
            found(&Word {
                start,
                bit,
                length,
                eight,
                mixed: mix(beginning_of(eight, length as usize)),
                beyond: beyond >> bit & 1 == 1,
                odd: length >= 64 || any_odd && inside() != 0,
                opens: opens >> bit & 1 == 1,
                masks: word,
                after: &after,
            });
        }
        before = *word;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_begin_at_letters_digits_changes_of_case_and_characters_beyond_ascii() {
        let text = "one 2two,threeFour é5 Ünd\u{2019}s x";
        let mut masks = MaskedText::default();
        masks.read(text.as_bytes());
        let mut words = Vec::new();
        each_word(text.as_bytes(), &masks, |word| {
            let shown = text.get(word.start..word.start + word.length as usize);
            words.push((shown.unwrap_or("?"), word.opens, word.beyond, word.odd));
        });
        let (plain, odd) = (false, true);
        assert_eq!(
            words[..4],
            [
                ("one", true, false, plain),
                ("2two", false, false, plain),
                ("threeFour", true, false, odd),
                ("Four", false, false, plain),
            ]
        );
        assert_eq!(words[4..7], [("", true, true, plain), ("?", false, true, plain), ("5", false, true, plain)]);
        assert_eq!(words.last(), Some(&("x", true, false, plain)));
    }
}
