//! Tells whether a value is the street line of a mailing address.
//!
//! In English the kind of street ends its name; the other countries put it first (rue, via, calle) or last in a
//! compound word (Hauptstraße).

use super::street_token::{Token, tokens};
use super::street_words::{
    BEFORE_BAG, BEFORE_BOX, BEHIND_NUMBER, BOX, DIRECTION, ENDING, FIRST_KIND, FRENCH_KIND, GERMAN_FIRST, KIND,
    MEASURE, NUMBERED_ROAD, OF_BOX, SMALL_WORD, UNIT, WHOLE_BOX, may_be_first,
};

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
    let value = value.trim();
    if !is_length_of_street_line(value) {
        return false;
    }
    // Most values begin with a word that no unit begins with.
    let Some(first) = Token::first_of(value).filter(|first| first.is(UNIT) || first.has_digit()) else { return false };
    // A unit has five words at most.
    let mut read = [first; 5];
    let mut count = 0;
    for token in tokens(value) {
        let Some(place) = read.get_mut(count) else { return false };
        *place = token;
        count += 1;
    }
    match &read[..count] {
        [unit] => unit.text.len() < 8 && unit.text.starts_with('#') && unit.has_digit(),
        [unit, number] => {
            (unit.is(UNIT) && number.text.len() < 8 && (unit.has_digit() || number.has_digit()))
                || (unit.has_digit() && unit.text.len() < 6 && number.is(UNIT))
        }
        [unit, rest @ ..] => {
            unit.is(UNIT) && rest[0].text.len() < 8 && read[..count].iter().any(|token| token.has_digit())
        }
        [] => false,
    }
}

/// Words of a street line; commas part them as spaces do.
struct Tokens<'a> {
    tokens: [Token<'a>; Tokens::MAX],
    count: usize,
}

impl<'a> Tokens<'a> {
    const MAX: usize = 14;

    /// `None` when the value is too long for a street line or holds no digit.
    fn read(value: &'a str) -> Option<Tokens<'a>> {
        let value = value.trim();
        if !is_length_of_street_line(value) || !value.bytes().any(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let mut read = Tokens { tokens: [Token::EMPTY; Tokens::MAX], count: 0 };
        for token in tokens(value) {
            *read.tokens.get_mut(read.count)? = token;
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

/// The words of a text with which a street line may end, each read once for all the places where it may begin, and only
/// where it may begin there.
pub(super) struct StreetEnd<'a> {
    text: &'a str,
    /// The last words, as many as a street line has at most, in order, behind those that are not read.
    tokens: [Token<'a>; Tokens::MAX],
    /// The number of those that are not read.
    unread: usize,
    /// Length in bytes of what stands before the words that are read.
    rest: usize,
    ending: Option<Ending>,
}

/// What the end of a text says of all the street lines that may begin in it.
#[derive(Clone, Copy)]
struct Ending {
    /// There may be a box.
    boxed: bool,
    /// It may be that of a compound name and its number.
    compound: bool,
}

impl<'a> StreetEnd<'a> {
    /// The words of `text`, which does not end with white space.
    pub(super) fn new(text: &'a str) -> StreetEnd<'a> {
        let tokens = [Token::EMPTY; Tokens::MAX];
        StreetEnd { text, tokens, unread: Tokens::MAX, rest: text.len(), ending: None }
    }

    /// [`is_street_line`] of the text from the byte offset `start` on, where no white space stands.
    pub(super) fn is_street_line_from(&mut self, start: usize) -> bool {
        let text = self.text;
        let street = &text[start..];
        if !is_length_of_street_line(street) {
            return false;
        }
        let may_be_first = match street.as_bytes() {
            [first, second, ..] => first.is_ascii_digit() || may_be_first(*first, *second),
            _ => true,
        };
        if !(may_be_first && Token::first_of(street).is_some_and(Token::may_begin_street)) {
            let ending = self.ending();
            if !(ending.boxed || ending.compound && street.starts_with(char::is_uppercase)) {
                return false;
            }
        }
        while self.rest > start && self.read_word() {}
        let place = street.as_ptr();
        let words = &self.tokens[self.unread..];
        match words.iter().position(|word| word.text.as_ptr() == place) {
            Some(first) => {
                let words = &words[first..];
                words.iter().any(|word| word.has_digit()) && are_street_line(words)
            }
            // Too many words follow.
            None if self.rest > start => false,
            // Inside a word.
            None => is_street_line(street),
        }
    }

    /// Reads the word before those that are read; false when there is none, or no place for it.
    fn read_word(&mut self) -> bool {
        let text = self.text;
        let before = &text[..self.rest];
        let Some(token) = (self.unread > 0).then(|| Token::last_of(before)).flatten() else { return false };
        self.unread -= 1;
        self.tokens[self.unread] = token;
        self.rest = token.text.as_ptr() as usize - text.as_ptr() as usize;
        true
    }

    /// The word of that number, 0 for the last.
    fn word_from_end(&mut self, index: usize) -> Option<Token<'a>> {
        while self.unread + index >= Tokens::MAX && self.read_word() {}
        self.tokens[self.unread..].iter().rev().nth(index).copied()
    }

    fn ending(&mut self) -> Ending {
        if let Some(ending) = self.ending {
            return ending;
        }
        let is_number = |word: Token<'_>| word.is_house_number() && word.text.len() < 8;
        let number = (0..2).find(|index| self.word_from_end(*index).is_some_and(is_number));
        let name = number.and_then(|index| self.word_from_end(index + 1));
        let ending = Ending { boxed: may_hold_box(self.text), compound: name.is_some_and(Token::may_end_as_street) };
        self.ending = Some(ending);
        ending
    }
}

/// False when `box` and `bag` are surely no words of the text.
fn may_hold_box(text: &str) -> bool {
    let bytes = text.as_bytes();
    let goes_on = |first: usize| matches!(bytes.get(first + 2), Some(b'x' | b'X' | b'g' | b'G'));
    memchr::memchr2_iter(b'b', b'B', bytes).any(goes_on) || !text.is_ascii()
}

/// `P.O. Box 12`, `HC 74 Box 189`, `PSC 4785, Box 12`, `Postfach 12 34`, `BP 40`, `Locked Bag 7`.
fn is_box(tokens: &[Token<'_>]) -> bool {
    let Some(at) = tokens.iter().position(|token| token.is(BOX)) else {
        return tokens[0].is(WHOLE_BOX) && tokens.len() < 6 && tokens[1..].iter().any(|token| token.has_digit());
    };
    let named = tokens[..at].iter().any(|token| token.is(OF_BOX))
        || (at == 2 && tokens[0].is(BEFORE_BOX))
        || (at == 1 && tokens[0].is(BEFORE_BAG));
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
        && (first.is(BEHIND_NUMBER) || (others.len() > 1 && first.is_house_number() && !others[0].is(KIND)))
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
        .all(|token| token.is_capitalised() || token.has_digit() || token.is(SMALL_WORD));
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
