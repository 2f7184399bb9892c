//! Vector instructions of x86-64 processors, 64 bytes at a time.
#![allow(
    unsafe_code,
    reason = "vector loads take pointers; functions for some processors only are called after a check"
)]

use super::cells::Cells;
use super::portable::{ROW_BITS, SHAPE_ROWS};
use super::x86::Avx2;
use super::{Block, StrideMasks, TableMasks, TextMasks};
use std::arch::is_x86_feature_detected;
use std::arch::x86_64::{
    __m512i, _mm512_and_si512, _mm512_cmpeq_epi8_mask, _mm512_cmple_epu8_mask, _mm512_loadu_si512, _mm512_movepi8_mask,
    _mm512_or_si512, _mm512_set_epi64, _mm512_set1_epi8, _mm512_shuffle_epi8, _mm512_srli_epi16, _mm512_sub_epi8,
    _mm512_test_epi8_mask, _pext_u64,
};

/// Proof that the processor has AVX-512 for bytes: [`Avx512::detect`] is the only way to get one.
#[derive(Debug, Clone, Copy)]
pub struct Avx512(Avx2);

#[expect(clippy::unused_self, reason = "the value is the proof")]
impl Avx512 {
    /// The standard library asks the processor once and remembers the answer.
    pub fn detect() -> Option<Self> {
        let found = is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512bw");
        Avx2::detect().filter(|_| found).map(Self)
    }

    /// What such a processor also has.
    pub fn avx2(self) -> Avx2 {
        self.0
    }

    pub fn table(self, delimiter: u8, blocks: &[Block], masks: &mut StrideMasks, from: usize) {
        // SAFETY: `table_avx512` is safe code that demands AVX-512 F and BW, and `self` exists only where `detect` found them.
        unsafe { table_avx512(delimiter, blocks, masks, from) }
    }

    pub fn cells(self, quotes: bool, masks: &StrideMasks, base: u32, cells: &mut Cells) {
        // SAFETY: `cells_avx512` is safe code that demands what the two `detect` look for, and `self` exists only where they
        // found that.
        unsafe { cells_avx512(quotes, masks, base, cells) }
    }

    pub fn text(self, blocks: &[Block], out: &mut [TextMasks]) {
        // SAFETY: `text_avx512` is safe code that demands AVX-512 F and BW, and `self` exists only where `detect` found them.
        unsafe { text_avx512(blocks, out) }
    }
}

#[target_feature(enable = "avx512f,avx512bw,avx2,bmi1,bmi2,lzcnt,popcnt")]
fn cells_avx512(quotes: bool, masks: &StrideMasks, base: u32, cells: &mut Cells) {
    let pick = |bits, selected| _pext_u64(bits, selected);
    if quotes { cells.fill::<true>(masks, base, pick) } else { cells.fill::<false>(masks, base, pick) }
}

#[target_feature(enable = "avx512f,avx512bw")]
fn table_avx512(delimiter: u8, blocks: &[Block], masks: &mut StrideMasks, from: usize) {
    let shape_rows = four_times(SHAPE_ROWS);
    let row_bits = four_times(ROW_BITS);
    for (index, block) in (from..).zip(blocks) {
        let bytes = load(block);
        let row_bit = _mm512_shuffle_epi8(row_bits, _mm512_and_si512(_mm512_srli_epi16::<4>(bytes), splat(0x0f)));
        let shape = _mm512_test_epi8_mask(_mm512_shuffle_epi8(shape_rows, bytes), row_bit);
        let delimiter = equal(bytes, delimiter);
        let block = TableMasks {
            delimiter,
            line_end: equal(bytes, b'\n') | equal(bytes, b'\r'),
            quote: equal(bytes, b'"'),
            digit: within(bytes, b'0', b'9'),
            letter: letter(bytes),
            joint: equal(bytes, b' ') | equal(bytes, b'-'),
            zero: equal(bytes, b'0'),
            other: !(shape | delimiter),
        };
        masks.set(index, block);
    }
}

#[target_feature(enable = "avx512f,avx512bw")]
fn text_avx512(blocks: &[Block], out: &mut [TextMasks]) {
    for (block, masks) in blocks.iter().zip(out) {
        let bytes = load(block);
        *masks = TextMasks {
            letter: letter(bytes),
            upper: within(bytes, b'A', b'Z'),
            digit: within(bytes, b'0', b'9'),
            high: _mm512_movepi8_mask(bytes),
            line_feed: equal(bytes, b'\n'),
            quote: equal(bytes, b'"'),
            backslash: equal(bytes, b'\\'),
            plus: equal(bytes, b'+'),
        };
    }
}

#[target_feature(enable = "avx512f,avx512bw")]
#[inline]
fn load(block: &Block) -> __m512i {
    // SAFETY: the instruction reads 64 bytes, which is the whole of the block, and asks for no alignment.
    unsafe { _mm512_loadu_si512(block.as_ptr().cast()) }
}

/// A table of 16 bytes in all four lanes, as the shuffle wants it.
#[target_feature(enable = "avx512f,avx512bw")]
#[inline]
fn four_times(table: [u8; 16]) -> __m512i {
    let words = table.as_chunks::<8>().0;
    let [low, high] = [i64::from_le_bytes(words[0]), i64::from_le_bytes(words[1])];
    _mm512_set_epi64(high, low, high, low, high, low, high, low)
}

#[target_feature(enable = "avx512f,avx512bw")]
#[inline]
fn splat(byte: u8) -> __m512i {
    _mm512_set1_epi8(byte.cast_signed())
}

#[target_feature(enable = "avx512f,avx512bw")]
#[inline]
fn equal(bytes: __m512i, byte: u8) -> u64 {
    _mm512_cmpeq_epi8_mask(bytes, splat(byte))
}

#[target_feature(enable = "avx512f,avx512bw")]
#[inline]
fn letter(bytes: __m512i) -> u64 {
    within(_mm512_or_si512(bytes, splat(0x20)), b'a', b'z')
}

/// One comparison for both ends: what lies below `first` wraps around to the top.
#[target_feature(enable = "avx512f,avx512bw")]
#[inline]
fn within(bytes: __m512i, first: u8, last: u8) -> u64 {
    _mm512_cmple_epu8_mask(_mm512_sub_epi8(bytes, splat(first)), splat(last - first))
}
