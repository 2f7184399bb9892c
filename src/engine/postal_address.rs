//! Finds mailing addresses: a street, a city and the postal code of one of eight countries together.
//!
//! The search starts from what looks like a postal code and reads backwards: state, city, street. A city alone or a
//! street alone is not a mailing address.

use std::ops::Range;

use super::address_lines::{continental_street, street_and_city, without_gap};
use super::postal_code;
use super::region::{self, System};
use crate::identifiers::text_masks::{MaskedText, STEP, alphanumeric};

/// Bytes before a postal code in which an address has to begin.
pub(super) const REACH: usize = 130;

/// True when the value is one mailing address and little else; a name or an organisation may precede it.
pub fn is_full_address(value: &str) -> bool {
    let value = value.trim();
    if value.len() > 300 {
        return false;
    }
    let found = addresses_in(value);
    let [address] = found.as_slice() else { return false };
    address.len() * 2 >= value.len()
}

/// True when the value is written as the name of a city can be: up to five words of letters. Evidence enough only where
/// a column's name says what it holds.
pub fn is_city(value: &str) -> bool {
    let value = value.trim();
    let mut letters = 0;
    for c in value.chars() {
        if c.is_alphabetic() {
            letters += 1;
        } else if !matches!(c, ' ' | '-' | '\'' | '’' | '.' | '/' | '(' | ')' | '\u{A0}') {
            return false;
        }
    }
    letters >= 2 && value.chars().count() <= 40 && value.split_whitespace().count() <= 5
}

/// Byte ranges of the mailing addresses in `text`, in order and without overlap, from the street to the postal code or
/// the city behind it.
pub fn addresses_in(text: &str) -> Vec<Range<usize>> {
    let mut masks = MaskedText::default();
    masks.read(text.as_bytes());
    let mut found = Vec::new();
    each_address(text, &masks, |range| found.push(range));
    found
}

/// Calls `found` with what [`addresses_in`] gives; `masks` are those of `text`.
pub(super) fn each_address(text: &str, masks: &MaskedText, mut found: impl FnMut(Range<usize>)) {
    let bytes = text.as_bytes();
    let (mut at, mut taken) = (0, 0);
    let mut before = 0;
    let words = masks.words();
    for (index, word) in words.iter().enumerate() {
        let alnum = alphanumeric(word);
        let starts = alnum & !(alnum << 1 | before >> 63);
        before = alnum;
        let (next_alnum, next_digit, next_upper) =
            words.get(index + 1).map_or((0, 0, 0), |next| (alphanumeric(next), next.digit, next.upper));
        // The first digit of a code is at most its third character.
        if starts == 0 || word.digit | next_digit & 3 == 0 {
            continue;
        }
        // Four or five digits and nothing else, or one or two capitals and a digit.
        let digit = |ahead: u32| word.digit >> ahead | next_digit << (64 - ahead);
        let alnum = |ahead: u32| alnum >> ahead | next_alnum << (64 - ahead);
        let fifth = digit(4);
        let four = word.digit & digit(1) & digit(2) & digit(3);
        let numbers = four & (!alnum(4) | fifth & !alnum(5));
        let second_upper = word.upper >> 1 | next_upper << 63;
        let letters = word.upper & (digit(1) | second_upper & digit(2));
        let mut left = starts & (numbers | letters);
        while left != 0 {
            let bit = left.trailing_zeros();
            left &= left - 1;
            let start = index * STEP + bit as usize;
            if start < at {
                continue;
            }
            let code = if numbers >> bit & 1 == 1 {
                number_at(bytes, start, 4 + (fifth >> bit & 1) as usize)
            } else {
                letters_at(bytes, start)
            };
            let Some(code) = code else { continue };
            at = code.place.end;
            if let Some(range) = address_of(text, &code, taken) {
                at = at.max(range.end);
                taken = range.end;
                found(range);
            }
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// Four digits.
    Four,
    /// Five digits.
    Five,
    /// Five digits, a hyphen and four digits.
    FivePlusFour,
    Canadian,
    British,
}

struct Code {
    place: Range<usize>,
    form: Form,
}

/// The postal code that begins with the four or five digits at the byte offset, before which no letter or digit stands.
fn number_at(bytes: &[u8], start: usize, digits: usize) -> Option<Code> {
    if let Some(before) = start.checked_sub(1) {
        // `D-10115`, `F-75002`: the letter of the country.
        let country = || before.checked_sub(1).is_some_and(|letter| b"DFIE".contains(&bytes[letter]));
        if IS_TIE[usize::from(bytes[before])] || bytes[before] == b'-' && !country() {
            return None;
        }
    }
    let plus_four = digits == 5
        && bytes.get(start + 5) == Some(&b'-')
        && bytes[start + 6..].iter().take(5).take_while(|byte| byte.is_ascii_digit()).count() == 4;
    let (length, form) = match digits {
        5 if plus_four => (10, Form::FivePlusFour),
        5 => (5, Form::Five),
        _ => (4, Form::Four),
    };
    is_free_after(bytes, start + length).then(|| Code { place: start..start + length, form })
}

/// The postal code that begins with one or two capitals at the byte offset, before which no letter or digit stands.
fn letters_at(bytes: &[u8], start: usize) -> Option<Code> {
    if start.checked_sub(1).is_some_and(|before| IS_TIE[usize::from(bytes[before])]) {
        return None;
    }
    // A third digit in a row is in no code.
    let letters = bytes[start..].iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
    if bytes[start + letters..].iter().take(3).take_while(|byte| byte.is_ascii_digit()).count() > 2 {
        return None;
    }
    for length in 5..=8 {
        let end = start + length;
        let Some(code) = bytes.get(start..end).and_then(|code| std::str::from_utf8(code).ok()) else { break };
        if !is_free_after(bytes, end) || code.bytes().any(|byte| byte.is_ascii_lowercase()) {
            continue;
        }
        let form = if postal_code::is_canadian(code) {
            Form::Canadian
        } else if postal_code::is_british(code) {
            Form::British
        } else {
            continue;
        };
        return Some(Code { place: start..end, form });
    }
    None
}

/// Signs, letters and digits that tie a number to something larger.
static IS_TIE: [bool; 256] = {
    let mut ties = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        ties[byte] =
            (byte as u8).is_ascii_alphanumeric() || matches!(byte as u8, b'@' | b'_' | b'/' | b'\\' | b'#'..=b'%');
        byte += 1;
    }
    ties
};

/// True when a code may end before the byte offset.
fn is_free_after(bytes: &[u8], at: usize) -> bool {
    bytes.get(at).is_none_or(|byte| !IS_TIE[usize::from(*byte)] && *byte != b'-')
}

/// The address to which the code belongs; it begins at or after `from`.
fn address_of(text: &str, code: &Code, from: usize) -> Option<Range<usize>> {
    if code.place.start < from {
        return None;
    }
    let lowest = floor(text, code.place.start.saturating_sub(REACH).max(from));
    let before = &text[lowest..code.place.start];
    // Something that looks like a code, but stands at the very beginning, has no street before it.
    if before.len() < 8 {
        return None;
    }
    let trimmed = without_gap(before);
    // All regions end with a letter or a full stop.
    let ends_as_region = trimmed.as_bytes().last().is_some_and(|byte| byte.is_ascii_alphabetic() || *byte == b'.');
    let systems: &[System] = match code.form {
        _ if !ends_as_region => &[],
        Form::Five | Form::FivePlusFour => &[System::UnitedStates, System::Countries],
        Form::Canadian => &[System::Canada],
        Form::Four => &[System::Australia],
        Form::British => &[System::Countries],
    };
    let with_region = systems.iter().find_map(|system| {
        let without_dots = || trimmed.ends_with('.').then(|| trimmed.trim_end_matches('.'));
        let end = system.start_of_last(trimmed).or_else(|| system.start_of_last(without_dots()?))?;
        let street = street_and_city(&trimmed[..end])?;
        Some(lowest + street..code.place.end)
    });
    if with_region.is_some() {
        return with_region;
    }
    match code.form {
        Form::Canadian | Form::British => Some(lowest + street_and_city(trimmed)?..code.place.end),
        Form::Five => {
            let city = city_after(text, code.place.end)?;
            // The letter of the country (D-10115).
            let street =
                trimmed.strip_suffix('-').map_or(trimmed, |letter| letter.trim_end_matches(['D', 'F', 'I', 'E']));
            Some(lowest + continental_street(without_gap(street))?..city)
        }
        Form::Four | Form::FivePlusFour => None,
    }
}

/// The nearest beginning of a character at or before the byte offset.
fn floor(text: &str, at: usize) -> usize {
    (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

/// The byte offset behind the city that follows a postal code at `at`: capitalised words, with small words between.
fn city_after(text: &str, at: usize) -> Option<usize> {
    let rest = text[at..].strip_prefix(' ')?;
    if !rest.starts_with(char::is_uppercase) {
        return None;
    }
    let mut end = 0;
    let mut words = 0;
    let mut position = 0;
    for word in rest.split(' ').take(6) {
        let length = word.find(|c: char| !(c.is_alphabetic() || matches!(c, '-' | '\'' | '’'))).unwrap_or(word.len());
        let name = &word[..length];
        if name.starts_with(char::is_uppercase) && name.chars().count() > 1 && words < 4 {
            words += 1;
            end = position + length;
        } else if !(words > 0 && (1..=4).contains(&name.len()) && length == word.len()) {
            break;
        }
        if length < word.len() {
            break;
        }
        position += word.len() + 1;
    }
    (words > 0 && !region::is_country(&rest[..end])).then_some(at + 1 + end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        addresses_in(text).into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn addresses_of_eight_countries_are_found_in_text() {
        for address in [
            "452 Maple St, Apt 3B, Springfield, IL 62704",
            "1425 Oakwood Avenue, Apt. 7B, Springfield, IL 62704-1234",
            "402 Willow Creek Road Denver CO 80202",
            "P.O. Box 14370, Salem, OR 97309",
            "7500 Blessing Avenue\nAustin, Texas 78752",
            "Unit 4181 Box 1281\nDPO AA 57553",
            "63 Shreve Street, Digby, Nova Scotia B0V 1A0",
            "121 Old Road Hill, Sherbrooke, NS, B0J 3C0",
            "10 Downing Street, London SW1A 2AA",
            "12 George St, Sydney NSW 2000",
            "Hauptstraße 5, 10115 Berlin",
            "Lange Straße 12a, D-60311 Frankfurt am Main",
            "12 rue de la Paix, 75002 Paris",
            "Via Roma 3, 00184 Roma",
            "Calle Mayor 7, 28013 Madrid",
        ] {
            assert_eq!(found(&format!("She lives at {address}; call first.")), [address]);
            assert!(is_full_address(address), "{address}");
        }
    }

    #[test]
    fn a_part_of_an_address_is_none() {
        for text in [
            "Springfield, IL 62704",
            "123 Main Street",
            "123 Main Street, Springfield",
            "The code is 62704 and the dose 500 mg",
            "Seen on 2024-08-21 in Room 12, Ward 3, with 10115 Patients",
            "Order 12345 shipped to IL 62704",
            "Tablet 500 MG, NDC 12345 Amoxicillin",
        ] {
            assert_eq!(found(text), Vec::<&str>::new(), "{text}");
        }
    }

    #[test]
    fn two_addresses_in_one_text_are_two() {
        let text = "From 12 Oak Ln, Salem, OR 97301 to 9 Elm St, Bend, OR 97701.";
        assert_eq!(found(text), ["12 Oak Ln, Salem, OR 97301", "9 Elm St, Bend, OR 97701"]);
    }

    #[test]
    fn cities_are_words_of_letters() {
        for value in ["Visalia", "NATIONAL CITY", "St. John's", "Winston-Salem", "L'Aquila", "München"] {
            assert!(is_city(value), "{value}");
        }
        for value in ["", "X", "12 Oaks", "someone@example.com", "a sentence that is too long for a city"] {
            assert!(!is_city(value), "{value}");
        }
    }

    #[test]
    fn text_of_any_kind_is_read_without_a_panic() {
        for text in ["é1234", "12345é", "é 12345 É", "A1", "A1 1AA", "１２３４５", "1é, Ü 12345", "ÉÉÉÉÉÉÉ-12345 X"]
        {
            let _ = addresses_in(text);
        }
    }
}
