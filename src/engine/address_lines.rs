//! The street and the city that stand before a postal code, found from their end.

use super::postal_address::{REACH, is_city};
use super::street::{StreetEnd, is_unit, street_prefix};

/// What the bytes before a postal code are.
const DIGIT: u8 = 1;
const LETTER: u8 = 1 << 1;
/// Comma and line end, which part the lines of an address.
const CUT: u8 = 1 << 2;
/// Signs over which no address reaches.
const BREAK: u8 = 1 << 3;
/// Signs behind which a word may begin.
const BEFORE_WORD: u8 = 1 << 4;
/// White space and comma, which may stand between an address and its code.
const GAP: u8 = 1 << 5;
/// Signs that are in names of cities.
const CITY_SIGN: u8 = 1 << 6;
const BEYOND_ASCII: u8 = 1 << 7;

static KINDS: [u8; 256] = {
    let mut kinds = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        kinds[byte] = match byte as u8 {
            b'0'..=b'9' => DIGIT,
            b'a'..=b'z' | b'A'..=b'Z' => LETTER,
            b',' | b'\n' => CUT | GAP | BEFORE_WORD,
            b'\t' => BREAK | GAP | BEFORE_WORD,
            b'\r' | 0x0B | 0x0C => GAP | BEFORE_WORD,
            b' ' => GAP | BEFORE_WORD | CITY_SIGN,
            b':' | b';' | b'"' | b'<' | b'>' | b'|' | b'[' | b'{' | b'=' | b'?' | b'!' | b'*' => BREAK | BEFORE_WORD,
            b'(' => BREAK | BEFORE_WORD | CITY_SIGN,
            b'-' | b'\'' => BEFORE_WORD | CITY_SIGN,
            b'.' | b'/' | b')' => CITY_SIGN,
            128.. => BEYOND_ASCII,
            _ => 0,
        };
        byte += 1;
    }
    kinds
};

fn kinds_of(byte: u8) -> u8 {
    KINDS[usize::from(byte)]
}

/// True for white space and commas.
fn is_gap(c: char) -> bool {
    c.is_whitespace() || c == ','
}

/// The text without the white space and commas at its end.
pub(super) fn without_gap(text: &str) -> &str {
    let end = text.bytes().rposition(|byte| kinds_of(byte) & GAP == 0).map_or(0, |last| last + 1);
    match text.as_bytes()[..end] {
        [.., last] if !last.is_ascii() => text[..end].trim_end_matches(is_gap),
        _ => &text[..end],
    }
}

/// What stands between a cut, or a sign over which no address reaches, and a byte offset.
struct Stretch {
    /// Byte offset.
    start: usize,
    /// It has an ASCII digit.
    digits: bool,
    /// A cut stands before it.
    goes_on: bool,
}

impl Stretch {
    fn before(text: &str, end: usize) -> Stretch {
        let bytes = &text.as_bytes()[..end];
        let mut seen = 0;
        for (at, byte) in bytes.iter().enumerate().rev() {
            let kinds = kinds_of(*byte);
            if kinds & (CUT | BREAK) != 0 {
                return Stretch { start: at + 1, digits: seen & DIGIT != 0, goes_on: kinds & CUT != 0 };
            }
            seen |= kinds;
        }
        Stretch { start: 0, digits: seen & DIGIT != 0, goes_on: false }
    }
}

/// The byte offset at which a street line begins that is followed by a city at the end of `text`.
pub(super) fn street_and_city(text: &str) -> Option<usize> {
    let text = without_gap(text);
    // Behind the last comma or line end stands the city, or all of an address without commas.
    let city = Stretch::before(text, text.len());
    if !city.goes_on || !is_city_name(text[city.start..].trim()) {
        return if city.digits { street_before_city(text, city.start) } else { None };
    }
    // The parts before it, from the last to the first.
    let mut parts = [Part::default(); MOST_PARTS];
    let (mut count, mut end, mut next) = (0, city.start - 1, Part { sound: true, ..Part::default() });
    loop {
        let Stretch { start, digits, goes_on } = Stretch::before(text, end);
        let part = text[start..end].trim();
        if !part.is_empty() && count < MOST_PARTS {
            parts[count] = Part { start: start as u8, end: end as u8, digits, ..next };
            count += 1;
            next.sound = goes_on
                && next.sound
                && count <= 3
                && (is_city_name(part) || part.starts_with("Box ") || is_unit(part));
            next.before_box = part.starts_with("Box");
        }
        if !goes_on {
            break;
        }
        end = start - 1;
    }
    let in_part = |part: &Part| part.street(text).map(|start| usize::from(part.start) + start);
    parts[..count].iter().rev().find_map(in_part)
}

/// A part of an address between commas or line ends.
#[derive(Debug, Clone, Copy, Default)]
struct Part {
    /// Byte offsets.
    start: u8,
    end: u8,
    /// It has an ASCII digit.
    digits: bool,
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
        if !self.sound && !self.digits {
            return None;
        }
        let mut end = None;
        find_word(part, 0, |start| {
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
            self.digits
                && end.get_or_insert_with(|| StreetEnd::new(part)).is_street_line_from(start)
                && (number || in_box || !is_unit(street))
        })
    }
}

static SHIPS: [&str; 4] = ["USNS ", "USNV ", "USS ", "USCGC "];

/// The byte offset from `from` on of `402 Willow Creek Road Denver` at the end of `text`.
fn street_before_city(text: &str, from: usize) -> Option<usize> {
    if !text.as_bytes()[from..].iter().any(u8::is_ascii_digit) {
        return None;
    }
    find_word(text, from, |start| {
        let street = &text[start..];
        street.as_bytes()[0].is_ascii_digit()
            && street_prefix(street).is_some_and(|end| is_city_name(street[end..].trim()))
    })
}

fn first_word_has_capital(text: &str) -> bool {
    text.starts_with(char::is_uppercase)
}

/// The first byte offset from `from` on at which a word begins that is accepted.
#[inline]
fn find_word(text: &str, from: usize, mut is_accepted: impl FnMut(usize) -> bool) -> Option<usize> {
    let bytes = text.as_bytes();
    let (mut at, mut free) = (from, true);
    while at < bytes.len() {
        let kinds = kinds_of(bytes[at]);
        if kinds & BEYOND_ASCII != 0 {
            let c = text[at..].chars().next()?;
            if free && c.is_alphanumeric() && is_accepted(at) {
                return Some(at);
            }
            free = c.is_whitespace();
            at += c.len_utf8();
            continue;
        }
        if free && kinds & (LETTER | DIGIT) != 0 && is_accepted(at) {
            return Some(at);
        }
        free = kinds & BEFORE_WORD != 0;
        at += 1;
        // Nothing begins before the next sign behind which something may.
        while !free && at < bytes.len() && kinds_of(bytes[at]) & (BEFORE_WORD | BEYOND_ASCII) == 0 {
            at += 1;
        }
    }
    None
}

fn begins_box(text: &str) -> bool {
    // The first two letters tell nearly all other words apart.
    let [first, second, ..] = text.as_bytes() else { return false };
    let known = matches!(
        [first | 0x20, second | 0x20],
        [b'p', b'o' | b'.' | b's'] | [b'u', b'n' | b's'] | [b'c', b'm'] | [b'g', b'p'] | [b'h', b'c'] | [b'r', b'r']
    );
    if !known {
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

/// A capitalised name of at most four words; `value` neither begins nor ends with white space.
fn is_city_name(value: &str) -> bool {
    match value.as_bytes() {
        [] => false,
        [first, ..] if first.is_ascii() && !first.is_ascii_uppercase() => false,
        bytes if bytes.is_ascii() => is_city_name_of_ascii(bytes),
        _ => {
            is_city(value)
                && value.split_whitespace().count() <= 4
                && first_word_has_capital(value)
                && !value.ends_with('.')
                && value.split_whitespace().all(|word| word.starts_with(char::is_uppercase) || word.len() < 5)
        }
    }
}

fn is_city_name_of_ascii(value: &[u8]) -> bool {
    // The number of letters and signs of the word so far, and whether it may have more than four.
    let (mut letters, mut words, mut length, mut capital) = (0, 0, 0, false);
    for byte in value {
        let kinds = kinds_of(*byte);
        if kinds & (LETTER | CITY_SIGN) == 0 {
            return false;
        }
        letters += u32::from(kinds & LETTER != 0);
        if *byte == b' ' {
            length = 0;
            continue;
        }
        if length == 0 {
            words += 1;
            capital = byte.is_ascii_uppercase();
        }
        length += 1;
        if length == 5 && !capital {
            return false;
        }
    }
    letters >= 2 && value.len() <= 40 && words <= 4 && value.last() != Some(&b'.')
}

/// The byte offset at which a street line begins with which `text` ends, as France, Germany, Italy and Spain write it.
pub(super) fn continental_street(text: &str) -> Option<usize> {
    // It stands on one line and has a number.
    let mut reach = text.len();
    let mut digits = false;
    while reach > 0 {
        let before = text.as_bytes()[reach - 1];
        if kinds_of(before) & BREAK != 0 || before == b'\n' {
            break;
        }
        digits |= before.is_ascii_digit();
        reach -= 1;
    }
    if !digits {
        return None;
    }
    let mut starts = Vec::new();
    find_word(text, reach, |start| {
        starts.push(start);
        false
    });
    let mut words = StreetEnd::new(&text[reach..]);
    let mut accepted = |start: usize| {
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
