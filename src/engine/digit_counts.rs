//! How many digits stand among the bytes from a place on, for 64 places at once.

use crate::identifiers::pattern_shape::DEPTH;

/// For each of 64 places, the number of digits among the [`DEPTH`] bytes from there on: a sum in binary, one mask a binary digit,
/// the lowest first.
#[derive(Debug, Clone, Copy)]
pub(super) struct DigitCounts([u64; 5]);

impl DigitCounts {
    /// Counts in 64 bytes and the 64 behind them, whose digits are the bits of the masks.
    #[inline]
    pub(super) fn of(digits: u64, after: u64) -> Self {
        const { assert!(DEPTH == 16) };
        let one = u128::from(digits) | u128::from(after) << 64;
        let [a0, a1] = [one ^ one >> 1, one & one >> 1];
        // Each sum of twice as many bytes is that of the first half and that of the second, added bit by bit.
        let carry = a0 & a0 >> 2;
        let [b0, b1, b2] = [a0 ^ a0 >> 2, a1 ^ a1 >> 2 ^ carry, a1 & a1 >> 2 | carry & (a1 ^ a1 >> 2)];
        let first = b0 & b0 >> 4;
        let second = b1 & b1 >> 4 | first & (b1 ^ b1 >> 4);
        let [c0, c1, c2, c3] =
            [b0 ^ b0 >> 4, b1 ^ b1 >> 4 ^ first, b2 ^ b2 >> 4 ^ second, b2 & b2 >> 4 | second & (b2 ^ b2 >> 4)];
        let first = c0 & c0 >> 8;
        let second = c1 & c1 >> 8 | first & (c1 ^ c1 >> 8);
        let third = c2 & c2 >> 8 | second & (c2 ^ c2 >> 8);
        let sums = [
            c0 ^ c0 >> 8,
            c1 ^ c1 >> 8 ^ first,
            c2 ^ c2 >> 8 ^ second,
            c3 ^ c3 >> 8 ^ third,
            c3 & c3 >> 8 | third & (c3 ^ c3 >> 8),
        ];
        Self(sums.map(|sum| sum as u64))
    }

    /// The places with at least so many digits; none for more than there are bytes.
    #[inline]
    pub(super) fn at_least(self, fewest: usize) -> u64 {
        let (mut more, mut equal) = (0, u64::MAX);
        for (place, sum) in self.0.iter().enumerate().rev() {
            if fewest >> place & 1 == 1 {
                equal &= sum;
            } else {
                more |= equal & sum;
                equal &= !sum;
            }
        }
        more | equal
    }

    /// The number of digits at a place.
    #[inline]
    pub(super) fn at(self, bit: u32) -> usize {
        self.0.iter().enumerate().map(|(place, sum)| ((sum >> bit & 1) as usize) << place).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn digits_are_counted_as_one_by_one(digits in any::<u64>(), after in any::<u64>(), more in any::<u64>(), fewest in 0..17_usize) {
            for digits in [digits, digits & more, digits | more, u64::MAX] {
                let all = u128::from(digits) | u128::from(after) << 64;
                let counts = DigitCounts::of(digits, after);
                for bit in 0..64 {
                    let expected = (all >> bit & 0xFFFF).count_ones() as usize;
                    prop_assert_eq!(counts.at(bit), expected);
                    prop_assert_eq!(counts.at_least(fewest) >> bit & 1 == 1, expected >= fewest);
                }
            }
        }
    }
}
