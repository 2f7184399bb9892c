//! What is known of a word that may be part of a person's name: one table over the lists in `identifiers/names/`.
//!
//! The table is built the first time a word is looked up, so a scan that meets no name pays nothing for it.

use std::sync::LazyLock;

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

static LISTS: &[(Kinds, &str)] = &[
    (Kinds::GIVEN, include_str!("../../identifiers/names/given-us-census-1990.txt")),
    (Kinds::GIVEN, include_str!("../../identifiers/names/given-international.txt")),
    (Kinds::FAMILY, include_str!("../../identifiers/names/family-us-census-1990.txt")),
    (Kinds::FAMILY, include_str!("../../identifiers/names/family-international.txt")),
    (Kinds::COMMON, include_str!("../../identifiers/names/common-words.txt")),
    (Kinds::WEAK, include_str!("../../identifiers/names/weak-names.txt")),
    (Kinds::ORGANIZATION, include_str!("../../identifiers/names/organization-words.txt")),
    (Kinds::MEDICAL, include_str!("../../identifiers/names/medical-words.txt")),
    (Kinds::TITLE, include_str!("../../identifiers/names/titles.txt")),
    (Kinds::SUFFIX, include_str!("../../identifiers/names/suffixes.txt")),
    (Kinds::PARTICLE, include_str!("../../identifiers/names/particles.txt")),
    (Kinds::STREET, include_str!("../../identifiers/names/street-words.txt")),
    (Kinds::PLACE, include_str!("../../identifiers/names/place-names.txt")),
    (Kinds::PLACE_PREFIX, include_str!("../../identifiers/names/place-prefixes.txt")),
];

/// The lists that hold `word`. Case, accents, apostrophes, hyphens, dots and invisible characters make no difference.
pub(super) fn kinds(word: &str) -> Kinds {
    static TABLE: LazyLock<Table> = LazyLock::new(Table::load);
    fold_hash(word).map_or(Kinds::NONE, |hash| TABLE.get(hash))
}

/// Open addressing over hashes of folded words. A slot keeps 20 bits of the hash and, below them, the kinds. With the
/// 17 bits that say where the search begins, an unknown word is taken for a known one about once in a million times,
/// which evidence can bear; half a megabyte stays in a processor's cache, which the words themselves would not.
struct Table {
    slots: Vec<u32>,
}

impl Table {
    /// Slots: a power of two that leaves more than half of them empty.
    const SLOTS: usize = 1 << 17;
    const KINDS: u32 = 0xFFF;

    fn load() -> Table {
        let mut table = Table { slots: vec![0; Table::SLOTS] };
        for (kinds, list) in LISTS {
            for hash in list.lines().filter_map(fold_hash) {
                table.add(hash, *kinds);
            }
        }
        table
    }

    /// The part of a hash that a slot keeps.
    fn tag(hash: u64) -> u32 {
        hash as u32 & !Table::KINDS
    }

    /// The slot of the hash, or the empty slot where it would stand.
    fn slot(&self, hash: u64) -> usize {
        let tag = Table::tag(hash);
        let mut at = (hash >> 40) as usize & (Table::SLOTS - 1);
        while self.slots[at] != 0 && (self.slots[at] ^ tag) & !Table::KINDS != 0 {
            at = (at + 1) & (Table::SLOTS - 1);
        }
        at
    }

    fn add(&mut self, hash: u64, kinds: Kinds) {
        let at = self.slot(hash);
        self.slots[at] = Table::tag(hash) | (self.slots[at] & Table::KINDS) | u32::from(kinds.0);
    }

    fn get(&self, hash: u64) -> Kinds {
        Kinds((self.slots[self.slot(hash)] & Table::KINDS) as u16)
    }
}

/// Hash (FNV-1a with a final mix) of the folded word; `None` for words with letters that are not Latin.
fn fold_hash(word: &str) -> Option<u64> {
    const PRIME: u64 = 0x0000_0100_0000_01b3;
    const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
    let mut hash = OFFSET;
    let mut step = |byte: u8| hash = (hash ^ u64::from(byte)).wrapping_mul(PRIME);
    if word.is_ascii() {
        for byte in word.bytes() {
            if byte.is_ascii_alphabetic() {
                step(byte | 0x20);
            }
        }
    } else {
        for c in word.chars() {
            if c.is_ascii_alphabetic() {
                step(c as u8 | 0x20);
            } else if !c.is_ascii() && !is_mark(c) {
                fold(c)?.bytes().for_each(&mut step);
            }
        }
    }
    Some((hash ^ (hash >> 29)).wrapping_mul(0x9E37_79B9_7F4A_7C15))
}

/// True for characters that stand inside a word without being letters: invisible ones (zero-width characters, soft
/// hyphen, direction marks), combining accents, and typographic apostrophes and hyphens.
pub(super) fn is_mark(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{300}'..='\u{36F}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'
        | '\u{FEFF}' | '\u{2010}' | '\u{2011}' | '\u{2018}' | '\u{2019}' | '\u{2BC}' | '\u{B4}')
}

/// Lower-case ASCII letters that stand for a Latin letter with an accent, or for a Cyrillic letter that looks like a
/// Latin one and is used to disguise a word; `None` for other letters.
pub(super) fn fold(c: char) -> Option<&'static str> {
    Some(match c {
        'À'..='Å' | 'à'..='å' | 'Ā'..='ą' | 'Ǎ' | 'ǎ' | 'Ạ'..='ặ' | 'а' | 'А' => "a",
        'Æ' | 'æ' => "ae",
        'Ç' | 'ç' | 'Ć'..='č' | 'с' | 'С' => "c",
        'Ð' | 'ð' | 'Ď'..='đ' => "d",
        'È'..='Ë' | 'è'..='ë' | 'Ē'..='ě' | 'Ẹ'..='ệ' | 'Ə' | 'ə' | 'е' | 'Е' => "e",
        'Ĝ'..='ģ' => "g",
        'Ĥ'..='ħ' | 'Н' => "h",
        'Ì'..='Ï' | 'ì'..='ï' | 'Ĩ'..='ı' | 'Ỉ'..='ị' | 'і' | 'І' => "i",
        'Ĵ' | 'ĵ' | 'ј' | 'Ј' => "j",
        'Ķ' | 'ķ' | 'К' | 'к' => "k",
        'Ĺ'..='ł' => "l",
        'М' => "m",
        'Ñ' | 'ñ' | 'Ń'..='ŉ' => "n",
        'Ò'..='Ö' | 'Ø' | 'ò'..='ö' | 'ø' | 'Ō'..='ő' | 'Ơ' | 'ơ' | 'Ọ'..='ợ' | 'о' | 'О' => "o",
        'Œ' | 'œ' => "oe",
        'р' | 'Р' => "p",
        'Ŕ'..='ř' => "r",
        'Ś'..='š' | 'Ș' | 'ș' | 'ѕ' | 'Ѕ' => "s",
        'ß' | 'ẞ' => "ss",
        'Ţ'..='ŧ' | 'Ț' | 'ț' | 'Т' => "t",
        'Þ' | 'þ' => "th",
        'Ù'..='Ü' | 'ù'..='ü' | 'Ũ'..='ų' | 'Ư' | 'ư' | 'Ụ'..='ự' => "u",
        'В' => "b",
        'Ŵ' | 'ŵ' => "w",
        'х' | 'Х' => "x",
        'Ý' | 'ý' | 'ÿ' | 'Ŷ'..='Ÿ' | 'Ỳ'..='ỹ' | 'у' | 'У' => "y",
        'Ź'..='ž' => "z",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn each_list_is_lower_case_sorted_and_free_of_repetition() {
        for (_, list) in LISTS {
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
        for (kinds, list) in LISTS {
            for word in list.lines() {
                let known = expected.entry(fold_word(word)).or_default();
                *known = known.or(*kinds);
            }
        }
        assert!(expected.len() * 2 < Table::SLOTS);
        for (word, known) in &expected {
            assert_eq!(kinds(word), *known, "{word}");
        }
    }
}
