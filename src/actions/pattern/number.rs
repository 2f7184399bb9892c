//! Numbers as event patterns compare them.
//!
//! `EventBridge` takes part in comparisons only with numbers from -5,000,000,000 to 5,000,000,000 that have at most six
//! decimals; `300`, `300.0` and `3.0e2` are one number. What lies outside can still be matched by how it is written.

/// How many decimals are compared.
const DECIMALS: i32 = 6;
/// The largest number in millionths; the least is its negative.
const LARGEST: i64 = 5_000_000_000_000_000;

/// A number that patterns can compare, in millionths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Number(i64);

impl Number {
    /// The least number that can be compared.
    pub const LEAST: Self = Self(-LARGEST);
    /// The greatest number that can be compared.
    pub const GREATEST: Self = Self(LARGEST);

    /// Reads a number in JSON's notation (RFC 8259, section 6); the error is the reason why patterns cannot compare it.
    pub fn parse(written: &str) -> Result<Self, &'static str> {
        const TOO_LARGE: &str = "numbers are compared from -5000000000 to 5000000000 only";
        const TOO_FINE: &str = "numbers are compared with at most six decimals";
        let (negative, unsigned) = written.strip_prefix('-').map_or((false, written), |rest| (true, rest));
        let (mantissa, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits: String = [whole, fraction].concat();
        let significant = digits.trim_start_matches('0').trim_end_matches('0');
        if significant.is_empty() {
            return Ok(Self(0));
        }
        // An exponent that does not even fit is one of the two extremes, by its sign.
        let extreme = if exponent.starts_with('-') { TOO_FINE } else { TOO_LARGE };
        let exponent: i32 = exponent.parse().map_err(|_| extreme)?;
        let dropped = digits.len() - digits.trim_end_matches('0').len();
        let length = |digits: usize| i32::try_from(digits).map_err(|_| TOO_FINE);
        // The number is `significant` times ten to the power of `scale`, counted in millionths.
        let scale = exponent
            .checked_sub(length(fraction.len())?)
            .and_then(|scale| scale.checked_add(length(dropped).ok()?))
            .and_then(|scale| scale.checked_add(DECIMALS))
            .ok_or(extreme)?;
        let power = u32::try_from(scale).map_err(|_| TOO_FINE)?;
        let magnitude = significant
            .parse::<i64>()
            .ok()
            .zip(10_i64.checked_pow(power))
            .and_then(|(significant, power)| significant.checked_mul(power))
            .filter(|magnitude| *magnitude <= LARGEST)
            .ok_or(TOO_LARGE)?;
        Ok(Self(if negative { -magnitude } else { magnitude }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_notation_of_a_number_is_the_same_number() {
        for notations in [
            &["300", "300.0", "3.0e2", "3E+2", "30000e-2", "300.000000000"][..],
            &["0", "-0", "0.0", "0e9", "-0.0e-99"],
        ] {
            for notation in notations {
                assert_eq!(Number::parse(notation), Number::parse(notations[0]), "{notation}");
            }
        }
        assert_eq!(Number::parse("0.000001"), Number::parse("1e-6"));
        assert!(Number::parse("-1").unwrap() < Number::parse("0.5").unwrap());
    }

    #[test]
    fn numbers_out_of_reach_are_refused() {
        assert_eq!(Number::parse("5000000000"), Ok(Number::GREATEST));
        assert_eq!(Number::parse("-5e9"), Ok(Number::LEAST));
        for large in ["5000000000.000001", "123456789012", "1e99", "-1e999999999999", "9".repeat(400).as_str()] {
            assert!(Number::parse(large).unwrap_err().contains("5000000000"), "{large}");
        }
        for fine in ["0.0000001", "1.0000001", "1e-7", "1e-999999999999"] {
            assert!(Number::parse(fine).unwrap_err().contains("six decimals"), "{fine}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn numbers_are_ordered_as_their_values(left in -4_000_000_000_000_000_i64..4_000_000_000_000_000, by in 0_i64..2_000_000) {
            let write = |millionths: i64| {
                let sign = if millionths < 0 { "-" } else { "" };
                let size = millionths.unsigned_abs();
                format!("{sign}{}.{:06}", size / 1_000_000, size % 1_000_000)
            };
            let (less, more) = (Number::parse(&write(left)).unwrap(), Number::parse(&write(left + by)).unwrap());
            prop_assert_eq!(less.cmp(&more), 0.cmp(&by));
            prop_assert_eq!(Number::parse(&format!("{left}e-6")), Ok(less));
        }
    }
}
