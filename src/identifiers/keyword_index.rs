//! Finds managed keywords in text and in names of columns and path elements.
//!
//! A keyword matches whole words and ignores case. Its spaces also match nothing, `_` or `-`; its own `_` and `-` match each
//! other and a space, so that `google-api-key` is in `GOOGLE_API_KEY`. A word also ends at `_`, `-`, `.`, `/` and at a
//! lower-to-upper change; in names of columns and path elements a change between letter and digit ends it too, so that
//! `phone2` is a phone.

use super::first_words::{BuildMixer, FirstWords, beginning_of, eight_at};
use super::text_masks::MaskedText;
use super::text_words::{Listener, PlainWord, Seeker, Word, each_wanted};
use std::borrow::Cow;
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
    /// The same, if it is ASCII.
    ascii: Option<Box<[u8]>>,
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
    first_words: FirstWords,
    /// First bytes of the words by which anchors are found, with the number of the anchor and the offset of the word in it.
    anchors: HashMap<u32, Vec<(u16, usize)>, BuildMixer>,
    anchor_texts: Vec<Box<[u8]>>,
}

impl KeywordIndex {
    /// Arranges `keywords`, each with the index of the identifier that it belongs to.
    pub fn new<'a>(keywords: impl IntoIterator<Item = (&'a str, u16)>) -> Self {
        let keywords: Vec<(&str, u16)> = keywords.into_iter().collect();
        let mut by_text: HashMap<Cow<'_, str>, u16> = HashMap::with_capacity(keywords.len());
        let mut index = Self {
            keywords: Vec::with_capacity(keywords.len()),
            ascii: vec![0; 128 * 128],
            lists: Vec::new(),
            other: HashMap::new(),
            first_words: FirstWords::new(),
            anchors: HashMap::default(),
            anchor_texts: Vec::new(),
        };
        for (text, identifier) in keywords {
            let is_folded = text.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase());
            let folded = if is_folded { Cow::Borrowed(text) } else { text.chars().map(fold).collect() };
            let next = index.keywords.len() as u16;
            let number = *by_text.entry(folded).or_insert_with_key(|folded| {
                let ascii = folded.is_ascii().then(|| folded.as_bytes().into());
                index.keywords.push(Keyword { characters: folded.chars().collect(), ascii, identifiers: Vec::new() });
                next
            });
            let identifiers = &mut index.keywords[usize::from(number)].identifiers;
            if !identifiers.contains(&identifier) {
                identifiers.push(identifier);
            }
            if number == next {
                index.file(number);
            }
        }
        index
    }

    fn file(&mut self, number: u16) {
        let characters = &self.keywords[usize::from(number)].characters;
        self.first_words.add(characters, number);
        let first = characters[0];
        let seconds = match characters.get(1) {
            Some(' ') => [Some(' '), Some('_'), Some('-'), characters.get(2).copied()],
            Some(&second) if is_joint(second) => [Some(' '), Some('_'), Some('-'), None],
            second => [second.copied(), None, None, None],
        };
        for second in seconds.into_iter().flatten() {
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
        let number = self.anchor_texts.len() as u16;
        self.anchors.entry(lower(eight_at(bytes, word) as u32)).or_default().push((number, word));
        self.anchor_texts.push(bytes.into());
        self.first_words.add_anchor(&bytes[word..]);
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
    ///
    /// `listener` is told of the words that it wants, so that it need not look for words again.
    pub fn find_in_text(
        &self,
        text: &str,
        masks: &MaskedText,
        hits: &mut Vec<KeywordHit>,
        anchors: &mut Vec<u16>,
        listener: &mut impl Listener,
    ) {
        each_wanted(text.as_bytes(), masks, &mut Search { index: self, text, hits, anchors }, listener);
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
        let four = lower(eight_at(text.as_bytes(), position) as u32);
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

    /// Looks for the keywords whose first word has `length` letters and digits and the first eight bytes `eight`.
    fn find_first_word(&self, text: &str, position: usize, length: usize, eight: u64, hits: &mut Vec<KeywordHit>) {
        let behind = eight_at(text.as_bytes(), position + length).to_le_bytes();
        for candidate in self.first_words.keywords(beginning_of(eight, length)) {
            if !candidate.may_go_on([behind[0], behind[1]]) {
                continue;
            }
            let number = candidate.keyword;
            let keyword = &self.keywords[usize::from(number)];
            let in_ascii = keyword.ascii.as_ref().map(|ascii| match_ascii_at(ascii, text.as_bytes(), position));
            let end = match in_ascii {
                Some(Ok(end)) => end,
                Some(Err(BeyondAscii)) | None => match_at(&keyword.characters, text, position, Place::Text),
            };
            if let Some(end) = end {
                hits.push(KeywordHit { keyword: number, start: position, end });
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

/// Looks for keywords and anchors among the words of a text.
struct Search<'s> {
    index: &'s KeywordIndex,
    text: &'s str,
    hits: &'s mut Vec<KeywordHit>,
    anchors: &'s mut Vec<u16>,
}

impl Seeker for Search<'_> {
    #[inline]
    fn seeks_digits(&self) -> bool {
        self.index.first_words.has_digits()
    }

    #[inline]
    fn may_be(&self, eight: u64, mixed: u64) -> bool {
        self.index.first_words.may_be_anchor(eight) | self.index.first_words.may_be_keyword(mixed)
    }

    fn plain(&mut self, word: &PlainWord) {
        if self.index.first_words.may_be_anchor(word.eight) {
            self.index.find_anchor(self.text, word.start, self.anchors);
        }
        if self.index.first_words.may_be_keyword(word.mixed) {
            self.index.find_first_word(self.text, word.start, word.length, word.eight, self.hits);
        }
    }

    fn odd(&mut self, word: &Word<'_>) {
        let Word { start, length, eight, mixed, .. } = *word;
        if word.beyond {
            self.index.find_at_odd(self.text, start, self.hits);
            self.index.find_anchor(self.text, start, self.anchors);
        } else if word.odd {
            if self.index.first_words.may_be_anchor(eight) {
                self.index.find_anchor(self.text, start, self.anchors);
            }
            self.index.find_at(self.text, start, Place::Text, self.hits);
        } else {
            self.plain(&PlainWord { start, length: length as usize, eight, mixed });
        }
    }
}

/// Letters in lower case; what happens to signs is the same for all.
fn lower(four: u32) -> u32 {
    four | (four & 0x4040_4040) >> 1
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

/// There is a character beyond ASCII where it matters.
struct BeyondAscii;

/// [`match_at`] in running text for keywords of ASCII, where the text is ASCII too.
fn match_ascii_at(keyword: &[u8], bytes: &[u8], position: usize) -> Result<Option<usize>, BeyondAscii> {
    let mut at = position;
    let mut last = b' ';
    for (index, &expected) in keyword.iter().enumerate() {
        let Some(&byte) = bytes.get(at) else {
            if expected == b' ' {
                continue;
            }
            return Ok(None);
        };
        if !byte.is_ascii() {
            return Err(BeyondAscii);
        }
        if expected == b' ' {
            if matches!(byte, b' ' | b'_' | b'-') && keyword.get(index + 1) != Some(&byte) {
                at += 1;
                last = byte;
            }
            continue;
        }
        let joint = |byte: u8| matches!(byte, b'_' | b'-');
        if byte.to_ascii_lowercase() != expected && !(joint(expected) && (joint(byte) || byte == b' ')) {
            return Ok(None);
        }
        last = byte;
        at += 1;
    }
    let next = bytes.get(at).copied().unwrap_or(b' ');
    if !next.is_ascii() {
        return Err(BeyondAscii);
    }
    let changes = last.is_ascii_lowercase() && next.is_ascii_uppercase();
    Ok((!last.is_ascii_alphanumeric() || !next.is_ascii_alphanumeric() || changes).then_some(at))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identifiers::text_words::Nobody;
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
            index.find_in_text(&text, &masks, &mut fast, &mut Vec::new(), &mut Nobody);
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
            index.find_in_text(text, &masks, &mut Vec::new(), &mut anchors, &mut Nobody);
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
