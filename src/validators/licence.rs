//! Driving licences.

use super::calendar::is_short_date;
use super::registry::Rule;

/// Rules of this file.
pub(super) static RULES: &[Rule] = &[
    Rule { name: "licence_nova_scotia", check_digit: false, accepts: |_, compact| nova_scotia(compact) },
    Rule { name: "licence_ontario", check_digit: false, accepts: |_, compact| ontario(compact) },
    Rule { name: "licence_quebec", check_digit: false, accepts: |_, compact| quebec(compact) },
    Rule { name: "licence_uk", check_digit: false, accepts: |_, compact| uk(compact) },
    Rule { name: "licence_personal_date", check_digit: false, accepts: |_, compact| personal_date(compact) },
];

/// Two digits as a number; none unless both are digits.
fn two(digits: &[u8]) -> Option<u32> {
    match digits {
        [tens @ b'0'..=b'9', ones @ b'0'..=b'9'] => Some(u32::from(tens - b'0') * 10 + u32::from(ones - b'0')),
        _ => None,
    }
}

/// True when the two-digit parts make a date; 50 may have been added to the month, for women.
fn date(year: &[u8], month: &[u8], day: &[u8]) -> bool {
    let (Some(year), Some(month), Some(day)) = (two(year), two(month), two(day)) else { return false };
    is_short_date(year, if month > 50 { month - 50 } else { month }, day)
}

/// Accepts a driver number of Great Britain: the date of birth is spread over places 6 to 11 (decade, month, day, year).
///
/// Driver and Vehicle Licensing Agency: five characters of the surname filled with 9, decade of birth, month (plus 50
/// for women), day, year, two initials filled with 9, three characters that the agency computes.
pub fn uk(compact: &str) -> bool {
    let number = compact.as_bytes();
    number.len() >= 16 && date(&[number[5], number[10]], &number[6..8], &number[8..10])
}

/// Accepts a driver's licence number of Ontario: a letter and fourteen digits, the last six of which are the date of
/// birth as year, month (plus 50 for women) and day.
pub fn ontario(compact: &str) -> bool {
    let number = compact.as_bytes();
    number.len() == 15 && date(&number[9..11], &number[11..13], &number[13..])
}

/// Accepts a driver's licence number of Quebec: a letter, four digits, the date of birth as day, month and year, two
/// digits.
pub fn quebec(compact: &str) -> bool {
    let number = compact.as_bytes();
    number.len() == 13 && date(&number[9..11], &number[7..9], &number[5..7])
}

/// Accepts a master number of Nova Scotia: five letters, the date of birth as day, month and year, three digits.
pub fn nova_scotia(compact: &str) -> bool {
    let number = compact.as_bytes();
    number.len() == 14 && date(&number[9..11], &number[7..9], &number[5..7])
}

/// Accepts a number whose last ten digits start with a date as year, month and day: the personal number that Swedish
/// licences carry.
pub fn personal_date(compact: &str) -> bool {
    let number = compact.as_bytes();
    let Some(at) = number.len().checked_sub(10) else { return false };
    let (year, month, day) = (two(&number[at..at + 2]), two(&number[at + 2..at + 4]), two(&number[at + 4..at + 6]));
    matches!((year, month, day), (Some(year), Some(month), Some(day)) if is_short_date(year, month, day))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn british_numbers_hold_a_date_of_birth() {
        for number in ["MORGA657054SM9IJ", "SMITH862310AB1CD", "JONES710153J99EF35"] {
            assert!(uk(number), "{number}");
        }
        for number in ["MORGA613054SM9IJ", "MORGA657324SM9IJ", "MORGA602304SM9IJ", "MORGA6570", "", "ÄÖÜÄÖÜÄÖÜ"]
        {
            assert!(!uk(number), "{number}");
        }
    }

    #[test]
    fn canadian_numbers_hold_a_date_of_birth_in_their_own_order() {
        assert!(ontario("A12345678961231") && ontario("A12345678966231"));
        assert!(!ontario("A12345678961331") && !ontario("A1234567896123"));
        assert!(quebec("B123431129001") && !quebec("B123432129001"));
        assert!(nova_scotia("DOEJO311290123") && !nova_scotia("DOEJO311390123"));
    }

    #[test]
    fn personal_numbers_start_with_a_date_after_an_optional_century() {
        assert!(personal_date("8507099805") && personal_date("198507099805"));
        assert!(!personal_date("8513099805") && !personal_date("8557099805") && !personal_date("85070998"));
    }
}
