//! Finds the places where keyword-less data can start: long runs of digits, international prefixes, heads of IBANs.

use crate::blocks::TextMasks;
use crate::identifiers::text_masks::{MaskedText, STEP, alphanumeric, each_bit};

/// Calls `found` with the byte range of every maximal run of 13 or more digits, single spaces and hyphens between them
/// allowed. `masks` are those of `bytes`.
pub fn long_digits(bytes: &[u8], masks: &MaskedText, mut found: impl FnMut(usize, usize)) {
    let mut done = 0;
    let mut last = TextMasks::default();
    for (index, word) in masks.words().iter().enumerate() {
        let before = std::mem::replace(&mut last, *word);
        if word.digit == 0 {
            continue;
        }
        let after = masks.word(index + 1);
        // Digits and single signs between them, of any kind: a little more than runs are made of.
        let digits = word.digit;
        let joint = !(word.letter | word.digit | word.high)
            & (digits << 1 | before.digit >> 63)
            & (digits >> 1 | after.digit << 63);
        let next_joint = !(after.letter | after.digit | after.high)
            & (after.digit << 1 | digits >> 63)
            & (after.digit >> 1 | masks.word(index + 2).digit << 63);
        let row = u128::from(digits | joint) | u128::from(after.digit | next_joint) << 64;
        let two = row & row >> 1;
        let four = two & two >> 2;
        let eight = four & four >> 4;
        let mut starts = (eight & eight >> 5) as u64;
        while starts != 0 {
            let at = index * STEP + starts.trailing_zeros() as usize;
            starts &= starts - 1;
            if at < done || !bytes[at].is_ascii_digit() {
                continue;
            }
            let (start, end, count) = digit_run(bytes, at);
            if count >= 13 {
                found(start, end);
            }
            done = end;
        }
    }
}

/// The maximal run that the digit at `at` is part of, and its number of digits.
fn digit_run(bytes: &[u8], at: usize) -> (usize, usize, usize) {
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let is_joint = |at: usize| matches!(bytes.get(at), Some(b' ' | b'-'));
    let (mut start, mut end, mut count) = (at, at + 1, 1);
    loop {
        if start >= 1 && is_digit(start - 1) {
            start -= 1;
        } else if start >= 2 && is_joint(start - 1) && is_digit(start - 2) {
            start -= 2;
        } else {
            break;
        }
        count += 1;
    }
    loop {
        if is_digit(end) {
            end += 1;
        } else if is_joint(end) && is_digit(end + 1) {
            end += 2;
        } else {
            return (start, end, count);
        }
        count += 1;
    }
}

/// Calls `found` with the byte offset of every `+` or `00` that is followed by a digit and does not follow a letter or digit.
/// `masks` are those of `bytes`.
pub fn plus_digits(bytes: &[u8], masks: &MaskedText, mut found: impl FnMut(usize)) {
    let mut last = TextMasks::default();
    for (index, word) in masks.words().iter().enumerate() {
        let before = std::mem::replace(&mut last, *word);
        if word.plus | word.digit == 0 {
            continue;
        }
        let after = masks.word(index + 1);
        let behind = alphanumeric(word) << 1 | alphanumeric(&before) >> 63;
        let three = word.digit & (word.digit >> 1 | after.digit << 63) & (word.digit >> 2 | after.digit << 62);
        each_bit((word.plus | three) & !behind, index * STEP, |at| {
            let next = bytes.get(at + 1);
            let international = match bytes[at] {
                b'+' => next.is_some_and(|next| next.is_ascii_digit() || *next == b'('),
                first => first == b'0' && next == Some(&b'0'),
            };
            if international {
                found(at);
            }
        });
    }
}

/// Calls `found` with the byte offset of every word that starts with two letters and two digits, as an IBAN does. Between
/// capital letters and the digits a space may stand, as in forms that print the country code on its own. `masks` are those
/// of `bytes`.
pub fn iban_heads(bytes: &[u8], masks: &MaskedText, mut found: impl FnMut(usize)) {
    if bytes.len() < 15 {
        return;
    }
    let mut last = TextMasks::default();
    for (index, word) in masks.words().iter().enumerate() {
        let before = std::mem::replace(&mut last, *word);
        let after = masks.word(index + 1);
        if word.digit | after.digit == 0 {
            continue;
        }
        let digit = u128::from(word.digit) | u128::from(after.digit) << 64;
        let digits = digit & digit >> 1;
        let letter = u128::from(word.letter) | u128::from(after.letter) << 64;
        let upper = u128::from(word.upper) | u128::from(after.upper) << 64;
        let close = letter & letter >> 1 & digits >> 2;
        let spaced = upper & upper >> 1 & digits >> 3 & !(letter | digit) >> 2;
        let heads = (close | spaced) as u64;
        let behind = alphanumeric(word) << 1 | alphanumeric(&before) >> 63;
        each_bit(heads & !behind, index * STEP, |at| {
            if bytes[at + 2].is_ascii_digit() || bytes[at + 2] == b' ' {
                found(at);
            }
        });
    }
}

/// Reads the IBAN of `length` characters that starts at `start`: groups may be split by single spaces or hyphens.
///
/// Returns the end and the compact form in upper case; `None` if the text ends or something else comes first.
pub fn read_iban(bytes: &[u8], start: usize, length: usize) -> Option<(usize, String)> {
    let mut compact = String::with_capacity(length);
    let mut position = start;
    while compact.len() < length {
        let byte = *bytes.get(position)?;
        if byte.is_ascii_alphanumeric() {
            compact.push(byte.to_ascii_uppercase() as char);
        } else if !(matches!(byte, b' ' | b'-') && bytes.get(position + 1).is_some_and(u8::is_ascii_alphanumeric)) {
            return None;
        }
        position += 1;
    }
    Some((position, compact))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::oracle::gate as oracle;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, cases: 3000, ..ProptestConfig::default() })]

        #[test]
        fn gates_open_where_reading_byte_by_byte_opens_them(
            text in "([0-9]{1,9}|[0-9][ -]|00|[+(. /-]|GB[0-9]{2}|GB 29|[a-zA-Z]{1,3}|é|[ -~]{0,40}|4111 1111 1111 1111){0,24}",
        ) {
            let (bytes, masks) = (text.as_bytes(), masks(text.as_bytes()));
            let (mut slow, mut fast) = (Vec::new(), Vec::new());
            oracle::long_digits(bytes, |start, end| slow.push((start, end)));
            long_digits(bytes, &masks, |start, end| fast.push((start, end)));
            prop_assert_eq!(&slow, &fast);
            let (mut slow, mut fast) = (Vec::new(), Vec::new());
            oracle::plus_digits(bytes, |start| slow.push(start));
            plus_digits(bytes, &masks, |start| fast.push(start));
            prop_assert_eq!(&slow, &fast);
            let (mut slow, mut fast) = (Vec::new(), Vec::new());
            oracle::iban_heads(bytes, |start| slow.push(start));
            iban_heads(bytes, &masks, |start| fast.push(start));
            prop_assert_eq!(&slow, &fast);
        }
    }

    fn masks(text: &[u8]) -> MaskedText {
        let mut masks = MaskedText::default();
        masks.read(text);
        masks
    }

    fn runs(text: &str) -> Vec<&str> {
        let mut found = Vec::new();
        long_digits(text.as_bytes(), &masks(text.as_bytes()), |start, end| found.push(&text[start..end]));
        found
    }

    #[test]
    fn long_digits_allow_single_separators_only() {
        assert_eq!(runs("a 4111 1111-1111 1111 b"), ["4111 1111-1111 1111"]);
        assert!(runs("4111  1111  1111  1111").is_empty());
        assert!(runs("123456789012").is_empty());
        assert_eq!(runs("x1234567890123y"), ["1234567890123"]);
    }

    #[test]
    fn an_iban_is_read_with_and_without_groups() {
        let spaced = "GB29 NWBK 6016 1331 9268 19";
        assert_eq!(read_iban(spaced.as_bytes(), 0, 22), Some((27, "GB29NWBK60161331926819".into())));
        assert_eq!(read_iban(b"gb29nwbk60161331926819.", 0, 22), Some((22, "GB29NWBK60161331926819".into())));
        assert_eq!(read_iban(b"GB29NWBK", 0, 22), None);
        assert_eq!(read_iban(b"GB29  NWBK60161331926819", 0, 22), None);
    }

    #[test]
    fn heads_of_ibans_and_international_prefixes_start_words() {
        let heads = |text: &[u8]| {
            let mut heads = Vec::new();
            iban_heads(text, &masks(text), |start| heads.push(start));
            heads
        };
        assert_eq!(heads(b"xGB29NWBK60161331926819 GB29NWBK60161331926819"), [24]);
        assert_eq!(heads(b"about me 25 and ME 2550 5000 0123 4567 8951"), [16]);
        let (text, mut plus) = (b"a+49 +4930 0044 1000", Vec::new());
        plus_digits(text, &masks(text), |start| plus.push(start));
        assert_eq!(plus, [5, 11]);
    }
}
