//! One word of a possible name: where it stands, how it is written and which lists hold it.

use super::word_list::{self, Kinds};
use crate::identifiers::first_words::eight_at;

/// How the letters of a word are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// A single capital.
    Initial,
    /// `Smith`, `McDonald`, `Jean-Luc`, `O'Brien`.
    Capitalised,
    /// `SMITH`.
    Upper,
    /// `smith`.
    Lower,
    /// Anything else: `iPhone`, `JavaScript`, letters of other scripts.
    Other,
}

/// A word, read from a text.
#[allow(clippy::struct_excessive_bools)] // four independent facts about the letters and what follows them
#[derive(Debug, Clone, Copy)]
pub(super) struct NameWord {
    /// Byte offset of its first letter.
    pub(super) start: usize,
    /// Byte offset behind its last letter or the digits appended to it; a possessive 's is not part of it.
    pub(super) end: usize,
    /// Byte offset behind all that belongs to it: possessive and full stop as well.
    pub(super) next: usize,
    /// The lists that hold it.
    pub(super) kinds: Kinds,
    /// How it is written.
    pub(super) shape: Shape,
    /// Number of letters.
    pub(super) letters: usize,
    /// True when one of the letters is a vowel, `y` included, so that the word can be spoken.
    pub(super) vowels: bool,
    /// True when one to four digits follow the letters, as Synthea writes its names (`Gerardo48`).
    pub(super) numbered: bool,
    /// True when a full stop follows.
    pub(super) dotted: bool,
    /// True when a possessive 's follows.
    pub(super) possessive: bool,
}

impl NameWord {
    const EMPTY: NameWord = NameWord {
        start: 0,
        end: 0,
        next: 0,
        kinds: Kinds::NONE,
        shape: Shape::Other,
        letters: 0,
        vowels: false,
        numbered: false,
        dotted: false,
        possessive: false,
    };

    /// A given name that is little else.
    pub(super) fn is_given(&self) -> bool {
        self.kinds.has(Kinds::GIVEN) && !self.kinds.has(NOT_ONLY_A_NAME) && self.letters > 2
    }

    /// A given name, even if it is as often something else.
    pub(super) fn may_be_given(&self) -> bool {
        self.kinds.has(Kinds::GIVEN) && !self.kinds.has(NEVER_A_NAME)
    }

    /// A family name that is little else.
    pub(super) fn is_family(&self) -> bool {
        self.kinds.has(Kinds::FAMILY) && !self.kinds.has(NOT_ONLY_A_NAME) && self.letters > 1
    }

    /// A family name, even if it is as often something else.
    pub(super) fn may_be_family(&self) -> bool {
        self.kinds.has(Kinds::FAMILY) && !self.kinds.has(NEVER_A_NAME)
    }

    /// Weight as a given name, 0 to 3.
    pub(super) fn given_points(&self) -> u8 {
        if self.may_be_given() { self.points(self.is_given()) } else { 0 }
    }

    /// Weight as a family name, 0 to 3.
    pub(super) fn family_points(&self) -> u8 {
        if self.may_be_family() {
            self.points(self.is_family())
        } else if self.may_be_rare_name() {
            2
        } else {
            0
        }
    }

    fn points(&self, little_else: bool) -> u8 {
        match little_else {
            true => 3,
            false if self.kinds.has(MOSTLY_A_WORD) || self.letters < 3 => 1,
            false => 2,
        }
    }

    /// A word that no list knows and that is written like a name, so that it may be a rare one.
    pub(super) fn may_be_rare_name(&self) -> bool {
        const KNOWN: Kinds = NOT_ONLY_A_NAME.or(Kinds::TITLE).or(Kinds::SUFFIX);
        !self.kinds.has(KNOWN)
            && self.letters > 2
            && self.vowels
            && matches!(self.shape, Shape::Capitalised | Shape::Upper)
    }

    /// A small word inside a name.
    pub(super) fn is_particle(&self) -> bool {
        self.kinds.has(Kinds::PARTICLE) && self.letters < 6
    }

    /// A word of organisations or of medicine.
    pub(super) fn is_never_in_a_name(&self) -> bool {
        self.kinds.has(NEVER_A_NAME) && !self.kinds.has(Kinds::GIVEN)
    }
}

const NEVER_A_NAME: Kinds = Kinds::ORGANIZATION.or(Kinds::MEDICAL).or(Kinds::STREET);
const MOSTLY_A_WORD: Kinds = Kinds::COMMON.or(Kinds::PLACE).or(Kinds::PLACE_PREFIX);
const NOT_ONLY_A_NAME: Kinds = NEVER_A_NAME.or(Kinds::COMMON).or(Kinds::WEAK).or(Kinds::PLACE).or(Kinds::PLACE_PREFIX);

/// Beginnings of family names after which a capital is usual (`McDonald`, `DeVito`, `LaRue`).
static CAPITAL_FOLLOWS: &[&str] =
    &["mc", "mac", "de", "del", "la", "le", "di", "da", "du", "van", "von", "fitz", "st", "el", "al", "ben"];

/// Reads the word whose first letter stands at the byte offset `start` of `text`; `None` when no letter stands there.
#[inline]
pub(super) fn read(text: &str, start: usize) -> Option<NameWord> {
    read_plain(text.as_bytes(), start).or_else(|| read_any(text, start))
}

/// [`read`] for every word, letter by letter.
#[inline(never)]
fn read_any(text: &str, start: usize) -> Option<NameWord> {
    let bytes = text.as_bytes();
    let mut at = start;
    let (mut letters, mut uppers, mut upper_first) = (0usize, 0usize, false);
    let (mut latin, mut usual_capitals, mut hyphens, mut vowels) = (true, true, false, false);
    let mut part = start;
    let mut possessive = false;
    while at < bytes.len() {
        let byte = bytes[at];
        let size;
        let upper;
        if byte.is_ascii() {
            if byte == b'\'' || byte == b'-' {
                if letters == 0 || !letter_at(text, at + 1) {
                    break;
                }
                if byte == b'\'' && is_possessive(bytes, at + 1) {
                    possessive = true;
                    break;
                }
                hyphens |= byte == b'-';
                at += 1;
                part = at;
                continue;
            }
            if !byte.is_ascii_alphabetic() {
                break;
            }
            size = 1;
            upper = byte.is_ascii_uppercase();
            vowels |= is_vowel(byte);
        } else {
            let c = text[at..].chars().next()?;
            size = c.len_utf8();
            if word_list::is_mark(c) {
                if letters == 0 || !letter_at(text, at + size) {
                    break;
                }
                if matches!(c, '\u{2018}' | '\u{2019}' | '\u{2BC}' | '\u{B4}') {
                    if is_possessive(bytes, at + size) {
                        possessive = true;
                        break;
                    }
                    part = at + size;
                } else if matches!(c, '\u{2010}' | '\u{2011}') {
                    hyphens = true;
                    part = at + size;
                }
                at += size;
                continue;
            }
            if !c.is_alphabetic() {
                break;
            }
            let folded = word_list::fold(c);
            latin &= folded.is_some();
            vowels |= folded.is_some_and(|letters| letters.bytes().any(is_vowel));
            upper = c.is_uppercase();
        }
        if upper {
            uppers += 1;
            upper_first |= letters == 0;
            usual_capitals &= at == part || is_prefix_of_a_capital(&text[part..at]);
        }
        letters += 1;
        at += size;
    }
    if letters == 0 {
        return None;
    }
    let word = &text[start..at];
    let shape = match () {
        () if !latin => Shape::Other,
        () if uppers == letters && letters == 1 => Shape::Initial,
        () if uppers == letters => Shape::Upper,
        () if uppers == 0 => Shape::Lower,
        () if upper_first && usual_capitals => Shape::Capitalised,
        () => Shape::Other,
    };
    let kinds = match shape {
        Shape::Initial | Shape::Other => Kinds::NONE,
        _ if hyphens => hyphenated_kinds(word),
        _ => word_list::kinds(word),
    };
    Some(with_ending(bytes, NameWord { start, end: at, kinds, shape, letters, vowels, possessive, ..NameWord::EMPTY }))
}

/// [`read`] for most words: up to sixteen ASCII letters, of which none or all or the first are capitals, and no part of a compound.
#[inline]
fn read_plain(bytes: &[u8], start: usize) -> Option<NameWord> {
    let first = eight_at(bytes, start);
    let mut letters = letters_in(first);
    let mut others = 0;
    if letters == 8 {
        others = eight_at(bytes, start + 8);
        letters += letters_in(others);
    }
    let end = start + letters as usize;
    let next = bytes.get(end).copied().unwrap_or(0);
    if letters == 0 || next.is_ascii_alphabetic() || !next.is_ascii() || matches!(next, b'-' | b'\'') {
        return None;
    }
    let first_length = letters.min(8);
    let shown = u64::MAX >> (64 - 8 * first_length);
    let others_shown = if letters > 8 { u64::MAX >> (128 - 8 * letters) } else { 0 };
    // Capitals lack the bit that makes a letter small.
    let (first_upper, others_upper) = (!first & SMALL & shown, !others & SMALL & others_shown);
    let shape = match (first_upper, others_upper) {
        (0, 0) => Shape::Lower,
        (0x20, 0) if letters == 1 => Shape::Initial,
        (0x20, 0) => Shape::Capitalised,
        _ if first_upper == SMALL & shown && others_upper == SMALL & others_shown => Shape::Upper,
        _ => return None,
    };
    let (first, others) = ((first | SMALL) & shown, (others | SMALL) & others_shown);
    let kinds = if shape == Shape::Initial { Kinds::NONE } else { word_list::kinds_of_letters(first, others) };
    let vowels = bytes[start..end].iter().any(|letter| is_vowel(*letter));
    let word = NameWord { start, end, kinds, shape, letters: letters as usize, vowels, ..NameWord::EMPTY };
    if next.is_ascii_digit() {
        return Some(with_ending(bytes, word));
    }
    let dotted = next == b'.';
    Some(NameWord { next: end + usize::from(dotted), dotted, ..word })
}

/// The bit of each byte that makes a letter small.
const SMALL: u64 = 0x2020_2020_2020_2020;

/// ASCII letters with which the eight bytes begin.
fn letters_in(eight: u64) -> u32 {
    const HIGH: u64 = 0x8080_8080_8080_8080;
    let small = (eight | SMALL) & !HIGH;
    let from_a = small + 0x1F1F_1F1F_1F1F_1F1F;
    let behind_z = small + 0x0505_0505_0505_0505;
    let other = !(from_a & !behind_z) & HIGH | eight & HIGH;
    other.trailing_zeros() / 8
}

/// Adds what stands behind the letters of a word: digits, a possessive, a full stop.
fn with_ending(bytes: &[u8], word: NameWord) -> NameWord {
    let at = word.end;
    let digits = bytes[at..].iter().take(5).take_while(|byte| byte.is_ascii_digit()).count();
    let numbered = (1..=4).contains(&digits) && word.letters > 1;
    // Digits of that sort are appended to names of persons, not to the names of places (Hills818).
    let kinds = if numbered { word.kinds.without(Kinds::STREET.or(Kinds::PLACE_PREFIX)) } else { word.kinds };
    let end = if numbered { at + digits } else { at };
    let mut next = if word.possessive { end + possessive_size(bytes, end) } else { end };
    let dotted = !word.possessive && bytes.get(next) == Some(&b'.');
    next += usize::from(dotted);
    NameWord { end, next, kinds, numbered, dotted, ..word }
}

/// True when a letter stands at the byte offset.
fn letter_at(text: &str, at: usize) -> bool {
    match text.as_bytes().get(at) {
        Some(byte) if byte.is_ascii() => byte.is_ascii_alphabetic(),
        Some(_) => text.get(at..).and_then(|rest| rest.chars().next()).is_some_and(char::is_alphabetic),
        None => false,
    }
}

/// True for the vowels among the ASCII letters.
fn is_vowel(letter: u8) -> bool {
    const VOWELS: u32 = 1 << (b'a' & 31) | 1 << (b'e' & 31) | 1 << (b'i' & 31) | 1 << (b'o' & 31) | 1 << (b'u' & 31);
    (VOWELS | 1 << (b'y' & 31)) >> (letter & 31) & 1 == 1
}

fn is_possessive(bytes: &[u8], at: usize) -> bool {
    matches!(bytes.get(at), Some(b's' | b'S')) && bytes.get(at + 1).is_none_or(|byte| !byte.is_ascii_alphabetic())
}

/// Bytes of the apostrophe and the `s` at `at`.
fn possessive_size(bytes: &[u8], at: usize) -> usize {
    bytes[at..].iter().position(|byte| byte.eq_ignore_ascii_case(&b's')).map_or(0, |offset| offset + 1)
}

fn is_prefix_of_a_capital(prefix: &str) -> bool {
    prefix.len() <= 4 && CAPITAL_FOLLOWS.iter().any(|known| known.eq_ignore_ascii_case(prefix))
}

/// Kinds of a word with hyphens: those of the whole if a list has it, else a given name of given names, a family name
/// where one part is one, and every kind of a part that speaks against a name.
fn hyphenated_kinds(word: &str) -> Kinds {
    let whole = word_list::kinds(word);
    if whole != Kinds::NONE {
        return whole;
    }
    let mut all = Kinds::GIVEN;
    let mut any = Kinds::NONE;
    for part in word.split(['-', '\u{2010}', '\u{2011}']) {
        let kinds = word_list::kinds(part);
        all = all.and(kinds);
        any = any.or(kinds);
    }
    all.or(any.and(NOT_ONLY_A_NAME.or(Kinds::FAMILY)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(text: &str) -> NameWord {
        read(text, 0).expect("a word")
    }

    #[test]
    fn shapes_follow_the_letters() {
        for (text, shape) in [
            ("Smith", Shape::Capitalised),
            ("McDonald", Shape::Capitalised),
            ("O'Brien", Shape::Capitalised),
            ("Jean-Luc", Shape::Capitalised),
            ("Íñigo", Shape::Capitalised),
            ("SMITH", Shape::Upper),
            ("O'BRIEN", Shape::Upper),
            ("J.", Shape::Initial),
            ("smith", Shape::Lower),
            ("iPhone", Shape::Other),
            ("JavaScript", Shape::Other),
            ("Иван", Shape::Other),
        ] {
            assert_eq!(word(text).shape, shape, "{text}");
        }
    }

    #[test]
    fn appended_digits_belong_to_the_word_but_not_to_the_name() {
        let gerardo = word("Gerardo48 Rentería94");
        assert!(gerardo.numbered && gerardo.is_given());
        assert_eq!(gerardo.end, 9);
        assert!(word("Hills818").may_be_family() && !word("Hills").may_be_family());
        assert!(!word("ID12345").numbered, "five digits are a number");
    }

    #[test]
    fn a_possessive_is_not_part_of_the_word() {
        for text in ["Mary's car", "Mary’s car"] {
            let mary = word(text);
            assert_eq!((mary.end, mary.possessive), (4, true), "{text}");
            assert!(text[mary.next..].starts_with(" car"), "{text}");
        }
    }

    #[test]
    fn hyphenated_words_are_known_by_their_parts() {
        assert!(word("Jean-Luc").is_given());
        assert!(word("Smith-Xyzzy").is_family());
        assert!(!word("Hospital-Smith").may_be_family());
    }

    #[test]
    fn nothing_is_read_where_no_letter_stands() {
        for text in ["", "7th", " Smith", "-Smith", "'tis"] {
            assert!(read(text, 0).is_none(), "{text}");
        }
    }
}
