//! Passages of a text that was decoded, located where it stands in its source.

use crate::model::{
    Anchor, ContentSink, Coverage, FieldPath, MemberInfo, MemberNames, Passage, PathStep, RecordSink, Row, TableStart,
    TextBlock, TextPlace,
};
use crate::readers::Place;
use std::io::{self, Read};

/// A piece of the decoded text: where it starts there, and where that stands in the source.
#[derive(Debug, Clone, Copy)]
pub(super) struct Piece {
    pub(super) decoded: Place,
    pub(super) source: Place,
}

/// Passes on what it is given, with places of the source.
pub(super) struct Relocated<'s> {
    sink: &'s mut dyn ContentSink,
    /// In order.
    pieces: Vec<Piece>,
}

impl<'s> Relocated<'s> {
    /// For text that consists of `pieces`.
    pub(super) fn new(sink: &'s mut dyn ContentSink, pieces: Vec<Piece>) -> Self {
        Self { sink, pieces }
    }

    fn source(&self, place: Place) -> Place {
        let known = self.pieces.partition_point(|piece| at(piece.decoded) <= at(place));
        let Some(piece) = known.checked_sub(1).and_then(|index| self.pieces.get(index)) else { return place };
        let Piece { decoded, source } = *piece;
        if place.line == decoded.line {
            Place { line: source.line, column: source.column + (place.column - decoded.column) }
        } else {
            Place { line: source.line + (place.line - decoded.line), column: place.column }
        }
    }

    /// The anchors of a text, with one more wherever a piece starts in it.
    fn anchors(&self, text: &str, anchors: &[Anchor]) -> Vec<Anchor> {
        let mut relocated = Vec::new();
        for (index, anchor) in anchors.iter().enumerate() {
            let end = anchors.get(index + 1).map_or(text.len(), |next| next.offset);
            let mut place = Place { line: anchor.line, column: anchor.column };
            let mut add = |offset: usize, place: Place| {
                let Place { line, column } = self.source(place);
                relocated.push(Anchor { offset, line, column });
            };
            add(anchor.offset, place);
            let mut next = self.pieces.partition_point(|piece| at(piece.decoded) <= at(place));
            for (offset, character) in text[anchor.offset..end].char_indices() {
                while self.pieces.get(next).is_some_and(|piece| at(piece.decoded) <= at(place)) {
                    add(anchor.offset + offset, place);
                    next += 1;
                }
                match character {
                    '\n' => place = Place { line: place.line + 1, column: 1 },
                    _ => place.column += 1,
                }
            }
        }
        relocated
    }
}

fn at(place: Place) -> (u64, u64) {
    (place.line, place.column)
}

impl RecordSink for Relocated<'_> {
    fn names(&mut self) -> &mut MemberNames {
        self.sink.names()
    }

    fn forget_names(&mut self, path: &mut [PathStep]) {
        self.sink.forget_names(path);
    }

    fn value(&mut self, path: FieldPath<'_>, bytes: &[u8]) {
        self.sink.value(path, bytes);
    }

    fn open_object(&mut self) {
        self.sink.open_object();
    }

    fn close_object(&mut self) {
        self.sink.close_object();
    }

    fn text(&mut self, block: TextBlock<'_>) {
        let place = self.source(Place { line: block.first_line, column: block.first_column });
        self.sink.text(TextBlock { first_line: place.line, first_column: place.column, ..block });
    }
}

impl ContentSink for Relocated<'_> {
    fn start_table(&mut self, start: &TableStart, sheet: Option<&str>, first_row: u64) {
        self.sink.start_table(start, sheet, first_row);
    }

    fn row(&mut self, row: Row<'_>) {
        self.sink.row(row);
    }

    fn row_in_text(&mut self, row: Row<'_>, places: &[TextPlace]) {
        let relocate = |place: &TextPlace| {
            let start = self.source(Place { line: place.start, column: place.start_column });
            let end = self.source(Place { line: place.end, column: 1 });
            TextPlace { start: start.line, end: end.line, start_column: start.column }
        };
        let places: Vec<TextPlace> = places.iter().map(relocate).collect();
        self.sink.row_in_text(row, &places);
    }

    fn page(&mut self, number: u64, text: &str) {
        self.sink.page(number, text);
    }

    fn passage(&mut self, passage: Passage<'_>) {
        let anchors = self.anchors(passage.text, passage.anchors);
        self.sink.passage(Passage { anchors: &anchors, ..passage });
    }

    fn member(&mut self, member: MemberInfo<'_>, content: &mut dyn Read) -> io::Result<()> {
        self.sink.member(member, content)
    }

    fn unread_member(&mut self, member: MemberInfo<'_>, why: Coverage) -> io::Result<()> {
        self.sink.unread_member(member, why)
    }

    fn gap(&mut self, coverage: Coverage) {
        self.sink.gap(coverage);
    }
}
