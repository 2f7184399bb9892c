//! Social security numbers.

use super::registry::Rule;

/// Rules of this file.
pub(super) static RULES: &[Rule] = &[
    Rule { name: "us_ssn", check_digit: false, accepts: |_, compact| us_ssn(compact) },
    Rule { name: "us_ssn_shape", check_digit: false, accepts: |_, compact| us_ssn_shape(compact) },
    Rule { name: "spain_social_security", check_digit: true, accepts: |_, compact| spain(compact) },
];

/// Numbers that were printed in advertisements and so belong to no one: the wallet insert of 1938 (the Social Security
/// Administration's account of it), the Administration's own pamphlet of 1940, and a company's advertising.
const PUBLISHED: [&str; 3] = ["078051120", "219099999", "457555462"];
/// 987-65-4320 to 987-65-4329 were set aside for advertisements.
const ADVERTISING: &str = "98765432";

/// Accepts nine digits that the Social Security Administration can have issued.
///
/// Area 000, 666 and 900 to 999, group 00 and serial 0000 are never issued (Social Security Administration, "SSN
/// Randomization"); numbers printed in advertisements and nine equal digits are nobody's.
pub fn us_ssn(compact: &str) -> bool {
    us_ssn_shape(compact)
        && !compact.starts_with("000")
        && !compact.starts_with("666")
        && !compact.starts_with('9')
        && &compact[3..5] != "00"
        && &compact[5..] != "0000"
}

/// Accepts nine digits in any range, but neither the numbers printed in advertisements nor nine equal digits.
pub fn us_ssn_shape(compact: &str) -> bool {
    let digits = compact.as_bytes();
    digits.len() == 9
        && digits.iter().all(u8::is_ascii_digit)
        && digits.iter().any(|digit| *digit != digits[0])
        && !PUBLISHED.contains(&compact)
        && !compact.starts_with(ADVERTISING)
}

/// Accepts a Spanish social security affiliation number: province of two digits, eight digits (seven in older numbers),
/// and two check digits, the remainder of division by 97.
///
/// The dividend is province and number written one after the other; a number below 10,000,000 counts with seven digits
/// (Tesorería General de la Seguridad Social). Provinces run from 01 to 52, and 53 and 66 are in use for affiliations
/// made abroad.
pub fn spain(compact: &str) -> bool {
    if !(11..=12).contains(&compact.len()) || !compact.bytes().all(|byte| byte.is_ascii_digit()) {
        return false;
    }
    let (body, check) = compact.split_at(compact.len() - 2);
    let parse = |digits: &str| digits.parse::<u64>().unwrap_or(0);
    let (province, number) = (parse(&body[..2]), parse(&body[2..]));
    let dividend = if number < 10_000_000 { province * 10_000_000 + number } else { parse(body) };
    matches!(province, 1..=53 | 66) && number > 0 && dividend % 97 == parse(check)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_issued_ranges_are_accepted() {
        for number in ["536904399", "001010001", "899999999", "123456789"] {
            assert!(us_ssn(number), "{number}");
        }
    }

    #[test]
    fn areas_groups_and_serials_never_issued_are_refused() {
        for number in ["000456789", "666456789", "900456789", "999456789", "123006789", "123450000"] {
            assert!(!us_ssn(number), "{number}");
        }
        assert!(us_ssn_shape("999146384"));
    }

    #[test]
    fn advertised_and_repeated_numbers_are_refused_in_any_range() {
        for number in ["078051120", "219099999", "457555462", "987654320", "987654329", "000000000", "111111111"] {
            assert!(!us_ssn_shape(number), "{number}");
        }
    }

    #[test]
    fn texts_of_another_shape_are_refused_without_a_panic() {
        for text in ["", "12345678", "1234567890", "12345678A", "ÄÖÜ456789", "１２３"] {
            assert!(!us_ssn(text) && !us_ssn_shape(text) && !spain(text), "{text}");
        }
    }

    #[test]
    fn spanish_numbers_hold_the_remainder_of_97() {
        assert!(spain("281234567840"));
        assert!(!spain("281234567841"));
        assert!(!spain("991234567840"));
    }
}
