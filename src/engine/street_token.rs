//! One word of a street line: what its bytes are and which parts it can play.

use super::street_words::{self, FIRST, Key, NO_KEY, Parts, key};
use super::word_list;
use crate::identifiers::first_words::beginning;

/// A word of a street line.
#[derive(Clone, Copy)]
pub(super) struct Token<'a> {
    /// The word as it is written.
    pub(super) text: &'a str,
    parts: Parts,
    counts: Counts,
}

/// How many bytes of each kind a word has: eight bits for each kind, which is enough for words of up to 255 bytes.
#[derive(Clone, Copy, Default)]
struct Counts(u64);

const DIGITS: u32 = 0;
const LETTERS: u32 = 8;
/// `-` and `/`, which house numbers and names have.
const NUMBER_SIGNS: u32 = 16;
/// Signs that only names have.
const NAME_SIGNS: u32 = 24;
const OTHERS: u32 = 32;
const BEYOND_ASCII: u32 = 40;
/// What parts words: space, comma, line ends and tab.
const SEPARATORS: u32 = 48;

static COUNTS: [u64; 256] = {
    let mut counts = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let kind = match byte as u8 {
            b'0'..=b'9' => DIGITS,
            b'a'..=b'z' | b'A'..=b'Z' => LETTERS,
            b'-' | b'/' => NUMBER_SIGNS,
            b'\'' | b'.' | b'&' => NAME_SIGNS,
            b' ' | b',' | b'\n' | b'\r' | b'\t' => SEPARATORS,
            128.. => BEYOND_ASCII,
            _ => OTHERS,
        };
        counts[byte] = 1 << kind;
        byte += 1;
    }
    counts
};

impl Counts {
    fn of(byte: u8) -> Counts {
        Counts(COUNTS[usize::from(byte)])
    }

    /// The number of bytes of the kind.
    fn get(self, kind: u32) -> u8 {
        (self.0 >> kind) as u8
    }

    /// True when there are bytes of other kinds than those that are counted below the kind.
    fn has_from(self, kind: u32) -> bool {
        self.0 >> kind != 0
    }
}

/// Bytes of the longest word that is folded.
const LONGEST: usize = 24;

impl<'a> Token<'a> {
    /// No word.
    pub(super) const EMPTY: Token<'a> = Token { text: "", parts: Parts::NONE, counts: Counts(0) };

    /// The word with which `text`, of at most 255 bytes, begins, separators apart.
    pub(super) fn first_of(text: &'a str) -> Option<Token<'a>> {
        let bytes = text.as_bytes();
        let mut start = 0;
        loop {
            match separator_size(&bytes[start..]) {
                0 => break,
                size => start += size,
            }
        }
        let mut counts = Counts::default();
        let mut end = start;
        for byte in &bytes[start..] {
            let count = Counts::of(*byte);
            if count.has_from(BEYOND_ASCII) && separator_size(&bytes[end..]) > 0 {
                break;
            }
            counts.0 += count.0;
            end += 1;
        }
        (start < end).then(|| Token::of(&text[start..end], counts))
    }

    /// The word with which `text`, of at most 255 bytes, ends, separators apart.
    pub(super) fn last_of(text: &'a str) -> Option<Token<'a>> {
        let bytes = text.as_bytes();
        let mut end = bytes.len();
        loop {
            match separator_size_before(&bytes[..end]) {
                0 => break,
                size => end -= size,
            }
        }
        let mut counts = Counts::default();
        let mut start = end;
        for byte in bytes[..end].iter().rev() {
            let count = Counts::of(*byte);
            if count.has_from(BEYOND_ASCII) && separator_size_before(&bytes[..start]) > 0 {
                break;
            }
            counts.0 += count.0;
            start -= 1;
        }
        (start < end).then(|| Token::of(&text[start..end], counts))
    }

    fn of(text: &'a str, counts: Counts) -> Token<'a> {
        // No word of a list is made of digits alone.
        let parts =
            if counts.has_from(LETTERS) { street_words::parts(key_of_token(text, counts)) } else { Parts::NONE };
        Token { text, parts, counts }
    }

    /// True when the word can play one of the parts.
    pub(super) fn is(self, part: Parts) -> bool {
        self.parts.has(part)
    }

    /// True when an ASCII digit is in it.
    pub(super) fn has_digit(self) -> bool {
        self.counts.get(DIGITS) > 0
    }

    /// `12`, `12B`, `64-20`, `1/55`, `2163`; at most six digits.
    pub(super) fn is_house_number(self) -> bool {
        let digits = self.counts.get(DIGITS);
        (1..=6).contains(&digits)
            && self.counts.get(LETTERS) <= 1
            && !self.counts.has_from(NAME_SIGNS)
            && self.text.as_bytes()[0].is_ascii_digit()
            && !(self.text.starts_with('0') && digits > 2)
    }

    /// A word of a street's name: begins with a letter, or is an ordinal (4th).
    pub(super) fn is_name(self) -> bool {
        let mut chars = self.text.chars();
        match chars.next() {
            Some(first) if first.is_alphabetic() => {
                self.counts.get(DIGITS) <= 4
                    && self.counts.get(OTHERS) == 0
                    && (self.counts.get(BEYOND_ASCII) == 0
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
        if self.counts.get(BEYOND_ASCII) == 0 {
            let word = without_dots(self.text);
            return word.len() <= LONGEST && street_words::ends_as_street(word.as_bytes());
        }
        fold(self.text).is_some_and(|word| street_words::ends_as_street(word.as_bytes()))
    }

    /// False when no word that ends as this one does [ends as a street](Token::ends_as_street).
    pub(super) fn may_end_as_street(self) -> bool {
        self.counts.get(BEYOND_ASCII) > 0 || street_words::ends_as_street(without_dots(self.text).as_bytes())
    }

    /// False when no street line begins with the word, but for one of a box and for one that ends in a compound.
    pub(super) fn may_begin_street(self) -> bool {
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

/// [`key`] of [`fold`] for a word of those bytes.
fn key_of_token(word: &str, counts: Counts) -> Key {
    if counts.get(BEYOND_ASCII) > 0 {
        return fold(word).map_or(NO_KEY, |word| key(&word));
    }
    let word = without_dots(word).as_bytes();
    // Making letters small would turn these into signs that words of the lists have.
    if counts.get(OTHERS) > 0 && word.iter().any(u8::is_ascii_control) {
        return NO_KEY;
    }
    match word.len() {
        0 => 0,
        1..=8 => Key::from(beginning(word, 0, word.len())),
        9..=16 => Key::from(beginning(word, 0, 8)) | Key::from(beginning(word, 8, word.len() - 8)) << 64,
        _ => NO_KEY,
    }
}

/// Bytes of the separator with which `bytes` begin: a space or no-break space, a comma, a line end or a tab; 0 when
/// they begin with none.
fn separator_size(bytes: &[u8]) -> usize {
    match bytes {
        [byte, ..] if byte.is_ascii() => usize::from(Counts::of(*byte).has_from(SEPARATORS)),
        [0xC2, 0xA0, ..] => 2,
        [0xE2, 0x80, 0xAF, ..] => 3,
        _ => 0,
    }
}

/// Bytes of the separator with which `bytes` end; 0 when they end with none.
fn separator_size_before(bytes: &[u8]) -> usize {
    match bytes {
        [.., byte] if byte.is_ascii() => usize::from(Counts::of(*byte).has_from(SEPARATORS)),
        [.., 0xC2, 0xA0] => 2,
        [.., 0xE2, 0x80, 0xAF] => 3,
        _ => 0,
    }
}

/// The words of a text, parted by separators.
pub(super) fn tokens(text: &str) -> impl Iterator<Item = Token<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let token = Token::first_of(rest)?;
        rest = &rest[token.text.as_ptr() as usize + token.text.len() - rest.as_ptr() as usize..];
        Some(token)
    })
}
