//! Comments in running text that say that what stands there is known: `lakegate:ignore` and `lakegate:ignore-next-line`.

use crate::identifiers::builtin;
use crate::model::IdentifierRef;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

const MARK: &str = "lakegate:ignore";
const NEXT_LINE: &str = "-next-line";
/// The index of a managed identifier that the scan does not look for.
const UNSOUGHT: u16 = u16::MAX;
/// What ends a comment, or begins the reason in it.
const ENDS: [&str; 7] = ["--", "*/", "-->", "#}", "%>", "]]", "*)"];

/// The identifiers that a mark may name.
#[derive(Debug)]
pub struct KnownIds {
    identifiers: Vec<Arc<IdentifierRef>>,
    /// The index of each in the scan, by id and name.
    index: OnceLock<HashMap<String, u16>>,
}

impl KnownIds {
    /// The identifiers of a scan, by their indices.
    pub fn new(identifiers: Vec<Arc<IdentifierRef>>) -> Self {
        Self { identifiers, index: OnceLock::new() }
    }

    /// The index of the identifier of that id or name; `None` if there is no such identifier.
    fn index(&self, id: &str) -> Option<u16> {
        let index = self.index.get_or_init(|| {
            let managed = builtin::managed().iter().map(|definition| (definition.id.to_string(), UNSOUGHT));
            let mut index: HashMap<String, u16> = managed.collect();
            for (number, identifier) in (0..).zip(&self.identifiers) {
                index.insert(identifier.name.clone(), number);
            }
            for (number, identifier) in (0..).zip(&self.identifiers) {
                index.insert(identifier.id.clone(), number);
            }
            index
        });
        index.get(id).copied()
    }
}

/// What a mark speaks of.
#[derive(Debug, PartialEq, Eq)]
enum Which {
    /// Everything.
    All,
    /// These identifiers.
    These(Vec<u16>),
}

/// The marks of a text.
#[derive(Debug, Default)]
pub struct IgnoreMarks {
    /// Byte ranges of the lines that are spoken of.
    lines: Vec<(Range<usize>, Which)>,
    /// Byte offsets of marks that name an identifier that there is none of. They hold for nothing.
    pub unknown: Vec<usize>,
}

impl IgnoreMarks {
    /// The marks of a text; `None` if it has none.
    pub fn read(known: &KnownIds, text: &str) -> Option<Self> {
        let mut found = memchr::memmem::find_iter(text.as_bytes(), MARK).peekable();
        found.peek()?;
        let mut marks = Self::default();
        for at in found {
            let before = text[..at].chars().next_back();
            if before.is_some_and(|character| character.is_alphanumeric() || character == '_') {
                continue;
            }
            let rest = &text[at + MARK.len()..];
            let line_end = memchr::memchr(b'\n', rest.as_bytes()).unwrap_or(rest.len());
            let said = &rest[..line_end];
            let (said, next) = match said.strip_prefix(NEXT_LINE) {
                Some(said) => (said, true),
                None => (said, false),
            };
            if said.starts_with(|character: char| character.is_alphanumeric() || "_-:".contains(character))
                && !ends(said)
            {
                continue;
            }
            let Some(which) = which(known, said) else {
                marks.unknown.push(at);
                continue;
            };
            let line_end = at + MARK.len() + line_end;
            let range = if next {
                let start = (line_end + 1).min(text.len());
                let end = memchr::memchr(b'\n', &text.as_bytes()[start..]).map_or(text.len(), |end| start + end);
                start..end
            } else {
                memchr::memrchr(b'\n', &text.as_bytes()[..at]).map_or(0, |start| start + 1)..line_end
            };
            marks.lines.push((range, which));
        }
        Some(marks)
    }

    /// Whether an occurrence of the identifier that starts at that byte offset is spoken of.
    pub fn ignore(&self, start: usize, identifier: u16) -> bool {
        self.lines.iter().any(|(range, which)| {
            range.contains(&start)
                && match which {
                    Which::All => true,
                    Which::These(these) => these.contains(&identifier),
                }
        })
    }
}

fn ends(said: &str) -> bool {
    ENDS.iter().any(|end| said.starts_with(end))
}

/// The identifiers that follow a mark; `None` if one of them is not known.
fn which(known: &KnownIds, said: &str) -> Option<Which> {
    let mut rest = said.trim_start();
    if rest.is_empty() || ends(rest) || !rest.starts_with(|character: char| character.is_alphanumeric()) {
        return Some(Which::All);
    }
    let mut these = Vec::new();
    loop {
        let is_part = |character: char| character.is_alphanumeric() || "_()".contains(character) || character == '-';
        let end = rest.find(|character| !is_part(character)).unwrap_or(rest.len());
        let id = rest[..end].split("--").next().unwrap_or_default();
        these.push(known.index(id)?);
        rest = rest[id.len()..].trim_start();
        match rest.strip_prefix(',') {
            Some(more) => rest = more.trim_start(),
            // What follows is the reason or the end of the comment; a word that is neither was perhaps meant as an identifier.
            None if rest.is_empty() || ends(rest) => return Some(Which::These(these)),
            None => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Category, IdentifierKind};

    fn known() -> KnownIds {
        let of = |id: &str| {
            Arc::new(IdentifierRef {
                kind: IdentifierKind::Managed,
                id: id.into(),
                name: id.to_lowercase(),
                category: Category::PersonalInformation,
            })
        };
        KnownIds::new(vec![of("NAME"), of("USA_SOCIAL_SECURITY_NUMBER"), of("6c7f-x")])
    }

    /// Which of identifiers 0 and 1 are ignored at the start of each line.
    fn ignored(text: &str) -> Vec<(bool, bool)> {
        let marks = IgnoreMarks::read(&known(), text).unwrap_or_default();
        let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1));
        starts.map(|start| (marks.ignore(start, 0), marks.ignore(start, 1))).collect()
    }

    #[test]
    fn a_mark_speaks_of_its_line_or_of_the_next_one() {
        let (none, all) = ((false, false), (true, true));
        assert_eq!(ignored("a\nb # lakegate:ignore\nc"), [none, all, none]);
        assert_eq!(ignored("a // lakegate:ignore-next-line\nb\nc"), [none, all, none]);
        assert_eq!(ignored("a /* lakegate:ignore */\nb"), [all, none]);
        assert_eq!(ignored("<!--lakegate:ignore-->\nb"), [all, none]);
        assert_eq!(ignored("a lakegate:ignore-next-line"), [none]);
        assert_eq!(ignored("a lakegate:ignore -- made up for the test"), [all]);
    }

    #[test]
    fn a_mark_may_name_identifiers_and_a_reason() {
        let ssn = [(false, true)];
        for said in [
            "USA_SOCIAL_SECURITY_NUMBER",
            "USA_SOCIAL_SECURITY_NUMBER -- made up",
            "USA_SOCIAL_SECURITY_NUMBER,6c7f-x",
            "CREDIT_CARD_NUMBER , USA_SOCIAL_SECURITY_NUMBER */",
            "usa_social_security_number-->",
        ] {
            assert_eq!(ignored(&format!("# lakegate:ignore {said}")), ssn, "{said}");
        }
    }

    #[test]
    fn what_is_not_understood_ignores_nothing_and_is_told() {
        for said in ["NAMES", "NAME, SSN", "this is a test", "NAME because"] {
            let text = format!("a\n# lakegate:ignore {said}\n");
            let marks = IgnoreMarks::read(&known(), &text).expect("there is a mark");
            assert_eq!((marks.unknown.as_slice(), marks.ignore(2, 0)), (&[4][..], false), "{said}");
        }
        for other in ["lakegate:ignored", "xlakegate:ignore", "lakegate:ignore_all", "lakegate ignore"] {
            let marks = IgnoreMarks::read(&known(), other).unwrap_or_default();
            assert!(marks.lines.is_empty() && marks.unknown.is_empty(), "{other}");
        }
    }
}
