//! Vector instructions of 64-bit ARM processors.
#![allow(
    unsafe_code,
    reason = "vector loads take pointers; functions for some processors only are called after a check"
)]

use super::portable::{ROW_BITS, SHAPE_ROWS};
use super::{Block, StrideMasks, TableMasks, TextMasks};
use std::arch::aarch64::{
    uint8x16_t, vandq_u8, vceqq_u8, vcgeq_u8, vcleq_u8, vdupq_n_u8, vgetq_lane_u64, vld1q_u8, vmvnq_u8, vorrq_u8,
    vpaddq_u8, vqtbl1q_u8, vreinterpretq_u64_u8, vshrq_n_u8, vsubq_u8, vtstq_u8,
};
use std::arch::is_aarch64_feature_detected;

/// Proof that the processor has NEON: [`Neon::detect`] is the only way to get one.
#[derive(Debug, Clone, Copy)]
pub struct Neon(());

#[expect(clippy::unused_self, reason = "the value is the proof")]
impl Neon {
    /// The standard library asks the processor once and remembers the answer.
    pub fn detect() -> Option<Self> {
        is_aarch64_feature_detected!("neon").then_some(Self(()))
    }

    pub fn table(self, delimiter: u8, blocks: &[Block], masks: &mut StrideMasks, from: usize) {
        // SAFETY: `table_neon` is safe code whose only demand is NEON, and `self` exists only where `detect` found it.
        unsafe { table_neon(delimiter, blocks, masks, from) }
    }

    pub fn text(self, blocks: &[Block], out: &mut [TextMasks]) {
        // SAFETY: `text_neon` is safe code whose only demand is NEON, and `self` exists only where `detect` found it.
        unsafe { text_neon(blocks, out) }
    }
}

/// The quarters of a block.
type Quarters = [uint8x16_t; 4];

#[target_feature(enable = "neon")]
fn table_neon(delimiter: u8, blocks: &[Block], masks: &mut StrideMasks, from: usize) {
    let shape_rows = load_quarter(&SHAPE_ROWS);
    let row_bits = load_quarter(&ROW_BITS);
    for (index, block) in (from..).zip(blocks) {
        let quarters = load(block);
        let block = TableMasks {
            delimiter: mask(quarters, |bytes| equal(bytes, delimiter)),
            line_end: mask(quarters, |bytes| vorrq_u8(equal(bytes, b'\n'), equal(bytes, b'\r'))),
            quote: mask(quarters, |bytes| equal(bytes, b'"')),
            digit: mask(quarters, |bytes| within(bytes, b'0', b'9')),
            letter: mask(quarters, |bytes| letter(bytes)),
            joint: mask(quarters, |bytes| vorrq_u8(equal(bytes, b' '), equal(bytes, b'-'))),
            zero: mask(quarters, |bytes| equal(bytes, b'0')),
            other: mask(quarters, |bytes| {
                let rows = vqtbl1q_u8(shape_rows, vandq_u8(bytes, vdupq_n_u8(0x0f)));
                let row_bit = vqtbl1q_u8(row_bits, vshrq_n_u8::<4>(bytes));
                vmvnq_u8(vorrq_u8(vtstq_u8(rows, row_bit), equal(bytes, delimiter)))
            }),
        };
        masks.set(index, block);
    }
}

#[target_feature(enable = "neon")]
fn text_neon(blocks: &[Block], out: &mut [TextMasks]) {
    for (block, masks) in blocks.iter().zip(out) {
        let quarters = load(block);
        *masks = TextMasks {
            letter: mask(quarters, |bytes| letter(bytes)),
            upper: mask(quarters, |bytes| within(bytes, b'A', b'Z')),
            digit: mask(quarters, |bytes| within(bytes, b'0', b'9')),
            high: mask(quarters, |bytes| vcgeq_u8(bytes, vdupq_n_u8(0x80))),
            line_feed: mask(quarters, |bytes| equal(bytes, b'\n')),
            quote: mask(quarters, |bytes| equal(bytes, b'"')),
            backslash: mask(quarters, |bytes| equal(bytes, b'\\')),
            plus: mask(quarters, |bytes| equal(bytes, b'+')),
        };
    }
}

#[target_feature(enable = "neon")]
#[inline]
fn load(block: &Block) -> Quarters {
    let quarters = block.as_chunks::<16>().0;
    [0, 1, 2, 3].map(|at: usize| load_quarter(&quarters[at]))
}

#[target_feature(enable = "neon")]
#[inline]
fn load_quarter(quarter: &[u8; 16]) -> uint8x16_t {
    // SAFETY: the instruction reads 16 bytes, which is the whole of the array, and asks for no alignment.
    unsafe { vld1q_u8(quarter.as_ptr()) }
}

/// A bit for each byte that `classify` fills with ones; it fills the others with zeros.
///
/// NEON has no instruction for it. Each byte keeps the bit of its place among eight; adding neighbours three times
/// then leaves a byte for every eight, and nothing is carried because no two of them have the same bit.
#[target_feature(enable = "neon")]
#[inline]
fn mask(quarters: Quarters, classify: impl Fn(uint8x16_t) -> uint8x16_t) -> u64 {
    let places = load_quarter(&[1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128]);
    let [first, second, third, fourth] = quarters.map(|bytes| vandq_u8(classify(bytes), places));
    let pairs = vpaddq_u8(vpaddq_u8(first, second), vpaddq_u8(third, fourth));
    vgetq_lane_u64::<0>(vreinterpretq_u64_u8(vpaddq_u8(pairs, pairs)))
}

#[target_feature(enable = "neon")]
#[inline]
fn equal(bytes: uint8x16_t, byte: u8) -> uint8x16_t {
    vceqq_u8(bytes, vdupq_n_u8(byte))
}

#[target_feature(enable = "neon")]
#[inline]
fn letter(bytes: uint8x16_t) -> uint8x16_t {
    within(vorrq_u8(bytes, vdupq_n_u8(0x20)), b'a', b'z')
}

/// One comparison for both ends: what lies below `first` wraps around to the top.
#[target_feature(enable = "neon")]
#[inline]
fn within(bytes: uint8x16_t, first: u8, last: u8) -> uint8x16_t {
    vcleq_u8(vsubq_u8(bytes, vdupq_n_u8(first)), vdupq_n_u8(last - first))
}
