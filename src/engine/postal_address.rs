//! Finds mailing addresses: a street, a city and the postal code of one of eight countries together.
//!
//! The search starts from what looks like a postal code and reads backwards: state, city, street. A city alone or a
//! street alone is not a mailing address.

use std::ops::Range;

use super::postal_code;
use super::region::{self, System};
use super::street::{StreetEnd, is_unit, street_prefix};
use crate::identifiers::text_masks::{MaskedText, STEP, alphanumeric};

/// Bytes before a postal code in which an address has to begin.
const REACH: usize = 130;

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
    for (index, word) in masks.words().iter().enumerate() {
        let alnum = alphanumeric(word);
        let behind = alnum << 1 | before >> 63;
        before = alnum;
        let starts = alnum & !behind;
        if starts == 0 {
            continue;
        }
        let after = masks.word(index + 1);
        let alnum = u128::from(alnum) | u128::from(alphanumeric(&after)) << 64;
        let digit = u128::from(word.digit) | u128::from(after.digit) << 64;
        let upper = u128::from(word.upper) | u128::from(after.upper) << 64;
        // Four or five digits and nothing else, or one or two capitals and a digit.
        let four = digit & digit >> 1 & digit >> 2 & digit >> 3;
        let number = four & (!(alnum >> 4) | (digit >> 4 & !(alnum >> 5)));
        let letters = upper & (digit >> 1 | upper >> 1 & digit >> 2);
        let mut left = starts & (number | letters) as u64;
        while left != 0 {
            let bit = left.trailing_zeros();
            left &= left - 1;
            let start = index * STEP + bit as usize;
            if start < at {
                continue;
            }
            let digit = start + (digit >> bit).trailing_zeros() as usize;
            let Some(code) = code_around(bytes, digit) else { continue };
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

/// The postal code in which the digit at the byte offset is the first digit.
fn code_around(bytes: &[u8], digit: usize) -> Option<Code> {
    let digits = bytes[digit..].iter().take(11).take_while(|byte| byte.is_ascii_digit()).count();
    let word_start = digit - bytes[..digit].iter().rev().take(3).take_while(|byte| byte.is_ascii_alphabetic()).count();
    let free_before = |at: usize| at == 0 || !is_tied(bytes[at - 1]);
    let free_after = |at: usize| bytes.get(at).is_none_or(|byte| !is_tied(*byte) && *byte != b'-');
    if digits >= 4 {
        // `D-10115`, `F-75002`: the letter of the country.
        let country = digit >= 2 && bytes[digit - 1] == b'-' && b"DFIE".contains(&bytes[digit - 2]);
        let before = word_start == digit && (free_before(digit) && (digit == 0 || bytes[digit - 1] != b'-') || country);
        if !before {
            return None;
        }
        let plus_four = digits == 5
            && bytes.get(digit + 5) == Some(&b'-')
            && bytes[digit + 6..].iter().take(5).take_while(|byte| byte.is_ascii_digit()).count() == 4;
        let (length, form) = match digits {
            5 if plus_four => (10, Form::FivePlusFour),
            5 => (5, Form::Five),
            4 => (4, Form::Four),
            _ => return None,
        };
        return free_after(digit + length).then(|| Code { place: digit..digit + length, form });
    }
    if digits > 2 || word_start == digit || !free_before(word_start) {
        return None;
    }
    for length in 5..=8 {
        let end = word_start + length;
        let Some(code) = bytes.get(word_start..end).and_then(|code| std::str::from_utf8(code).ok()) else { break };
        if !free_after(end) || code.bytes().any(|byte| byte.is_ascii_lowercase()) {
            continue;
        }
        let form = if postal_code::is_canadian(code) {
            Form::Canadian
        } else if postal_code::is_british(code) {
            Form::British
        } else {
            continue;
        };
        return Some(Code { place: word_start..end, form });
    }
    None
}

/// True for bytes that tie a number to something larger.
fn is_tied(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"@_/\\#$%".contains(&byte)
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
    let systems: &[System] = match code.form {
        Form::Five | Form::FivePlusFour => &[System::UnitedStates, System::Countries],
        Form::Canadian => &[System::Canada],
        Form::Four => &[System::Australia],
        Form::British => &[System::Countries],
    };
    let trimmed = before.trim_end_matches(is_gap);
    let ends_as_region = trimmed.as_bytes().last().is_some_and(|byte| byte.is_ascii_alphabetic() || *byte == b'.');
    let systems = if ends_as_region { systems } else { &[] };
    let with_region = systems.iter().find_map(|system| {
        let end = system.start_of_last(trimmed).or_else(|| system.start_of_last(trimmed.trim_end_matches('.')))?;
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
            Some(lowest + continental_street(street.trim_end_matches(is_gap))?..city)
        }
        Form::Four | Form::FivePlusFour => None,
    }
}

/// The nearest beginning of a character at or before the byte offset.
fn floor(text: &str, at: usize) -> usize {
    (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

fn is_gap(c: char) -> bool {
    c.is_whitespace() || c == ','
}

/// True for signs over which no address reaches.
static IS_BREAK: [bool; 256] = {
    let mut breaks = [false; 256];
    let signs = b":;\"<>|([{=\t?!*";
    let mut index = 0;
    while index < signs.len() {
        breaks[signs[index] as usize] = true;
        index += 1;
    }
    breaks
};

/// The byte offset behind the last sign over which no address reaches.
fn behind_last_break(text: &str) -> usize {
    text.bytes().rposition(|byte| IS_BREAK[usize::from(byte)]).map_or(0, |at| at + 1)
}

/// The byte offset at which a street line begins that is followed by a city at the end of `text`.
fn street_and_city(text: &str) -> Option<usize> {
    let text = text.trim_end_matches(is_gap);
    let reach = behind_last_break(text);
    let cut = |to: usize| {
        text.as_bytes()[reach..to].iter().rposition(|byte| matches!(byte, b',' | b'\n')).map(|at| reach + at)
    };
    // Behind the last comma or line end stands the city, or all of an address without commas.
    let Some(city) = cut(text.len()) else { return street_before_city(text, reach) };
    if !is_city_name(text[city + 1..].trim()) {
        return street_before_city(text, city + 1);
    }
    // The parts before it, from the last to the first.
    let mut parts = [Part::default(); MOST_PARTS];
    let (mut count, mut end, mut next) = (0, city, Part { sound: true, ..Part::default() });
    loop {
        let start = cut(end).map_or(reach, |at| at + 1);
        let part = text[start..end].trim();
        if !part.is_empty() && count < MOST_PARTS {
            parts[count] = Part { start: start as u8, end: end as u8, ..next };
            count += 1;
            next.sound = next.sound && count <= 3 && (is_city_name(part) || part.starts_with("Box ") || is_unit(part));
            next.before_box = part.starts_with("Box");
        }
        if start == reach {
            break;
        }
        end = start - 1;
    }
    let in_part = |part: &Part| part.street(text).map(|start| usize::from(part.start) + start);
    parts[..count].iter().rev().find_map(in_part).or_else(|| street_before_city(text, city + 1))
}

/// A part of an address between commas or line ends.
#[derive(Debug, Clone, Copy, Default)]
struct Part {
    /// Byte offsets.
    start: u8,
    end: u8,
    /// What stands between it and the city may stand between a street and a city.
    sound: bool,
    /// The next part begins with `Box`, and is not the city.
    before_box: bool,
}

/// Parts that a text in reach of a postal code has at most: each has a sign, and something that ends it.
const MOST_PARTS: usize = REACH / 2 + 2;

impl Part {
    /// The byte offset in it at which a street line begins that is all of the rest of it.
    fn street(self, text: &str) -> Option<usize> {
        let part = text[usize::from(self.start)..usize::from(self.end)].trim_end();
        // A street line has a number; a ship or a box may do without.
        if !self.sound && !part.bytes().any(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let mut words = None;
        word_starts(part, 0).find(|&start| {
            let street = &part[start..];
            let first = street.as_bytes()[0];
            let number = first.is_ascii_digit();
            let in_box = !number && begins_box(&text[usize::from(self.start) + start..]);
            if number || in_box {
                if !self.sound {
                    return false;
                }
                if in_box
                    && (SHIPS.iter().any(|ship| street.starts_with(ship)) || self.before_box && begins_box(street))
                {
                    return true;
                }
            } else if !first_word_has_capital(street) || street.starts_with("Suite") {
                return false;
            }
            let words = words.get_or_insert_with(|| StreetEnd::read(part));
            words.is_street_line_from(start) && (number || in_box || !is_unit(street))
        })
    }
}

static SHIPS: [&str; 4] = ["USNS ", "USNV ", "USS ", "USCGC "];

/// The byte offset from `from` on of `402 Willow Creek Road Denver` at the end of `text`.
fn street_before_city(text: &str, from: usize) -> Option<usize> {
    if !text.as_bytes()[from..].iter().any(u8::is_ascii_digit) {
        return None;
    }
    word_starts(text, from).find(|&start| {
        let street = &text[start..];
        street.as_bytes()[0].is_ascii_digit()
            && street_prefix(street).is_some_and(|end| is_city_name(street[end..].trim()))
    })
}

fn first_word_has_capital(text: &str) -> bool {
    text.starts_with(char::is_uppercase)
}

/// Byte offsets from `from` on at which words begin, in order.
fn word_starts(text: &str, from: usize) -> impl Iterator<Item = usize> {
    let mut free = true;
    text[from..].char_indices().filter_map(move |(at, c)| {
        let starts = free && c.is_alphanumeric();
        free = c.is_whitespace() || matches!(c, ',' | '-' | '\'') || c.is_ascii() && IS_BREAK[c as usize];
        starts.then_some(from + at)
    })
}

fn begins_box(text: &str) -> bool {
    if !text.as_bytes().first().is_some_and(|first| b"puhrcg".contains(&first.to_ascii_lowercase())) {
        return false;
    }
    [
        "PO Box",
        "P.O. Box",
        "P.O Box",
        "P. O. Box",
        "Post Office Box",
        "Unit ",
        "PSC ",
        "CMR ",
        "GPO Box",
        "HC ",
        "RR ",
        "USNS ",
        "USNV ",
        "USS ",
        "USCGC ",
    ]
    .iter()
    .any(|known| text.get(..known.len()).is_some_and(|start| start.eq_ignore_ascii_case(known)))
}

/// A capitalised name of at most four words.
fn is_city_name(value: &str) -> bool {
    is_city(value)
        && value.split_whitespace().count() <= 4
        && first_word_has_capital(value)
        && !value.ends_with('.')
        && value.split_whitespace().all(|word| word.starts_with(char::is_uppercase) || word.len() < 5)
}

/// The byte offset behind the city that follows a postal code at `at`: capitalised words, with small words between.
fn city_after(text: &str, at: usize) -> Option<usize> {
    let rest = text[at..].strip_prefix(' ')?;
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

/// The byte offset at which a street line begins with which `text` ends, as France, Germany, Italy and Spain write it.
fn continental_street(text: &str) -> Option<usize> {
    let reach = behind_last_break(text);
    // It stands on one line and has a number.
    let reach = memchr::memrchr(b'\n', text.as_bytes()).map_or(reach, |at| reach.max(at + 1));
    if !text.as_bytes()[reach..].iter().any(u8::is_ascii_digit) {
        return None;
    }
    let starts: Vec<usize> = word_starts(text, reach).collect();
    let words = StreetEnd::read(&text[reach..]);
    let accepted = |start: usize| {
        let first = text[start..].chars().next();
        first.is_some_and(|c| c.is_ascii_digit() || c.is_alphabetic()) && words.is_street_line_from(start - reach)
    };
    let index = starts.iter().rposition(|start| accepted(*start))?;
    let mut first = index;
    // The rest of a name of several words (Lange Straße) and the number before a French street.
    for earlier in (0..index).rev().take(3) {
        let word = text[starts[earlier]..starts[earlier + 1]].trim_end_matches(is_gap);
        let number = word.bytes().next().is_some_and(|byte| byte.is_ascii_digit());
        if text[starts[earlier]..starts[earlier + 1]].contains('\n') || !(number || first_word_has_capital(word)) {
            break;
        }
        if accepted(starts[earlier]) {
            first = earlier;
        }
    }
    Some(starts[first])
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
