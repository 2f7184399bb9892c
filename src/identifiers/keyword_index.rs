//! Finds managed keywords in text and in names of columns and path elements.
//!
//! A keyword matches whole words and ignores case. Its spaces also match nothing, `_` or `-`; its own `_` and `-` match each
//! other and a space, so that `google-api-key` is in `GOOGLE_API_KEY`. A word also ends at `_`, `-`, `.`, `/` and at a
//! lower-to-upper change; in names of columns and path elements a change between letter and digit ends it too, so that
//! `phone2` is a phone.

use super::text_masks::{MaskedText, STEP, alphanumeric};
use crate::blocks::TextMasks;
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
    beginnings: Beginnings,
    /// First bytes of the words by which anchors are found, with the number of the anchor and the offset of the word in it.
    anchors: HashMap<u32, Vec<(u16, usize)>, BuildMixer>,
    anchor_texts: Vec<Box<[u8]>>,
}

/// The first bytes with which texts that keywords match can begin.
///
/// A text of ASCII in which a keyword matches has its first bytes in `known`, ASCII letters in lower case; nearly all words of
/// a text are told apart from keywords by one look at `filter`.
#[derive(Debug)]
struct Beginnings {
    /// One bit for each hash of four bytes.
    filter: Vec<u64>,
    /// First bytes, and the keywords that can match there; keywords shorter than four bytes stand under what they have.
    known: HashMap<u32, Vec<u16>, BuildMixer>,
}

/// Bits of the number of bits in [`Beginnings::filter`]: 16 kB stay in the first cache.
const FILTER_BITS: u32 = 17;

/// Four bytes as they are looked up: `|` with 0x20 makes letters lower case and mixes up some signs, which does no harm.
const LOWER: u32 = 0x2020_2020;

/// Letters in lower case; what happens to signs is the same for all.
fn lower(four: u32) -> u32 {
    four | (four & 0x4040_4040) >> 1
}

fn mix(beginning: u32) -> u32 {
    beginning.wrapping_mul(0x9E37_79B1)
}

/// Hashes one `u32`.
#[derive(Debug, Default, Clone, Copy)]
struct Mixer(u64);

type BuildMixer = std::hash::BuildHasherDefault<Mixer>;

impl std::hash::Hasher for Mixer {
    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        }
    }

    fn write_u32(&mut self, value: u32) {
        self.0 = u64::from(value).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }

    fn finish(&self) -> u64 {
        self.0 ^ self.0 >> 32
    }
}

impl Beginnings {
    fn new() -> Self {
        Self { filter: vec![0; 1 << (FILTER_BITS - 6)], known: HashMap::default() }
    }

    fn add(&mut self, keyword: &[char], number: u16) {
        if keyword.len() < 2 {
            return;
        }
        let mut beginnings = Vec::new();
        spell(keyword, &mut Vec::new(), &mut beginnings);
        beginnings.sort_unstable();
        beginnings.dedup();
        for beginning in beginnings {
            let mut bytes = [0; 4];
            bytes[..beginning.len()].copy_from_slice(&beginning);
            let list = self.known.entry(lower(u32::from_le_bytes(bytes))).or_default();
            if list.last() != Some(&number) {
                list.push(number);
            }
            self.open(&beginning);
        }
    }

    /// Sets the bits of all texts of four bytes that begin so. A word ends behind a shorter beginning, or an upper-case letter
    /// follows, which the search looks for by itself.
    fn open(&mut self, beginning: &[u8]) {
        if beginning.len() == 4 {
            let at = mix(u32::from_le_bytes([beginning[0], beginning[1], beginning[2], beginning[3]]) | LOWER);
            self.filter[(at >> (32 - FILTER_BITS + 6)) as usize] |= 1 << (at >> (32 - FILTER_BITS) & 63);
            return;
        }
        let ends = beginning.last().is_some_and(|byte| !byte.is_ascii_alphanumeric());
        for next in 0..128_u8 {
            if ends || !next.is_ascii_alphanumeric() {
                let longer = [beginning, &[next | 0x20]].concat();
                // What stands behind the end of a word is of no account.
                if longer.len() == 4 { self.open(&longer) } else { self.open_all(&longer) }
            }
        }
    }

    fn open_all(&mut self, beginning: &[u8]) {
        if beginning.len() == 4 {
            return self.open(beginning);
        }
        // Only bytes with the bit 0x20 are looked up.
        for next in (0..128_u8).filter(|next| next & 0x20 != 0) {
            self.open_all(&[beginning, &[next]].concat());
        }
    }

    fn may_begin(&self, four: u32) -> bool {
        let at = mix(four | LOWER);
        self.filter[(at >> (32 - FILTER_BITS + 6)) as usize] >> (at >> (32 - FILTER_BITS) & 63) & 1 == 1
    }
}

/// All spellings in ASCII of the first four bytes of texts that the keyword matches.
fn spell(keyword: &[char], before: &mut Vec<u8>, spellings: &mut Vec<Vec<u8>>) {
    let [expected, rest @ ..] = keyword else { return spellings.push(before.clone()) };
    if before.len() == 4 {
        return spellings.push(before.clone());
    }
    if *expected == ' ' {
        spell(rest, before, spellings);
    }
    let signs: &[u8] = match expected {
        ' ' | '_' | '-' => b" _-",
        _ if expected.is_ascii() => &[*expected as u8],
        _ => return,
    };
    for sign in signs {
        before.push(*sign);
        spell(rest, before, spellings);
        before.pop();
    }
}

impl KeywordIndex {
    /// Arranges `keywords`, each with the index of the identifier that it belongs to.
    pub fn new<'a>(keywords: impl IntoIterator<Item = (&'a str, u16)>) -> Self {
        let mut by_text: HashMap<Box<[char]>, u16> = HashMap::new();
        let mut index = Self {
            keywords: Vec::new(),
            ascii: vec![0; 128 * 128],
            lists: Vec::new(),
            other: HashMap::new(),
            beginnings: Beginnings::new(),
            anchors: HashMap::default(),
            anchor_texts: Vec::new(),
        };
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
        self.beginnings.add(characters, number);
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

    /// Number of keywords; each one's index is below it.
    pub fn len(&self) -> usize {
        self.keywords.len()
    }

    /// True when there is no keyword.
    pub fn is_empty(&self) -> bool {
        self.keywords.is_empty()
    }

    /// The identifiers that a keyword belongs to, as the indices given to [`KeywordIndex::new`].
    pub fn identifiers(&self, keyword: u16) -> &[u16] {
        &self.keywords[usize::from(keyword)].identifiers
    }

    /// Adds a literal text, to be found in any case together with the keywords in running text. The first one is number 0.
    ///
    /// A text is found by the first word that begins inside it, and else at the beginnings of words only. False, and nothing
    /// is added, when the text has no word.
    pub fn add_anchor(&mut self, anchor: &str) -> bool {
        let bytes = anchor.as_bytes();
        let begins = |at: &usize| bytes[*at].is_ascii_alphanumeric() && !bytes[*at - 1].is_ascii_alphanumeric();
        let long = |at: &usize| *at + 4 <= bytes.len();
        let inside = (1..bytes.len()).filter(begins).find(long).or_else(|| (1..bytes.len()).find(begins));
        let word = match inside {
            Some(at) => at,
            None if bytes.len() > 2 && bytes[0].is_ascii_alphanumeric() => 0,
            None => return false,
        };
        if !anchor.is_ascii() || bytes.len() - word < 3 {
            return false;
        }
        let word_bytes = &bytes[word..(word + 4).min(bytes.len())];
        let mut four = [0; 4];
        four[..word_bytes.len()].copy_from_slice(word_bytes);
        let number = self.anchor_texts.len() as u16;
        self.anchors.entry(lower(u32::from_le_bytes(four))).or_default().push((number, word));
        self.anchor_texts.push(bytes.into());
        self.beginnings.open_all(word_bytes);
        true
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

    /// Appends all keywords in running text to `hits`, in order of their start, as [`KeywordIndex::find_in`] does; `masks` are
    /// those of `text`. The numbers of the anchors in `text` are added to `anchors`, each once.
    pub fn find_in_text(&self, text: &str, masks: &MaskedText, hits: &mut Vec<KeywordHit>, anchors: &mut Vec<u16>) {
        let mut before = TextMasks::default();
        for (index, word) in masks.words().iter().enumerate() {
            let after = masks.word(index + 1);
            let alnum = alphanumeric(word);
            let lower = word.letter & !word.upper;
            let behind_alphanumeric = alnum << 1 | alphanumeric(&before) >> 63;
            let behind_lower = lower << 1 | (before.letter & !before.upper) >> 63;
            let change = word.upper & behind_lower;
            let starts = alnum & !behind_alphanumeric | change;
            // Where characters beyond ASCII stand before, in or right behind the first four bytes, they are read one by one. So
            // are words that a change of case may end after less than four letters.
            let high = u128::from(word.high) | u128::from(after.high) << 64;
            let changes = u128::from(change) | u128::from(after.upper & (!after.upper << 1 | lower >> 63)) << 64;
            let odd = (high | high >> 1 | high >> 2 | high >> 3 | changes >> 1 | changes >> 2 | changes >> 3) as u64;
            let odd = odd | word.high << 1 | before.high >> 63;
            let base = index * STEP;
            let mut left = starts | (odd & (alnum | word.high));
            while left != 0 {
                let bit = left.trailing_zeros();
                left &= left - 1;
                let position = base + bit as usize;
                if odd >> bit & 1 == 1 {
                    self.find_at_odd(text, position, hits);
                    self.find_anchor(text, position, anchors);
                    continue;
                }
                let four = four_at(text.as_bytes(), position);
                if self.beginnings.may_begin(four) {
                    self.find_beginning(text, position, four, hits);
                    self.find_anchor(text, position, anchors);
                }
            }
            before = *word;
        }
    }

    /// Looks at a place near characters beyond ASCII: it may be inside a character, and the character before it counts.
    #[cold]
    fn find_at_odd(&self, text: &str, position: usize, hits: &mut Vec<KeywordHit>) {
        let Some((before, rest)) = text.split_at_checked(position) else { return };
        let Some(current) = rest.chars().next() else { return };
        let previous = before.chars().next_back().unwrap_or(' ');
        if current.is_alphanumeric() && starts_word(previous, current, Place::Text) {
            self.find_at(text, position, Place::Text, hits);
        }
    }

    fn find_anchor(&self, text: &str, position: usize, anchors: &mut Vec<u16>) {
        if self.anchors.is_empty() {
            return;
        }
        let four = lower(four_at(text.as_bytes(), position));
        for key in [four, four & 0xFF_FFFF] {
            for &(number, word) in self.anchors.get(&key).map_or(&[][..], Vec::as_slice) {
                let anchor = &self.anchor_texts[usize::from(number)];
                let here =
                    position.checked_sub(word).and_then(|start| text.as_bytes().get(start..start + anchor.len()));
                if here.is_some_and(|here| here.eq_ignore_ascii_case(anchor)) && !anchors.contains(&number) {
                    anchors.push(number);
                }
            }
        }
    }

    fn find_beginning(&self, text: &str, position: usize, four: u32, hits: &mut Vec<KeywordHit>) {
        let four = lower(four);
        let mut last = 0;
        for key in [four, four & 0xFF_FFFF, four & 0xFFFF] {
            // At the end of the text, zeros stand for what is not there.
            if key == last {
                continue;
            }
            last = key;
            let Some(list) = self.beginnings.known.get(&key) else { continue };
            for &number in list {
                if let Some(end) = match_at(&self.keywords[usize::from(number)].characters, text, position, Place::Text)
                {
                    hits.push(KeywordHit { keyword: number, start: position, end });
                }
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

/// The four bytes at `position`; zeros behind the end.
fn four_at(bytes: &[u8], position: usize) -> u32 {
    match bytes.get(position..).and_then(|rest| rest.first_chunk::<4>()) {
        Some(four) => u32::from_le_bytes(*four),
        None => bytes[position..].iter().rev().fold(0, |four, byte| four << 8 | u32::from(*byte)),
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
    use proptest::prelude::*;

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

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, cases: 3000, ..ProptestConfig::default() })]

        #[test]
        fn the_fast_search_finds_what_the_slow_one_finds(
            text in "(\\PC|[a-dA-D _-]{1,3}|ssn|SSN|Birth|Date|birth[ _-]?date|c[ _-]?card|É|é|\u{2019}|\u{212A}|dl#|mc|x_id|api|key|[0-9]|\n|\u{0}){0,24}",
        ) {
            let keywords = ["ssn", "birth date", "c card", "dl#", "ss# ", "mc", "x_id", "api-key", "é c", "aé", "ab", "a b", "abcd", "b c d",
                "driver's", "kéy", "a-b", "ca", "k1", "b", "d\u{e9}d"];
            let index = KeywordIndex::new(keywords.iter().map(|&keyword| (keyword, 0)));
            let (mut slow, mut fast) = (Vec::new(), Vec::new());
            index.find_in(&text, Place::Text, &mut slow);
            let mut masks = MaskedText::default();
            masks.read(text.as_bytes());
            index.find_in_text(&text, &masks, &mut fast, &mut Vec::new());
            for hits in [&mut slow, &mut fast] {
                hits.sort_by_key(|hit| (hit.start, hit.end, hit.keyword));
            }
            prop_assert_eq!(slow, fast);
        }
    }

    #[test]
    fn anchors_are_found_in_any_case_where_a_word_begins() {
        let mut index = KeywordIndex::new([]);
        assert!(index.add_anchor("k_live_") && index.add_anchor("eyJ") && index.add_anchor("PRIVATE KEY-----"));
        assert!(!index.add_anchor("==") && !index.add_anchor("é_abcd"));
        let found = |text: &str| {
            let (mut masks, mut anchors) = (MaskedText::default(), Vec::new());
            masks.read(text.as_bytes());
            index.find_in_text(text, &masks, &mut Vec::new(), &mut anchors);
            anchors
        };
        assert_eq!(found("xSK_LIVE_ EYj"), [0, 1]);
        assert_eq!(found("éeyJ private key-----"), [1, 2]);
        assert_eq!(found("k-live_ aeyj PRIVATE KEY----"), [0_u16; 0]);
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
