//! What is known of a word that may be part of a person's name: one table over the lists in `identifiers/names/`.
//!
//! The table is made at build time, so a scan pays nothing for it at its start.

use super::word_table::{self, get, get_hashed, hash_of};

pub(super) use super::word_table::{fold, is_mark};

/// The lists that hold a word, as a set.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Kinds(u16);

impl Kinds {
    /// In no list.
    pub(super) const NONE: Kinds = Kinds(0);
    /// Given name.
    pub(super) const GIVEN: Kinds = Kinds(1);
    /// Family name.
    pub(super) const FAMILY: Kinds = Kinds(1 << 1);
    /// English word of everyday text.
    pub(super) const COMMON: Kinds = Kinds(1 << 2);
    /// Name that is at least as often something else: a colour, a month, a place, a verb.
    pub(super) const WEAK: Kinds = Kinds(1 << 3);
    /// Word that shows an organisation.
    pub(super) const ORGANIZATION: Kinds = Kinds(1 << 4);
    /// Word of medicine that follows names of discoverers (disease, score, catheter) or describes a product.
    pub(super) const MEDICAL: Kinds = Kinds(1 << 5);
    /// Form of address in front of a name.
    pub(super) const TITLE: Kinds = Kinds(1 << 6);
    /// Generation or credential behind a name.
    pub(super) const SUFFIX: Kinds = Kinds(1 << 7);
    /// Small word inside a name (van, de, al).
    pub(super) const PARTICLE: Kinds = Kinds(1 << 8);
    /// Word that ends the name of a street or place and is hardly ever a family name.
    pub(super) const STREET: Kinds = Kinds(1 << 9);
    /// State, country or large city.
    pub(super) const PLACE: Kinds = Kinds(1 << 10);
    /// Word that begins the names of places and streets (San, Lake, Via).
    pub(super) const PLACE_PREFIX: Kinds = Kinds(1 << 11);

    /// Both sets together.
    pub(super) const fn or(self, other: Kinds) -> Kinds {
        Kinds(self.0 | other.0)
    }

    /// What both sets hold.
    pub(super) const fn and(self, other: Kinds) -> Kinds {
        Kinds(self.0 & other.0)
    }

    /// What this set holds and the other does not.
    pub(super) const fn without(self, other: Kinds) -> Kinds {
        Kinds(self.0 & !other.0)
    }

    /// True when the word is in at least one of the lists `any`.
    pub(super) const fn has(self, any: Kinds) -> bool {
        self.0 & any.0 != 0
    }
}

static TABLE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/word_table.bin"));

/// The lists that hold `word`. Case, accents, apostrophes, hyphens, dots and invisible characters make no difference.
pub(super) fn kinds(word: &str) -> Kinds {
    Kinds(get(TABLE, word))
}

/// [`kinds`] of a word of up to sixteen small letters, given as its first eight and the others, zeros behind its end.
#[inline]
pub(super) fn kinds_of_letters(first: u64, others: u64) -> Kinds {
    Kinds(get_hashed(TABLE, hash_of(first, others)))
}

/// False for words that are no given name, or are often something else as well. The word is given by the
/// [mixed](crate::identifiers::first_words::mix) first eight letters in lower case, zeros behind its end.
#[inline]
pub(super) fn may_be_given(mixed: u64) -> bool {
    word_table::may_be_given(TABLE, mixed)
}

/// False for words that are neither title, suffix nor particle; the word as for [`may_be_given`].
#[inline]
pub(super) fn may_be_small(mixed: u64) -> bool {
    word_table::may_be_small(TABLE, mixed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::word_table::{LISTS, SLOTS, fold_hash};
    use crate::identifiers::first_words::{beginning, eight_at, mix};

    fn lists() -> impl Iterator<Item = (Kinds, String)> {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("identifiers/names");
        LISTS.iter().map(move |(kinds, file)| (Kinds(*kinds), std::fs::read_to_string(folder.join(file)).unwrap()))
    }

    #[test]
    fn names_are_found_in_any_spelling() {
        for word in ["Mary", "MARY", "mary", "Ma\u{200B}ry"] {
            assert!(kinds(word).has(Kinds::GIVEN), "{word}");
        }
        for word in ["Rentería", "RENTERIA", "Renteri\u{301}a", "O'Brien", "O’BRIEN", "OBrien"] {
            assert!(kinds(word).has(Kinds::FAMILY), "{word}");
        }
        assert!(kinds("Jоhn").has(Kinds::GIVEN), "a Cyrillic о in it");
    }

    #[test]
    fn words_of_other_scripts_and_unknown_words_are_in_no_list() {
        for word in ["", "Иван", "山田", "xqzzyv", "Αθηνά"] {
            assert_eq!(kinds(word), Kinds::NONE, "{word}");
        }
    }

    #[test]
    fn no_filter_refuses_a_word_that_it_is_made_for() {
        let not_only = Kinds::COMMON.or(Kinds::WEAK).or(Kinds::ORGANIZATION).or(Kinds::MEDICAL).or(Kinds::STREET);
        let not_only = not_only.or(Kinds::PLACE).or(Kinds::PLACE_PREFIX);
        let small = Kinds::TITLE.or(Kinds::SUFFIX).or(Kinds::PARTICLE);
        for (_, list) in lists() {
            for word in list.lines().filter(|word| word.bytes().all(|byte| byte.is_ascii_lowercase())) {
                let mut eight = [0; 8];
                let length = word.len().min(8);
                eight[..length].copy_from_slice(&word.as_bytes()[..length]);
                let beginning = mix(u64::from_le_bytes(eight));
                let kinds = kinds(word);
                assert!(may_be_given(beginning) || !kinds.has(Kinds::GIVEN) || kinds.has(not_only), "{word}");
                assert!(may_be_small(beginning) || !kinds.has(small), "{word}");
            }
        }
        assert!(!may_be_given(mix(u64::from_le_bytes(*b"tablet\0\0"))));
    }

    #[test]
    fn short_words_are_known_by_their_letters_alone() {
        for (_, list) in lists() {
            for word in list.lines().filter(|word| word.bytes().all(|byte| byte.is_ascii_lowercase())) {
                if word.len() <= 16 {
                    let others = if word.len() > 8 { eight_at(word.as_bytes(), 8) } else { 0 };
                    assert_eq!(
                        kinds_of_letters(beginning(word.as_bytes(), 0, word.len()), others),
                        kinds(word),
                        "{word}"
                    );
                }
            }
        }
        assert_eq!(kinds_of_letters(u64::from_le_bytes(*b"xqzzyv\0\0"), 0), Kinds::NONE);
    }

    #[test]
    fn each_list_is_lower_case_sorted_and_free_of_repetition() {
        for (_, list) in lists() {
            let words: Vec<&str> = list.lines().collect();
            assert!(words.windows(2).all(|pair| pair[0] < pair[1]));
            assert!(words.iter().all(|word| !word.is_empty() && word.to_lowercase() == *word && word.trim() == *word));
            assert!(words.iter().all(|word| fold_hash(word).is_some()));
        }
    }

    #[test]
    fn a_word_is_in_the_lists_that_hold_it_and_in_no_other() {
        let fold_word = |word: &str| -> String {
            let letters = word.chars().filter(|c| !is_mark(*c) && *c != '\'');
            letters.map(|c| fold(c).map_or(c.to_string(), String::from)).collect()
        };
        let mut expected: std::collections::HashMap<String, Kinds> = std::collections::HashMap::new();
        for (kinds, list) in lists() {
            for word in list.lines() {
                let known = expected.entry(fold_word(word)).or_default();
                *known = known.or(kinds);
            }
        }
        assert!(expected.len() * 2 < SLOTS);
        for (word, known) in &expected {
            assert_eq!(kinds(word), *known, "{word}");
        }
    }
}
