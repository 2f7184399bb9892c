//! Postal codes of the countries whose mailing addresses are looked for: Australia, Canada, France, Germany, Great
//! Britain, Italy, Spain and the United States.

/// True when the whole value has the form of a postal code of one of the eight countries. Four digits are an
/// Australian code, or one of the United States that lost its leading zero in a spreadsheet.
pub fn is_postal_code(value: &str) -> bool {
    let value = value.trim();
    match value.len() {
        4 => value.bytes().all(|byte| byte.is_ascii_digit()) && value >= "0200",
        5 if value.bytes().all(|byte| byte.is_ascii_digit()) => value >= "00010",
        9 | 10 if value.bytes().filter(u8::is_ascii_digit).count() == 9 => is_zip_plus_4(value),
        _ => is_canadian(value) || is_british(value),
    }
}

/// `12345-6789` or `123456789`.
fn is_zip_plus_4(value: &str) -> bool {
    let bytes = value.as_bytes();
    (bytes.len() == 9 || matches!(bytes[5], b'-' | b' ')) && value >= "00501"
}

/// `K1A 0B1`, with a space, a hyphen or nothing in the middle. Letters that Canada Post does not use are refused.
pub fn is_canadian(value: &str) -> bool {
    let bytes = value.as_bytes();
    let (front, back) = match bytes.len() {
        6 => bytes.split_at(3),
        7 if matches!(bytes[3], b' ' | b'-') => (&bytes[..3], &bytes[4..]),
        _ => return false,
    };
    let letter = |byte: u8| byte.is_ascii_alphabetic() && !b"DFIOQU".contains(&byte.to_ascii_uppercase());
    letter(front[0])
        && !b"WZ".contains(&front[0].to_ascii_uppercase())
        && front[1].is_ascii_digit()
        && letter(front[2])
        && back[0].is_ascii_digit()
        && letter(back[1])
        && back[2].is_ascii_digit()
}

/// `SW1A 2AA`: an outward code of two to four characters, then a digit and two letters. The letters C, I, K, M, O and V
/// do not occur at the end (British Standard BS 7666).
pub fn is_british(value: &str) -> bool {
    let bytes = value.as_bytes();
    let Some(inward_at) = bytes.len().checked_sub(3) else { return false };
    if !value.is_ascii() || !(5..=8).contains(&bytes.len()) {
        return false;
    }
    let (outward, inward) = bytes.split_at(inward_at);
    let outward = outward.strip_suffix(b" ").unwrap_or(outward);
    let inward_letter = |byte: u8| byte.is_ascii_alphabetic() && !b"CIKMOV".contains(&byte.to_ascii_uppercase());
    let inward_is_sound = inward[0].is_ascii_digit() && inward_letter(inward[1]) && inward_letter(inward[2]);
    let letters = outward.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
    let outward_is_sound = match &outward[letters.min(outward.len())..] {
        [first] => first.is_ascii_digit(),
        [first, second] => first.is_ascii_digit() && second.is_ascii_alphanumeric(),
        _ => false,
    };
    inward_is_sound && outward_is_sound && (1..=2).contains(&letters)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_the_eight_countries_are_found() {
        for value in [
            "93291",
            "06902",
            "6801",
            "12302-3033",
            "123023033",
            "2620",
            "B3L 4P1",
            "T5E4V6",
            "SW1A 2AA",
            "M1 1AE",
            "B33 8TH",
            "CR2 6XH",
            "DN551PT",
            "10115",
            "75002",
            "28013",
            "00184",
            " 84713 ",
        ] {
            assert!(is_postal_code(value), "{value}");
        }
    }

    #[test]
    fn other_numbers_and_words_are_not() {
        for value in
            ["", "123", "00000", "0100", "123456", "12345-67", "W1A 0B1", "D1A 0B1", "SW1A 2CC", "Salem", "12-3456789"]
        {
            assert!(!is_postal_code(value), "{value}");
        }
    }
}
