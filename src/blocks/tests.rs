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

fn table_masks(level: Classifier, delimiter: u8, bytes: &[u8]) -> Vec<TableMasks> {
    let mut masks = StrideMasks::new();
    // Masks are written over what an earlier call left.
    level.table(delimiter, &[b'"'; STRIDE], &mut masks);
    level.table(delimiter, bytes, &mut masks);
    (0..masks.len()).map(|block| masks.block(block)).collect()
}

fn agree(delimiter: u8, bytes: &[u8]) {
    for level in Classifier::all() {
        let expected = table_by_definition(delimiter, bytes);
        let masks = table_masks(level, delimiter, bytes);
        assert_eq!(masks, expected, "{} with delimiter {delimiter} on {bytes:?}", level.name());

        let expected = text_by_definition(bytes);
        let mut masks = vec![TextMasks { plus: u64::MAX, ..TextMasks::default() }; expected.len() + 1];
        let count = level.text(bytes, &mut masks);
        assert_eq!(masks[..count], expected, "{} on {bytes:?}", level.name());
        assert_eq!(masks[count].plus, u64::MAX, "{} wrote too much", level.name());
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
    let masks_of = |delimiter: u8| table_masks(Classifier::new(), delimiter, &[delimiter])[0];
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

/// Takes the set bits of a mask one by one.
struct Bits(u64);

impl Work for Bits {
    type Output = Vec<u32>;

    #[inline(always)]
    #[expect(clippy::inline_always, reason = "so that it gets the instructions of each level")]
    fn work(self) -> Vec<u32> {
        let mut left = self.0;
        let mut bits = Vec::new();
        while left != 0 {
            bits.push(left.trailing_zeros());
            left &= left - 1;
        }
        bits
    }
}

#[test]
fn work_gives_the_same_with_the_instructions_of_every_level() {
    for mask in [0, 1, 1 << 63, 0x8001_0010_0200_4008, u64::MAX] {
        let expected: Vec<u32> = (0..64).filter(|bit| mask >> bit & 1 == 1).collect();
        for level in Classifier::all() {
            assert_eq!(level.run(Bits(mask)), expected, "{}", level.name());
        }
    }
}

#[test]
fn nothing_has_no_masks() {
    for level in Classifier::all() {
        assert_eq!(table_masks(level, b',', b""), []);
        assert_eq!(level.text(b"", &mut []), 0);
    }
}

#[test]
#[should_panic(expected = "too few")]
fn too_few_masks_for_a_ragged_end_are_refused() {
    Classifier::new().text(&[b'x'; BLOCK + 1], &mut [TextMasks::default()]);
}

#[test]
#[should_panic(expected = "too few")]
fn too_few_masks_for_whole_blocks_are_refused() {
    Classifier::new().text(&[b'x'; 2 * BLOCK], &mut [TextMasks::default()]);
}

#[test]
#[should_panic(expected = "too many")]
fn more_than_a_stride_of_a_table_is_refused() {
    Classifier::new().table(b',', &[b'x'; STRIDE + 1], &mut StrideMasks::new());
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

/// Each byte of a table on its own: where cells end, and which of them are telling.
fn cells_by_definition(delimiter: u8, quotes: bool, bytes: &[u8]) -> Vec<(u32, bool, bool)> {
    let (mut cells, mut inside, mut start) = (Vec::new(), false, 0);
    for (at, byte) in bytes.iter().enumerate() {
        inside ^= quotes && *byte == b'"';
        if !inside && (*byte == delimiter || b"\r\n".contains(byte)) {
            cells.push((at as u32, at == start, b"\r\n".contains(byte)));
            start = at + 1;
        }
    }
    cells
}

proptest! {
    #[test]
    fn the_cells_of_a_table_end_where_they_should_whatever_finds_them(
        bytes in "([0-9a-f]{0,9}|[,;\n\r]{1,3}|\"|[,]{60,70}|[a-z -]{0,70}){0,900}",
        quotes: bool,
    ) {
        let bytes = bytes.as_bytes();
        let expected = cells_by_definition(b',', quotes, bytes);
        let mut telling = None;
        for level in Classifier::all() {
            let mut masks = StrideMasks::new();
            let (mut cells, mut found, mut marks) = (Cells::new(), Vec::new(), Vec::new());
            cells.restart();
            for (base, stride) in (0..).step_by(STRIDE).zip(bytes.chunks(STRIDE)) {
                level.table(b',', stride, &mut masks);
                level.cells(quotes, &masks, base, &mut cells);
                let bit = |words: &[u64], cell: usize| words[cell / 64] >> (cell % 64) & 1 == 1;
                for cell in 0..cells.count {
                    let ends_row = cells.rows.contains(&(cell as u16 + 1));
                    found.push((cells.ends[cell + 1], bit(&cells.empty[..], cell), ends_row));
                    marks.push(bit(&cells.telling[..], cell));
                }
            }
            prop_assert_eq!(&found, &expected, "{}", level.name());
            prop_assert_eq!(telling.get_or_insert_with(|| marks.clone()), &marks, "{}", level.name());
        }
    }

    #[test]
    fn all_levels_see_what_bytes_hold(bytes in prop::collection::vec(prop_oneof![8 => 1_u8..10, 2 => Just(b'\n'), 1 => Just(b'x')], 0..400), quote in 0_usize..900, nul in 0_usize..900) {
        let mut bytes = bytes;
        if let Some(byte) = bytes.get_mut(quote) { *byte = b'"'; }
        if let Some(byte) = bytes.get_mut(nul) { *byte = 0; }
        let expected = Survey {
            line_feeds: bytes.iter().map(|byte| u64::from(*byte == b'\n')).sum(),
            quotes: bytes.contains(&b'"'),
            nul: bytes.contains(&0),
        };
        for level in Classifier::all() {
            prop_assert_eq!(level.survey(&bytes), expected, "{}", level.name());
        }
    }
}
