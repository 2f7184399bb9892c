//! The words with which keywords begin, and the beginnings of words by which anchors are found: nearly all words of a text are
//! told apart from them by one look at a row of bits.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// The first letters and digits of a word, at most eight, letters in lower case, zeros behind its end.
pub type Beginning = u64;

/// Bits of the number of bits in [`FirstWords::filter`]: 4 kB stay in the first cache beside the text.
const FILTER_BITS: u32 = 15;
/// Bits of the number of bits in [`FirstWords::anchors`].
const ANCHOR_BITS: u32 = 12;

/// First words of keywords and first letters of anchors' words.
#[derive(Debug)]
pub(super) struct FirstWords {
    /// One bit for each hash of the beginning of a word.
    filter: Box<[u64; 1 << (FILTER_BITS - 6)]>,
    /// Beginnings, and the keywords whose first word begins so.
    known: HashMap<Beginning, Vec<Candidate>, BuildMixer>,
    /// One bit for each hash of the first three bytes of a word of an anchor.
    anchors: Box<[u64; 1 << (ANCHOR_BITS - 6)]>,
    /// A keyword or a word of an anchor begins with a digit.
    digits: bool,
}

/// A keyword whose first word is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Candidate {
    /// The keyword's number.
    pub(super) keyword: u16,
    /// What has to follow the word, one of the signs that join words apart: a letter in lower case or a digit; 0 where that is
    /// not known.
    next: u8,
}

impl Candidate {
    /// False when the keyword does not match where `following` are the two bytes behind its first word.
    #[inline]
    pub(super) fn may_go_on(self, following: [u8; 2]) -> bool {
        self.next == 0 || (matches!(following[0], b' ' | b'_' | b'-') && following[1].to_ascii_lowercase() == self.next)
    }
}

/// Makes a word's letters lower case; digits stay what they are.
const LOWER: u64 = 0x2020_2020_2020_2020;

/// Mixes a beginning: its highest bits say where it stands in rows of bits of any size.
#[inline]
pub fn mix(beginning: Beginning) -> u64 {
    beginning.wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

/// The beginning of the word of `length` letters and digits at `at`.
#[inline]
pub fn beginning(bytes: &[u8], at: usize, length: usize) -> Beginning {
    beginning_of(eight_at(bytes, at), length)
}

/// The beginning of a word of `length` letters and digits whose first eight bytes, and what may follow them, are `eight`.
#[inline]
pub fn beginning_of(eight: u64, length: usize) -> Beginning {
    const SHOWN: [u64; 9] = {
        let mut shown = [u64::MAX; 9];
        shown[0] = 0xFF;
        let mut length = 1;
        while length < 8 {
            shown[length] = u64::MAX >> (64 - 8 * length);
            length += 1;
        }
        shown
    };
    (eight | LOWER) & SHOWN[length.min(8)]
}

/// The eight bytes at `at`; zeros behind the end.
#[inline]
pub fn eight_at(bytes: &[u8], at: usize) -> u64 {
    match bytes.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
        Some(eight) => u64::from_le_bytes(*eight),
        None => bytes[at..].iter().rev().fold(0, |eight, byte| eight << 8 | u64::from(*byte)),
    }
}

impl FirstWords {
    pub(super) fn new() -> Self {
        Self {
            filter: Box::new([0; 1 << (FILTER_BITS - 6)]),
            known: HashMap::default(),
            anchors: Box::new([0; 1 << (ANCHOR_BITS - 6)]),
            digits: false,
        }
    }

    /// Adds a keyword. A text of ASCII in which it matches begins with one of the words that are noted for it.
    pub(super) fn add(&mut self, keyword: &[char], number: u16) {
        if keyword.len() < 2 {
            return;
        }
        each_first_word(keyword, |beginning, rest| {
            self.digits |= (beginning as u8).is_ascii_digit();
            let next = match rest {
                [' ' | '_' | '-', next, ..] if next.is_ascii_alphanumeric() => *next as u8,
                _ => 0,
            };
            let list = self.known.entry(beginning).or_default();
            match list.last_mut().filter(|last| last.keyword == number) {
                Some(last) if last.next == next => {}
                Some(last) => last.next = 0,
                None => list.push(Candidate { keyword: number, next }),
            }
            let at = mix(beginning) >> (64 - FILTER_BITS);
            self.filter[(at >> 6) as usize] |= 1 << (at & 63);
        });
    }

    /// The keywords that a text can begin with whose first word has that beginning.
    pub(super) fn keywords(&self, beginning: Beginning) -> &[Candidate] {
        self.known.get(&beginning).map_or(&[], Vec::as_slice)
    }

    /// False for nearly all words that are no first word of a keyword; `mixed` is the word's mixed beginning.
    #[inline]
    pub(super) fn may_be_keyword(&self, mixed: u64) -> bool {
        let at = mixed >> (64 - FILTER_BITS);
        self.filter[(at >> 6) as usize] >> (at & 63) & 1 == 1
    }

    /// True when words that begin with a digit may be those of a keyword or an anchor.
    pub(super) fn has_digits(&self) -> bool {
        self.digits
    }

    /// Adds a word of an anchor, of at least three bytes.
    pub(super) fn add_anchor(&mut self, word: &[u8]) {
        self.digits |= word[0].is_ascii_digit();
        let at = anchor_bit(eight_at(word, 0));
        self.anchors[at >> 6] |= 1 << (at & 63);
    }

    /// False for nearly all words that no anchor is found by, given by their first eight bytes.
    #[inline]
    pub(super) fn may_be_anchor(&self, eight: u64) -> bool {
        let at = anchor_bit(eight);
        self.anchors[at >> 6] >> (at & 63) & 1 == 1
    }
}

#[inline]
fn anchor_bit(eight: u64) -> usize {
    let three = (eight | LOWER) as u32 & 0xFF_FFFF;
    (three.wrapping_mul(0x9E37_79B1) >> (32 - ANCHOR_BITS)) as usize
}

/// Calls `visit` with the beginning of each spelling in ASCII that the first word of texts has that the keyword matches, and
/// with what the keyword goes on with behind it: a space of the keyword may be left out.
fn each_first_word<'k>(keyword: &'k [char], mut visit: impl FnMut(Beginning, &'k [char])) {
    let (mut word, mut length) = ([0; 8], 0);
    for (at, character) in keyword.iter().enumerate() {
        if character.is_ascii_alphanumeric() {
            if let Some(place) = word.get_mut(length) {
                *place = *character as u8;
            }
            length += 1;
            continue;
        }
        if length > 0 {
            visit(beginning_of(u64::from_le_bytes(word), length), &keyword[at..]);
        }
        if *character != ' ' {
            return;
        }
    }
    if length > 0 {
        visit(beginning_of(u64::from_le_bytes(word), length), &[]);
    }
}

/// Hashes one number.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Mixer(u64);

pub(super) type BuildMixer = BuildHasherDefault<Mixer>;

impl Hasher for Mixer {
    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = mix(self.0 ^ u64::from(byte));
        }
    }

    fn write_u32(&mut self, value: u32) {
        self.0 = mix(u64::from(value));
    }

    fn write_u64(&mut self, value: u64) {
        self.0 = mix(value);
    }

    fn finish(&self) -> u64 {
        self.0 ^ self.0 >> 32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_keyword_is_found_by_all_spellings_of_its_first_word_in_any_case() {
        let mut words = FirstWords::new();
        words.add(&"birth date x".chars().collect::<Vec<_>>(), 7);
        words.add(&"ss#".chars().collect::<Vec<_>>(), 8);
        for (word, number) in [("birth", 7), ("BirthDate", 7), ("birthdatex", 7), ("SS", 8)] {
            let beginning = beginning(word.as_bytes(), 0, word.len());
            let numbers: Vec<u16> = words.keywords(beginning).iter().map(|known| known.keyword).collect();
            assert_eq!(numbers, [number], "{word}");
            assert!(words.may_be_keyword(mix(beginning)), "{word}");
        }
        for word in ["birt", "births", "date", "ss#", "s"] {
            assert!(words.keywords(beginning(word.as_bytes(), 0, word.len())).is_empty(), "{word}");
        }
    }

    #[test]
    fn what_follows_the_first_word_rules_keywords_out() {
        let mut words = FirstWords::new();
        words.add(&"birth date".chars().collect::<Vec<_>>(), 7);
        let [candidate] = words.keywords(beginning(b"birth", 0, 5)) else { panic!("one keyword") };
        for following in [b" d", b"_D", b"-d"] {
            assert!(candidate.may_go_on(*following));
        }
        for following in [b" c", b"/d", b"d ", b"\0\0"] {
            assert!(!candidate.may_go_on(*following));
        }
    }

    #[test]
    fn behind_the_end_of_a_text_or_a_word_stand_zeros() {
        assert_eq!(eight_at(b"abc", 1), u64::from_le_bytes(*b"bc\0\0\0\0\0\0"));
        assert_eq!(beginning(b"Ab1-cdefghi", 0, 3), u64::from_le_bytes(*b"ab1\0\0\0\0\0"));
        assert_eq!(beginning(b"ABCDEFGHIJ", 0, 10), u64::from_le_bytes(*b"abcdefgh"));
    }
}
