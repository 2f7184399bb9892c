//! Vector instructions of x86-64 processors, 32 bytes at a time.
#![allow(
    unsafe_code,
    reason = "vector loads take pointers; functions for some processors only are called after a check"
)]

use super::cells::{Cells, list};
use super::portable;
use super::portable::{ROW_BITS, SHAPE_ROWS};
use super::{BLOCK, Block, StrideMasks, Survey, TableMasks, TextMasks, Work};
use std::arch::is_x86_feature_detected;
use std::arch::x86_64::{
    __m256i, _mm256_add_epi8, _mm256_and_si256, _mm256_andnot_si256, _mm256_cmpeq_epi8, _mm256_cmpgt_epi8,
    _mm256_loadu_si256, _mm256_min_epu8, _mm256_movemask_epi8, _mm256_or_si256, _mm256_set_epi64x, _mm256_set1_epi8,
    _mm256_shuffle_epi8, _mm256_srli_epi16, _pext_u64,
};

/// Proof that the processor has AVX2, and the instructions for single bits that all such processors have: [`Avx2::detect`] is
/// the only way to get one.
#[derive(Debug, Clone, Copy)]
pub struct Avx2(());

#[expect(clippy::unused_self, reason = "the value is the proof")]
impl Avx2 {
    /// The standard library asks the processor once and remembers the answer.
    pub fn detect() -> Option<Self> {
        (is_x86_feature_detected!("avx2")
            && is_x86_feature_detected!("bmi1")
            && is_x86_feature_detected!("bmi2")
            && is_x86_feature_detected!("lzcnt")
            && is_x86_feature_detected!("popcnt"))
        .then_some(Self(()))
    }

    pub fn run<W: Work>(self, work: W) -> W::Output {
        // SAFETY: `run_avx2` is safe code that demands what `detect` looks for, and `self` exists only where it found that.
        unsafe { run_avx2(work) }
    }

    pub fn survey(self, bytes: &[u8]) -> Survey {
        // SAFETY: `survey_avx2` is safe code that demands AVX2 and POPCNT, and `self` exists only where `detect` found them.
        unsafe { survey_avx2(bytes) }
    }

    pub fn cells(self, quotes: bool, masks: &StrideMasks, base: u32, cells: &mut Cells) {
        // SAFETY: `cells_avx2` is safe code that demands what `detect` looks for, and `self` exists only where it found that.
        unsafe { cells_avx2(quotes, masks, base, cells) }
    }

    pub fn table(self, delimiter: u8, blocks: &[Block], masks: &mut StrideMasks, from: usize) {
        // SAFETY: `table_avx2` is safe code whose only demand is AVX2, and `self` exists only where `detect` found it.
        unsafe { table_avx2(delimiter, blocks, masks, from) }
    }

    pub fn text(self, blocks: &[Block], out: &mut [TextMasks]) {
        // SAFETY: `text_avx2` is safe code whose only demand is AVX2, and `self` exists only where `detect` found it.
        unsafe { text_avx2(blocks, out) }
    }
}

#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
fn cells_avx2(quotes: bool, masks: &StrideMasks, base: u32, cells: &mut Cells) {
    let pick = |bits, selected| _pext_u64(bits, selected);
    if quotes { cells.fill::<true>(masks, base, pick, list) } else { cells.fill::<false>(masks, base, pick, list) }
}

#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
fn run_avx2<W: Work>(work: W) -> W::Output {
    work.work()
}

#[target_feature(enable = "avx2,popcnt")]
fn survey_avx2(bytes: &[u8]) -> Survey {
    let (blocks, rest) = bytes.as_chunks::<BLOCK>();
    let mut survey = portable::survey(rest);
    let (mut quotes, mut least) = (splat(0), splat(0xff));
    for block in blocks {
        let halves = load(block);
        survey.line_feeds += u64::from(mask(halves, |bytes| equal(bytes, b'\n')).count_ones());
        for half in halves {
            quotes = _mm256_or_si256(quotes, equal(half, b'"'));
            least = _mm256_min_epu8(least, half);
        }
    }
    survey.quotes |= _mm256_movemask_epi8(quotes) != 0;
    survey.nul |= _mm256_movemask_epi8(equal(least, 0)) != 0;
    survey
}

#[target_feature(enable = "avx2")]
fn table_avx2(delimiter: u8, blocks: &[Block], masks: &mut StrideMasks, from: usize) {
    let shape_rows = twice(SHAPE_ROWS);
    let row_bits = twice(ROW_BITS);
    for (index, block) in (from..).zip(blocks) {
        let halves = load(block);
        let block = TableMasks {
            delimiter: mask(halves, |bytes| equal(bytes, delimiter)),
            line_end: mask(halves, |bytes| _mm256_or_si256(equal(bytes, b'\n'), equal(bytes, b'\r'))),
            quote: mask(halves, |bytes| equal(bytes, b'"')),
            digit: mask(halves, |bytes| within(bytes, b'0', b'9')),
            letter: mask(halves, |bytes| letter(bytes)),
            joint: mask(halves, |bytes| _mm256_or_si256(equal(bytes, b' '), equal(bytes, b'-'))),
            zero: mask(halves, |bytes| equal(bytes, b'0')),
            other: mask(halves, |bytes| {
                let row = _mm256_and_si256(_mm256_srli_epi16::<4>(bytes), splat(0x0f));
                let row_bit = _mm256_shuffle_epi8(row_bits, row);
                let shape = _mm256_and_si256(_mm256_shuffle_epi8(shape_rows, bytes), row_bit);
                _mm256_andnot_si256(equal(bytes, delimiter), equal(shape, 0))
            }),
        };
        masks.set(index, block);
    }
}

#[target_feature(enable = "avx2")]
fn text_avx2(blocks: &[Block], out: &mut [TextMasks]) {
    for (block, masks) in blocks.iter().zip(out) {
        let halves = load(block);
        *masks = TextMasks {
            letter: mask(halves, |bytes| letter(bytes)),
            upper: mask(halves, |bytes| within(bytes, b'A', b'Z')),
            digit: mask(halves, |bytes| within(bytes, b'0', b'9')),
            high: mask(halves, |bytes| bytes),
            line_feed: mask(halves, |bytes| equal(bytes, b'\n')),
            quote: mask(halves, |bytes| equal(bytes, b'"')),
            backslash: mask(halves, |bytes| equal(bytes, b'\\')),
            plus: mask(halves, |bytes| equal(bytes, b'+')),
        };
    }
}

/// The two halves of a block.
#[target_feature(enable = "avx2")]
#[inline]
fn load(block: &Block) -> [__m256i; 2] {
    let halves = block.as_chunks::<32>().0;
    let load_half = |half: &[u8; 32]| {
        // SAFETY: the instruction reads 32 bytes, which is the whole of the array, and asks for no alignment.
        unsafe { _mm256_loadu_si256(half.as_ptr().cast()) }
    };
    [load_half(&halves[0]), load_half(&halves[1])]
}

/// A table of 16 bytes in both lanes, as the shuffle wants it.
#[target_feature(enable = "avx2")]
#[inline]
fn twice(table: [u8; 16]) -> __m256i {
    let words = table.as_chunks::<8>().0;
    let [low, high] = [i64::from_le_bytes(words[0]), i64::from_le_bytes(words[1])];
    _mm256_set_epi64x(high, low, high, low)
}

/// A bit for each byte whose highest bit is set in what `classify` makes of the halves.
#[target_feature(enable = "avx2")]
#[inline]
fn mask(halves: [__m256i; 2], classify: impl Fn(__m256i) -> __m256i) -> u64 {
    // A closure given to `array::map` is a function for any processor in some builds, with a call for each instruction.
    let low = u64::from(_mm256_movemask_epi8(classify(halves[0])).cast_unsigned());
    let high = u64::from(_mm256_movemask_epi8(classify(halves[1])).cast_unsigned());
    low | high << 32
}

#[target_feature(enable = "avx2")]
#[inline]
fn splat(byte: u8) -> __m256i {
    _mm256_set1_epi8(byte.cast_signed())
}

#[target_feature(enable = "avx2")]
#[inline]
fn equal(bytes: __m256i, byte: u8) -> __m256i {
    _mm256_cmpeq_epi8(bytes, splat(byte))
}

#[target_feature(enable = "avx2")]
#[inline]
fn letter(bytes: __m256i) -> __m256i {
    within(_mm256_or_si256(bytes, splat(0x20)), b'a', b'z')
}

/// One comparison for both ends: the range is moved to the top of the signed bytes, `last` to 127.
#[target_feature(enable = "avx2")]
#[inline]
fn within(bytes: __m256i, first: u8, last: u8) -> __m256i {
    let moved = _mm256_add_epi8(bytes, splat(127 - last));
    _mm256_cmpgt_epi8(moved, splat(126 - (last - first)))
}
