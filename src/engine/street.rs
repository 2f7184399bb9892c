//! Tells whether a value is the street line of a mailing address.
//!
//! In English the kind of street ends its name; the other countries put it first (rue, via, calle) or last in a
//! compound word (Hauptstraße).

use super::street_words::{
    self, DIRECTION, ENDING, FIRST_KIND, FRENCH_KIND, GERMAN_FIRST, KIND, Key, MEASURE, NO_KEY, NUMBERED_ROAD, Parts,
    UNIT, key,
};
use super::word_list;
use crate::identifiers::first_words::beginning;

/// True when the whole value is a street line: `568 Hills Branch Unit 86`, `2400 EAST 4TH ST`, `P.O. Box 12`,
/// `Hauptstraße 5`, `12 rue de la Paix`, `Via Roma 3`, `Calle Mayor 7, 2º`.
pub fn is_street_line(value: &str) -> bool {
    Tokens::read(value).is_some_and(|tokens| are_street_line(tokens.as_slice()))
}

fn are_street_line(tokens: &[Token<'_>]) -> bool {
    is_box(tokens) || is_number_first(tokens) || is_kind_first(tokens) || is_compound(tokens)
}

/// Length in bytes of the longest beginning of `text` that is a street line with a number in front and a known kind of
/// street, apartment included; for addresses without a comma behind the street.
pub(super) fn street_prefix(text: &str) -> Option<usize> {
    let tokens = Tokens::read(text)?;
    let tokens = tokens.as_slice();
    let [number, rest @ ..] = tokens else { return None };
    if !number.is_house_number() {
        return None;
    }
    let kind = rest.iter().skip(1).position(|token| token.is(KIND) || token.is(ENDING))? + 1;
    let mut last = kind;
    if rest.get(last + 1).is_some_and(|token| token.is(DIRECTION)) {
        last += 1;
    }
    while rest.get(last + 1).is_some_and(|token| token.is(UNIT)) && rest.len() > last + 2 {
        last += 2;
    }
    let token = rest[last];
    Some(token.text.as_ptr() as usize + token.text.len() - text.as_ptr() as usize)
}

/// True when the value is the second line of an address: `Apt 4B`, `Suite 200`, `#12`, `2nd Floor`.
pub fn is_unit(value: &str) -> bool {
    // A unit has five words at most.
    if value.split(SEPARATORS).filter(|text| !text.is_empty()).nth(5).is_some() {
        return false;
    }
    let Some(tokens) = Tokens::read(value) else { return false };
    match tokens.as_slice() {
        [unit] => unit.text.len() < 8 && unit.text.starts_with('#') && unit.has_digit(),
        [unit, number] => {
            (unit.is(UNIT) && number.text.len() < 8) || (unit.has_digit() && unit.text.len() < 6 && number.is(UNIT))
        }
        [unit, rest @ ..] => unit.is(UNIT) && rest.len() < 5 && rest[0].text.len() < 8,
        [] => false,
    }
}

/// A word of a street line.
#[derive(Clone, Copy)]
struct Token<'a> {
    text: &'a str,
    /// The word in lower case, without accents and final dots.
    key: Key,
    parts: Parts,
    digits: u8,
    /// ASCII letters.
    letters: u8,
    /// The kinds of bytes in it.
    kinds: u8,
}

/// What the bytes of a token can be.
const DIGIT: u8 = 1;
const LETTER: u8 = 1 << 1;
/// `-` and `/`, which house numbers and names have.
const NUMBER_SIGN: u8 = 1 << 2;
/// Signs that only names have.
const NAME_SIGN: u8 = 1 << 3;
const OTHER: u8 = 1 << 4;
const BEYOND_ASCII: u8 = 1 << 5;

static KINDS: [u8; 256] = {
    let mut kinds = [OTHER; 256];
    let mut byte = 0;
    while byte < 256 {
        kinds[byte] = match byte as u8 {
            b'0'..=b'9' => DIGIT,
            b'a'..=b'z' | b'A'..=b'Z' => LETTER,
            b'-' | b'/' => NUMBER_SIGN,
            b'\'' | b'.' | b'&' => NAME_SIGN,
            128.. => BEYOND_ASCII,
            _ => OTHER,
        };
        byte += 1;
    }
    kinds
};

impl<'a> Token<'a> {
    const EMPTY: Token<'a> = Token { text: "", key: 0, parts: Parts::NONE, digits: 0, letters: 0, kinds: 0 };

    fn read(text: &'a str) -> Token<'a> {
        let (mut digits, mut letters, mut kinds) = (0, 0, 0);
        for byte in text.bytes() {
            let kind = KINDS[usize::from(byte)];
            kinds |= kind;
            digits += kind & DIGIT;
            letters += kind >> 1 & 1;
        }
        let key =
            if kinds & BEYOND_ASCII == 0 { key_of_ascii(text) } else { fold(text).map_or(NO_KEY, |word| key(&word)) };
        let parts = if kinds & (LETTER | BEYOND_ASCII) == 0 { Parts::NONE } else { street_words::parts(key) };
        Token { text, key, parts, digits, letters, kinds }
    }

    fn is(self, part: Parts) -> bool {
        self.parts.has(part)
    }

    /// True when the word, lower case and without accents and dots, is in the list.
    fn is_in(self, list: &[Key]) -> bool {
        list.contains(&self.key)
    }

    fn has_digit(self) -> bool {
        self.digits > 0
    }

    /// `12`, `12B`, `64-20`, `1/55`, `2163`; at most six digits.
    fn is_house_number(self) -> bool {
        self.kinds & !(DIGIT | LETTER | NUMBER_SIGN) == 0
            && self.text.starts_with(|c: char| c.is_ascii_digit())
            && (1..=6).contains(&self.digits)
            && self.letters <= 1
            && !(self.text.starts_with('0') && self.digits > 2)
    }

    /// A word of a street's name: begins with a letter, or is an ordinal (4th).
    fn is_name(self) -> bool {
        let mut chars = self.text.chars();
        match chars.next() {
            Some(first) if first.is_alphabetic() => {
                self.digits <= 4
                    && self.kinds & OTHER == 0
                    && (self.kinds & BEYOND_ASCII == 0
                        || self.text.chars().all(|c| c.is_ascii() || c.is_alphanumeric() || c == '’'))
            }
            Some(first) if first.is_ascii_digit() => {
                let letters = self.text.trim_start_matches(|c: char| c.is_ascii_digit());
                ["st", "nd", "rd", "th"].iter().any(|end| letters.eq_ignore_ascii_case(end))
            }
            _ => false,
        }
    }

    fn is_capitalised(self) -> bool {
        self.text.starts_with(char::is_uppercase)
    }

    /// True when the word ends as the compound name of a street does.
    fn ends_as_street(self) -> bool {
        fold(self.text).is_some_and(|word| street_words::ends_as_street(&word))
    }
}

/// Bytes of the longest word that is folded.
const LONGEST: usize = 24;

/// The word without final dots.
fn without_dots(word: &str) -> &str {
    word.trim_end_matches(['.', ':'])
}

/// The word in lower case, without accents and final dots; `None` for a long word and one of another script.
fn fold(word: &str) -> Option<String> {
    let mut folded = String::new();
    for c in without_dots(word).chars() {
        match c {
            _ if c.is_ascii() => folded.push(c.to_ascii_lowercase()),
            _ => folded.push_str(word_list::fold(c)?),
        }
    }
    (folded.len() <= LONGEST).then_some(folded)
}

/// [`key`] of [`fold`] for words of ASCII. Signs that are in no word of a list may come out as others.
fn key_of_ascii(word: &str) -> Key {
    let length = without_dots(word).len();
    match length {
        0 => 0,
        1..=8 => Key::from(beginning(word.as_bytes(), 0, length)),
        9..=16 => {
            let (first, others) = (beginning(word.as_bytes(), 0, 8), beginning(word.as_bytes(), 8, length - 8));
            Key::from(first) | Key::from(others) << 64
        }
        _ => NO_KEY,
    }
}

/// Words of a street line; commas part them as spaces do.
struct Tokens<'a> {
    tokens: [Token<'a>; Tokens::MAX],
    count: usize,
}

/// True for what parts the words of a street line of ASCII.
fn parts_ascii(character: char) -> bool {
    matches!(character, ' ' | ',' | '\n' | '\r' | '\t')
}

/// What parts the words of a street line.
const SEPARATORS: [char; 7] = [' ', ',', '\u{A0}', '\u{202F}', '\n', '\r', '\t'];

impl<'a> Tokens<'a> {
    const MAX: usize = 14;

    /// `None` when the value is too long for a street line or holds no digit.
    fn read(value: &'a str) -> Option<Tokens<'a>> {
        let value = value.trim();
        if !is_length_of_street_line(value) || !value.bytes().any(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let mut read = Tokens { tokens: [Token::EMPTY; Tokens::MAX], count: 0 };
        for text in value.split(SEPARATORS).filter(|text| !text.is_empty()) {
            *read.tokens.get_mut(read.count)? = Token::read(text);
            read.count += 1;
        }
        Some(read)
    }

    fn as_slice(&self) -> &[Token<'a>] {
        &self.tokens[..self.count]
    }
}

fn is_length_of_street_line(value: &str) -> bool {
    (3..=100).contains(&value.len())
}

/// The words of a text with which a street line may end, read once for all the places where it may begin.
pub(super) struct StreetEnd<'a> {
    text: &'a str,
    /// The last words, as many as a street line has at most, in order, behind empty ones.
    tokens: [Token<'a>; Tokens::MAX],
    /// The number of empty ones.
    empty: usize,
}

impl<'a> StreetEnd<'a> {
    /// Reads the words of `text`, which does not end with white space.
    pub(super) fn read(text: &'a str) -> StreetEnd<'a> {
        let mut read = StreetEnd { text, tokens: [Token::EMPTY; Tokens::MAX], empty: Tokens::MAX };
        if !text.is_ascii() {
            text.rsplit(SEPARATORS).filter(|word| !word.is_empty()).take(Tokens::MAX).for_each(|word| read.add(word));
            return read;
        }
        let mut rest = text;
        while read.empty > 0 {
            rest = rest.trim_end_matches(parts_ascii);
            if rest.is_empty() {
                break;
            }
            let start = rest.bytes().rposition(|byte| parts_ascii(char::from(byte))).map_or(0, |at| at + 1);
            read.add(&rest[start..]);
            rest = &rest[..start];
        }
        read
    }

    fn add(&mut self, word: &'a str) {
        self.empty -= 1;
        self.tokens[self.empty] = Token::read(word);
    }

    /// [`is_street_line`] of the text from the byte offset `start` on, where no white space stands.
    pub(super) fn is_street_line_from(&self, start: usize) -> bool {
        let street = &self.text[start..];
        if !is_length_of_street_line(street) {
            return false;
        }
        let place = street.as_ptr();
        let words = &self.tokens[self.empty..];
        match words.iter().position(|word| word.text.as_ptr() == place) {
            Some(first) => {
                let words = &words[first..];
                words.iter().any(|word| word.has_digit()) && are_street_line(words)
            }
            // Too many words follow.
            None if self.empty == 0 && place < words[0].text.as_ptr() => false,
            // Inside a word.
            None => is_street_line(street),
        }
    }
}

/// `P.O. Box 12`, `HC 74 Box 189`, `PSC 4785, Box 12`, `Postfach 12 34`, `BP 40`, `Locked Bag 7`.
fn is_box(tokens: &[Token<'_>]) -> bool {
    const BOXES: &[Key] = &[key("box"), key("bag")];
    const NAMES: &[Key] = &[
        key("po"),
        key("p.o"),
        key("pob"),
        key("pobox"),
        key("gpo"),
        key("postfach"),
        key("bp"),
        key("apartado"),
        key("hc"),
        key("rr"),
        key("psc"),
        key("cmr"),
    ];
    const ALONE: &[Key] = &[key("pobox"), key("pob"), key("postfach"), key("bp"), key("apartado")];
    const OF_BAGS: &[Key] = &[key("locked"), key("private")];
    const BEFORE: &[Key] = &[key("post"), key("unit"), key("route"), key("p"), key("locked"), key("private")];
    let Some(at) = tokens.iter().position(|token| token.is_in(BOXES)) else {
        return tokens[0].is_in(ALONE) && tokens.len() < 6 && tokens[1..].iter().any(|token| token.has_digit());
    };
    let named = tokens[..at].iter().any(|token| token.is_in(NAMES))
        || (at == 2 && tokens[0].is_in(BEFORE))
        || (at == 1 && tokens[0].is_in(OF_BAGS));
    named && at < 4 && tokens.get(at + 1).is_some_and(|token| token.has_digit())
}

/// A house number, a name and a kind of street, or a unit, or directions; or French.
fn is_number_first(tokens: &[Token<'_>]) -> bool {
    const BETWEEN: &[Key] = &[key("bis"), key("ter"), key("quater"), key("blk"), key("block"), key("1/2"), key("-")];
    const SMALL_WORDS: &[Key] = &[key("of"), key("the"), key("and")];
    let [number, rest @ ..] = tokens else { return false };
    if !number.is_house_number() || rest.is_empty() {
        return false;
    }
    let mut street = rest;
    while let [first, others @ ..] = street
        && !others.is_empty()
        && (first.is_in(BETWEEN) || (others.len() > 1 && first.is_house_number() && !others[0].is(KIND)))
    {
        street = others;
    }
    if street.len() > 1 && street[0].is(FRENCH_KIND) && street[1].is_name() {
        return true;
    }
    // Everything behind the first word of a unit belongs to the unit.
    let unit = street.iter().position(|token| token.is(UNIT) || token.text.starts_with('#'));
    let has_unit = unit.is_some_and(|at| at > 0 && (at + 1 < street.len() || street[at].text.starts_with('#')));
    let street = if has_unit { &street[..unit.unwrap_or(street.len())] } else { street };
    let named = street.iter().take_while(|token| token.is_name() || token.is_house_number()).count();
    let street = &street[..named];
    if street.iter().any(|token| token.is(MEASURE)) {
        return false;
    }
    let kind = street.iter().skip(1).any(|token| token.is(KIND));
    let ending = street.len() > 1 && street.last().is_some_and(|token| token.is(ENDING));
    let direction =
        street.len() > 1 && street[0].is(DIRECTION) && (street[1].is_capitalised() || street[1].has_digit());
    let highway = street.len() > 1 && street[1].has_digit() && street[0].is(NUMBERED_ROAD);
    let capitalised = street
        .iter()
        .filter(|token| !token.is_house_number())
        .all(|token| token.is_capitalised() || token.has_digit() || token.is_in(SMALL_WORDS));
    (kind && street.len() < 8)
        || ((ending || direction || highway) && capitalised && street.len() < 7)
        || (has_unit && capitalised && (1..6).contains(&street.len()))
}

/// `Via Roma 3`, `Calle Mayor 7, 2º`, `Carrera 7 # 71-21`: the kind of street first, the number later.
fn is_kind_first(tokens: &[Token<'_>]) -> bool {
    let [kind, rest @ ..] = tokens else { return false };
    if let Some(name) = kind.text.strip_prefix("C/").or_else(|| kind.text.strip_prefix("c/"))
        && !name.is_empty()
    {
        return rest.iter().any(|token| token.is_house_number());
    }
    let single_letter = kind.text.len() < 3 && !kind.text.ends_with(['.', '/']);
    if !kind.is(FIRST_KIND) || single_letter || rest.is_empty() || rest.len() > 9 {
        return false;
    }
    let number = rest
        .iter()
        .position(|token| token.is_house_number() || token.text.starts_with(['#', 'n', 'N']) && token.has_digit());
    // `Via 2` is a way of taking a medicine as well; a Spanish street may be a number with another behind it.
    number.is_some_and(|at| at > 0 || rest.len() > 1 && rest[1..].iter().any(|token| token.has_digit()))
        && rest[0].text.starts_with(|c: char| c.is_alphanumeric())
        && (kind.is_capitalised() == rest.iter().any(|token| token.is_capitalised()) || !kind.is_capitalised())
}

/// `Hauptstraße 5`, `Lange Str. 12a`, `Am Markt 3`.
fn is_compound(tokens: &[Token<'_>]) -> bool {
    let number = tokens.iter().rposition(|token| token.is_house_number() && token.text.len() < 8);
    let Some(at) = number.filter(|at| *at > 0 && *at < 6 && at + 3 > tokens.len()) else { return false };
    let street = &tokens[..at];
    if !street.iter().all(|token| token.is_name() && !token.has_digit()) {
        return false;
    }
    let last = street[at - 1];
    let compound = street[0].is_capitalised() && last.ends_as_street() && (last.text.chars().count() > 5 || at > 1);
    compound
        || (at > 1
            && street[0].is(GERMAN_FIRST)
            && street[0].is_capitalised()
            && last.is_capitalised()
            && last.text.len() > 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn street_lines_of_eight_countries_are_found() {
        for value in [
            "568 Hills Branch Unit 86",
            "418 Olson Landing Apt 2",
            "2400 EAST 4TH ST",
            "200 WEST ARBOR DRIVE",
            "12977 TRINITY BLVD STE 108",
            "121 North LaSalle Street, Room 200",
            "64-20 175th Street",
            "2163 WEST 2200 SOUTH",
            "4401 NW 21ST TER",
            "1/55 Raws Cres",
            "12350 137 Avenue",
            "3300 BLK WELLER RD",
            "P.O. Box 12",
            "PO BOX 303",
            "HC 74 Box 189",
            "PSC 4785, Box 12",
            "Hauptstraße 5",
            "Lange Str. 12a",
            "Am Markt 3",
            "Postfach 1234",
            "12 rue de la Paix",
            "5 bis, avenue Foch",
            "Via Roma 3",
            "Piazza del Duomo, 12",
            "Calle Mayor 7, 2º",
            "C/ Alcalá 45",
            "Avda. de América 12, 3º B",
            "10 Downing Street",
        ] {
            assert!(is_street_line(value), "{value}");
        }
    }

    #[test]
    fn amounts_codes_and_plain_words_are_no_street_lines() {
        for value in [
            "",
            "12345",
            "Main Street",
            "24 HR metformin hydrochloride 500 MG Oral Tablet",
            "2 tablets daily",
            "10 mg",
            "3 Month Trial",
            "Influenza 2019",
            "Room 12",
            "John Smith",
            "2020-01-02",
            "Via 2",
            "St. Mary Medical Center",
            "100 Women",
        ] {
            assert!(!is_street_line(value), "{value}");
        }
    }

    #[test]
    fn units_are_second_lines() {
        for value in ["Apt 4B", "Suite 200", "#12", "Unit 3A-1", "2nd Floor", "STE C-1 2"] {
            assert!(is_unit(value), "{value}");
        }
        for value in ["Apartment", "Springfield", "200"] {
            assert!(!is_unit(value), "{value}");
        }
    }
}
