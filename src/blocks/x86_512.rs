//! Vector instructions of x86-64 processors, 64 bytes at a time.
#![allow(
    unsafe_code,
    reason = "vector loads take pointers; functions for some processors only are called after a check"
)]

use super::cells::{Cells, list};
use super::portable::{ROW_BITS, SHAPE_ROWS};
use super::x86::Avx2;
use super::{BLOCK, Block, StrideMasks, TableMasks, TextMasks};
use std::arch::is_x86_feature_detected;
use std::arch::x86_64::{
    __m512i, _mm512_add_epi32, _mm512_and_si512, _mm512_castsi512_si128, _mm512_cmpeq_epi8_mask,
    _mm512_cmple_epu8_mask, _mm512_cvtepu8_epi32, _mm512_extracti32x4_epi32, _mm512_loadu_si512,
    _mm512_maskz_compress_epi8, _mm512_movepi8_mask, _mm512_or_si512, _mm512_set_epi64, _mm512_set1_epi8,
    _mm512_set1_epi32, _mm512_shuffle_epi8, _mm512_srli_epi16, _mm512_storeu_si512, _mm512_sub_epi8,
    _mm512_test_epi8_mask, _pext_u64,
};

/// Proof that the processor has AVX-512 for bytes: [`Avx512::detect`] is the only way to get one.
#[derive(Debug, Clone, Copy)]
pub struct Avx512 {
    avx2: Avx2,
    vbmi2: Option<Vbmi2>,
}

/// Proof that the processor can also put chosen bytes side by side.
#[derive(Debug, Clone, Copy)]
struct Vbmi2(());

#[expect(clippy::unused_self, reason = "the value is the proof")]
impl Avx512 {
    /// The standard library asks the processor once and remembers the answer.
    pub fn detect() -> Option<Self> {
        let found = is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512bw");
        let vbmi2 = is_x86_feature_detected!("avx512vbmi2").then_some(Vbmi2(()));
        Avx2::detect().filter(|_| found).map(|avx2| Self { avx2, vbmi2 })
    }

    /// Makes use of no more than the oldest processors with AVX-512 for bytes have.
    pub fn without_vbmi2(self) -> Self {
        Self { vbmi2: None, ..self }
    }

    /// True when the processor has VBMI2 and it is made use of.
    pub fn has_vbmi2(self) -> bool {
        self.vbmi2.is_some()
    }

    /// What such a processor also has.
    pub fn avx2(self) -> Avx2 {
        self.avx2
    }

    pub fn table(self, delimiter: u8, blocks: &[Block], masks: &mut StrideMasks, from: usize) {
        // SAFETY: `table_avx512` is safe code that demands AVX-512 F and BW, and `self` exists only where `detect` found them.
        unsafe { table_avx512(delimiter, blocks, masks, from) }
    }

    pub fn cells(self, quotes: bool, masks: &StrideMasks, base: u32, cells: &mut Cells) {
        if self.vbmi2.is_some() {
            // SAFETY: `cells_vbmi2` demands what the two `detect` look for and VBMI2; `self` exists only where they found the
            // former, and its `vbmi2` only where `detect` found the latter.
            unsafe { cells_vbmi2(quotes, masks, base, cells) }
        } else {
            // SAFETY: `cells_avx512` is safe code that demands what the two `detect` look for, and `self` exists only where they
            // found that.
            unsafe { cells_avx512(quotes, masks, base, cells) }
        }
    }

    pub fn text(self, blocks: &[Block], out: &mut [TextMasks]) {
        // SAFETY: `text_avx512` is safe code that demands AVX-512 F and BW, and `self` exists only where `detect` found them.
        unsafe { text_avx512(blocks, out) }
    }
}

#[target_feature(enable = "avx512f,avx512bw,avx2,bmi1,bmi2,lzcnt,popcnt")]
fn cells_avx512(quotes: bool, masks: &StrideMasks, base: u32, cells: &mut Cells) {
    let pick = |bits, selected| _pext_u64(bits, selected);
    if quotes { cells.fill::<true>(masks, base, pick, list) } else { cells.fill::<false>(masks, base, pick, list) }
}

#[target_feature(enable = "avx512f,avx512bw,avx512vbmi2,avx2,bmi1,bmi2,lzcnt,popcnt")]
fn cells_vbmi2(quotes: bool, masks: &StrideMasks, base: u32, cells: &mut Cells) {
    let pick = |bits, selected| _pext_u64(bits, selected);
    let list = |room: &mut _, at, bits| list_vbmi2(room, at, bits);
    if quotes { cells.fill::<true>(masks, base, pick, list) } else { cells.fill::<false>(masks, base, pick, list) }
}

/// As [`list`], with one branch that is nearly always the same: the places are put side by side as bytes and then made longer,
/// sixteen at a time.
#[target_feature(enable = "avx512f,avx512vbmi2,popcnt")]
#[inline]
fn list_vbmi2(room: &mut [u32; BLOCK], at: u32, bits: u64) {
    let places = _mm512_maskz_compress_epi8(bits, load(&PLACES));
    let base = _mm512_set1_epi32(at.cast_signed());
    let put = |room: &mut [u32; 16], sixteen| {
        let places = _mm512_add_epi32(base, _mm512_cvtepu8_epi32(sixteen));
        // SAFETY: the instruction writes 64 bytes, which is the whole of the sixteen words, and asks for no alignment.
        unsafe { _mm512_storeu_si512(room.as_mut_ptr().cast(), places) };
    };
    let [first, second, third, fourth] = room.as_chunks_mut().0 else { return };
    put(first, _mm512_castsi512_si128(places));
    if bits.count_ones() > 16 {
        put(second, _mm512_extracti32x4_epi32::<1>(places));
        put(third, _mm512_extracti32x4_epi32::<2>(places));
        put(fourth, _mm512_extracti32x4_epi32::<3>(places));
    }
}

/// The place of each byte of a block.
static PLACES: Block = {
    let mut places = [0; BLOCK];
    let mut at = 0;
    while at < BLOCK {
        places[at] = at as u8;
        at += 1;
    }
    places
};

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
