//! The escapes of PCRE: what a backslash and the characters after it mean, in brackets and outside.

use super::custom_regex::RegexError;
use super::pcre::Translator;

/// What the class escapes stand for, as the inside of brackets. `\s` holds the vertical tab since PCRE 8.34.
pub(super) fn class_escape(letter: char) -> Option<&'static str> {
    Some(match letter.to_ascii_lowercase() {
        'd' => "0-9",
        'w' => "0-9A-Za-z_",
        's' => r"\t\n\x0B\f\r\x20",
        'h' => r"\t\x20\xA0\x{1680}\x{180E}\x{2000}-\x{200A}\x{202F}\x{205F}\x{3000}",
        'v' => r"\n\x0B\f\r\x85\x{2028}\x{2029}",
        _ => return None,
    })
}

impl Translator {
    /// Translates the escape that comes next.
    pub(super) fn escape(&mut self, in_class: bool) -> Result<(), RegexError> {
        let Some(letter) = self.peek(1) else {
            return self.error("the pattern ends in a backslash; write \\\\ for a backslash");
        };
        if let Some(body) = class_escape(letter) {
            let negated = if letter.is_ascii_uppercase() { "^" } else { "" };
            let text = match (in_class, negated) {
                (true, "") => body.to_owned(),
                // Ignoring case must not make a Kelvin sign of the K in `\w`.
                (false, _) => format!("(?-i:[{negated}{body}])"),
                (true, _) => format!("[{negated}{body}]"),
            };
            self.emit(&text, 2);
            return Ok(());
        }
        match letter {
            'b' if in_class => self.emit("\\x08", 2),
            'b' => self.emit("(?-u:\\b)", 2),
            'B' if !in_class => self.emit("(?-u:\\B)", 2),
            'N' if !in_class && self.peek(2) != Some('{') => self.emit("[^\\n]", 2),
            'R' if !in_class => self.emit("(?:\\r\\n|[\\n\\x0B\\f\\r\\x85\\x{2028}\\x{2029}])", 2),
            'A' | 'z' if !in_class => self.emit(if letter == 'A' { "\\A" } else { "\\z" }, 2),
            'f' | 'n' | 'r' | 't' => self.emit(&format!("\\{letter}"), 2),
            'a' => self.emit("\\x07", 2),
            'e' => self.emit("\\x1B", 2),
            'x' => return self.hexadecimal(),
            'p' | 'P' => return self.property(),
            'Q' => self.quoted(),
            'E' => self.next += 2,
            '0' => {
                let digits: String =
                    (2..4).map_while(|n| self.peek(n)).take_while(|c| ('0'..='7').contains(c)).collect();
                let code = u32::from_str_radix(&digits, 8).unwrap_or(0);
                self.emit(&format!("\\x{{{code:X}}}"), 2 + digits.len());
            }
            'g' if matches!(self.peek(2), Some('<' | '\'')) => {
                return self.error("a recursive pattern \\g is not supported; repeat the group's pattern");
            }
            '1'..='9' | 'g' | 'k' => {
                return self.error(format!("a backreference \\{letter} is not supported; repeat the group's pattern"));
            }
            'Z' | 'G' | 'K' => {
                return self.error(format!("\\{letter} is not supported; $ is the end of the text, ^ its start"));
            }
            'u' | 'o' | 'c' => {
                return self.error(format!("\\{letter} is not supported; write \\x{{...}} with hexadecimal digits"));
            }
            _ if letter.is_ascii_alphanumeric() => {
                return self.error(format!("\\{letter} has no meaning; write {letter} for the character itself"));
            }
            _ => self.emit_literal(letter, 2),
        }
        Ok(())
    }

    /// `\x4A` and `\x{1F600}`.
    fn hexadecimal(&mut self) -> Result<(), RegexError> {
        let (digits, length) = if self.peek(2) == Some('{') {
            let Some(digits) = self.until(3, '}') else { return self.error("the braces of \\x{ are never closed") };
            (digits.trim_end_matches('}').to_owned(), digits.chars().count() + 3)
        } else {
            let digits: String = (2..4).map_while(|n| self.peek(n)).take_while(char::is_ascii_hexdigit).collect();
            let length = 2 + digits.len();
            (if digits.is_empty() { "0".to_owned() } else { digits }, length)
        };
        match u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32) {
            Some(c) => self.emit(&format!("\\x{{{:X}}}", u32::from(c)), length),
            None => return self.error(format!("{digits:?} is no character's number in hexadecimal digits")),
        }
        Ok(())
    }

    /// `\pL`, `\p{Lu}` and `\p{^Lu}`.
    fn property(&mut self) -> Result<(), RegexError> {
        if self.peek(2) != Some('{') {
            let text: String = (0..3).filter_map(|n| self.peek(n)).collect();
            self.emit(&text, text.chars().count());
            return Ok(());
        }
        let Some(name) = self.until(2, '}') else { return self.error("the braces of \\p{ are never closed") };
        let length = 2 + name.chars().count();
        let mut negative = self.peek(1) == Some('P');
        let name = match name.strip_prefix("{^") {
            Some(rest) => {
                negative = !negative;
                format!("{{{rest}")
            }
            None => name,
        };
        self.emit(&format!("\\{}{name}", if negative { 'P' } else { 'p' }), length);
        Ok(())
    }

    /// `\Q...\E`: every character stands for itself.
    fn quoted(&mut self) {
        self.next += 2;
        while let Some(c) = self.peek(0) {
            if self.starts("\\E") {
                self.next += 2;
                return;
            }
            self.emit_literal(c, 1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::custom_regex::found;

    #[test]
    fn class_escapes_take_ascii_only_while_literals_and_the_dot_take_any_character() {
        let arabic = "٣٤";
        for pattern in [r"\d", r"[\d]", r"[^\D]", r"\w", r"(?i)\w", r"[\w-]", r"[[:alnum:]]"] {
            assert_eq!(found(pattern, &format!("{arabic}é\u{212A}7")), ["7"], "{pattern}");
        }
        assert_eq!(found(r"\D+", "1é٣2"), ["é٣"]);
        assert_eq!(found(r"[^\d-]+", "1é-a2"), ["é", "a"]);
        assert_eq!(found(r"[\Da]", "1é"), ["é"]);
        assert_eq!(found(r"a\sb|a.b|é", "a\u{A0}b é a\tb"), ["a\u{A0}b", "é", "a\tb"]);
        assert_eq!(found(r"x\sy", "x\u{A0}y"), [""; 0]);
        assert_eq!(found(r"\S+", "a\u{0B}b é"), ["a", "b", "é"]);
    }

    #[test]
    fn word_boundaries_are_ascii() {
        assert_eq!(found(r"\bab\b", "éabé"), ["ab"]);
        assert_eq!(found(r"\Bb", "ab éb"), ["b"]);
    }

    #[test]
    fn escapes_have_the_meaning_of_pcre() {
        for (pattern, text) in [
            (r"\<a\>", "<a>"),
            (r"\Qa.b(\E+", "a.b(("),
            (r"\x41\x{1F600}", "A😀"),
            (r"\011", "\t"),
            (r"a\h\v", "a\u{A0}\u{2028}"),
            (r"a\Rb", "a\r\nb"),
            (r"\p{^Lu}\pL", "1a"),
            (r"a(?#note)b", "ab"),
            ("(?x) a # it's [ ( \n b ", "ab"),
            ("((?x) a b )c d", "abc d"),
            (r"(?<year>\d\d)(?P<m>\d)(?i)A(?-i:b)", "123ab"),
            (r"\-\@\/\ \é", "-@/ é"),
            (r"a]b}", "a]b}"),
            (r"/home/user/", "/home/user/"),
        ] {
            assert_eq!(found(pattern, text), [text], "{pattern}");
        }
    }
}
