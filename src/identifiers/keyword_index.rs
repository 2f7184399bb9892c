//! Finds managed keywords in text and in names of columns and path elements.
//!
//! A keyword matches whole words and ignores case. Its spaces also match nothing, `_` or `-`; its own `_` and `-` match each
//! other and a space, so that `google-api-key` is in `GOOGLE_API_KEY`. A word also ends at `_`, `-`, `.`, `/` and at a
//! lower-to-upper change; in names of columns and path elements a change between letter and digit ends it too, so that
//! `phone2` is a phone.

use std::collections::HashMap;

/// A keyword that was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeywordHit {
    /// Index of the keyword (see [`KeywordIndex::identifiers`] and [`KeywordIndex::length`]).
    pub keyword: u16,
    /// Byte offset of its first character.
    pub start: usize,
    /// Byte offset after its last character.
    pub end: usize,
}

/// Where keywords are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Running text, a cell, a record value.
    Text,
    /// A column name or a path element's name.
    Name,
}

#[derive(Debug)]
struct Keyword {
    characters: Box<[char]>,
    identifiers: Vec<u16>,
}

/// All keywords of a set of identifiers, arranged by their first two characters.
#[derive(Debug)]
pub struct KeywordIndex {
    keywords: Vec<Keyword>,
    /// For two ASCII characters, 1 + the index of their list in `lists`; 0 when no keyword starts so.
    ascii: Vec<u16>,
    lists: Vec<Vec<u16>>,
    other: HashMap<(char, char), Vec<u16>>,
}

impl KeywordIndex {
    /// Arranges `keywords`, each with the index of the identifier that it belongs to.
    pub fn new<'a>(keywords: impl IntoIterator<Item = (&'a str, u16)>) -> Self {
        let mut by_text: HashMap<Box<[char]>, u16> = HashMap::new();
        let mut index =
            Self { keywords: Vec::new(), ascii: vec![0; 128 * 128], lists: Vec::new(), other: HashMap::new() };
        for (text, identifier) in keywords {
            let characters: Box<[char]> = text.chars().map(fold).collect();
            let number = *by_text.entry(characters.clone()).or_insert_with(|| {
                index.keywords.push(Keyword { characters: characters.clone(), identifiers: Vec::new() });
                (index.keywords.len() - 1) as u16
            });
            let identifiers = &mut index.keywords[usize::from(number)].identifiers;
            if identifiers.is_empty() {
                identifiers.push(identifier);
                index.file(number);
            } else if !index.keywords[usize::from(number)].identifiers.contains(&identifier) {
                index.keywords[usize::from(number)].identifiers.push(identifier);
            }
        }
        index
    }

    fn file(&mut self, number: u16) {
        let characters = &self.keywords[usize::from(number)].characters;
        let first = characters[0];
        let mut seconds = Vec::new();
        match characters.get(1) {
            Some(' ') => {
                seconds.extend([' ', '_', '-']);
                seconds.extend(characters.get(2));
            }
            Some(&second) if is_joint(second) => seconds.extend([' ', '_', '-']),
            Some(&second) => seconds.push(second),
            None => {}
        }
        for second in seconds {
            if first.is_ascii() && second.is_ascii() {
                let slot = &mut self.ascii[usize::from(first as u8) * 128 + usize::from(second as u8)];
                if *slot == 0 {
                    self.lists.push(Vec::new());
                    *slot = self.lists.len() as u16;
                }
                self.lists[usize::from(*slot) - 1].push(number);
            } else {
                self.other.entry((first, second)).or_default().push(number);
            }
        }
    }

    /// The identifiers that a keyword belongs to, as the indices given to [`KeywordIndex::new`].
    pub fn identifiers(&self, keyword: u16) -> &[u16] {
        &self.keywords[usize::from(keyword)].identifiers
    }

    /// Number of characters of a keyword.
    pub fn length(&self, keyword: u16) -> usize {
        self.keywords[usize::from(keyword)].characters.len()
    }

    /// The keyword as it is compared: lower case.
    pub fn text(&self, keyword: u16) -> String {
        self.keywords[usize::from(keyword)].characters.iter().collect()
    }

    /// Appends all keywords in `text` to `hits`, in order of their start.
    pub fn find_in(&self, text: &str, place: Place, hits: &mut Vec<KeywordHit>) {
        let bytes = text.as_bytes();
        let mut position = 0;
        let mut previous = ' ';
        while position < bytes.len() {
            let byte = bytes[position];
            if byte.is_ascii() {
                let current = byte as char;
                if byte.is_ascii_alphanumeric() && starts_word(previous, current, place) {
                    self.find_at(text, position, place, hits);
                }
                previous = current;
                position += 1;
            } else {
                let Some(current) = text[position..].chars().next() else { return };
                if current.is_alphanumeric() && starts_word(previous, current, place) {
                    self.find_at(text, position, place, hits);
                }
                previous = current;
                position += current.len_utf8();
            }
        }
    }

    fn find_at(&self, text: &str, position: usize, place: Place, hits: &mut Vec<KeywordHit>) {
        let bytes = text.as_bytes();
        let first = bytes[position].to_ascii_lowercase();
        let list = match bytes.get(position + 1) {
            Some(second) if first.is_ascii() && second.is_ascii() => {
                let slot = self.ascii[usize::from(first) * 128 + usize::from(second.to_ascii_lowercase())];
                if slot == 0 {
                    return;
                }
                &self.lists[usize::from(slot) - 1]
            }
            _ => {
                let mut characters = text[position..].chars().map(fold);
                let (Some(first), Some(second)) = (characters.next(), characters.next()) else { return };
                let Some(list) = self.other.get(&(first, second)) else { return };
                list
            }
        };
        for &number in list {
            if let Some(end) = match_at(&self.keywords[usize::from(number)].characters, text, position, place) {
                hits.push(KeywordHit { keyword: number, start: position, end });
            }
        }
    }
}

/// Case folding good for keywords, and one apostrophe for both.
fn fold(character: char) -> char {
    match character {
        '\u{2019}' => '\'',
        _ if character.is_ascii() => character.to_ascii_lowercase(),
        _ => character.to_lowercase().next().unwrap_or(character),
    }
}

fn starts_word(previous: char, current: char, place: Place) -> bool {
    !previous.is_alphanumeric() || changes(previous, current, place)
}

/// A change between two characters of one word that still separates words.
fn changes(left: char, right: char, place: Place) -> bool {
    (left.is_lowercase() && right.is_uppercase()) || (place == Place::Name && left.is_numeric() != right.is_numeric())
}

/// A sign that joins words.
fn is_joint(character: char) -> bool {
    matches!(character, '_' | '-')
}

fn match_at(keyword: &[char], text: &str, position: usize, place: Place) -> Option<usize> {
    let mut rest = text[position..].chars();
    let mut last = ' ';
    for (index, &expected) in keyword.iter().enumerate() {
        if expected == ' ' {
            let mut ahead = rest.clone();
            if let Some(separator @ (' ' | '_' | '-')) = ahead.next() {
                // A keyword such as `fuhrerschein- nr` has a separator of its own before the space.
                let own = keyword.get(index + 1) == Some(&separator);
                if !own {
                    rest = ahead;
                    last = separator;
                }
            }
            continue;
        }
        let character = rest.next()?;
        let same = fold(character) == expected || (is_joint(expected) && (is_joint(character) || character == ' '));
        if !same {
            return None;
        }
        last = character;
    }
    let end = text.len() - rest.as_str().len();
    let next = rest.next().unwrap_or(' ');
    let ends = !last.is_alphanumeric() || !next.is_alphanumeric() || changes(last, next, place);
    ends.then_some(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(keywords: &[&str], text: &str, place: Place) -> Vec<String> {
        let index = KeywordIndex::new(keywords.iter().map(|&keyword| (keyword, 0)));
        let mut hits = Vec::new();
        index.find_in(text, place, &mut hits);
        hits.iter().map(|hit| text[hit.start..hit.end].to_string()).collect()
    }

    #[test]
    fn a_keyword_matches_whole_words_only() {
        assert!(found(&["med"], "medications", Place::Name).is_empty());
        assert!(found(&["sin"], "using sinus", Place::Text).is_empty());
        assert_eq!(found(&["med"], "MED-1 med. x_med", Place::Text), ["MED", "med", "med"]);
    }

    #[test]
    fn a_space_matches_nothing_underscore_or_hyphen() {
        for name in ["BIRTHDATE", "birth_date", "birth-date", "Birth Date", "birthDate", "patient.birthDate"] {
            assert_eq!(found(&["birth date"], name, Place::Name).len(), 1, "{name}");
        }
        assert!(found(&["birth date"], "birth/date", Place::Name).is_empty());
        assert!(found(&["birthday"], "birth_day", Place::Name).is_empty());
    }

    #[test]
    fn hyphens_and_underscores_of_a_keyword_match_each_other_and_a_space_but_not_nothing() {
        for text in ["google-api-key", "GOOGLE_API_KEY", "Google API key", "my_google_api-key"] {
            assert_eq!(found(&["google-api-key"], text, Place::Text).len(), 1, "{text}");
        }
        assert_eq!(found(&["cc_number", "x_id"], "CC-Number, X id", Place::Text), ["CC-Number", "X id"]);
        assert!(found(&["google-api-key"], "googleapikey google.api.key google--api-key", Place::Text).is_empty());
        assert_eq!(found(&["fuhrerschein- nr"], "fuhrerschein nr, fuhrerschein-nr", Place::Text).len(), 2);
    }

    #[test]
    fn case_changes_separate_words_and_digits_do_so_in_names() {
        assert_eq!(found(&["ssn"], "userSsn", Place::Name), ["Ssn"]);
        assert_eq!(found(&["phone"], "phone2", Place::Name), ["phone"]);
        assert!(found(&["phone"], "phone2", Place::Text).is_empty());
        assert!(found(&["mc"], "x9MC4q", Place::Text).is_empty());
    }

    #[test]
    fn keywords_with_signs_accents_and_apostrophes_are_found() {
        assert_eq!(found(&["ss#", "n.p.i", "driver's license"], "SS#: N.P.I. Driver’s License", Place::Text).len(), 3);
        assert_eq!(found(&["número residencial"], "Número Residencial", Place::Text).len(), 1);
        assert_eq!(found(&["шофьорска книжка"], "ШОФЬОРСКА КНИЖКА", Place::Text).len(), 1);
        assert_eq!(found(&["c card"], "c card, ccard, c_card", Place::Text).len(), 3);
        assert_eq!(found(&["cc #"], "cc# 1, CC #1", Place::Text).len(), 2);
    }
}
