//! Every level against the definition of the masks, byte by byte.

use super::*;
use proptest::prelude::*;

fn mask(bytes: &[u8], is_member: impl Fn(u8) -> bool) -> u64 {
    bytes.iter().enumerate().map(|(at, byte)| u64::from(is_member(*byte)) << at).sum()
}

fn table_by_definition(delimiter: u8, bytes: &[u8]) -> Vec<TableMasks> {
    let masks = |block: &[u8]| TableMasks {
        delimiter: mask(block, |byte| byte == delimiter),
        line_end: mask(block, |byte| b"\r\n".contains(&byte)),
        quote: mask(block, |byte| byte == b'"'),
        digit: mask(block, |byte| byte.is_ascii_digit()),
        letter: mask(block, |byte| byte.is_ascii_alphabetic()),
        joint: mask(block, |byte| b" -".contains(&byte)),
        zero: mask(block, |byte| byte == b'0'),
        other: mask(block, |byte| !byte.is_ascii_hexdigit() && !b"TZ.:/- \"\r\n".contains(&byte) && byte != delimiter),
    };
    bytes.chunks(BLOCK).map(masks).collect()
}

fn text_by_definition(bytes: &[u8]) -> Vec<TextMasks> {
    let masks = |block: &[u8]| TextMasks {
        letter: mask(block, |byte| byte.is_ascii_alphabetic()),
        upper: mask(block, |byte| byte.is_ascii_uppercase()),
        digit: mask(block, |byte| byte.is_ascii_digit()),
        high: mask(block, |byte| !byte.is_ascii()),
        line_feed: mask(block, |byte| byte == b'\n'),
        quote: mask(block, |byte| byte == b'"'),
        backslash: mask(block, |byte| byte == b'\\'),
        plus: mask(block, |byte| byte == b'+'),
    };
    bytes.chunks(BLOCK).map(masks).collect()
}

/// Masks are written over what an earlier call left, and nothing is written after them.
const LEFT: TableMasks = TableMasks {
    delimiter: u64::MAX,
    line_end: u64::MAX,
    quote: u64::MAX,
    digit: u64::MAX,
    letter: u64::MAX,
    joint: u64::MAX,
    zero: u64::MAX,
    other: u64::MAX,
};

fn agree(delimiter: u8, bytes: &[u8]) {
    for level in Classifier::all() {
        let expected = table_by_definition(delimiter, bytes);
        let mut masks = vec![LEFT; expected.len() + 1];
        let count = level.table(delimiter, bytes, &mut masks);
        assert_eq!(masks[..count], expected, "{} with delimiter {delimiter} on {bytes:?}", level.name());
        assert_eq!(masks[count..], [LEFT], "{} wrote too much", level.name());

        let expected = text_by_definition(bytes);
        let mut masks = vec![TextMasks::default(); expected.len()];
        let count = level.text(bytes, &mut masks);
        assert_eq!(masks[..count], expected, "{} on {bytes:?}", level.name());
    }
}

#[test]
fn every_byte_is_classified_as_defined_whatever_the_delimiter() {
    let bytes: Vec<u8> = (0..=u8::MAX).collect();
    for delimiter in 0..=u8::MAX {
        agree(delimiter, &bytes);
    }
}

#[test]
fn every_length_up_to_three_blocks_is_exact_at_every_start() {
    let bytes: Vec<u8> = b"\"a-0,Z+\\\n\r\xff1 T.:/\0".iter().copied().cycle().take(4 * BLOCK).collect();
    for start in 0..BLOCK {
        for length in 0..=3 * BLOCK {
            agree(b',', &bytes[start..start + length]);
        }
    }
}

#[test]
fn a_delimiter_keeps_its_own_class_and_is_never_other() {
    let masks_of = |delimiter: u8| {
        let mut masks = [TableMasks::default()];
        Classifier::new().table(delimiter, &[delimiter], &mut masks);
        masks[0]
    };
    let delimiter = TableMasks { delimiter: 1, ..TableMasks::default() };
    assert_eq!(masks_of(b' '), TableMasks { joint: 1, ..delimiter });
    assert_eq!(masks_of(b'0'), TableMasks { digit: 1, zero: 1, ..delimiter });
    assert_eq!(masks_of(b'x'), TableMasks { letter: 1, ..delimiter });
    assert_eq!(masks_of(b'\n'), TableMasks { line_end: 1, ..delimiter });
    assert_eq!(masks_of(b'"'), TableMasks { quote: 1, ..delimiter });
    for plain in [b'|', b'\t', b';', b',', b'.', 0, 0xff] {
        assert_eq!(masks_of(plain), delimiter);
    }
}

#[test]
fn nothing_has_no_masks() {
    for level in Classifier::all() {
        assert_eq!(level.table(b',', b"", &mut []), 0);
        assert_eq!(level.text(b"", &mut []), 0);
    }
}

#[test]
#[should_panic(expected = "too few")]
fn too_few_masks_for_a_ragged_end_are_refused() {
    Classifier::new().table(b',', &[b'x'; BLOCK + 1], &mut [TableMasks::default()]);
}

#[test]
#[should_panic(expected = "too few")]
fn too_few_masks_for_whole_blocks_are_refused() {
    Classifier::new().text(&[b'x'; 2 * BLOCK], &mut [TextMasks::default()]);
}

proptest! {
    #[test]
    fn all_levels_agree_with_the_definition(
        bytes in prop::collection::vec(any::<u8>(), 0..300),
        start in 0_usize..70,
        delimiter in any::<u8>(),
    ) {
        agree(delimiter, &bytes[start.min(bytes.len())..]);
    }

    #[test]
    fn all_levels_agree_with_the_definition_on_text(
        text in "([A-Za-z]{1,8}|[0-9]{1,6}|[ ,;|\t\"'\r\n.:/+\\\\-]|é){0,80}",
        start in 0_usize..70,
        delimiter in prop::sample::select(b",;|\t \".-:a0".as_slice()),
    ) {
        agree(delimiter, &text.as_bytes()[start.min(text.len())..]);
    }
}
