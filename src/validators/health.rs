//! Health identifiers.

use super::national::is_date_of_some_century;
use super::registry::Rule;

/// Rules of this file.
pub(super) static RULES: &[Rule] = &[
    Rule {
        name: "us_claim_account_number",
        check_digit: false,
        accepts: |_, compact| us_claim_account_number(compact),
    },
    Rule { name: "gs1_element_strings", check_digit: false, accepts: |text, _| gs1_element_strings(text) },
    Rule { name: "hibcc_check_character", check_digit: true, accepts: |text, _| hibcc_check_character(text) },
];

/// Account number inside a US Health Insurance Claim Number: where it is a Social Security number, it is one that the
/// Social Security Administration can have issued (area neither 000, 666 nor 900 and up, group not 00, serial number not
/// 0000); the six-digit numbers of the Railroad Retirement Board are not all zeros.
pub fn us_claim_account_number(compact: &str) -> bool {
    let digits: Vec<u8> =
        compact.bytes().skip_while(u8::is_ascii_alphabetic).take_while(u8::is_ascii_digit).take(9).collect();
    match digits.len() {
        9 => !matches!(&digits[..3], b"000" | b"666" | [b'9', ..]) && digits[3..5] != *b"00" && digits[5..] != *b"0000",
        6 => digits != b"000000",
        _ => false,
    }
}

/// A unique device identifier in the readable GS1 form, `(01)...(11)...(10)...`: at least three element strings, one of
/// which is a date (application identifiers 11 production, 13 packaging, 15 best before, 17 expiry; YYMMDD, day 00
/// meaning the end of the month; GS1 General Specifications).
pub fn gs1_element_strings(text: &str) -> bool {
    let elements: Vec<(&str, &str)> = text.split('(').filter_map(|element| element.split_once(')')).collect();
    elements.len() >= 3
        && elements
            .iter()
            .any(|(application, value)| matches!(*application, "11" | "13" | "15" | "17") && is_gs1_date(value.trim()))
}

fn is_gs1_date(value: &str) -> bool {
    let digits: Vec<u32> = value.chars().map_while(|character| character.to_digit(10)).collect();
    if digits.len() != 6 || value.len() != 6 {
        return false;
    }
    let pair = |place: usize| digits[place] * 10 + digits[place + 1];
    is_date_of_some_century(pair(0), pair(2), pair(4).max(1))
}

/// Characters of the modulus 43 check, in the order of their values.
const MODULUS_43: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%";

/// Check character at the end of a HIBCC supplier label (ANSI/HIBC 2.6): the sum of the values of all characters before
/// it, the leading plus sign included, modulo 43. A space may be printed as an underscore.
pub fn hibcc_check_character(text: &str) -> bool {
    let mut values = Vec::with_capacity(text.len());
    for character in text.chars() {
        let character = if character == '_' { ' ' } else { character.to_ascii_uppercase() };
        match MODULUS_43.find(character) {
            Some(value) => values.push(value),
            None => return false,
        }
    }
    match values.split_last() {
        Some((&check, body)) if !body.is_empty() => body.iter().sum::<usize>() % 43 == check,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_claim_number_holds_a_social_security_number_that_can_be_issued() {
        assert!(us_claim_account_number("123456789A"));
        assert!(us_claim_account_number("WCA123456789"));
        for never in ["000456789A", "666456789A", "900456789A", "123006789A", "123450000A", "12345678A"] {
            assert!(!us_claim_account_number(never), "{never}");
        }
    }

    #[test]
    fn a_claim_number_of_the_railroad_board_may_have_six_digits() {
        assert!(us_claim_account_number("MA123456"));
        assert!(!us_claim_account_number("MA000000"));
    }

    #[test]
    fn a_device_identifier_needs_three_elements_and_a_date() {
        assert!(gs1_element_strings("(01)51022222233336(11)141231(17)150707(10)A213B1(21)1234"));
        assert!(gs1_element_strings("(01)51022222233336(17)150700(10)A213B1"));
        assert!(!gs1_element_strings("(01)51022222233336(17)150707"));
        assert!(!gs1_element_strings("(01)51022222233336(10)150707(21)1234"));
        assert!(!gs1_element_strings("(01)51022222233336(17)150732(10)A213B1"));
    }

    #[test]
    fn the_example_of_the_hibcc_standard_has_its_check_character() {
        assert!(hibcc_check_character("+A123BJC5D6E71G"));
        assert!(hibcc_check_character("+A99912345/$$52001510X33"));
        assert!(!hibcc_check_character("+A123BJC5D6E71H"));
        assert!(!hibcc_check_character("+A123BJC5D6E72G"));
    }

    #[test]
    fn no_rule_panics_on_arbitrary_text() {
        for text in ["", "é", "+", "()", ")(", "(11)é(17)ééé(10)", "ééé456789A", "(17)1507é"] {
            for rule in RULES {
                let _ = (rule.accepts)(text, text);
            }
        }
    }
}
