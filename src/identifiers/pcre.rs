//! Macie's patterns are PCRE; the `regex` crate reads a similar but different language. This translates the one into
//! the other, so that a pattern means here what it means there, and refuses by name what a finite automaton cannot do.
//!
//! Facts about PCRE are those of its manual page `pcre2pattern`, read with UTF on and Unicode properties off: `\d`, `\w`,
//! `\s` and `\b` are ASCII while literals and `.` are whole characters.

use super::custom_regex::{HIGHEST_BOUND, RegexError};
use super::pcre_escape::class_escape;
use std::fmt::Write as _;

/// A translated pattern and the way back from its offsets.
pub(super) struct Translation {
    /// The pattern for the `regex` crate.
    pub(super) text: String,
    /// For each piece: its byte offset in `text` and its 0-based character in the original.
    pieces: Vec<(usize, usize)>,
}

impl Translation {
    /// The 1-based character of the original that the byte of the translation came from.
    pub(super) fn origin(&self, byte: usize) -> usize {
        let after = self.pieces.partition_point(|(start, _)| *start <= byte);
        self.pieces[..after].last().map_or(1, |(_, character)| character + 1)
    }
}

/// Translates a pattern. Groups, repeats and ranges that are merely malformed are left for the parser to refuse.
pub(super) fn translate(pattern: &str) -> Result<Translation, RegexError> {
    let mut translator = Translator {
        source: pattern.chars().collect(),
        next: 0,
        output: Translation { text: String::with_capacity(pattern.len() + 16), pieces: Vec::new() },
        spaced: vec![false],
    };
    translator.slashes()?;
    while translator.next < translator.source.len() {
        translator.piece()?;
    }
    Ok(translator.output)
}

/// Reads the pattern piece by piece; escapes are read in [`super::pcre_escape`].
pub(super) struct Translator {
    source: Vec<char>,
    /// 0-based character that is read next.
    pub(super) next: usize,
    output: Translation,
    /// Whether `(?x)` is on, per open group.
    spaced: Vec<bool>,
}

impl Translator {
    pub(super) fn peek(&self, ahead: usize) -> Option<char> {
        self.source.get(self.next + ahead).copied()
    }

    pub(super) fn starts(&self, text: &str) -> bool {
        text.chars().enumerate().all(|(ahead, c)| self.peek(ahead) == Some(c))
    }

    /// Characters up to and including `end`, from `ahead` on; `None` if it never comes.
    pub(super) fn until(&self, ahead: usize, end: char) -> Option<String> {
        let rest = self.source.get(self.next + ahead..)?;
        let length = rest.iter().position(|c| *c == end)?;
        Some(rest[..=length].iter().collect())
    }

    pub(super) fn error<T>(&self, message: impl Into<String>) -> Result<T, RegexError> {
        Err(RegexError { position: Some(self.next + 1), message: message.into() })
    }

    /// Writes `text` for the next `length` characters of the source.
    pub(super) fn emit(&mut self, text: &str, length: usize) {
        self.output.pieces.push((self.output.text.len(), self.next));
        self.output.text.push_str(text);
        self.next += length;
    }

    pub(super) fn emit_literal(&mut self, c: char, length: usize) {
        let mut text = String::new();
        if matches!(c, '\\' | '.' | '+' | '*' | '?' | '(' | ')' | '|' | '[' | ']' | '{' | '}' | '^' | '$' | '-') {
            text.extend(['\\', c]);
        } else if c.is_alphanumeric() {
            text.push(c);
        } else {
            // The rest of the punctuation, white space and controls: some have a meaning in `(?x)` or in a class.
            let _ = write!(text, "\\x{{{:X}}}", u32::from(c));
        }
        self.emit(&text, length);
    }

    /// `/pattern/i` as other languages write it would look for the slashes.
    fn slashes(&self) -> Result<(), RegexError> {
        let text: String = self.source.iter().collect();
        let Some((body, flags)) = text.strip_prefix('/').and_then(|rest| rest.rsplit_once('/')) else { return Ok(()) };
        let is_flags = !flags.is_empty() && flags.chars().all(|c| "imsxguU".contains(c));
        if !is_flags || body.is_empty() || body.replace("\\/", "").contains('/') {
            return Ok(());
        }
        Err(RegexError {
            position: Some(text.chars().count() - flags.len()),
            message: format!(
                "flags after the pattern (/{flags}) are not supported; leave out the slashes and start the pattern with \
                 (?i), (?m), (?s) or (?x), or write [/] for a slash"
            ),
        })
    }

    fn piece(&mut self) -> Result<(), RegexError> {
        let Some(c) = self.peek(0) else { return Ok(()) };
        let spaced = self.spaced.last() == Some(&true);
        match c {
            '\\' => return self.escape(false),
            '[' => return self.class(),
            '(' => return self.group(),
            '{' => return self.braces(),
            ')' => {
                if self.spaced.len() > 1 {
                    self.spaced.pop();
                }
                self.emit(")", 1);
            }
            '*' | '+' | '?' => {
                self.emit(c.encode_utf8(&mut [0; 4]), 1);
                return self.not_possessive();
            }
            '#' if spaced => {
                while self.peek(0).is_some_and(|c| c != '\n') {
                    self.next += 1;
                }
            }
            _ if spaced && c.is_ascii_whitespace() => self.next += 1,
            '.' | '^' | '$' | '|' => self.emit(c.encode_utf8(&mut [0; 4]), 1),
            _ => self.emit_literal(c, 1),
        }
        Ok(())
    }

    fn not_possessive(&self) -> Result<(), RegexError> {
        if self.peek(0) == Some('+') {
            return self.error("a possessive repeat (a + after a repeat) is not supported; leave the + out");
        }
        Ok(())
    }

    /// A bounded repeat, or braces that PCRE takes literally because they hold anything else.
    fn braces(&mut self) -> Result<(), RegexError> {
        let inside = self.until(1, '}').unwrap_or_default();
        let bounds = inside.trim_end_matches('}');
        let (low, high) = bounds.split_once(',').map_or((bounds, None), |(low, high)| (low, Some(high)));
        let number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if !number(low) || high.is_some_and(|high| !high.is_empty() && !number(high)) {
            self.emit("\\{", 1);
            return Ok(());
        }
        for bound in [Some(low), high].into_iter().flatten().filter(|bound| !bound.is_empty()) {
            if bound.parse::<u32>().map_or(true, |bound| bound > HIGHEST_BOUND) {
                return self.error(format!(
                    "the bound {bound} of the repeat {{{bounds} is larger than {HIGHEST_BOUND}; use a smaller bound, or \
                     none at all as in {{{low},}}",
                    bounds = inside,
                    low = if number(low) && low.len() <= 3 { low } else { "1" },
                ));
            }
        }
        self.emit(&format!("{{{inside}"), inside.chars().count() + 1);
        self.not_possessive()
    }

    fn group(&mut self) -> Result<(), RegexError> {
        const CONTEXT: &str = "use keywords to ask for text before the match, and ignoreWords to drop matches";
        let spaced = self.spaced.last() == Some(&true);
        for (start, construct, instead) in [
            ("(*", "a control verb", "leave it out"),
            ("(?=", "a look-ahead", CONTEXT),
            ("(?!", "a negative look-ahead", CONTEXT),
            ("(?<=", "a look-behind", CONTEXT),
            ("(?<!", "a negative look-behind", CONTEXT),
            ("(?>", "an atomic group", "write (?:"),
            ("(?|", "a branch reset group", "write (?:"),
            ("(?(", "a conditional pattern", "write the two cases as alternatives (a|b)"),
            ("(?R", "a recursive pattern", "repeat the pattern as often as it can be nested"),
            ("(?&", "a recursive pattern", "repeat the named group's pattern"),
            ("(?P>", "a recursive pattern", "repeat the named group's pattern"),
            ("(?P=", "a backreference", "repeat the group's pattern"),
            ("(?{", "embedded code", "leave it out"),
            ("(??{", "embedded code", "leave it out"),
            ("(?C", "a callout", "leave it out"),
            ("(?'", "a group name in quotes", "write (?:"),
        ] {
            if self.starts(start) {
                return self.error(format!("{construct} {start} is not supported; {instead}"));
            }
        }
        if !self.starts("(?") {
            self.spaced.push(spaced);
            self.emit("(", 1);
            return Ok(());
        }
        if self.starts("(?#") {
            let Some(comment) = self.until(0, ')') else { return self.error("this comment is never closed") };
            self.next += comment.chars().count();
            return Ok(());
        }
        if self.starts("(?<") || self.starts("(?P<") {
            let Some(name) = self.until(0, '>') else { return self.error("the name of this group is never closed") };
            self.spaced.push(spaced);
            self.emit(&name, name.chars().count());
            return Ok(());
        }
        if self.peek(2).is_some_and(|c| c.is_ascii_digit())
            || (matches!(self.peek(2), Some('+' | '-')) && self.peek(3).is_some_and(|c| c.is_ascii_digit()))
        {
            return self.error("a recursive pattern is not supported; repeat the group's pattern");
        }
        self.flags(spaced)
    }

    /// `(?i)`, `(?i-s:` and `(?:`.
    fn flags(&mut self, mut spaced: bool) -> Result<(), RegexError> {
        let mut on = true;
        let mut length = 2;
        loop {
            match self.peek(length) {
                Some('-') if on => on = false,
                Some('x') => spaced = on,
                Some('i' | 'm' | 's' | 'U') => {}
                Some(end @ (':' | ')')) => {
                    let text: String = self.source[self.next..=self.next + length].iter().collect();
                    if end == ':' {
                        self.spaced.push(spaced);
                    } else if let Some(top) = self.spaced.last_mut() {
                        *top = spaced;
                    }
                    self.emit(&text, length + 1);
                    return Ok(());
                }
                Some(other) => {
                    return self.error(format!("{other:?} is no flag; the flags of a group are i, m, s, x and U"));
                }
                None => return self.error("this group is never closed"),
            }
            length += 1;
        }
    }

    fn class(&mut self) -> Result<(), RegexError> {
        let unclosed = self.error::<()>("this bracket is never closed");
        self.emit("[", 1);
        if self.peek(0) == Some('^') {
            self.emit("^", 1);
        }
        let first = self.next;
        // Whether the item just read is one character, which a hyphen makes the start of a range.
        let mut single = false;
        loop {
            let Some(c) = self.peek(0) else { return unclosed };
            match c {
                ']' if self.next > first => {
                    self.emit("]", 1);
                    return Ok(());
                }
                '[' if self.posix() => single = false,
                '\\' => {
                    single = !self.is_set(0);
                    self.escape(true)?;
                }
                '-' if single && self.peek(1).is_some_and(|next| next != ']') && !self.is_set(1) => {
                    self.emit("-", 1);
                    match self.peek(0) {
                        Some('\\') => self.escape(true)?,
                        Some(end) => self.emit_literal(end, 1),
                        None => return unclosed,
                    }
                    single = false;
                }
                _ => {
                    self.emit_literal(c, 1);
                    single = true;
                }
            }
        }
    }

    /// Whether the text from there on is an escape or POSIX class that stands for many characters.
    fn is_set(&self, ahead: usize) -> bool {
        match (self.peek(ahead), self.peek(ahead + 1)) {
            (Some('\\'), Some(letter)) => class_escape(letter).is_some() || matches!(letter, 'p' | 'P'),
            (Some('['), Some(':')) => self.until(ahead + 2, ':').is_some_and(|name| name.len() < 10),
            _ => false,
        }
    }

    /// Takes `[:alpha:]`, which means ASCII letters in both languages.
    fn posix(&mut self) -> bool {
        let Some(class) = self.until(0, ']') else { return false };
        let taken = class.starts_with("[:") && class.ends_with(":]") && class.len() > 4;
        if taken {
            self.emit(&class, class.chars().count());
        }
        taken
    }
}

#[cfg(test)]
mod tests {
    use super::super::custom_regex::{compile, found};

    #[test]
    fn brackets_are_read_as_pcre_reads_them() {
        for (pattern, text, expected) in [
            (r"[a-z,0-9]+", "a,9-Z", vec!["a,9"]),
            (r"[]a]+", "]a[", vec!["]a"]),
            (r"[^]a]+", "]ab", vec!["b"]),
            (r"[[a]+", "[a]", vec!["[a"]),
            (r"[a&&b]+", "a&c&", vec!["a&", "&"]),
            (r"[+--]+", "+,-.", vec!["+,-"]),
            (r"[a~~b]+", "a~c", vec!["a~"]),
            (r"[\d-x]+", "5-x6y", vec!["5-x6"]),
            (r"[a-\d]+", "a-5b", vec!["a-5"]),
            (r"[-a]+|[b-]+", "-a b-", vec!["-a", "b-"]),
            (r"[\b]", "a\u{8}b", vec!["\u{8}"]),
            (r"[\-\]\\]+", "-]\\a", vec!["-]\\"]),
            (r"[\x41-\x{43}]+", "ABCD", vec!["ABC"]),
            (r"(?x) [ #] +", "a # b", vec![" # "]),
            (r"[[:digit:][:^alpha:]]", "a-", vec!["-"]),
            (r"[\p{Lu}\d]+", "É1é", vec!["É1"]),
        ] {
            assert_eq!(found(pattern, text), expected, "{pattern}");
        }
    }

    #[test]
    fn braces_that_are_no_repeat_are_literal() {
        for (pattern, text) in
            [("a{", "a{"), ("a{,3}", "a{,3}"), ("{x}", "{x}"), (r"a\b{start}", "a{start}"), ("a{1", "a{1")]
        {
            assert_eq!(found(pattern, &format!("x {text}")).last(), Some(&text), "{pattern}");
        }
    }

    #[test]
    fn what_an_automaton_cannot_do_is_refused_at_its_place_with_another_way() {
        for (pattern, position, words) in [
            (r"ab(?=c)", 3, "look-ahead (?= is not supported; use keywords"),
            (r"ab(?!c)", 3, "negative look-ahead"),
            (r"é(?<=c)", 2, "look-behind"),
            (r"(?<!c)", 1, "negative look-behind"),
            (r"(a)\1", 4, r"backreference \1"),
            (r"(a)\g{1}", 4, "backreference"),
            (r"(?<n>a)\k<n>", 8, "backreference"),
            (r"(?P<n>a)(?P=n)", 9, "backreference"),
            (r"(?(1)a|b)", 1, "conditional"),
            (r"a(?R)", 2, "recursive"),
            (r"a(?1)", 2, "recursive"),
            (r"a(?-1)", 2, "recursive"),
            (r"a(?&n)", 2, "recursive"),
            (r"a\g<n>", 2, "recursive"),
            (r"a(?{code})", 2, "embedded code"),
            (r"a(?C1)", 2, "callout"),
            (r"(*UTF8)a", 1, "control verb"),
            (r"(?>a)", 1, "atomic group"),
            (r"a++", 3, "possessive"),
            (r"a{2}+", 5, "possessive"),
            (r"/ab/i", 4, "(?i)"),
            (r"/a\/b/gi", 6, "flags after the pattern"),
            (r"a\Z", 2, "$ is the end"),
            (r"a\u0041", 2, r"\x{...}"),
            (r"a\y", 2, "no meaning"),
            ("a\\", 2, "ends in a backslash"),
            (r"a[b", 2, "never closed"),
            (r"(?n)a", 1, "'n' is no flag"),
            (r"\x{110000}", 1, "no character's number"),
            (r"x\d{100,1000}", 4, "999"),
            (r"x\d{1000}", 4, "999"),
            (r"x\d{99999999999999999999,}", 4, "999"),
            (r"(ab", 1, "unclosed group"),
            (r"\d\d)", 5, "unopened group"),
            (r"\d*[z-a]", 5, "invalid"),
        ] {
            let error = compile(pattern).expect_err(pattern);
            assert_eq!(error.position, Some(position), "{pattern}: {error}");
            assert!(error.message.contains(words), "{pattern}: {error}");
        }
    }
}
