//! Tells whether a whole value is the full name of a person, or a given or family name on its own.
//!
//! Evidence is weighed: words in the lists of names speak for a name, words of everyday language, places,
//! organisations and medicine against it. A value that merely looks like a name (two capitalised words) is not one.

use super::name_word::{self, NameWord, Shape};
use super::word_list::Kinds;

/// Words that a full name can have, titles and suffixes included.
const MAX_WORDS: usize = 8;

/// True when the value is one person's full name in Latin letters, and nothing else: `Mary Smith`, `SMITH, MARY A`,
/// `Dr. Juan de la Cruz Jr.`. Digits appended to each word, as Synthea writes them, do not hide a name.
pub fn is_full_name(value: &str) -> bool {
    // Most cells are one word or hold a sign that no name has; they need no look at a list.
    if !value.bytes().any(|byte| matches!(byte, b' ' | b',') || !byte.is_ascii()) {
        return false;
    }
    let Some(words) = Words::read(value) else { return false };
    let all = words.as_slice();
    if all.iter().any(NameWord::is_never_in_a_name) {
        return false;
    }
    match words.comma {
        None => {
            let (core, introduction) = without_title_and_suffix(all);
            is_name_in_order(core, introduction) || is_family_first(core)
        }
        Some(comma) => {
            let (family, introduction) = without_title_and_suffix(&all[..comma]);
            let given = &all[comma..];
            // A comma also stands before a credential: `Mary Smith, MD`.
            if !given.is_empty() && given.iter().all(|word| word.kinds.has(Kinds::SUFFIX)) {
                return is_name_in_order(family, introduction);
            }
            // `Cardona, Jr., Felix`
            let suffixes = given.iter().take_while(|word| word.kinds.has(Kinds::SUFFIX) && word.dotted).count();
            let (given, _) = without_title_and_suffix(&given[suffixes..]);
            is_family_comma_given(family, given)
        }
    }
}

/// True when the value is one or two given names of a list, or a given name and initials: `Mary`, `Jorge Luis88`,
/// `Anna M.`. Names that are everyday words or places as well (May, Virginia) do not count, so a column of such words
/// is no column of names.
pub fn is_given_name(value: &str) -> bool {
    let Some(words) = Words::read(value) else { return false };
    let all = words.as_slice();
    all.len() <= 3
        && words.comma.is_none()
        && all.first().is_some_and(NameWord::is_given)
        && all[1..].iter().all(|word| word.may_be_given() || word.shape == Shape::Initial || word.is_particle())
}

/// True when the value is one or two family names of a list, with particles: `Smith`, `Rentería94`, `van der Berg`,
/// `García Lopez`. Names that are everyday words or places as well (Young, Paris) do not count.
pub fn is_family_name(value: &str) -> bool {
    let Some(words) = Words::read(value) else { return false };
    let (core, _) = without_title_and_suffix(words.as_slice());
    core.len() <= 4
        && words.comma.is_none()
        && core.last().is_some_and(NameWord::is_family)
        && core.iter().all(|word| word.is_family() || word.is_particle())
}

/// True when the value is written as a part of a name can be: letters, spaces, hyphens, apostrophes and dots, at most
/// 40 characters, digits only at the end of a word. Evidence enough only where a column's name says what it holds.
pub fn is_name_part_shape(value: &str) -> bool {
    let value = value.trim();
    if value.is_empty() || value.len() > 80 || value.chars().count() > 40 {
        return false;
    }
    let mut letters = 0usize;
    let mut in_digits = 0usize;
    for c in value.chars() {
        if c.is_ascii_digit() {
            in_digits += 1;
            if letters == 0 || in_digits > 4 {
                return false;
            }
        } else if c.is_alphabetic() {
            if in_digits > 0 {
                return false;
            }
            letters += 1;
        } else if matches!(c, ' ' | '-' | '\'' | '.' | '’' | '\u{A0}') {
            in_digits = 0;
        } else {
            return false;
        }
    }
    letters > 0
}

/// The words of a whole value.
struct Words {
    list: [NameWord; MAX_WORDS],
    count: usize,
    /// Number of words before the first comma.
    comma: Option<usize>,
}

impl Words {
    /// `None` when the value holds anything that a name does not.
    fn read(value: &str) -> Option<Words> {
        let value = value.trim();
        // The longest name with eight words of twelve letters, accents included, is shorter.
        if value.len() < 2 || value.len() > 100 {
            return None;
        }
        if value
            .bytes()
            .any(|byte| matches!(byte, b'!'..=b'&' | b'('..=b'+' | b'/' | b':'..=b'@' | b'['..=b'`' | b'{'..=b'~'))
        {
            return None;
        }
        let mut words: Option<Words> = None;
        let mut at = 0;
        let mut comma = None;
        while at < value.len() {
            let word = name_word::read(value, at)?;
            if word.shape == Shape::Other || word.possessive {
                return None;
            }
            let words = words.get_or_insert(Words { list: [word; MAX_WORDS], count: 0, comma: None });
            *words.list.get_mut(words.count)? = word;
            words.count += 1;
            at = word.next;
            let rest = &value[at..];
            let separator = rest.len() - rest.trim_start_matches([' ', ',', '\u{A0}', '\u{202F}']).len();
            if rest[..separator].contains(',') {
                let first_comma = *comma.get_or_insert(words.count);
                // `Smith, Jr., Felix`: only a suffix may stand between two commas.
                let between = &words.list[first_comma..words.count];
                if !between.iter().all(|word| word.kinds.has(Kinds::SUFFIX)) {
                    return None;
                }
            }
            if separator == 0 && !rest.is_empty() && !word.dotted {
                return None;
            }
            at += separator;
        }
        let mut words = words?;
        words.comma = comma.filter(|comma| *comma < words.count);
        Some(words)
    }

    fn as_slice(&self) -> &[NameWord] {
        &self.list[..self.count]
    }
}

/// The words between titles and suffixes, and whether a title precedes them.
pub(super) fn without_title_and_suffix(words: &[NameWord]) -> (&[NameWord], Introduction) {
    let mut core = words;
    while let [first, rest @ ..] = core
        && is_title(first)
        && !rest.is_empty()
    {
        core = rest;
    }
    let introduction = introduction_of(&words[..words.len() - core.len()]);
    while let [rest @ .., last] = core
        && !rest.is_empty()
        && last.kinds.has(Kinds::SUFFIX)
        && (last.shape != Shape::Lower || !last.may_be_family())
        && !last.may_be_given()
    {
        core = rest;
    }
    (core, introduction)
}

/// What titles say; one that is an everyday word too (officer, general) says less than `Mr.` does.
pub(super) fn introduction_of(titles: &[NameWord]) -> Introduction {
    match titles {
        [] => Introduction::None,
        _ if titles.iter().all(|title| title.kinds.has(Kinds::COMMON)) => Introduction::Label,
        _ => Introduction::Title,
    }
}

/// A form of address; one that is a name as well (Dean, Judge) counts only with a full stop.
pub(super) fn is_title(word: &NameWord) -> bool {
    word.kinds.has(Kinds::TITLE)
        && (word.dotted || !word.kinds.has(Kinds::GIVEN.or(Kinds::FAMILY)) || word.letters == 2)
}

/// What stands in front of a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Introduction {
    /// Nothing that says that a name follows.
    None,
    /// A word that often has a name behind it (`Name:`, `Patient:`).
    Label,
    /// A form of address, or `my name is`.
    Title,
}

/// Weighs words in the order given name, middle names, family name.
///
/// A name needs 4 points. Given and family name bring 3 each when they are little else, 2 when they are words as well,
/// 1 when they are mostly words; a family name that no list knows brings 2; middle initials, known middle names,
/// digits behind every word and an introduction bring 1 more.
pub(super) fn is_name_in_order(words: &[NameWord], introduction: Introduction) -> bool {
    let [first, middle @ .., last] = words else { return false };
    let place = first.kinds.has(Kinds::PLACE_PREFIX) && introduction < Introduction::Title;
    if middle.len() > 4 || place || last.shape == Shape::Initial || !is_middle_sound(middle) {
        return false;
    }
    if last.shape == Shape::Lower && first.shape != Shape::Lower {
        return false;
    }
    // With an initial in front, the name after it is the one that has to be known (J. Robert Oppenheimer).
    let given = if first.shape == Shape::Initial { middle.iter().find(|word| word.letters > 1) } else { Some(first) };
    let Some(given) = given else { return false };
    let initials = middle.iter().filter(|word| word.shape == Shape::Initial).count();
    let supported = introduction > Introduction::None
        || (1..3).contains(&initials)
        || middle.iter().any(NameWord::is_given)
        || words.iter().all(|word| word.numbered);
    let given_points = given.given_points();
    let family_points = last.family_points();
    if given_points == 0 {
        // An unknown given name needs much else that speaks for a name.
        let rare = given.may_be_rare_name() && (supported || middle.last().is_some_and(NameWord::is_family));
        return rare && (last.is_family() || (introduction == Introduction::Title && last.may_be_rare_name()));
    }
    family_points > 0 && given_points + family_points + u8::from(supported) >= 4
}

fn is_middle_sound(middle: &[NameWord]) -> bool {
    middle.iter().all(|word| {
        word.shape == Shape::Initial
            || word.is_particle()
            || word.may_be_given()
            || word.is_family()
            || word.may_be_rare_name()
    })
}

/// `SMITH JOHN`, `GARCIA LOPEZ MARIA`: lists of officials often put the family name first without a comma.
fn is_family_first(words: &[NameWord]) -> bool {
    let [first, .., last] = words else { return false };
    words.len() <= 4
        && first.is_family()
        && !first.is_given()
        && words.iter().rev().take(words.len() - 1).any(NameWord::is_given)
        && last.may_be_given()
        && words.iter().all(|word| word.may_be_given() || word.is_family() || word.shape == Shape::Initial)
}

/// `Smith, Mary A.`; not `Jackson, Tennessee` and not `Montgomery, AL`.
fn is_family_comma_given(family: &[NameWord], given: &[NameWord]) -> bool {
    let [first_given, others @ ..] = given else { return false };
    let [.., last_family] = family else { return false };
    if family.len() > 4 || given.len() > 4 {
        return false;
    }
    let sound = is_middle_sound(others);
    let family_sound = family.iter().all(|word| word.may_be_family() || word.is_particle() || word.may_be_rare_name());
    let maybe_state = others.is_empty() && first_given.letters == 2 && first_given.shape == Shape::Upper;
    if !sound || !family_sound || maybe_state {
        return false;
    }
    if first_given.shape == Shape::Initial {
        return last_family.is_family() && others.iter().any(NameWord::is_given);
    }
    let place = first_given.kinds.has(Kinds::PLACE);
    if first_given.is_given() {
        return true;
    }
    let support = others.iter().any(|word| word.shape == Shape::Initial || word.is_given());
    (first_given.may_be_given() && !place && last_family.is_family())
        || (first_given.may_be_given() && support)
        || (first_given.may_be_rare_name() && support && last_family.is_family())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_names_are_found_in_many_spellings() {
        for value in [
            "Mary Smith",
            "MARY SMITH",
            "mary smith",
            "Mary A. Smith",
            "J. Robert Oppenheimer",
            "SMITH, MARY A",
            "Ahern,Lawrence E.",
            "Cardona, Jr., Felix",
            "Dr. Juan de la Cruz Jr.",
            "Mary Smith, MD",
            "Gerardo48 Rentería94",
            "Jorge Luis88 Vela532",
            "Jean-Luc Picard",
            "Siobhán O’Brien",
            "Ludwig van Beethoven",
            "Will Smith",
            "GOMEZ TORRES MARIA",
            "Mark Turner",
            "Jeremy Oohara",
            "Anna Müller",
        ] {
            assert!(is_full_name(value), "{value}");
        }
    }

    #[test]
    fn organisations_places_things_and_single_names_are_no_full_names() {
        for value in [
            "",
            "Mary",
            "Dr. Smith",
            "GEORGE L MEE MEMORIAL HOSPITAL",
            "MICHAEL K MCCRAY MD INC",
            "Blue Cross Blue Shield",
            "San Diego",
            "Santa Rosa",
            "Los Angeles",
            "Montgomery, AL",
            "Jackson, Tennessee",
            "Madison Avenue",
            "Grace Period",
            "Foley Catheter",
            "Magnolia Way",
            "Holly Springs",
            "MORENO VALLEY",
            "Beverly Hills",
            "Data Analyst",
            "Acute Bronchitis",
            "Red Blood Cells",
            "mary@example.com",
            "Mary Smith 12345",
            "Mary/Smith",
            "Иван Петров",
            "A B C D E F G H I J K",
        ] {
            assert!(!is_full_name(value), "{value}");
        }
    }

    #[test]
    fn parts_of_names_stand_in_their_lists() {
        for value in ["Mary", "Jorge Luis88", "Anna M.", "Concepción", "JESÚS"] {
            assert!(is_given_name(value), "{value}");
        }
        for value in ["", "Hospital", "May", "Mary Smith Jones Brown", "Mary, Anna", "12"] {
            assert!(!is_given_name(value), "{value}");
        }
        for value in ["Smith", "Rentería94", "van der Berg", "García Lopez", "Arroyo Jr."] {
            assert!(is_family_name(value), "{value}");
        }
        for value in ["", "White", "Paris", "English", "Main Street", "Smith, Mary"] {
            assert!(!is_family_name(value), "{value}");
        }
    }

    #[test]
    fn the_shape_of_a_part_of_a_name_is_letters_and_digits_behind_them() {
        for value in ["Xiu", "O'Keefe54", "Jorge Luis88", "St. John", "D’Amore", "Jean-Luc", "Q"] {
            assert!(is_name_part_shape(value), "{value}");
        }
        for value in ["", "  ", "12", "4th", "a@b", "Mary12345", "Mary1a", "one, two", "..."] {
            assert!(!is_name_part_shape(value), "{value}");
        }
    }
}
