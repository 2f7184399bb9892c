//! A sink that keeps what readers of documents give, for their tests.

use crate::model::{
    ContentSink, Coverage, FieldPath, Location, MarkKind, MemberInfo, MemberNames, Passage, PathStep, RecordSink, Row,
    TableStart, TextBlock, TextPlace,
};
use std::io::{self, Read};

/// What was given.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    /// The text of all passages and blocks.
    pub(super) text: String,
    /// `LINE:COLUMN PATH=VALUE`, or `PAGE PATH=VALUE`.
    pub(super) values: Vec<String>,
    /// Where each word of the text stands, `LINE:COLUMN` or `PAGE`, and the word.
    pub(super) words: Vec<(String, String)>,
    /// Objects that are open, and the most that were.
    pub(super) open: i64,
    pub(super) deepest: i64,
    /// Names and contents of files.
    pub(super) members: Vec<(String, Vec<u8>)>,
    pub(super) gaps: Vec<Coverage>,
    names: MemberNames,
}

impl Gathered {
    /// Where the word stands that is found once in the text.
    pub(super) fn place_of(&self, word: &str) -> &str {
        let mut found = self.words.iter().filter(|(_, known)| known == word);
        match (found.next(), found.next()) {
            (Some((place, _)), None) => place,
            other => panic!("{word}: {other:?} in {:?}", self.text),
        }
    }

    /// The one value at that path.
    pub(super) fn value_at(&self, path: &str) -> &str {
        let known = self.values.iter().filter_map(|value| value.split_once(' ')?.1.split_once('='));
        let found: Vec<&str> = known.filter(|(known, _)| *known == path).map(|(_, value)| value).collect();
        assert_eq!(found.len(), 1, "{path} in {:?}", self.values);
        found[0]
    }
}

fn place(location: &Location) -> String {
    match location {
        Location::Lines { start, start_column, .. } => format!("{start}:{start_column}"),
        Location::Page { number } => number.to_string(),
        other => format!("{other:?}"),
    }
}

impl RecordSink for Gathered {
    fn names(&mut self) -> &mut MemberNames {
        &mut self.names
    }

    fn value(&mut self, _: FieldPath<'_>, _: &[u8]) {}

    fn open_object(&mut self) {}

    fn close_object(&mut self) {}

    fn forget_names(&mut self, path: &mut [PathStep]) {
        self.names.restart(&mut [path]);
    }

    fn text(&mut self, block: TextBlock<'_>) {
        let core = &block.text[block.core.0..block.core.1];
        self.text.push_str(core);
        for (number, line) in (block.first_line..).zip(block.text.lines()) {
            self.words.extend(line.split_whitespace().map(|word| (format!("{number}"), word.to_owned())));
        }
    }
}

impl ContentSink for Gathered {
    fn start_table(&mut self, _: &TableStart, _: Option<&str>, _: u64) {}

    fn row(&mut self, _: Row<'_>) {}

    fn row_in_text(&mut self, _: Row<'_>, _: &[TextPlace]) {}

    fn page(&mut self, number: u64, text: &str) {
        self.text.extend([format!("[{number}] {text}")]);
    }

    fn passage(&mut self, passage: Passage<'_>) {
        let core = passage.core.0..passage.core.1;
        assert!(passage.text.get(core.clone()).is_some(), "a core is part of the text");
        assert!(passage.marks.windows(2).all(|pair| pair[0].at <= pair[1].at), "marks stand in order");
        self.text.push_str(&passage.text[core.clone()]);
        let mut at = core.start;
        for word in passage.text[core].split_inclusive(char::is_whitespace) {
            let trimmed = word.trim();
            if !trimmed.is_empty() {
                self.words.push((place(&passage.location(at, at + trimmed.len())), trimmed.to_owned()));
            }
            at += word.len();
        }
        for mark in passage.marks {
            match mark.kind {
                MarkKind::Open => self.open += 1,
                MarkKind::Close => self.open -= 1,
                MarkKind::Value(member, end) => {
                    let names = self.names.names(member).join(".");
                    let place = place(&passage.location(mark.at, end));
                    self.values.push(format!("{place} {names}={}", &passage.text[mark.at..end]));
                }
            }
            self.deepest = self.deepest.max(self.open);
        }
    }

    fn member(&mut self, member: MemberInfo<'_>, content: &mut dyn Read) -> io::Result<()> {
        let mut bytes = Vec::new();
        if content.read_to_end(&mut bytes).is_err() {
            self.gaps.push(Coverage::partial(crate::model::Reason::MalformedFile, "a member"));
        }
        self.members.push((member.path.to_owned(), bytes));
        Ok(())
    }

    fn unread_member(&mut self, _: MemberInfo<'_>, why: Coverage) -> io::Result<()> {
        self.gaps.push(why);
        Ok(())
    }

    fn gap(&mut self, coverage: Coverage) {
        self.gaps.push(coverage);
    }
}
