//! What the allow lists of a scan allow, ready for comparison with matches.

use super::allow_list::{AllowList, AllowScope, AllowedTexts};
use super::custom_regex::{RegexError, compile_whole};
use super::fold::folded;
use globset::{Glob, GlobBuilder, GlobSet, GlobSetBuilder};
use regex::Regex;
use std::borrow::Cow;
use std::collections::HashSet;

/// Allow lists made ready.
#[derive(Debug, Default)]
pub struct CompiledAllowLists {
    /// The texts of the lists that are for everything.
    everywhere: CompiledTexts,
    scoped: Vec<ScopedList>,
}

/// A list that is for some identifiers, objects or columns only.
#[derive(Debug)]
pub struct ScopedList {
    /// What it allows.
    pub texts: CompiledTexts,
    /// Ids of the identifiers that it is for; empty for all.
    pub identifiers: Vec<String>,
    /// The objects that it is for; `None` for all.
    pub objects: Option<GlobSet>,
    /// Folded names of the columns that it is for; `None` for all, and for running text.
    pub columns: Option<HashSet<String>>,
    /// The number of the list among all, from 0.
    pub number: usize,
}

impl ScopedList {
    /// Whether it is for an object of that path, its parts joined by `/`.
    pub fn is_for_object(&self, path: &str) -> bool {
        self.objects.as_ref().is_none_or(|objects| objects.is_match(path.trim_start_matches('/')))
    }

    /// Whether it is for a column or record member of that name.
    pub fn is_for_column(&self, name: &str) -> bool {
        self.columns.as_ref().is_none_or(|columns| columns.contains(&folded(name)))
    }
}

/// The texts of lists, ready for comparison.
#[derive(Debug, Default)]
pub struct CompiledTexts {
    /// Folded for comparison.
    words: HashSet<String>,
    patterns: Vec<Regex>,
}

/// A glob that matches the end of a path, from a `/` on; one that ends with `/` matches everything below.
pub(super) fn object_glob(pattern: &str) -> Result<Glob, globset::Error> {
    let pattern = pattern.trim_start_matches("./").trim_start_matches('/');
    let below = if pattern.ends_with('/') { "**" } else { "" };
    GlobBuilder::new(&format!("**/{pattern}{below}")).literal_separator(true).build()
}

impl CompiledAllowLists {
    /// Makes lists ready. An error is the number of the list, from 0, whose pattern is refused, which those of
    /// [`super::allow_list_load::load`] are not.
    pub fn new(lists: &[AllowList]) -> Result<Self, (usize, RegexError)> {
        let mut compiled = Self::default();
        for (number, list) in lists.iter().enumerate() {
            let scope = &list.scope;
            if *scope == AllowScope::default() {
                compiled.everywhere.add(&list.texts).map_err(|error| (number, error))?;
                continue;
            }
            let mut texts = CompiledTexts::default();
            texts.add(&list.texts).map_err(|error| (number, error))?;
            let mut globs = GlobSetBuilder::new();
            for glob in scope.objects.iter().filter_map(|pattern| object_glob(pattern).ok()) {
                globs.add(glob);
            }
            // Globs were checked one by one; a set that cannot be built for its size allows nothing.
            let objects = globs.build().unwrap_or_default();
            compiled.scoped.push(ScopedList {
                texts,
                identifiers: scope.identifiers.clone(),
                objects: (!scope.objects.is_empty()).then_some(objects),
                columns: (!scope.columns.is_empty()).then(|| scope.columns.iter().map(|name| folded(name)).collect()),
                number,
            });
        }
        Ok(compiled)
    }

    /// The lists that are for some identifiers, objects or columns only.
    pub fn scoped(&self) -> &[ScopedList] {
        &self.scoped
    }

    /// Whether a list that is for everything allows a matched text.
    pub fn allows(&self, text: &str) -> bool {
        self.everywhere.allows(text)
    }
}

impl CompiledTexts {
    fn add(&mut self, texts: &AllowedTexts) -> Result<(), RegexError> {
        match texts {
            AllowedTexts::Words(words) => self.words.extend(words.iter().map(|word| folded(word))),
            AllowedTexts::Regex(regex) => self.patterns.push(compile_whole(regex)?),
        }
        Ok(())
    }

    /// Whether a matched text is an entry of a list, in any case, or all of it is what a pattern matches.
    ///
    /// Running text breaks its lines anywhere: a text that holds a line break is also compared with a space in its place.
    pub fn allows(&self, text: &str) -> bool {
        let unbroken = unbroken(text);
        self.words.contains(&folded(&unbroken))
            || self.patterns.iter().any(|pattern| {
                pattern.is_match(text) || (matches!(unbroken, Cow::Owned(_)) && pattern.is_match(&unbroken))
            })
    }
}

/// A text with one space for each stretch of white space that holds a line break.
fn unbroken(text: &str) -> Cow<'_, str> {
    let breaks = |character: char| matches!(character, '\n' | '\r' | '\u{C}');
    if !text.contains(breaks) {
        return Cow::Borrowed(text);
    }
    let mut joined = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(breaks) {
        joined.push_str(rest[..at].trim_end());
        joined.push(' ');
        rest = rest[at..].trim_start();
    }
    joined.push_str(rest);
    Cow::Owned(joined)
}

#[cfg(test)]
mod tests {
    use super::super::custom::Origin;
    use super::*;

    fn lists(texts: Vec<AllowedTexts>) -> CompiledAllowLists {
        let origin = Origin { file: "x".into(), line: 1 };
        let list = |texts| AllowList {
            id: "i".into(),
            name: "n".into(),
            logical_id: None,
            texts,
            scope: AllowScope::default(),
            origin: origin.clone(),
        };
        CompiledAllowLists::new(&texts.into_iter().map(list).collect::<Vec<_>>()).expect("the patterns are sound")
    }

    #[test]
    fn an_entry_is_a_complete_text_in_any_case() {
        let lists = lists(vec![AllowedTexts::Words(vec!["Jane Ödön".into(), "4111.1111".into()])]);
        for text in ["Jane Ödön", "JANE ÖDÖN", "4111.1111"] {
            assert!(lists.allows(text), "{text}");
        }
        for text in ["Jane", "Jane Ödönx", "4111x1111", "Jane  Ödön", ""] {
            assert!(!lists.allows(text), "{text}");
        }
    }

    #[test]
    fn a_pattern_has_to_match_all_of_a_text_and_its_anchors_are_the_ends_of_it() {
        let lists = lists(vec![AllowedTexts::Regex("a|ab|(?i)^test$".into())]);
        for (text, allowed) in [("a", true), ("ab", true), ("TEST", true), ("abc", false), ("xa", false), ("A", false)]
        {
            assert_eq!(lists.allows(text), allowed, "{text}");
        }
    }

    #[test]
    fn a_text_that_goes_on_in_the_next_line_is_the_same_text() {
        let lists =
            lists(vec![AllowedTexts::Words(vec!["Jane Doe".into()]), AllowedTexts::Regex("John [A-Z][a-z]+".into())]);
        for text in ["Jane\nDoe", "jane \r\n  doe", "John\nDoe"] {
            assert!(lists.allows(text), "{text:?}");
        }
        assert!(!lists.allows("Jane\tDoe") && !lists.allows("Jane\nDoe\n"));
    }

    #[test]
    fn a_glob_matches_the_end_of_a_path_at_a_slash() {
        for (pattern, path, expected) in [
            ("*.csv", "/srv/drop/a.csv", true),
            ("drop/*.csv", "/srv/drop/a.csv", true),
            ("./drop/*.csv", "/srv/drop/a.csv", true),
            ("drop/", "/srv/drop/in/a.csv", true),
            ("drop/**", "drop/in/a.csv", true),
            ("drop/*.csv", "/srv/drop/in/a.csv", false),
            ("rop/*.csv", "/srv/drop/a.csv", false),
            ("a.csv", "/srv/xa.csv", false),
        ] {
            let glob = object_glob(pattern).expect("a glob").compile_matcher();
            assert_eq!(glob.is_match(path.trim_start_matches('/')), expected, "{pattern} {path}");
        }
        assert!(object_glob("a[").is_err());
    }
}
