//! Finds full names of persons in running text.
//!
//! A name is looked for in a run: capitalised words with nothing but a space between them. Words of organisations,
//! medicine or streets in the same run show that it names something else (George L Mee Memorial Hospital).

use std::ops::Range;

use super::name_word::{self, NameWord, Shape};
use super::person_name::{Introduction, introduction_of, is_name_in_order, is_title};
use super::word_list::{self, Kinds};
use crate::blocks::TextMasks;
use crate::identifiers::first_words::{beginning, mix};
use crate::identifiers::keyword_index::KeywordIndex;
use crate::identifiers::text_masks::{MaskedText, STEP, alphanumeric};
use crate::identifiers::text_words::{Listener, Word, from_bit};

/// Words of a run that are looked at together; a longer run is cut.
const MAX_RUN: usize = 12;

/// Words of a name, titles and suffixes left out.
const MAX_NAME: usize = 5;

/// Byte ranges of the full names in `text`, in order and without overlap. Titles, credentials and a possessive 's are
/// not part of a name.
pub fn full_names_in(text: &str) -> Vec<Range<usize>> {
    let mut masks = MaskedText::default();
    masks.read(text.as_bytes());
    let mut finder = NameFinder::default();
    let no_keywords = KeywordIndex::new([]);
    no_keywords.find_in_text(text, &masks, &mut Vec::new(), &mut Vec::new(), &mut finder);
    let mut found = Vec::new();
    finder.find(text, &mut found);
    found
}

/// Finds full names. Keeps its memory for the next text.
#[derive(Debug, Default)]
pub(super) struct NameFinder {
    /// Byte offsets of the words with which a name may begin.
    starts: Vec<usize>,
    run: Run,
}

impl NameFinder {
    /// Forgets the words of the last text.
    pub(super) fn clear(&mut self) {
        self.starts.clear();
    }

    /// Notes a word unless it surely begins no name; `masks` are those of the step in which it begins, `after` those of the next.
    fn note(&mut self, bytes: &[u8], start: usize, masks: &TextMasks, after: &TextMasks) {
        let bit = (start % STEP) as u32;
        let high = from_bit(masks.high, after.high, bit);
        let letters = from_bit(masks.letter, after.letter, bit);
        let length = (!(from_bit(alphanumeric(masks), alphanumeric(after), bit) | high)).trailing_zeros();
        let here = Token {
            start,
            length: length as usize,
            letters: (!letters).trailing_zeros().min(length) as usize,
            high: high & 1_u64.checked_shl(length).unwrap_or(0).wrapping_sub(1) != 0,
        };
        // A longer word than can be seen from here is read as a whole.
        if length == 64 || !here.begins_no_name(bytes, masks.upper >> bit & 1 == 1) {
            self.starts.push(start);
        }
    }

    /// Appends to `found` what [`full_names_in`] gives; the words of `text` have been noted.
    pub(super) fn find(&mut self, text: &str, found: &mut Vec<Range<usize>>) {
        let bytes = text.as_bytes();
        // Where the search goes on.
        let mut at = 0;
        for index in 0..self.starts.len() {
            let start = self.starts[index];
            if start < at {
                continue;
            }
            at = self.step(text, start, found);
            while bytes.get(at).is_some_and(|byte| is_token(*byte)) && is_token(bytes[at - 1]) {
                at = self.step(text, at, found);
            }
        }
    }

    /// Reads what begins at `at`, where a letter, digit or character beyond ASCII stands.
    fn step(&mut self, text: &str, at: usize, found: &mut Vec<Range<usize>>) -> usize {
        if text.as_bytes()[at].is_ascii_digit() || !stands_free(text, at) {
            return skip_token(text.as_bytes(), at);
        }
        self.run.clear();
        let next = self.run.read(text, at);
        self.run.names(text, found);
        next
    }
}

/// Takes the words of the text in order, and notes those with which a name may begin.
impl Listener for NameFinder {
    #[inline]
    fn wants(&self, mixed: u64) -> bool {
        word_list::may_be_given(mixed)
    }

    #[inline]
    fn wants_before(&self, mixed: u64) -> bool {
        word_list::may_be_small(mixed)
    }

    fn take(&mut self, bytes: &[u8], masks: &MaskedText, start: usize) {
        if !bytes[start].is_ascii_digit() {
            let (words, none) = (masks.words(), TextMasks::default());
            let index = start / STEP;
            self.note(bytes, start, &words[index], words.get(index + 1).unwrap_or(&none));
        }
    }

    fn take_odd(&mut self, bytes: &[u8], word: &Word<'_>) {
        if word.opens && (!is_plain(bytes, word) || word_list::may_be_given(word.mixed)) {
            self.note(bytes, word.start, word.masks, word.after);
        }
    }
}

/// True for most words in lower case: the word ends in this step of the text, and it is no part of a compound. Unless it is a given
/// name, [`Token::begins_no_name`] says the same of it, with more to do.
#[inline]
fn is_plain(bytes: &[u8], word: &Word<'_>) -> bool {
    let Word { start, masks, .. } = *word;
    let bit = (start % STEP) as u32;
    let letters = (!(masks.letter >> bit)).trailing_zeros();
    let end = bit + letters;
    if masks.upper >> bit & 1 == 1 || end >= 64 || (masks.digit | masks.high) >> end & 1 == 1 {
        return false;
    }
    let joins = |at: usize| matches!(bytes.get(at), Some(b'-' | b'\''));
    !joins(start.wrapping_sub(1)) && !joins(start + letters as usize)
}

fn is_token(byte: u8) -> bool {
    !byte.is_ascii() || byte.is_ascii_alphanumeric()
}

/// Letters, digits and characters beyond ASCII in a row, the first no digit.
struct Token {
    start: usize,
    length: usize,
    /// ASCII letters at its beginning.
    letters: usize,
    /// Whether it has characters beyond ASCII.
    high: bool,
}

impl Token {
    /// True when reading a run of words from here on surely gives no name and goes on with the next word.
    #[inline]
    fn begins_no_name(&self, bytes: &[u8], upper: bool) -> bool {
        let Token { start, length, letters, high } = *self;
        let tied = start.checked_sub(1).is_some_and(|before| IS_TIE[usize::from(bytes[before])]);
        if tied {
            return bytes[start - 1] != b'\'';
        }
        if high {
            return false;
        }
        let behind = start + letters;
        let next = bytes.get(behind).copied().unwrap_or(0);
        if next == b'-' || next == b'\'' {
            // A word of several parts, unless no letter follows.
            let other = bytes.get(behind + 1).copied().unwrap_or(0);
            if other.is_ascii_alphabetic() || !other.is_ascii() {
                return false;
            }
        }
        if !upper {
            return !word_list::may_be_given(mix(beginning(bytes, start, letters)));
        }
        let digits = length - letters;
        let numbered = digits == 0 || (digits <= 4 && letters > 1 && only_digits(&bytes[behind..behind + digits]));
        if !numbered {
            return true;
        }
        let end = start + length;
        match bytes.get(end) {
            Some(b' ') => {
                let next = if bytes.get(end + 1) == Some(&b' ') { end + 2 } else { end + 1 };
                goes_on_with_none(bytes, next)
            }
            Some(b',') => match &bytes[end + 1..] {
                [b' ', b' ', ..] => goes_on_with_none(bytes, end + 3),
                [b' ', ..] => goes_on_with_none(bytes, end + 2),
                [next, ..] => next.is_ascii(),
                [] => true,
            },
            Some(b'.') if letters > 1 => {
                let next = bytes.get(end + 1).copied().unwrap_or(0);
                next.is_ascii() && (next != b' ' || !word_list::may_be_small(mix(beginning(bytes, start, letters))))
            }
            Some(b'.') => false,
            _ => true,
        }
    }
}

/// True when what stands behind a capitalised word and a space continues no name.
fn goes_on_with_none(bytes: &[u8], at: usize) -> bool {
    let Some(&first) = bytes.get(at) else { return true };
    if first.is_ascii_uppercase() || !first.is_ascii() {
        return false;
    }
    if !first.is_ascii_lowercase() {
        return true;
    }
    // Only a particle continues a name in lower case: it has fewer than six letters.
    let letters = bytes[at..].iter().take(6).take_while(|byte| byte.is_ascii_lowercase()).count();
    let next = bytes.get(at + letters).copied().unwrap_or(0);
    let odd = matches!(next, b'-' | b'\'') || !next.is_ascii() || next.is_ascii_uppercase();
    letters == 6 || (!odd && !word_list::may_be_small(mix(beginning(bytes, at, letters))))
}

fn only_digits(bytes: &[u8]) -> bool {
    bytes.iter().all(u8::is_ascii_digit)
}

/// Signs that tie a word to what stands before it; see [`stands_free`].
static IS_TIE: [bool; 256] = {
    let mut ties = [false; 256];
    let signs = b"@_/\\#$%&.-'";
    let mut index = 0;
    while index < signs.len() {
        ties[signs[index] as usize] = true;
        index += 1;
    }
    ties
};

/// True when a word that begins at the byte offset is not the rest of something larger: an address, a path, a code.
fn stands_free(text: &str, at: usize) -> bool {
    let Some(before) = at.checked_sub(1).map(|at| text.as_bytes()[at]) else { return true };
    match before {
        b'@' | b'_' | b'/' | b'\\' | b'#' | b'$' | b'%' | b'&' | b'.' | b'-' | b'\'' => {
            // Escaped line ends in JSON (`\n`) and quotes are not part of a code.
            before == b'\'' && at.checked_sub(2).is_none_or(|at| !text.as_bytes()[at].is_ascii_alphanumeric())
        }
        _ if before.is_ascii() => !before.is_ascii_alphanumeric(),
        _ => text[..at].chars().next_back().is_none_or(|c| !c.is_alphanumeric() || word_list::is_mark(c)),
    }
}

/// Byte offset behind the letters and digits at `at`.
fn skip_token(bytes: &[u8], at: usize) -> usize {
    at + bytes[at..]
        .iter()
        .position(|byte| byte.is_ascii() && !byte.is_ascii_alphanumeric())
        .unwrap_or(bytes.len() - at)
}

/// True when what follows the word shows that it is part of something larger (`John@`, `example.com`, `Smith_2`).
fn is_tied_to_what_follows(bytes: &[u8], word: &NameWord) -> bool {
    match bytes.get(word.next) {
        None => false,
        Some(b'@' | b'_' | b'\\') => bytes.get(word.next + 1) != Some(&b'n'),
        Some(b'/' | b'=') => true,
        Some(byte) if word.dotted => byte.is_ascii_alphanumeric() && word.shape != Shape::Initial,
        Some(byte) => byte.is_ascii_digit(),
    }
}

/// Words side by side.
#[derive(Debug, Default)]
struct Run {
    words: Vec<NameWord>,
    /// True when `Family, Given` may stand here: a comma and a space follow the only word so far.
    comma_after_first: bool,
}

impl Run {
    fn clear(&mut self) {
        self.words.clear();
        self.comma_after_first = false;
    }

    /// Reads the run that begins at the byte offset `start` and gives the offset where the search goes on.
    fn read(&mut self, text: &str, start: usize) -> usize {
        let bytes = text.as_bytes();
        let mut at = start;
        loop {
            let Some(word) = name_word::read(text, at) else {
                // Not a letter: a sign outside ASCII.
                let size = text[at..].chars().next().map_or(1, char::len_utf8);
                return at + size;
            };
            if is_tied_to_what_follows(bytes, &word) {
                // The words before it stand next to something larger, which does not make them less of a name.
                return skip_token(bytes, word.next);
            }
            let lower = word.shape == Shape::Lower;
            let first_lower = self.words.first().is_some_and(|first| first.shape == Shape::Lower);
            if self.words.is_empty() {
                // A lower-case word begins a run only as a given name.
                if (lower && (!word.is_given() || word.is_particle())) || word.shape == Shape::Other {
                    return word.next;
                }
            } else if word.shape == Shape::Other || (lower != first_lower && !(lower && word.is_particle())) {
                return word.start;
            }
            self.words.push(word);
            at = word.next;
            if self.words.len() == MAX_RUN || (first_lower && self.words.len() == 3) || word.possessive {
                return at;
            }
            if word.dotted && !(word.shape == Shape::Initial || is_title(&word) || word.kinds.has(Kinds::SUFFIX)) {
                return at;
            }
            if self.words.len() == 1
                && bytes.get(at) == Some(&b',')
                && !word.dotted
                && word.is_family()
                && !word.is_given()
            {
                self.comma_after_first = true;
                at += 1;
            }
            match space_size(bytes, at) {
                0 if word.dotted && word.shape == Shape::Initial => {}
                0 => return at,
                size => at += size,
            }
            match bytes.get(at) {
                Some(byte) if byte.is_ascii() && !byte.is_ascii_alphabetic() => return at,
                Some(_) => {}
                None => return at,
            }
        }
    }

    /// Adds the names of the run to `found`.
    fn names(&self, text: &str, found: &mut Vec<Range<usize>>) {
        let words = self.words.as_slice();
        if words.len() < 2 {
            return;
        }
        if words[0].shape == Shape::Lower {
            return self.lower_case_name(text, found);
        }
        if words.iter().any(NameWord::is_never_in_a_name) {
            return;
        }
        if self.comma_after_first {
            return self.family_comma_given(found);
        }
        let mut at = 0;
        while at + 1 < words.len() {
            let mut introduction = Introduction::None;
            if at == 0 {
                introduction = introduction_before(&text[..words[0].start]);
            }
            let titles = words[at..words.len() - 2].iter().take_while(|word| is_title(word)).count();
            if titles > 0 {
                introduction = introduction.max(introduction_of(&words[at..at + titles]));
                at += titles;
            }
            let Some(count) = name_at(&words[at..], introduction) else {
                at += 1;
                continue;
            };
            let name = &words[at..at + count];
            let place = match at.checked_sub(1) {
                Some(before) => words[before].kinds.has(Kinds::PLACE_PREFIX) && introduction == Introduction::None,
                None => is_part_of_an_address(&text[..name[0].start], &name[count - 1]),
            };
            // `Del` is a given name, but far more often a preposition (Del Rio, Cooperativa del Sur).
            let preposition =
                introduction < Introduction::Title && text[name[0].start..name[0].end].eq_ignore_ascii_case("del");
            if !place && !preposition {
                found.push(name[0].start..name[count - 1].end);
            }
            at += count;
        }
    }

    /// `Smith, Mary A.` at the start of a run.
    fn family_comma_given(&self, found: &mut Vec<Range<usize>>) {
        let [family, given, rest @ ..] = self.words.as_slice() else { return };
        if !given.is_given() || given.kinds.has(Kinds::FAMILY) && rest.is_empty() && family.shape != Shape::Upper {
            return;
        }
        let initials = rest.iter().take_while(|word| word.shape == Shape::Initial).count();
        if initials < rest.len() {
            return;
        }
        let last = rest.last().unwrap_or(given);
        found.push(family.start..last.end);
    }

    /// Names in lower case: both parts have to be names and little else.
    fn lower_case_name(&self, text: &str, found: &mut Vec<Range<usize>>) {
        let [given, family, ..] = self.words.as_slice() else { return };
        if family.shape == Shape::Lower
            && family.is_family()
            && family.letters > 2
            && text[given.start..given.end].len() > 2
        {
            found.push(given.start..family.end);
        }
    }
}

/// Bytes of the space at `at`: one or two blanks, or a no-break space of either width.
fn space_size(bytes: &[u8], at: usize) -> usize {
    match bytes.get(at..).unwrap_or_default() {
        [b' ', b' ', ..] | [0xC2, 0xA0, ..] => 2,
        [b' ', ..] => 1,
        [0xE2, 0x80, 0xAF, ..] => 3,
        _ => 0,
    }
}

/// The last word of `text` and what follows it, if that is short.
fn last_word(text: &str) -> Option<(&str, &str)> {
    let bytes = text.as_bytes();
    let end = bytes.len() - bytes.iter().rev().take(4).take_while(|byte| b" :\"".contains(byte)).count();
    let start = end - bytes[..end].iter().rev().take(20).take_while(|byte| byte.is_ascii_alphanumeric()).count();
    (start < end).then(|| (&text[start..end], &text[end..]))
}

/// What the words before a name say.
fn introduction_before(text: &str) -> Introduction {
    // A label ends with a colon, quotes and spaces apart; most words stand behind another word and a space.
    let bytes = text.as_bytes();
    let labelled = bytes.iter().rev().take(4).any(|byte| *byte == b':');
    let behind_is = matches!(bytes, [.., b'i' | b'I', b's' | b'S', b' ']);
    if !labelled && !behind_is {
        return Introduction::None;
    }
    let Some((word, gap)) = last_word(text) else { return Introduction::None };
    if word.eq_ignore_ascii_case("is") && gap == " " {
        let before = &text[..text.len() - 3];
        return match last_word(before) {
            Some((word, " ")) if word.eq_ignore_ascii_case("name") => Introduction::Title,
            _ => Introduction::None,
        };
    }
    let is_label = gap.contains(':') && LABELS.iter().any(|label| label.eq_ignore_ascii_case(word));
    if is_label { Introduction::Label } else { Introduction::None }
}

/// Labels behind which the name of a person stands.
static LABELS: &[&str] = &[
    "name",
    "patient",
    "employee",
    "client",
    "customer",
    "contact",
    "physician",
    "doctor",
    "nurse",
    "witness",
    "spouse",
    "plaintiff",
    "defendant",
    "attending",
    "surgeon",
    "beneficiary",
    "applicant",
    "member",
    "subscriber",
    "guardian",
];

/// True for the middle of a street address: behind a word that begins the names of streets, or, where the last word is
/// mostly something else, behind a number (1239 Magnolia Way).
fn is_part_of_an_address(before: &str, last: &NameWord) -> bool {
    let Some((word, " ")) = last_word(before) else { return false };
    if word.bytes().all(|byte| byte.is_ascii_digit()) {
        return !last.is_family();
    }
    word_list::kinds(word).has(Kinds::PLACE_PREFIX.or(Kinds::STREET))
}

/// Number of words of the name that begins with the first of `words`; the longest that is sound, but a word that no
/// list knows is not added to a name that is whole without it.
fn name_at(words: &[NameWord], introduction: Introduction) -> Option<usize> {
    let first = words.first()?;
    if !(first.may_be_given() || first.shape == Shape::Initial || introduction > Introduction::None) {
        return None;
    }
    let all_upper = words.iter().take(2).all(|word| word.shape == Shape::Upper);
    let mut best = None;
    for count in 2..=words.len().min(MAX_NAME) {
        let candidate = &words[..count];
        let last = &candidate[count - 1];
        if last.kinds.has(Kinds::SUFFIX) && !last.may_be_family() {
            break;
        }
        let known = last.is_family() || (last.may_be_family() && best.is_none());
        // A rare word in capitals may as well be an abbreviation.
        let rare_is_welcome = best.is_none() && !all_upper;
        if (known || rare_is_welcome) && !is_title(last) && is_name_in_order(candidate, introduction) {
            best = Some(count);
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        full_names_in(text).into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn names_in_sentences_are_found_without_titles_and_credentials() {
        for (text, names) in [
            ("Seen by Dr. Emily R. Davis, MD, and John Smith's wife.", &["Emily R. Davis", "John Smith"][..]),
            ("Patient: Maria Lopez, born 05/12/1985", &["Maria Lopez"]),
            ("{\"name\": \"Jack Garcia\", \"id\": 7}", &["Jack Garcia"]),
            ("name,email\nLars Ödegård,lars@example.com", &["Lars Ödegård"]),
            ("my name is pallavi dubey i am from indore", &["pallavi dubey"]),
            ("Signed: SMITH, MARY A for the court", &["SMITH, MARY A"]),
            ("Ludwig van Beethoven and Juan de la Cruz met.", &["Ludwig van Beethoven", "Juan de la Cruz"]),
            ("Contact Timoth\u{200B}y Wal\u{200B}ker now", &["Timoth\u{200B}y Wal\u{200B}ker"]),
            ("Mr. Kwanchai Channarong called", &["Kwanchai Channarong"]),
        ] {
            assert_eq!(found(text), names, "{text}");
        }
    }

    #[test]
    fn other_capitalised_words_are_no_names() {
        for text in [
            "She presented to Mercy General Hospital and St. Mary's Clinic.",
            "She lives at 1239 Magnolia Way near 40 rue Victor Hugo.",
            "Glasgow Coma Score, Bell Palsy and Hodgkin Lymphoma; Foley Catheter in place.",
            "The John F Kennedy Memorial Hospital and Martin Luther King Boulevard",
            "Terms And Conditions Of The Grace Period",
            "Hemoglobin A1c/Hemoglobin.total in Blood",
            "See https://example.com/John/Smith, John.Smith@example.com and user_John Smith_2.",
            "Dr. Smith saw Mary on Monday.",
            "Paris, Texas and Jackson, Tennessee",
            "the rust compiler and the ruby interpreter will mark objects",
        ] {
            assert_eq!(found(text), Vec::<&str>::new(), "{text}");
        }
    }

    #[test]
    fn text_of_any_kind_is_read_without_a_panic() {
        for text in [
            "",
            "é",
            "É É",
            "A.",
            "A.B.C.",
            "Mary ",
            "Mary\u{A0}Smith",
            "’s",
            "Mary’",
            "is John Smith",
            ": John Smith",
            "\u{200B}John Smith\u{301}",
        ] {
            let _ = found(text);
        }
    }
}
