//! Safe code without intrinsics, for any machine; what the other levels are tested against.
#![expect(clippy::needless_bitwise_bool, reason = "branches would keep the compiler from using vector instructions")]

use super::{BLOCK, Block, StrideMasks, Survey, TableMasks, TextMasks};
use memchr::{memchr, memchr_iter};

pub fn table(delimiter: u8, blocks: &[Block], masks: &mut StrideMasks, from: usize) {
    for (index, block) in (from..).zip(blocks) {
        let block = TableMasks {
            delimiter: mask(block, |byte| byte == delimiter),
            line_end: mask(block, is_line_end),
            quote: mask(block, |byte| byte == b'"'),
            digit: mask(block, |byte| is_within(byte, b'0', b'9')),
            letter: mask(block, |byte| is_within(byte | 0x20, b'a', b'z')),
            joint: mask(block, |byte| (byte == b' ') | (byte == b'-')),
            zero: mask(block, |byte| byte == b'0'),
            other: mask(block, |byte| !(is_shape(byte) | (byte == delimiter))),
        };
        masks.set(index, block);
    }
}

pub fn text(blocks: &[Block], out: &mut [TextMasks]) {
    for (block, masks) in blocks.iter().zip(out) {
        *masks = TextMasks {
            letter: mask(block, |byte| is_within(byte | 0x20, b'a', b'z')),
            upper: mask(block, |byte| is_within(byte, b'A', b'Z')),
            digit: mask(block, |byte| is_within(byte, b'0', b'9')),
            high: mask(block, |byte| byte >= 0x80),
            line_feed: mask(block, |byte| byte == b'\n'),
            quote: mask(block, |byte| byte == b'"'),
            backslash: mask(block, |byte| byte == b'\\'),
            plus: mask(block, |byte| byte == b'+'),
        };
    }
}

pub fn survey(bytes: &[u8]) -> Survey {
    Survey {
        line_feeds: memchr_iter(b'\n', bytes).count() as u64,
        quotes: memchr(b'"', bytes).is_some(),
        nul: memchr(0, bytes).is_some(),
    }
}

fn is_line_end(byte: u8) -> bool {
    (byte == b'\n') | (byte == b'\r')
}

/// Whether numbers, dates, times and UUIDs, and the quotes and line ends around them, are made of this byte.
const fn is_shape(byte: u8) -> bool {
    is_within(byte, b'-', b':') // - . / 0 to 9 :
        | is_within(byte | 0x20, b'a', b'f')
        | (byte == b'T')
        | (byte == b'Z')
        | (byte == b' ')
        | (byte == b'"')
        | (byte == b'\n')
        | (byte == b'\r')
}

/// The bytes below 0x80 in rows of 16: bit `row` of entry `column` is set where [`is_shape`] is true of the byte
/// `16 * row + column`. A vector instruction looks up all columns at once.
#[cfg(any(target_arch = "x86_64", all(target_arch = "aarch64", target_endian = "little")))]
pub const SHAPE_ROWS: [u8; 16] = {
    let mut rows = [0; 16];
    let mut byte = 0;
    while byte < 0x80 {
        rows[byte % 16] |= (is_shape(byte as u8) as u8) << (byte / 16);
        byte += 1;
    }
    rows
};

/// The bit of each row in the entries of [`SHAPE_ROWS`]; none for the rows from 0x80 on.
#[cfg(any(target_arch = "x86_64", all(target_arch = "aarch64", target_endian = "little")))]
pub const ROW_BITS: [u8; 16] = [1, 2, 4, 8, 16, 32, 64, 128, 0, 0, 0, 0, 0, 0, 0, 0];

/// One comparison for both ends, without a branch: what lies below `first` wraps around to the top.
const fn is_within(byte: u8, first: u8, last: u8) -> bool {
    byte.wrapping_sub(first) <= last - first
}

/// A bit for each byte of which `is_member` is true. The first loop has no branch and no dependence between rounds, so
/// that the compiler makes vector instructions of it.
#[inline]
fn mask(block: &Block, is_member: impl Fn(u8) -> bool) -> u64 {
    let mut members = [0; BLOCK];
    for (member, byte) in members.iter_mut().zip(block) {
        *member = u8::from(is_member(*byte));
    }
    let mut bits = 0;
    for (at, eight) in members.as_chunks::<8>().0.iter().enumerate() {
        bits |= gather(u64::from_le_bytes(*eight)) << (8 * at);
    }
    bits
}

/// The lowest bits of the eight bytes side by side, the lowest byte's first. The product moves the bit of byte `i` to
/// bit `56 + i`; no two of its terms meet, so nothing is carried.
#[inline]
const fn gather(bytes: u64) -> u64 {
    bytes.wrapping_mul(0x0102_0408_1020_4080) >> 56
}
