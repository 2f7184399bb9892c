//! Texts with gaps: `*` stands for any characters, also none.

/// The parts of a text between its gaps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wildcard {
    /// What comes before the first gap; the whole text if there is none.
    first: String,
    /// What comes between two gaps, in order.
    middle: Vec<String>,
    /// What comes after the last gap; `None` if there is none.
    last: Option<String>,
}

impl Wildcard {
    /// Reads a text in which a backslash makes an asterisk or a backslash an ordinary character.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let mut parts = vec![String::new()];
        let mut characters = text.chars().enumerate().peekable();
        while let Some((at, character)) = characters.next() {
            let next = characters.peek().map(|(_, next)| *next);
            match (character, next) {
                ('*', Some('*')) => {
                    return Err(format!("two wildcards stand side by side at character {}; one is enough", at + 1));
                }
                ('*', _) => parts.push(String::new()),
                ('\\', Some(escaped @ ('*' | '\\'))) => {
                    characters.next();
                    if let Some(part) = parts.last_mut() {
                        part.push(escaped);
                    }
                }
                ('\\', _) => {
                    return Err(format!(
                        "the backslash at character {} stands before neither an asterisk nor a backslash",
                        at + 1
                    ));
                }
                (other, _) => {
                    if let Some(part) = parts.last_mut() {
                        part.push(other);
                    }
                }
            }
        }
        let mut parts = parts.into_iter();
        let first = parts.next().unwrap_or_default();
        let mut middle: Vec<String> = parts.collect();
        let last = middle.pop();
        Ok(Self { first, middle, last })
    }

    /// Whether the whole of `text` fits.
    pub(super) fn matches(&self, text: &str) -> bool {
        let Some(last) = &self.last else { return text == self.first };
        let Some(mut rest) = text.strip_prefix(self.first.as_str()).and_then(|rest| rest.strip_suffix(last.as_str()))
        else {
            return false;
        };
        // The leftmost place of each part leaves the most room for the next.
        for part in &self.middle {
            let Some(at) = rest.find(part.as_str()) else { return false };
            rest = &rest[at + part.len()..];
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_stand_for_anything_or_nothing() {
        for (pattern, fits, fails) in [
            ("*", &["", "x", "xyz"][..], &[][..]),
            ("a*c", &["ac", "abc", "abcc"], &["a", "ab", "abcd", "xac"]),
            ("*a*b*", &["ab", "xaxbx", "aab"], &["ba", "a", "b"]),
            ("aba*aba", &["abaaba", "aba-aba"], &["aba", "ababa"]),
            (r"a\*\\*", &[r"a*\", r"a*\x"], &["a*", r"ax\"]),
            ("plain", &["plain"], &["plainly"]),
        ] {
            let wildcard = Wildcard::parse(pattern).unwrap();
            assert!(fits.iter().all(|text| wildcard.matches(text)), "{pattern}");
            assert!(!fails.iter().any(|text| wildcard.matches(text)), "{pattern}");
        }
    }

    #[test]
    fn gaps_side_by_side_and_stray_backslashes_are_refused() {
        for pattern in ["a**b", r"a\b", r"a\", r"\\\"] {
            assert!(Wildcard::parse(pattern).is_err(), "{pattern}");
        }
        assert!(Wildcard::parse(r"*\**").is_ok());
    }
}
