//! National identification numbers.

use super::registry::Rule;

/// Rules of this file.
pub(super) static RULES: &[Rule] = &[
    Rule { name: "digits_not_all_zero", check_digit: false, accepts: |_, compact| digits_not_all_zero(compact) },
    Rule { name: "digits_not_all_equal", check_digit: false, accepts: |_, compact| digits_not_all_equal(compact) },
    Rule { name: "holds_a_digit", check_digit: false, accepts: |_, compact| holds_a_digit(compact) },
    Rule { name: "not_a_palindrome", check_digit: false, accepts: |_, compact| not_a_palindrome(compact) },
    Rule { name: "french_nir_key", check_digit: true, accepts: |_, compact| french_nir_key(compact) },
    Rule { name: "italian_codice_fiscale", check_digit: true, accepts: |_, compact| italian_codice_fiscale(compact) },
    Rule { name: "italian_check_letter", check_digit: true, accepts: |_, compact| italian_check_letter(compact) },
    Rule { name: "mexican_curp", check_digit: true, accepts: |_, compact| mexican_curp(compact) },
];

/// True unless the digits in it are all zeros. Text without digits passes.
pub fn digits_not_all_zero(compact: &str) -> bool {
    !holds_a_digit(compact) || compact.bytes().any(|byte| matches!(byte, b'1'..=b'9'))
}

/// True unless one digit is repeated throughout, which several sums accept although nobody issues it.
pub fn digits_not_all_equal(compact: &str) -> bool {
    let mut digits = compact.bytes().filter(u8::is_ascii_digit);
    match digits.next() {
        Some(first) => digits.any(|digit| digit != first),
        None => true,
    }
}

/// True when at least one character is a digit, for forms that otherwise also describe words.
pub fn holds_a_digit(compact: &str) -> bool {
    compact.bytes().any(|byte| byte.is_ascii_digit())
}

/// True when it reads differently backwards; the authority that issues Aadhaar numbers leaves palindromes out.
pub fn not_a_palindrome(compact: &str) -> bool {
    !compact.chars().eq(compact.chars().rev())
}

/// French registration number (NIR, code INSEE) of 15 characters. The last two are 97 minus the remainder of the first
/// 13 divided by 97; for this the Corsican departments 2A and 2B count as 19 and 18.
pub fn french_nir_key(compact: &str) -> bool {
    if compact.len() != 15 || !compact.is_ascii() {
        return false;
    }
    let (body, key) = compact.split_at(13);
    let body = match &body[5..7] {
        "2A" => format!("{}19{}", &body[..5], &body[7..]),
        "2B" => format!("{}18{}", &body[..5], &body[7..]),
        _ => body.to_owned(),
    };
    match (number(&body), number(key)) {
        (Some(body), Some(key)) => 97 - body % 97 == key,
        _ => false,
    }
}

/// Letters that stand for the digits 0 to 9 in a Codice Fiscale which two people would otherwise share.
const OMOCODIA: &str = "LMNPQRSTUV";

/// Letters of the months January to December in a Codice Fiscale.
const ITALIAN_MONTHS: &str = "ABCDEHLMPRST";

/// Values of the characters in odd places of a Codice Fiscale: 0 to 9 and likewise A to J, then K to Z.
const ITALIAN_ODD: [u32; 26] =
    [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];

/// Last letter of an Italian Codice Fiscale of 16 characters (Decreto Ministeriale of 23 December 1976): the sum of the
/// others modulo 26, where each character in an odd place counts by a table of its own.
pub fn italian_check_letter(compact: &str) -> bool {
    let characters = compact.as_bytes();
    if characters.len() != 16 || !characters.iter().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase()) {
        return false;
    }
    let sum: u32 = characters[..15]
        .iter()
        .enumerate()
        .map(|(place, &byte)| {
            let rank = u32::from(if byte.is_ascii_digit() { byte - b'0' } else { byte - b'A' });
            if place % 2 == 0 { ITALIAN_ODD[rank as usize] } else { rank }
        })
        .sum();
    u32::from(characters[15]) == u32::from(b'A') + sum % 26
}

/// Italian Codice Fiscale of 16 characters: besides its last letter, the date of birth in it exists. The month is a
/// letter, and 40 is added to the day of women.
pub fn italian_codice_fiscale(compact: &str) -> bool {
    if !italian_check_letter(compact) {
        return false;
    }
    let characters = compact.as_bytes();
    let digit = |place: usize| match characters[place] {
        byte @ b'0'..=b'9' => Some(u32::from(byte - b'0')),
        byte => OMOCODIA.find(char::from(byte)).map(|rank| rank as u32),
    };
    let pair = |place: usize| Some(digit(place)? * 10 + digit(place + 1)?);
    match (pair(6), ITALIAN_MONTHS.find(char::from(characters[8])), pair(9)) {
        (Some(year), Some(month), Some(day)) => {
            is_date_of_some_century(year, month as u32 + 1, if day > 40 { day - 40 } else { day })
        }
        _ => false,
    }
}

/// Mexican CURP of 18 characters (Registro Nacional de Población): the date of birth exists in the century that the
/// 17th character tells (a digit until 1999, a letter since), and the last digit completes the sum of the ranks of the
/// other characters times 18 down to 2 to a multiple of 10. The ranks count Ñ between N and O.
pub fn mexican_curp(compact: &str) -> bool {
    let ranks: Vec<u32> = compact.chars().map_while(curp_rank).collect();
    if ranks.len() != 18 || compact.chars().count() != 18 {
        return false;
    }
    let pair = |place: usize| ranks[place] * 10 + ranks[place + 1];
    if ranks[4..10].iter().any(|&rank| rank > 9) {
        return false;
    }
    let century = if ranks[16] < 10 { 1900 } else { 2000 };
    let sum: u32 = ranks[..17].iter().zip((2..=18).rev()).map(|(rank, weight)| rank * weight).sum();
    is_date(century + pair(4), pair(6), pair(8)) && ranks[17] == (10 - sum % 10) % 10
}

fn curp_rank(character: char) -> Option<u32> {
    match character {
        '0'..='9' => Some(u32::from(character) - u32::from('0')),
        'A'..='N' => Some(u32::from(character) - u32::from('A') + 10),
        'Ñ' => Some(24),
        'O'..='Z' => Some(u32::from(character) - u32::from('O') + 25),
        _ => None,
    }
}

/// True for a date of the Gregorian calendar; month and day count from 1.
pub(super) fn is_date(year: u32, month: u32, day: u32) -> bool {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => return false,
    };
    (1..=days).contains(&day)
}

/// Like `is_date` for a year of two digits, when the century is unknown.
pub(super) fn is_date_of_some_century(year: u32, month: u32, day: u32) -> bool {
    is_date(1900 + year, month, day) || is_date(2000 + year, month, day)
}

/// Value of a text of decimal digits only.
pub(super) fn number(text: &str) -> Option<u64> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zeros_and_repeated_digits_are_told_apart_from_numbers() {
        assert!(!digits_not_all_zero("00000000K"));
        assert!(digits_not_all_zero("00000001K"));
        assert!(!digits_not_all_equal("7777777777"));
        assert!(digits_not_all_equal("7777777778"));
        assert!(!holds_a_digit("CFGHJKLMN") && holds_a_digit("C1GHJKLMN"));
        assert!(!not_a_palindrome("234567765432") && not_a_palindrome("234123412346"));
    }

    #[test]
    fn a_french_number_needs_its_key_also_for_corsica() {
        assert!(french_nir_key("255081416802538"));
        assert!(french_nir_key("295109912611193"));
        assert!(french_nir_key("253072A07300443"));
        assert!(french_nir_key("253072B07300470"));
        assert!(!french_nir_key("253072C07300443"));
        assert!(!french_nir_key("295109912611194"));
    }

    #[test]
    fn an_italian_code_needs_its_letter_and_a_day_that_exists() {
        assert!(italian_codice_fiscale("RSSMRA85T10A562S"));
        assert!(italian_codice_fiscale("MRTMTT91D08F205J"));
        assert!(!italian_codice_fiscale("MRTMTT91D08F205K"));
        assert!(('A'..='Z').all(|letter| !italian_codice_fiscale(&format!("MRTMTT91D31F205{letter}"))), "31 April");
        assert_eq!(('A'..='Z').filter(|letter| italian_check_letter(&format!("MRTMTT91D31F205{letter}"))).count(), 1);
    }

    #[test]
    fn an_italian_code_may_have_letters_for_digits() {
        assert!(italian_codice_fiscale("RSSMRA45C12F205C"));
        assert!(italian_codice_fiscale("RSSMRA45C12F2L5N"));
        assert!(!italian_codice_fiscale("RSSMRA45C12F2L5C"));
    }

    #[test]
    fn a_mexican_curp_needs_its_digit_and_a_date_that_exists() {
        assert!(mexican_curp("BOXW310820HNERXN09"));
        assert!(!mexican_curp("BOXW310820HNERXN08"));
        assert!((0..10).all(|digit| !mexican_curp(&format!("BOXW310231HNERXN0{digit}"))));
    }

    #[test]
    fn a_mexican_leap_day_is_judged_in_its_century() {
        let valid = |homonym: char| (0..10).any(|digit| mexican_curp(&format!("BOXW000229HNERXN{homonym}{digit}")));
        assert!(!valid('0'), "1900 was no leap year");
        assert!(valid('A'), "2000 was one");
    }

    #[test]
    fn no_rule_panics_on_arbitrary_text() {
        for text in
            ["", "é", "ÑÑÑÑÑÑÑÑÑÑÑÑÑÑÑÑÑÑ", "ééééééé1", "12345ñ7890123é", "0000000000000000000000", "ſſſſſſſſſſſſſſſſ"]
        {
            for rule in RULES {
                let _ = (rule.accepts)(text, text);
            }
        }
    }
}
