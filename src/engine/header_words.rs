//! The words of a column's header.

/// The words of a header in lower case: parted at spaces, `_ - . / '` and other signs, and where a lower-case letter is
/// followed by a capital. Digits behind a word are left out (`address1`), a number alone is a word.
pub(super) struct HeaderWords {
    words: Vec<String>,
}

impl HeaderWords {
    /// Words that are looked at; no header that names a part of a name or an address has more.
    const MAX: usize = 12;

    /// Reads a header.
    pub(super) fn read(header: &str) -> HeaderWords {
        let mut words: Vec<String> = Vec::new();
        let mut word = String::new();
        let mut after_lower = false;
        for c in header.chars() {
            if !c.is_alphanumeric() || (c.is_uppercase() && after_lower) {
                HeaderWords::add(&mut words, &mut word);
            }
            if c.is_alphanumeric() {
                word.extend(c.to_lowercase());
            }
            after_lower = c.is_lowercase();
        }
        HeaderWords::add(&mut words, &mut word);
        HeaderWords { words }
    }

    fn add(words: &mut Vec<String>, word: &mut String) {
        let name = word.trim_end_matches(|c: char| c.is_ascii_digit());
        let kept = if name.is_empty() { word.as_str() } else { name };
        // A single digit numbers a column (`Address Line 1`).
        let is_number_of_column = name.is_empty() && word.len() == 1;
        if !kept.is_empty() && !is_number_of_column && words.len() < HeaderWords::MAX {
            words.push(kept.to_owned());
        }
        word.clear();
    }

    /// The words in order.
    pub(super) fn as_slice(&self) -> &[String] {
        &self.words
    }

    /// True when one of the words is in the vocabulary.
    pub(super) fn has(&self, list: &Vocabulary) -> bool {
        self.words.iter().any(|word| list.holds(word))
    }

    /// True when one of the words is among those of `few`, which are parted by spaces.
    pub(super) fn has_any(&self, few: &str) -> bool {
        self.words.iter().any(|word| is_among(few, word))
    }
}

/// Words that are looked for in headers.
pub(super) struct Vocabulary {
    /// Parted by spaces.
    words: &'static str,
    /// A bit for each mark of a word (see [`Vocabulary::mark`]): most words that are not in it have another one.
    marks: [u64; Vocabulary::MARKS / 64],
}

impl Vocabulary {
    const MARKS: usize = 2048;

    /// The vocabulary of `words`, in lower case and parted by spaces.
    pub(super) const fn new(words: &'static str) -> Self {
        let bytes = words.as_bytes();
        let mut marks = [0; Self::MARKS / 64];
        let mut start = 0;
        while start < bytes.len() {
            let mut end = start;
            while end < bytes.len() && bytes[end] != b' ' {
                end += 1;
            }
            if end > start {
                let mark = Self::mark(bytes[start], bytes[start + (end - start) / 2], bytes[end - 1], end - start);
                marks[mark / 64] |= 1 << (mark % 64);
            }
            start = end + 1;
        }
        Self { words, marks }
    }

    /// Mixes the first, middle and last byte of a word with its length.
    const fn mark(first: u8, middle: u8, last: u8, length: usize) -> usize {
        let all = u32::from_le_bytes([first, middle, last, length as u8]);
        (all.wrapping_mul(0x9E37_79B1) >> 21) as usize % Self::MARKS
    }

    /// True when the word is in it.
    pub(super) fn holds(&self, word: &str) -> bool {
        let bytes = word.as_bytes();
        let (Some(first), Some(last)) = (bytes.first(), bytes.last()) else { return false };
        let mark = Self::mark(*first, bytes[bytes.len() / 2], *last, bytes.len());
        self.marks[mark / 64] >> (mark % 64) & 1 == 1 && is_among(self.words, word)
    }
}

/// True when the word is among those of `words`, which are parted by spaces.
fn is_among(words: &str, word: &str) -> bool {
    words.split_ascii_whitespace().any(|known| known == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vocabulary_holds_its_words_and_no_others() {
        static WORDS: Vocabulary = Vocabulary::new(
            "name  né \
             a first straße",
        );
        for word in ["name", "né", "a", "first", "straße"] {
            assert!(WORDS.holds(word), "{word}");
        }
        for word in ["", " ", "nam", "names", "nome", "n", "stra", "e", "name né"] {
            assert!(!WORDS.holds(word), "{word}");
        }
    }

    #[test]
    fn words_are_parted_at_signs_and_capitals() {
        for (header, words) in [
            ("first_name", &["first", "name"][..]),
            ("firstName", &["first", "name"]),
            ("FIRST", &["first"]),
            ("Address Line 1", &["address", "line"]),
            ("address2", &["address"]),
            ("patient.zip-code", &["patient", "zip", "code"]),
            ("", &[]),
        ] {
            assert_eq!(HeaderWords::read(header).as_slice(), words, "{header}");
        }
    }
}
