//! A table of words made at build time: the lists of `identifiers/names/`, each word with the lists that hold it.
//!
//! The build step reads this file too, so it depends on nothing.

/// Files of `identifiers/names/`, each with the bit that stands for it.
pub const LISTS: &[(u16, &str)] = &[
    (1, "given-us-census-1990.txt"),
    (1, "given-international.txt"),
    (1 << 1, "family-us-census-1990.txt"),
    (1 << 1, "family-international.txt"),
    (1 << 2, "common-words.txt"),
    (1 << 3, "weak-names.txt"),
    (1 << 4, "organization-words.txt"),
    (1 << 5, "medical-words.txt"),
    (1 << 6, "titles.txt"),
    (1 << 7, "suffixes.txt"),
    (1 << 8, "particles.txt"),
    (1 << 9, "street-words.txt"),
    (1 << 10, "place-names.txt"),
    (1 << 11, "place-prefixes.txt"),
];

/// Slots: a power of two that leaves more than half of them empty.
pub const SLOTS: usize = 1 << 17;
const KINDS: u32 = 0xFFF;
const SLOT_BYTES: usize = 4;

/// Bytes of the table itself; the two filters follow.
const TABLE_BYTES: usize = SLOTS * SLOT_BYTES;
/// Bits of the number of bits in the filter of given names.
const GIVEN_BITS: u32 = 18;
/// Bits of the number of bits in the filter of small words.
const SMALL_BITS: u32 = 13;
const GIVEN: u16 = 1;
/// Lists whose words are not only names.
const NOT_ONLY_NAMES: u16 = 1 << 2 | 1 << 3 | 1 << 4 | 1 << 5 | 1 << 9 | 1 << 10 | 1 << 11;
/// Titles, suffixes and particles.
const SMALL: u16 = 1 << 6 | 1 << 7 | 1 << 8;

/// Makes the table of the words in `lists`, one word a line, and behind it two filters for words in small ASCII letters: of
/// given names that are little else, and of titles, suffixes and particles.
///
/// It is open addressing over hashes of folded words. A slot keeps 20 bits of the hash and, below them, the kinds. With the
/// 17 bits that say where the search begins, an unknown word is taken for a known one about once in a million times,
/// which evidence can bear; half a megabyte stays in a processor's cache, which the words themselves would not.
pub fn build<'a>(lists: impl IntoIterator<Item = (u16, &'a str)>) -> Vec<u8> {
    let lists: Vec<(u16, &str)> = lists.into_iter().collect();
    let mut table = vec![0; TABLE_BYTES];
    for &(kinds, list) in &lists {
        for hash in list.lines().filter_map(fold_hash) {
            let at = find(&table, hash);
            let slot = tag(hash) | (read(&table, at) & KINDS) | u32::from(kinds);
            table[at * SLOT_BYTES..][..SLOT_BYTES].copy_from_slice(&slot.to_le_bytes());
        }
    }
    let (mut given, mut small) = (vec![0; 1 << (GIVEN_BITS - 3)], vec![0; 1 << (SMALL_BITS - 3)]);
    for word in lists.iter().flat_map(|(_, list)| list.lines()) {
        let kinds = get(&table, word);
        let mut filters = [(&mut given, GIVEN_BITS), (&mut small, SMALL_BITS)];
        let wanted = [kinds & GIVEN != 0 && kinds & NOT_ONLY_NAMES == 0, kinds & SMALL != 0];
        for ((filter, bits), wanted) in filters.iter_mut().zip(wanted) {
            if wanted {
                let at = (mix(beginning(word)) >> (64 - *bits)) as usize;
                filter[at / 8] |= 1 << (at % 8);
            }
        }
    }
    table.extend(given);
    table.extend(small);
    table
}

/// The first eight letters of a word, folded; zeros behind its end.
fn beginning(word: &str) -> u64 {
    let mut folded = Vec::new();
    for c in word.chars() {
        if c.is_ascii_alphabetic() {
            folded.push(c as u8 | 0x20);
        } else if !c.is_ascii() && !is_mark(c) {
            folded.extend(fold(c).unwrap_or_default().bytes());
        }
    }
    folded.resize(8, 0);
    u64::from_le_bytes(folded[..8].try_into().unwrap_or_default())
}

/// Mixes the beginning of a word, as the search for keywords does.
pub fn mix(beginning: u64) -> u64 {
    beginning.wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

/// False for words that are no given name, or are often something else as well. The word is given by its first eight letters in
/// lower case, zeros behind its end, [mixed](mix).
#[inline]
pub fn may_be_given(table: &[u8], mixed: u64) -> bool {
    let at = (mixed >> (64 - GIVEN_BITS)) as usize;
    table[TABLE_BYTES + at / 8] >> (at % 8) & 1 == 1
}

/// False for words that are neither title, suffix nor particle; the word as for [`may_be_given`].
#[inline]
pub fn may_be_small(table: &[u8], mixed: u64) -> bool {
    let at = (mixed >> (64 - SMALL_BITS)) as usize;
    table[TABLE_BYTES + (1 << (GIVEN_BITS - 3)) + at / 8] >> (at % 8) & 1 == 1
}

/// The bits of the lists that hold `word`; 0 for none. Case, accents, apostrophes, hyphens, dots and invisible characters
/// make no difference.
pub fn get(table: &[u8], word: &str) -> u16 {
    fold_hash(word).map_or(0, |hash| get_hashed(table, hash))
}

/// The bits of the lists that hold the word with that [hash](fold_hash).
#[inline]
pub fn get_hashed(table: &[u8], hash: u64) -> u16 {
    (read(table, find(table, hash)) & KINDS) as u16
}

/// The part of a hash that a slot keeps.
fn tag(hash: u64) -> u32 {
    hash as u32 & !KINDS
}

/// The slot of the hash, or the empty slot where it would stand.
fn find(table: &[u8], hash: u64) -> usize {
    let tag = tag(hash);
    let mut at = (hash >> 40) as usize & (SLOTS - 1);
    loop {
        let slot = read(table, at);
        if slot == 0 || (slot ^ tag) & !KINDS == 0 {
            return at;
        }
        at = (at + 1) & (SLOTS - 1);
    }
}

fn read(table: &[u8], at: usize) -> u32 {
    let bytes = &table[at * SLOT_BYTES..][..SLOT_BYTES];
    u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])
}

/// Hash of the folded word; `None` for words with letters that are not Latin.
pub fn fold_hash(word: &str) -> Option<u64> {
    let mut hash = Hash::default();
    if word.is_ascii() {
        word.bytes().filter(u8::is_ascii_alphabetic).for_each(|byte| hash.add(byte | 0x20));
    } else {
        for c in word.chars() {
            if c.is_ascii_alphabetic() {
                hash.add(c as u8 | 0x20);
            } else if !c.is_ascii() && !is_mark(c) {
                fold(c)?.bytes().for_each(|byte| hash.add(byte));
            }
        }
    }
    Some(hash.end())
}

/// [`fold_hash`] of a word of up to sixteen small letters, given as its first eight and the others, zeros behind its end.
#[inline]
pub fn hash_of(first: u64, others: u64) -> u64 {
    let hash = step(SEED, first);
    finish(if others == 0 { hash } else { step(hash, others) })
}

/// Takes letters one by one and mixes them eight at a time.
struct Hash {
    mixed: u64,
    eight: u64,
    filled: u32,
}

impl Default for Hash {
    fn default() -> Self {
        Self { mixed: SEED, eight: 0, filled: 0 }
    }
}

impl Hash {
    fn add(&mut self, letter: u8) {
        if self.filled == 64 {
            self.mixed = step(self.mixed, self.eight);
            (self.eight, self.filled) = (0, 0);
        }
        self.eight |= u64::from(letter) << self.filled;
        self.filled += 8;
    }

    fn end(self) -> u64 {
        finish(step(self.mixed, self.eight))
    }
}

const SEED: u64 = 0xcbf2_9ce4_8422_2325;

#[inline]
fn step(mixed: u64, eight: u64) -> u64 {
    (mixed ^ eight).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(29)
}

#[inline]
fn finish(mixed: u64) -> u64 {
    (mixed ^ (mixed >> 29)).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

/// True for characters that stand inside a word without being letters: invisible ones (zero-width characters, soft
/// hyphen, direction marks), combining accents, and typographic apostrophes and hyphens.
pub fn is_mark(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{300}'..='\u{36F}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'
        | '\u{FEFF}' | '\u{2010}' | '\u{2011}' | '\u{2018}' | '\u{2019}' | '\u{2BC}' | '\u{B4}')
}

/// Lower-case ASCII letters that stand for a Latin letter with an accent, or for a Cyrillic letter that looks like a
/// Latin one and is used to disguise a word; `None` for other letters.
pub fn fold(c: char) -> Option<&'static str> {
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
