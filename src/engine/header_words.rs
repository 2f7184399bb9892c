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

    /// True when one of the words is in the list, whose words are parted by spaces.
    pub(super) fn has(&self, list: &str) -> bool {
        self.words.iter().any(|word| holds(list, word))
    }
}

/// True when the list, whose words are parted by spaces, holds the word.
pub(super) fn holds(list: &str, word: &str) -> bool {
    list.split_ascii_whitespace().any(|known| known == word)
}

#[cfg(test)]
mod tests {
    use super::*;

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
