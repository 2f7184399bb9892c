//! Puts passages together from the pieces that a reader finds.

use crate::model::{Anchor, ContentSink, Mark, MarkKind, MemberId, Passage, PathStep};
use crate::readers::Place;
use std::ops::Range;

/// Bytes of text that are given at once, at least.
const CORE: usize = 64 * 1024;

/// Bytes of context kept before the part that is to be given next.
const BEFORE: usize = 2 * 1024;

/// Bytes of context after the part that is given.
const AFTER: usize = 8 * 1024;

/// Longest value in bytes that its name covers; a longer one is running text only.
pub(super) const LONGEST_VALUE: usize = 16 * 1024;

/// Levels below which elements have no names of their own: their values belong to the element of this level.
const MOST_LEVELS: usize = 256;

/// Gives a sink the text of a document in passages of bounded size.
pub(in crate::readers) struct PassageWriter<'s> {
    sink: &'s mut dyn ContentSink,
    text: String,
    /// 1-based page that the text is on, in a document that has pages.
    page: Option<u64>,
    /// Offset of what has not been given yet.
    core: usize,
    anchors: Vec<Anchor>,
    marks: Vec<Mark>,
    /// Where the text goes on in the source; `None` after what the source does not have.
    end: Option<Place>,
    /// The members that the present position is inside of.
    path: Vec<MemberId>,
    /// Levels below [`MOST_LEVELS`].
    deeper: usize,
}

impl<'s> PassageWriter<'s> {
    /// A writer of passages for `sink`.
    pub(in crate::readers) fn new(sink: &'s mut dyn ContentSink) -> Self {
        let (text, anchors, marks) = (String::new(), Vec::new(), Vec::new());
        Self { sink, text, page: None, core: 0, anchors, marks, end: None, path: Vec::new(), deeper: 0 }
    }

    /// The sink, for what is not part of the text.
    pub(in crate::readers) fn sink(&mut self) -> &mut dyn ContentSink {
        self.sink
    }

    /// The text that follows is on the page of that 1-based number.
    pub(in crate::readers) fn start_page(&mut self, number: u64) {
        self.flush();
        self.page = Some(number);
    }

    /// The text that follows is on no page.
    pub(in crate::readers) fn end_pages(&mut self) {
        if self.page.is_some() {
            self.flush();
            self.page = None;
        }
    }

    /// Adds text that stands at `place` in the source.
    pub(in crate::readers) fn text(&mut self, text: &str, place: Place) {
        if text.is_empty() {
            return;
        }
        if self.end != Some(place) {
            self.anchors.push(Anchor { offset: self.text.len(), line: place.line, column: place.column });
        }
        self.text.push_str(text);
        let mut end = place;
        end.advance(text.as_bytes());
        self.end = Some(end);
    }

    /// Adds text to a document that has no lines but those it is given.
    pub(in crate::readers) fn line_text(&mut self, text: &str) {
        self.text(text, self.end.unwrap_or_default());
    }

    /// Adds a character that the source does not have there.
    pub(in crate::readers) fn separator(&mut self, separator: char) {
        if !self.text.is_empty() {
            self.text.push(separator);
            self.end = None;
        }
    }

    /// The character that ends the text so far.
    pub(in crate::readers) fn last(&self) -> Option<char> {
        self.text.chars().next_back()
    }

    /// The end of the text so far, for [`PassageWriter::value_from`]. Good until the next [`PassageWriter::pause`].
    pub(in crate::readers) fn offset(&self) -> usize {
        self.text.len()
    }

    /// What was added since `start` is a value of the member at the present path.
    pub(in crate::readers) fn value_from(&mut self, start: usize) {
        self.value(start..self.text.len());
    }

    /// That part of the text is a value of the member at the present path.
    pub(in crate::readers) fn value(&mut self, range: Range<usize>) {
        if let Some(&member) = self.path.last()
            && (1..=LONGEST_VALUE).contains(&range.len())
        {
            self.marks.push(Mark { at: range.start, kind: MarkKind::Value(member, range.end) });
        }
    }

    /// A part of the text.
    pub(in crate::readers) fn slice(&self, range: &Range<usize>) -> &str {
        &self.text[range.clone()]
    }

    /// Goes down to a member of the present one.
    pub(in crate::readers) fn enter(&mut self, name: &str) {
        if self.path.len() == MOST_LEVELS {
            self.deeper += 1;
            return;
        }
        let parent = self.path.last().copied().unwrap_or(MemberId::ROOT);
        let member = self.sink.names().member(parent, MemberId::ROOT, name.as_bytes());
        self.path.push(member);
    }

    /// Goes up again.
    pub(in crate::readers) fn leave(&mut self) {
        match self.deeper.checked_sub(1) {
            Some(deeper) => self.deeper = deeper,
            None => {
                self.path.pop();
            }
        }
    }

    /// An object begins, here or at an earlier `offset`.
    pub(in crate::readers) fn open_at(&mut self, offset: usize) {
        self.marks.push(Mark { at: offset, kind: MarkKind::Open });
    }

    /// The object that began last ends.
    pub(in crate::readers) fn close(&mut self) {
        self.close_at(self.text.len());
    }

    /// The object that began last ended at that offset.
    pub(in crate::readers) fn close_at(&mut self, offset: usize) {
        self.marks.push(Mark { at: offset, kind: MarkKind::Close });
    }

    /// Gives what is long enough to be given. Offsets taken before are not good any more.
    pub(in crate::readers) fn pause(&mut self) {
        let is_long = self.text.len() - self.core >= CORE + AFTER;
        if !is_long && self.marks.len() < CORE {
            return;
        }
        let mut cut = if is_long { self.text.len() - AFTER } else { self.text.len() };
        while !self.text.is_char_boundary(cut) {
            cut -= 1;
        }
        // A value is given in one piece.
        for mark in self.marks.iter().rev() {
            if let MarkKind::Value(_, end) = mark.kind
                && mark.at < cut
                && cut < end
            {
                cut = mark.at;
            }
        }
        if cut >= self.core {
            self.give(cut);
        }
    }

    /// Gives the rest.
    pub(in crate::readers) fn finish(mut self) {
        self.flush();
    }

    /// Gives all that there is: what follows is not next to it.
    pub(in crate::readers) fn flush(&mut self) {
        self.give(usize::MAX);
        self.text.clear();
        self.anchors.clear();
        self.core = 0;
        self.end = None;
    }

    fn give(&mut self, cut: usize) {
        // What is found late may begin early.
        self.marks.sort_by_key(|mark| mark.at);
        let given = self.marks.partition_point(|mark| mark.at < cut);
        let cut = cut.min(self.text.len());
        if given > 0 || cut > self.core {
            let marks = &self.marks[..given];
            let core = (self.core, cut);
            self.sink.passage(Passage { text: &self.text, page: self.page, core, anchors: &self.anchors, marks });
        }
        self.marks.drain(..given);
        let mut kept = cut.saturating_sub(BEFORE);
        while !self.text.is_char_boundary(kept) {
            kept -= 1;
        }
        self.forget(kept);
        self.core = cut - kept;
        if self.sink.names().is_full() {
            self.restart_names();
        }
    }

    /// Forgets the text before `kept`.
    fn forget(&mut self, kept: usize) {
        let before = self.anchors.partition_point(|anchor| anchor.offset <= kept);
        let first = before.checked_sub(1).and_then(|index| self.anchors.get(index)).copied();
        if let Some(anchor) = first {
            let mut place = Place { line: anchor.line, column: anchor.column };
            place.advance(&self.text.as_bytes()[anchor.offset..kept]);
            self.anchors.drain(..before - 1);
            self.anchors[0] = Anchor { offset: kept, line: place.line, column: place.column };
        }
        self.text.drain(..kept);
        for anchor in &mut self.anchors {
            anchor.offset -= kept;
        }
        for mark in &mut self.marks {
            mark.at -= kept;
            if let MarkKind::Value(_, end) = &mut mark.kind {
                *end -= kept;
            }
        }
    }

    fn restart_names(&mut self) {
        let mut steps: Vec<PathStep> = self.path.iter().copied().map(PathStep::Member).collect();
        let of_mark = |mark: &Mark| match mark.kind {
            MarkKind::Value(member, _) => Some(PathStep::Member(member)),
            _ => None,
        };
        steps.extend(self.marks.iter().filter_map(of_mark));
        self.sink.forget_names(&mut steps);
        let mut members = steps.into_iter().filter_map(|step| match step {
            PathStep::Member(member) => Some(member),
            PathStep::Index(_) => None,
        });
        for (member, renewed) in self.path.iter_mut().zip(members.by_ref()) {
            *member = renewed;
        }
        let values = self.marks.iter_mut().filter_map(|mark| match &mut mark.kind {
            MarkKind::Value(member, _) => Some(member),
            _ => None,
        });
        for (member, renewed) in values.zip(members) {
            *member = renewed;
        }
    }
}
