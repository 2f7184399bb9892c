//! A baseline: what is known to be in objects and accepted there.
//!
//! The file is text with one entry a line, sorted, so that changes on two branches merge by line. It holds no value, no hash
//! of one, no line number and no time of writing: an edit elsewhere in an object changes nothing, and nobody learns from it
//! more than from a report.

use super::{ColumnRef, Place};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The version of the format that is written and read.
const VERSION: u64 = 1;

/// One thing that is accepted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Entry {
    /// What is accepted, and where.
    pub key: Key,
    /// Occurrences that are accepted, at least 1.
    pub count: u64,
    /// The last day on which the entry counts.
    pub expires: Option<Date>,
    /// Why it is accepted.
    pub reason: Option<String>,
}

/// What an entry is about. Of two entries with the same key the one with the larger count holds.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// Name of the object: its path below the folder of the baseline, parts joined by `/`. That of a file inside an archive
    /// names both: `drop.zip!/people.csv`.
    pub object: String,
    /// Id of the identifier.
    pub identifier: String,
    /// Where in the object.
    pub place: Place,
}

/// What is accepted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Baseline {
    /// The entries, in any order.
    pub entries: Vec<Entry>,
}

/// Why a text is no baseline.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}{}: {message}", .column.map_or_else(String::new, |column| format!(", column {column}")))]
pub struct BaselineError {
    /// 1-based line.
    pub line: usize,
    /// 1-based column in bytes, where it is known.
    pub column: Option<usize>,
    /// What is wrong, and what to do. Texts of the file are not quoted in it: nobody knows what stands in them.
    pub message: String,
}

/// The first line of a baseline. It sorts before all entries.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    lakegate: String,
    version: u64,
}

/// An entry as it stands in a line.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    object: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sheet: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    column: Option<WrittenColumn>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    path: Option<String>,
    identifier: String,
    count: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    expires: Option<Date>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum WrittenColumn {
    Name(String),
    Number(u32),
}

impl Baseline {
    /// Reads the text of a file. The lines may be in any order, and the same entry may stand there more than once, as after a
    /// merge that keeps the lines of both sides.
    pub fn parse(text: &str) -> Result<Self, BaselineError> {
        let mut baseline = Self::default();
        let mut headed = false;
        for (number, line) in (1..).zip(text.strip_prefix('\u{FEFF}').unwrap_or(text).lines()) {
            let line = line.trim();
            if line.is_empty() {
                continue;
            }
            if ["<<<<<<<", "=======", ">>>>>>>", "|||||||"].iter().any(|mark| line.starts_with(mark)) {
                let message = "a mark of a merge conflict: keep the lines of both sides, remove the marks, and run \
                               `lakegate baseline update`";
                return Err(problem(number, None, message));
            }
            if line.starts_with("{\"lakegate\"") {
                header(line, number)?;
                headed = true;
            } else {
                baseline.entries.push(entry(line, number)?);
            }
        }
        if headed {
            return Ok(baseline);
        }
        let message = "this is no baseline: it has no line {\"lakegate\":\"baseline\",\"version\":1}; \
                       `lakegate baseline write` makes one";
        Err(problem(1, None, message))
    }

    /// The text of the file: one line for each key, in the order of the lines' bytes.
    pub fn text(&self) -> String {
        let mut kept: BTreeMap<&Key, &Entry> = BTreeMap::new();
        for entry in &self.entries {
            let known = kept.entry(&entry.key).or_insert(entry);
            // Of equal counts the one that says more, whatever the order of the lines.
            if rank(entry) > rank(known) {
                *known = entry;
            }
        }
        let mut lines: Vec<String> = kept.into_values().filter_map(line).collect();
        lines.extend(serde_json::to_string(&Header { lakegate: "baseline".into(), version: VERSION }));
        lines.sort_unstable();
        lines.join("\n") + "\n"
    }
}

fn rank(entry: &Entry) -> (u64, bool, &Entry) {
    (entry.count, entry.expires.is_none(), entry)
}

fn problem(line: usize, column: Option<usize>, message: impl Into<String>) -> BaselineError {
    BaselineError { line, column, message: message.into() }
}

fn header(line: &str, number: usize) -> Result<(), BaselineError> {
    let header: Header = serde_json::from_str(line).map_err(|error| told(&error, number))?;
    if header.lakegate != "baseline" {
        return Err(problem(number, None, "this is not a baseline but something else of lakegate's"));
    }
    if header.version != VERSION {
        let message = format!(
            "a baseline of version {}; this lakegate reads version {VERSION}, so it is too old, or the file was changed",
            header.version
        );
        return Err(problem(number, None, message));
    }
    Ok(())
}

fn entry(line: &str, number: usize) -> Result<Entry, BaselineError> {
    let line: Line = serde_json::from_str(line).map_err(|error| told(&error, number))?;
    let place = match (line.sheet, line.column, line.path) {
        (None, None, None) => Place::Anywhere,
        (None, None, Some(path)) => Place::Path(path),
        (sheet, Some(column), None) => Place::Column {
            sheet,
            column: match column {
                WrittenColumn::Name(name) => ColumnRef::Name(name),
                WrittenColumn::Number(number) => ColumnRef::Number(number),
            },
        },
        (_, _, Some(_)) => return Err(problem(number, None, "an entry has a column or a path, not both")),
        (Some(_), None, None) => return Err(problem(number, None, "an entry with a sheet has a column too")),
    };
    if line.count == 0 {
        return Err(problem(number, None, "the count is 0; remove the line instead"));
    }
    let object = line.object.strip_prefix("./").unwrap_or(&line.object).to_owned();
    let key = Key { object, identifier: line.identifier, place };
    Ok(Entry { key, count: line.count, expires: line.expires, reason: line.reason })
}

/// What the parser has to say, without the texts of the file that it may quote.
fn told(error: &serde_json::Error, line: usize) -> BaselineError {
    let said = error.to_string();
    let plain = said.split('`').nth(1).is_some_and(|name| name.chars().all(|letter| letter.is_ascii_alphabetic()));
    let named = ["unknown field", "missing field", "duplicate field"].iter().any(|start| said.starts_with(start));
    let message = match error.classify() {
        serde_json::error::Category::Data if named && plain => {
            let said = said.rsplit_once(" at line ").map_or(said.as_str(), |(said, _)| said);
            said.replace("field", "member")
        }
        serde_json::error::Category::Data => {
            "a member has a value that it does not take: object, sheet, path, identifier \
             and reason are texts, column is a text or a number, count is a number, expires is a day such as 2027-01-31"
                .to_owned()
        }
        _ => "this is not JSON; an entry is {\"object\":...,\"identifier\":...,\"count\":...} on one line".to_owned(),
    };
    problem(line, Some(error.column()).filter(|column| *column > 0), message)
}

/// An entry as it is written.
fn line(entry: &Entry) -> Option<String> {
    let Entry { key, count, expires, reason } = entry.clone();
    let (sheet, column, path) = match key.place {
        Place::Anywhere => (None, None, None),
        Place::Path(path) => (None, None, Some(path)),
        Place::Column { sheet, column } => {
            let column = match column {
                ColumnRef::Name(name) => WrittenColumn::Name(name),
                ColumnRef::Number(number) => WrittenColumn::Number(number),
            };
            (sheet, Some(column), None)
        }
    };
    let line = Line { object: key.object, sheet, column, path, identifier: key.identifier, count, expires, reason };
    // Texts and numbers only: this does not fail.
    serde_json::to_string(&line).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const HEADER: &str = "{\"lakegate\":\"baseline\",\"version\":1}\n";

    fn parsed(lines: &str) -> Result<Baseline, String> {
        Baseline::parse(&format!("{HEADER}{lines}")).map_err(|error| error.to_string())
    }

    fn entries() -> impl Strategy<Value = Vec<Entry>> {
        let text = "[a-c/\"\\\\\u{e9}]{1,3}";
        let column = prop_oneof![text.prop_map(ColumnRef::Name), (1_u32..5).prop_map(ColumnRef::Number)];
        let place = prop_oneof![
            Just(Place::Anywhere),
            text.prop_map(Place::Path),
            (prop::option::of(text), column).prop_map(|(sheet, column)| Place::Column { sheet, column }),
        ];
        let day = (1_i8..29).prop_map(|day| jiff::civil::date(2027, 1, day));
        let entry = (text, "[A-C]", place, 1_u64..9, prop::option::of(day), prop::option::of(text)).prop_map(
            |(object, identifier, place, count, expires, reason)| Entry {
                key: Key { object, identifier, place },
                count,
                expires,
                reason,
            },
        );
        prop::collection::vec(entry, 0..12)
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again_and_the_order_of_the_lines_does_not_matter(
            entries in entries(),
            seed: prop::sample::Index,
        ) {
            let text = Baseline { entries: entries.clone() }.text();
            let read = Baseline::parse(&text).unwrap();
            prop_assert_eq!(&read.text(), &text);
            let mut lines: Vec<&str> = text.lines().collect();
            let sorted = lines.clone();
            lines.sort_unstable();
            prop_assert_eq!(&lines, &sorted);
            let middle = seed.index(lines.len());
            lines.rotate_left(middle);
            prop_assert_eq!(Baseline::parse(&lines.join("\r\n")).unwrap().text(), text.clone());
            // A merge that keeps both sides gives every line twice.
            prop_assert_eq!(Baseline::parse(&format!("{text}{text}")).unwrap().text(), text);
            let mut reversed = entries;
            reversed.reverse();
            prop_assert_eq!(Baseline { entries: reversed }.text(), Baseline::parse(&read.text()).unwrap().text());
        }
    }

    #[test]
    fn of_the_same_entry_twice_the_larger_count_is_kept() {
        let both = parsed(
            "{\"object\":\"a.csv\",\"column\":\"SSN\",\"identifier\":\"X\",\"count\":3}\n\
             {\"object\":\"a.csv\",\"column\":\"SSN\",\"identifier\":\"X\",\"count\":5,\"reason\":\"test data\"}\n",
        );
        let expected = format!(
            "{HEADER}{}\n",
            "{\"object\":\"a.csv\",\"column\":\"SSN\",\"identifier\":\"X\",\"count\":5,\"reason\":\"test data\"}"
        );
        assert_eq!(both.unwrap().text(), expected);
    }

    #[test]
    fn mistakes_have_a_line_and_quote_nothing() {
        for (line, message) in [
            ("{\"object\":\"219-45-3456\"}", "line 2, column 24: missing member `identifier`"),
            ("{\"object\":\"a\",\"identifier\":\"X\",\"count\":\"219-45-3456\"}", "a member has a value"),
            ("{\"object\":\"a\",\"identifier\":\"X\",\"count\":1,\"expires\":\"219-45-3456\"}", "2027-01-31"),
            ("{\"object\":\"a\",\"identifier\":\"X\",\"count\":1,\"line\":7}", "unknown member `line`"),
            ("{\"object\":\"a\",\"identifier\":\"X\",\"count\":0}", "line 2: the count is 0"),
            ("{\"object\":\"a\",\"column\":1,\"path\":\"$\",\"identifier\":\"X\",\"count\":1}", "not both"),
            ("219-45-3456", "line 2"),
            ("<<<<<<< HEAD", "keep the lines of both sides"),
        ] {
            let error = parsed(line).unwrap_err();
            assert!(error.contains(message) && !error.contains("219-45"), "{line}: {error}");
        }
        assert!(Baseline::parse("").unwrap_err().to_string().contains("baseline write"));
        let newer = Baseline::parse("{\"lakegate\":\"baseline\",\"version\":2}").unwrap_err().to_string();
        assert!(newer.contains("version 2"), "{newer}");
    }
}
