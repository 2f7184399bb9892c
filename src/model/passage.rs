//! Text that a reader has put together from a document's parts, with what the parts are called.
//!
//! Markup, messages and office documents say more than running text: an element, an attribute, a header or the first row
//! of a table names the values below it. A passage is the running text that a person would see, and marks on it where
//! named values and the objects that hold them are. Every offset leads back to a place in the source.

use super::{Location, MemberId};

/// A place of the source, and the byte offset in a passage's text that stands there. The text after it is that of the
/// source, up to the next anchor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Anchor {
    /// Byte offset in the text.
    pub offset: usize,
    /// 1-based line of the source.
    pub line: u64,
    /// 1-based column in code points.
    pub column: u64,
}

/// What a mark says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MarkKind {
    /// An object begins: an element, a mapping, a row of a table.
    Open,
    /// The object that began last ends.
    Close,
    /// A value of the member begins here and ends before this byte offset.
    Value(MemberId, usize),
}

/// Something that a passage's text does not show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// Byte offset in the text.
    pub at: usize,
    /// What begins or ends there.
    pub kind: MarkKind,
}

/// A stretch of text with marks, and with context around the part that is to be reported.
#[derive(Debug, Clone, Copy)]
pub struct Passage<'a> {
    /// The text.
    pub text: &'a str,
    /// 1-based page or slide that the text is on: it is located by that. `None` for text that is located by lines.
    pub page: Option<u64>,
    /// Byte offsets in `text`: matches that start before `core.0` or at or after `core.1` belong to a neighbour.
    pub core: (usize, usize),
    /// Places in order of their offsets; the first one at offset 0.
    pub anchors: &'a [Anchor],
    /// Marks in order of their offsets, all inside the core; a value that starts there may end behind it.
    pub marks: &'a [Mark],
}

impl Passage<'_> {
    /// Where the bytes from `start` to `end` (exclusive) of the text stand in the source.
    pub fn location(&self, start: usize, end: usize) -> Location {
        if let Some(number) = self.page {
            return Location::Page { number };
        }
        let (line, column) = self.place(start);
        let matched = &self.text[start..end];
        let last = matched.trim_end_matches('\n').chars().next_back().map_or(0, char::len_utf8);
        let last = start + matched.trim_end_matches('\n').len() - last;
        Location::Lines { start: line, end: self.place(last.max(start)).0.max(line), start_column: column }
    }

    /// 1-based line and column of the source at a byte offset.
    fn place(&self, offset: usize) -> (u64, u64) {
        let known = self.anchors.partition_point(|anchor| anchor.offset <= offset);
        let Some(anchor) = known.checked_sub(1).and_then(|index| self.anchors.get(index)) else { return (1, 1) };
        let passed = &self.text[anchor.offset..offset];
        match memchr::memrchr(b'\n', passed.as_bytes()) {
            Some(last) => {
                let lines = memchr::memchr_iter(b'\n', passed.as_bytes()).count() as u64;
                (anchor.line + lines, 1 + passed[last + 1..].chars().count() as u64)
            }
            None => (anchor.line, anchor.column + passed.chars().count() as u64),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_lead_back_to_the_source_over_what_was_left_out() {
        // The source: `<a>x\u{e9}</a>`, a line end, four spaces, `<b>` and two lines.
        let anchors = [Anchor { offset: 0, line: 1, column: 4 }, Anchor { offset: 4, line: 2, column: 8 }];
        let passage = Passage { text: "x\u{e9}\none\ntwo", page: None, core: (0, 11), anchors: &anchors, marks: &[] };
        let lines = |start, end, start_column| Location::Lines { start, end, start_column };
        assert_eq!(passage.location(1, 3), lines(1, 1, 5));
        assert_eq!(passage.location(4, 7), lines(2, 2, 8));
        assert_eq!(passage.location(6, 9), lines(2, 3, 10));
        assert_eq!(passage.location(4, 8), lines(2, 2, 8));
        assert_eq!(passage.location(8, 11), lines(3, 3, 1));
        assert_eq!(Passage { page: Some(2), ..passage }.location(8, 11), Location::Page { number: 2 });
    }
}
