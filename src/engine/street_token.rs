//! One word of a street line: what its bytes are and which parts it can play.

use super::street_words::{self, FIRST_KIND, GERMAN_FIRST, Key, NO_KEY, Parts, WHOLE_BOX, key};
use super::word_list;
use crate::identifiers::first_words::beginning;

/// A word of a street line.
#[derive(Clone, Copy)]
pub(super) struct Token<'a> {
    /// The word as it is written.
    pub(super) text: &'a str,
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
/// What parts words: space, comma, line ends and tab.
const SEPARATOR: u8 = 1 << 6;

static KINDS: [u8; 256] = {
    let mut kinds = [OTHER; 256];
    let mut byte = 0;
    while byte < 256 {
        kinds[byte] = match byte as u8 {
            b'0'..=b'9' => DIGIT,
            b'a'..=b'z' | b'A'..=b'Z' => LETTER,
            b'-' | b'/' => NUMBER_SIGN,
            b'\'' | b'.' | b'&' => NAME_SIGN,
            b' ' | b',' | b'\n' | b'\r' | b'\t' => SEPARATOR,
            128.. => BEYOND_ASCII,
            _ => OTHER,
        };
        byte += 1;
    }
    kinds
};

/// Bytes of the longest word that is folded.
const LONGEST: usize = 24;

impl<'a> Token<'a> {
    /// No word.
    pub(super) const EMPTY: Token<'a> = Token { text: "", parts: Parts::NONE, digits: 0, letters: 0, kinds: 0 };

    /// Reads a word that no separator parts.
    pub(super) fn read(text: &'a str) -> Token<'a> {
        let (mut digits, mut letters, mut kinds) = (0, 0, 0);
        for byte in text.bytes() {
            let kind = KINDS[usize::from(byte)];
            kinds |= kind;
            digits += kind & DIGIT;
            letters += kind >> 1 & 1;
        }
        // No word of a list is made of digits alone.
        let parts = if kinds & (LETTER | BEYOND_ASCII | NUMBER_SIGN) == 0 {
            Parts::NONE
        } else {
            street_words::parts(key_of_token(text, kinds))
        };
        Token { text, parts, digits, letters, kinds }
    }

    /// True when the word can play one of the parts.
    pub(super) fn is(self, part: Parts) -> bool {
        self.parts.has(part)
    }

    /// True when an ASCII digit is in it.
    pub(super) fn has_digit(self) -> bool {
        self.digits > 0
    }

    /// `12`, `12B`, `64-20`, `1/55`, `2163`; at most six digits.
    pub(super) fn is_house_number(self) -> bool {
        self.kinds & !(DIGIT | LETTER | NUMBER_SIGN) == 0
            && self.text.starts_with(|c: char| c.is_ascii_digit())
            && (1..=6).contains(&self.digits)
            && self.letters <= 1
            && !(self.text.starts_with('0') && self.digits > 2)
    }

    /// A word of a street's name: begins with a letter, or is an ordinal (4th).
    pub(super) fn is_name(self) -> bool {
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

    /// True when it begins with a capital.
    pub(super) fn is_capitalised(self) -> bool {
        self.text.starts_with(char::is_uppercase)
    }

    /// True when the word ends as the compound name of a street does.
    pub(super) fn ends_as_street(self) -> bool {
        if self.kinds & BEYOND_ASCII == 0 {
            let word = without_dots(self.text);
            return word.len() <= LONGEST && street_words::ends_as_street(word.as_bytes());
        }
        fold(self.text).is_some_and(|word| street_words::ends_as_street(word.as_bytes()))
    }

    /// False when no word that ends as this one does [ends as a street](Token::ends_as_street).
    pub(super) fn may_end_as_street(self) -> bool {
        self.kinds & BEYOND_ASCII != 0 || street_words::ends_as_street(without_dots(self.text).as_bytes())
    }

    /// False when no street line begins with the word, but for one of a box and for one that ends in a compound.
    pub(super) fn may_begin_street(self) -> bool {
        const FIRST: Parts = FIRST_KIND.or(GERMAN_FIRST).or(WHOLE_BOX);
        self.is_house_number() || self.is(FIRST) || self.text.starts_with("C/") || self.text.starts_with("c/")
    }
}

/// The word without final dots.
fn without_dots(word: &str) -> &str {
    let dots = word.bytes().rev().take_while(|byte| matches!(byte, b'.' | b':')).count();
    &word[..word.len() - dots]
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

/// [`key`] of [`fold`] for a word of those kinds of bytes.
fn key_of_token(word: &str, kinds: u8) -> Key {
    if kinds & BEYOND_ASCII != 0 {
        return fold(word).map_or(NO_KEY, |word| key(&word));
    }
    let word = without_dots(word).as_bytes();
    // Making letters small would turn these into signs that words of the lists have.
    if kinds & OTHER != 0 && word.iter().any(u8::is_ascii_control) {
        return NO_KEY;
    }
    match word.len() {
        0 => 0,
        1..=8 => Key::from(beginning(word, 0, word.len())),
        9..=16 => Key::from(beginning(word, 0, 8)) | Key::from(beginning(word, 8, word.len() - 8)) << 64,
        _ => NO_KEY,
    }
}

/// Bytes of the separator that begins with `bytes`; 0 when none does.
fn separator_size(bytes: &[u8]) -> usize {
    match bytes {
        [0xC2, 0xA0, ..] => 2,
        [0xE2, 0x80, 0xAF, ..] => 3,
        [byte, ..] => usize::from(KINDS[usize::from(*byte)] & SEPARATOR != 0),
        [] => 0,
    }
}

/// The words of a text, parted by separators: spaces of any width that does not break a line, commas, line ends and tabs.
pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    let bytes = text.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            match separator_size(&bytes[at..]) {
                0 => break,
                size => at += size,
            }
        }
        let start = at;
        while at < bytes.len() && separator_size(&bytes[at..]) == 0 {
            at += 1;
        }
        (start < at).then(|| &text[start..at])
    })
}

/// The word with which `text` ends, separators apart.
pub(super) fn last_word(text: &str) -> Option<&str> {
    // The first byte of a wide separator is in no other place than before the rest of it.
    let bytes = text.as_bytes();
    let ends_with_separator = |end: usize| match bytes[..end] {
        [.., 0xC2, 0xA0] => 2,
        [.., 0xE2, 0x80, 0xAF] => 3,
        [.., byte] => usize::from(KINDS[usize::from(byte)] & SEPARATOR != 0),
        [] => 0,
    };
    let mut end = bytes.len();
    loop {
        match ends_with_separator(end) {
            0 => break,
            size => end -= size,
        }
    }
    let mut start = end;
    while start > 0 && ends_with_separator(start) == 0 {
        start -= 1;
    }
    (start < end).then(|| &text[start..end])
}
