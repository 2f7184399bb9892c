//! Taxpayer numbers.

use super::national::{is_date_of_some_century, number};
use super::registry::Rule;

/// Rules of this file.
pub(super) static RULES: &[Rule] = &[
    Rule { name: "brazilian_cnpj", check_digit: true, accepts: |_, compact| brazilian_cnpj(compact) },
    Rule { name: "french_spi_key", check_digit: true, accepts: |_, compact| french_spi_key(compact) },
    Rule { name: "german_tax_id_digits", check_digit: false, accepts: |_, compact| german_tax_id_digits(compact) },
    Rule { name: "mexican_rfc_date", check_digit: false, accepts: |text, _| mexican_rfc_date(text) },
    Rule { name: "mexican_rfc_digit", check_digit: true, accepts: |text, _| mexican_rfc_digit(text) },
];

/// Brazilian CNPJ of 14 characters: 12 digits or, since July 2026, also capital letters, and two check digits
/// (Instrução Normativa RFB 2.229/2024). A character counts with its ASCII code less 48, the weights are 2 to 9 from the
/// right and again from 2, and a check digit is 11 less the remainder by 11, or 0 if that has two digits.
pub fn brazilian_cnpj(compact: &str) -> bool {
    let characters = compact.as_bytes();
    if characters.len() != 14 || !characters.iter().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase()) {
        return false;
    }
    [12, 13].into_iter().all(|place| {
        let sum: u32 = characters[..place]
            .iter()
            .rev()
            .zip((2..=9).cycle())
            .map(|(&byte, weight)| u32::from(byte - b'0') * weight)
            .sum();
        let digit = match sum % 11 {
            0 | 1 => 0,
            remainder => 11 - remainder,
        };
        u32::from(characters[place] - b'0') == digit
    })
}

/// French tax reference (numéro SPI) of 13 digits: the last three are the remainder of the first ten divided by 511.
pub fn french_spi_key(compact: &str) -> bool {
    if compact.len() != 13 || !compact.is_ascii() {
        return false;
    }
    let (body, key) = compact.split_at(10);
    match (number(body), number(key)) {
        (Some(body), Some(key)) => body % 511 == key,
        _ => false,
    }
}

/// German Steuer-Identifikationsnummer: among the first ten of its 11 digits exactly one occurs twice or three times,
/// every other at most once. Since 2016 three times is allowed.
pub fn german_tax_id_digits(compact: &str) -> bool {
    if compact.len() != 11 || number(compact).is_none() {
        return false;
    }
    let mut counts = [0_u8; 10];
    for byte in compact.bytes().take(10) {
        counts[usize::from(byte - b'0')] += 1;
    }
    let repeated: Vec<u8> = counts.into_iter().filter(|&count| count > 1).collect();
    matches!(repeated[..], [2 | 3])
}

/// Mexican RFC, a person's of 13 characters or an organisation's of 12: its date (year, month, day) exists. Takes the
/// text as it stands, since names may have an ampersand.
pub fn mexican_rfc_date(text: &str) -> bool {
    let characters = rfc_characters(text);
    let Some(start) = characters.len().checked_sub(9) else { return false };
    let digits: Option<Vec<u32>> =
        characters[start..start + 6].iter().map(|character| character.to_digit(10)).collect();
    digits.is_some_and(|digits| {
        let pair = |place: usize| digits[place] * 10 + digits[place + 1];
        is_date_of_some_century(pair(0), pair(2), pair(4))
    })
}

/// Check character of a Mexican RFC (Servicio de Administración Tributaria): the ranks of the characters before it, an
/// organisation's filled with a leading space, times 13 down to 2, modulo 11 and subtracted from 11; 10 is written `A`
/// and 11 is written 0.
pub fn mexican_rfc_digit(text: &str) -> bool {
    let characters = rfc_characters(text);
    let Some((&check, body)) = characters.split_last() else { return false };
    if !matches!(body.len(), 11 | 12) {
        return false;
    }
    let mut sum = 0;
    for (&character, weight) in body.iter().rev().zip(2..) {
        let Some(rank) = rfc_rank(character) else { return false };
        sum += rank * weight;
    }
    if body.len() == 11 {
        sum += 37 * 13;
    }
    let expected = match sum % 11 {
        0 => Some('0'),
        1 => Some('A'),
        remainder => char::from_digit(11 - remainder, 10),
    };
    expected == Some(check)
}

fn rfc_characters(text: &str) -> Vec<char> {
    text.chars()
        .filter(|character| character.is_alphanumeric() || *character == '&')
        .flat_map(char::to_uppercase)
        .collect()
}

/// Rank of a character: digits, A to N, `&`, O to Z, the space (37), Ñ.
fn rfc_rank(character: char) -> Option<u32> {
    match character {
        '0'..='9' => Some(u32::from(character) - u32::from('0')),
        'A'..='N' => Some(u32::from(character) - u32::from('A') + 10),
        '&' => Some(24),
        'O'..='Z' => Some(u32::from(character) - u32::from('O') + 25),
        'Ñ' => Some(38),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_brazilian_number_needs_both_digits() {
        assert!(brazilian_cnpj("11222333000181"));
        assert!(!brazilian_cnpj("11222333000171"));
        assert!(!brazilian_cnpj("11222333000182"));
    }

    #[test]
    fn the_published_alphanumeric_example_of_brazil_is_accepted() {
        assert!(brazilian_cnpj("12ABC34501DE35"));
        assert!(!brazilian_cnpj("12ABC34501DF35"));
    }

    #[test]
    fn a_french_tax_reference_needs_its_key() {
        assert!(french_spi_key("3023217600053"));
        assert!(!french_spi_key("3023217600054"));
        assert!(!french_spi_key("30232176000é"));
    }

    #[test]
    fn exactly_one_digit_of_a_german_number_is_repeated() {
        assert!(german_tax_id_digits("36574261809"));
        assert!(german_tax_id_digits("12334538906"), "three times is allowed");
        assert!(!german_tax_id_digits("12345678903"), "none is repeated");
        assert!(!german_tax_id_digits("11223456789"), "two are repeated");
        assert!(!german_tax_id_digits("11112345678"), "one is there four times");
    }

    #[test]
    fn the_date_in_a_mexican_number_exists() {
        assert!(mexican_rfc_date("GODE561231GR8"));
        assert!(!mexican_rfc_date("ab&-990229-xx1"));
        assert!(mexican_rfc_date("AB&000229XX1"));
        assert!(!mexican_rfc_date("GODE561331GR8"));
    }

    #[test]
    fn a_mexican_number_needs_its_check_character() {
        assert!(mexican_rfc_digit("GODE561231GR8"));
        assert!(mexican_rfc_digit("MAB-930714-8T4"));
        assert!(!mexican_rfc_digit("GODE561231GR9"));
    }

    #[test]
    fn no_rule_panics_on_arbitrary_text() {
        for text in
            ["", "é", "ÑÑÑÑÑÑÑÑÑÑÑÑ", "&&&&&&&&&&&&&", "123456789é", "99999999999999", "ZZZZZZZZZZZZZZ", "ßßßßßßß"]
        {
            for rule in RULES {
                let _ = (rule.accepts)(text, text);
            }
        }
    }
}
