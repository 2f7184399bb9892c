//! Finds mailing addresses: a street, a city and the postal code of one of eight countries together.
//!
//! The search starts from what looks like a postal code and reads backwards: state, city, street. A city alone or a
//! street alone is not a mailing address.

use std::ops::Range;

use super::street::{is_street_line, is_unit, street_prefix};
use crate::engine::postal_address::is_city;
use crate::engine::postal_code;
use crate::engine::region::{self, System};

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

/// Byte ranges of the mailing addresses in `text`, in order and without overlap, from the street to the postal code or
/// the city behind it.
pub fn addresses_in(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut at = 0;
    while let Some(offset) = bytes[at..].iter().position(u8::is_ascii_digit) {
        let digit = at + offset;
        let Some(code) = code_around(bytes, digit) else {
            at = digit + bytes[digit..].iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
            continue;
        };
        at = code.place.end;
        let taken = found.last().map_or(0, |range| range.end);
        if let Some(range) = address_of(text, &code, taken) {
            at = at.max(range.end);
            found.push(range);
        }
    }
    found
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

/// Characters over which no address reaches.
fn is_break(c: char) -> bool {
    matches!(c, ':' | ';' | '"' | '<' | '>' | '|' | '(' | '[' | '{' | '=' | '\t' | '?' | '!' | '*')
}

/// The byte offset at which a street line begins that is followed by a city at the end of `text`.
fn street_and_city(text: &str) -> Option<usize> {
    let text = text.trim_end_matches(is_gap);
    let reach = text.rfind(is_break).map_or(0, |at| at + text[at..].chars().next().map_or(1, char::len_utf8));
    word_starts(text, reach).find(|start| {
        let candidate = &text[*start..];
        let first = candidate.as_bytes()[0];
        (first.is_ascii_digit() || begins_box(candidate)) && is_street_then_city(candidate)
            || (first.is_ascii_alphabetic() || !first.is_ascii()) && candidate.contains([',', '\n']) && {
                let (street, rest) = candidate.split_at(candidate.find([',', '\n']).unwrap_or(0));
                first_word_has_capital(street)
                    && !street.starts_with("Suite")
                    && is_street_line(street)
                    && !begins_box(street)
                    && is_city_name(last_segment(rest))
                    && !is_unit(street)
            }
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
        free = c.is_whitespace() || matches!(c, ',' | '>' | '-' | '\'') || is_break(c);
        starts.then_some(from + at)
    })
}

fn begins_box(text: &str) -> bool {
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

/// `452 Maple St, Apt 3B, Springfield`; between street and city only parts of a building or a part of the town stand.
fn is_street_then_city(text: &str) -> bool {
    let mut segments = text.split([',', '\n']).map(str::trim).filter(|segment| !segment.is_empty());
    let Some(street) = segments.next() else { return false };
    let Some(last) = segments.next_back() else {
        return street_prefix(street).is_some_and(|end| is_city_name(street[end..].trim()));
    };
    let ship = ["USNS ", "USNV ", "USS ", "USCGC "].iter().any(|ship| street.starts_with(ship));
    let street_is_sound = is_street_line(street)
        || ship
        || (begins_box(street) && segments.clone().next().is_some_and(|next| next.starts_with("Box")));
    let between = segments.clone().count() <= 3
        && segments.all(|segment| is_unit(segment) || is_city_name(segment) || segment.starts_with("Box "));
    street_is_sound && between && is_city_name(last)
}

fn last_segment(text: &str) -> &str {
    text.rsplit([',', '\n']).map(str::trim).find(|segment| !segment.is_empty()).unwrap_or_default()
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
    let reach = text.rfind(is_break).map_or(0, |at| at + 1);
    let starts: Vec<usize> = word_starts(text, reach).collect();
    let accepted = |start: usize| {
        let street = &text[start..];
        let last_start = street.trim_end().rfind([' ', ',']).map_or(0, |at| at + 1);
        let first = street.chars().next();
        let romance = first.is_some_and(|c| c.is_ascii_digit() || c.is_alphabetic()) && !street.contains('\n');
        romance && last_start < street.len() && is_street_line(street)
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
