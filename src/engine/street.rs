//! Tells whether a value is the street line of a mailing address.
//!
//! In English the kind of street ends its name; the other countries put it first (rue, via, calle) or last in a
//! compound word (Hauptstraße).

use super::street_words::{
    self, DIRECTION, ENDING, FIRST_KIND, FRENCH_KIND, GERMAN_FIRST, KIND, MEASURE, NUMBERED_ROAD, Parts, UNIT,
};
use super::word_list;

/// True when the whole value is a street line: `568 Hills Branch Unit 86`, `2400 EAST 4TH ST`, `P.O. Box 12`,
/// `Hauptstraße 5`, `12 rue de la Paix`, `Via Roma 3`, `Calle Mayor 7, 2º`.
pub fn is_street_line(value: &str) -> bool {
    let Some(tokens) = Tokens::read(value) else { return false };
    let tokens = tokens.as_slice();
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
    parts: Parts,
    folded: [u8; LONGEST],
    /// Bytes of the folded word; `None` for a long word.
    length: Option<u8>,
}

/// Bytes of the longest word that is folded.
const LONGEST: usize = 24;

impl<'a> Token<'a> {
    const EMPTY: Token<'a> = Token { text: "", parts: Parts::NONE, folded: [0; LONGEST], length: None };

    fn read(text: &'a str) -> Token<'a> {
        let mut token = Token { text, ..Self::EMPTY };
        token.length = token.fold().map(|length| length as u8);
        token.parts = token.with_folded(street_words::parts).unwrap_or_default();
        token
    }

    /// Writes the word in lower case, without accents and final dots, and gives its length; `None` for a long word.
    fn fold(&mut self) -> Option<usize> {
        let word = self.text.trim_end_matches(['.', ':']);
        if word.is_ascii() {
            let folded = self.folded.get_mut(..word.len())?;
            folded.copy_from_slice(word.as_bytes());
            folded.make_ascii_lowercase();
            return Some(word.len());
        }
        let mut length = 0;
        for c in word.chars() {
            let mut single = [0u8; 4];
            let letters = match c {
                _ if c.is_ascii() => c.to_ascii_lowercase().encode_utf8(&mut single),
                _ => word_list::fold(c)?,
            };
            self.folded.get_mut(length..length + letters.len())?.copy_from_slice(letters.as_bytes());
            length += letters.len();
        }
        Some(length)
    }

    fn is(self, part: Parts) -> bool {
        self.parts.has(part)
    }

    /// True when the word, lower case and without accents and dots, is in the list.
    fn is_in(self, list: &[&str]) -> bool {
        self.with_folded(|folded| list.contains(&folded)).unwrap_or(false)
    }

    /// Gives the word in lower case, without accents and final dots, to `look`; `None` for a long word.
    fn with_folded<T>(self, look: impl FnOnce(&str) -> T) -> Option<T> {
        std::str::from_utf8(&self.folded[..usize::from(self.length?)]).ok().map(look)
    }

    fn has_digit(self) -> bool {
        self.text.bytes().any(|byte| byte.is_ascii_digit())
    }

    /// `12`, `12B`, `64-20`, `1/55`, `2163`; at most six digits.
    fn is_house_number(self) -> bool {
        let digits = self.text.bytes().filter(u8::is_ascii_digit).count();
        let letters = self.text.bytes().filter(u8::is_ascii_alphabetic).count();
        self.text.starts_with(|c: char| c.is_ascii_digit())
            && (1..=6).contains(&digits)
            && letters <= 1
            && !(self.text.starts_with('0') && digits > 2)
            && self.text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-/".contains(&byte))
    }

    /// A word of a street's name: begins with a letter, or is an ordinal (4th).
    fn is_name(self) -> bool {
        let mut chars = self.text.chars();
        match chars.next() {
            Some(first) if first.is_alphabetic() => {
                self.text.chars().filter(char::is_ascii_digit).count() <= 4
                    && self.text.chars().all(|c| c.is_alphanumeric() || "'’.-/&".contains(c))
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
}

/// Words of a street line; commas stand apart from the words before them.
struct Tokens<'a> {
    tokens: [Token<'a>; Tokens::MAX],
    count: usize,
}

impl<'a> Tokens<'a> {
    const MAX: usize = 14;

    /// `None` when the value is too long for a street line or holds no digit.
    fn read(value: &'a str) -> Option<Tokens<'a>> {
        let value = value.trim();
        if !(3..=100).contains(&value.len()) || !value.bytes().any(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let mut read = Tokens { tokens: [Token::EMPTY; Tokens::MAX], count: 0 };
        for text in value.split([' ', ',', '\u{A0}', '\u{202F}', '\n', '\r', '\t']).filter(|text| !text.is_empty()) {
            *read.tokens.get_mut(read.count)? = Token::read(text);
            read.count += 1;
        }
        Some(read)
    }

    fn as_slice(&self) -> &[Token<'a>] {
        &self.tokens[..self.count]
    }
}

/// `P.O. Box 12`, `HC 74 Box 189`, `PSC 4785, Box 12`, `Postfach 12 34`, `BP 40`, `Locked Bag 7`.
fn is_box(tokens: &[Token<'_>]) -> bool {
    const NAMES: &[&str] =
        &["po", "p.o", "pob", "pobox", "gpo", "postfach", "bp", "apartado", "hc", "rr", "psc", "cmr"];
    let Some(at) = tokens.iter().position(|token| token.is_in(&["box", "bag"])) else {
        return tokens[0].is_in(&["pobox", "pob", "postfach", "bp", "apartado"])
            && tokens.len() < 6
            && tokens[1..].iter().any(|token| token.has_digit());
    };
    let named = tokens[..at].iter().any(|token| token.is_in(NAMES))
        || (at == 2 && tokens[0].is_in(&["post", "unit", "route", "p", "locked", "private"]))
        || (at == 1 && tokens[0].is_in(&["locked", "private"]));
    named && at < 4 && tokens.get(at + 1).is_some_and(|token| token.has_digit())
}

/// A house number, a name and a kind of street, or a unit, or directions; or French.
fn is_number_first(tokens: &[Token<'_>]) -> bool {
    let [number, rest @ ..] = tokens else { return false };
    if !number.is_house_number() || rest.is_empty() {
        return false;
    }
    let mut street = rest;
    while let [first, others @ ..] = street
        && !others.is_empty()
        && (first.is_in(&["bis", "ter", "quater", "blk", "block", "1/2", "-"])
            || (others.len() > 1 && first.is_house_number() && !others[0].is(KIND)))
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
        .all(|token| token.is_capitalised() || token.has_digit() || token.is_in(&["of", "the", "and"]));
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
    let ends_as_street = |token: Token<'_>| token.with_folded(street_words::ends_as_street).unwrap_or(false);
    let last = street[at - 1];
    let compound = ends_as_street(last) && street[0].is_capitalised() && (last.text.chars().count() > 5 || at > 1);
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
