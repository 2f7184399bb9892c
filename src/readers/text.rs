//! Running text in blocks of bounded size, each with enough of its surroundings to be searched on its own.

use super::Place;
use crate::model::{RecordSink, TextBlock, decode_value};
use memchr::memrchr;
use std::borrow::Cow;
use std::collections::VecDeque;
use std::io::{self, Read};

/// A block that owns its text, so that it can go to another thread.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Block {
    /// Text with context on both sides.
    pub text: String,
    /// Byte offsets in `text` of the part that is this block's own.
    pub core: (usize, usize),
    /// 1-based line on which `text` starts.
    pub first_line: u64,
    /// 1-based column, in code points, at which `text` starts on that line.
    pub first_column: u64,
    /// True when `text` starts the object.
    pub at_start: bool,
    /// True when `text` ends the object.
    pub at_end: bool,
}

impl Block {
    /// The block as a sink takes it.
    pub fn as_text_block(&self) -> TextBlock<'_> {
        TextBlock {
            text: &self.text,
            core: self.core,
            first_line: self.first_line,
            first_column: self.first_column,
            at_start: self.at_start,
            at_end: self.at_end,
        }
    }
}

/// Sizes of blocks, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BlockSizes {
    /// Undecoded bytes of a core, at most.
    pub core: usize,
    /// Context before the core, at least, where there is that much.
    pub before: usize,
    /// Context after the core, at least, where there is that much.
    pub after: usize,
}

impl Default for BlockSizes {
    fn default() -> Self {
        Self { core: 256 * 1024, before: 2 * 1024, after: 16 * 1024 }
    }
}

/// Cuts a text into blocks. The cores one after the other are the text; they end at a line end where one is near.
///
/// Text that is not UTF-8 is read as Windows-1252, decided line by line (or core by core in longer lines). Where the cuts
/// fall depends on the content and the sizes only. Memory stays bounded however long a line is.
#[derive(Debug)]
pub struct Blocks<R> {
    input: R,
    sizes: BlockSizes,
    /// Read but not decoded.
    raw: Vec<u8>,
    at_end: bool,
    failure: Option<io::Error>,
    /// Decoded text: context of the next core, the core, and what follows as far as it is decoded.
    text: String,
    /// Offset in `text` of the next core.
    core: usize,
    /// Lengths of the next cores.
    pieces: VecDeque<usize>,
    /// Place of the first byte of `text`.
    place: Place,
    at_start: bool,
}

impl<R: Read> Blocks<R> {
    /// Blocks of the text that `input` gives.
    pub fn new(input: R, sizes: BlockSizes) -> Self {
        let sizes = BlockSizes { core: sizes.core.max(4), ..sizes };
        Self {
            input,
            sizes,
            raw: Vec::new(),
            at_end: false,
            failure: None,
            text: String::new(),
            core: 0,
            pieces: VecDeque::new(),
            place: Place::default(),
            at_start: true,
        }
    }

    /// For a text that is the rest of an object and starts at that place.
    #[must_use]
    pub fn starting_at(mut self, place: Place) -> Self {
        self.place = place;
        self.at_start = place == Place::default();
        self
    }

    /// Replaces the content of `block` by the next block; false at the end of the text. If the input fails, the error comes
    /// after all text that could be read.
    pub fn next_block(&mut self, block: &mut Block) -> io::Result<bool> {
        // One character more than the context tells whether the context ends the text.
        while !self.at_end && self.known_after_core().is_none_or(|known| known < self.sizes.after + 4) {
            self.decode_piece();
        }
        let Some(length) = self.pieces.pop_front() else {
            return self.failure.take().map_or(Ok(false), Err);
        };
        let core = (self.core, self.core + length);
        let end = ceil_boundary(&self.text, core.1 + self.sizes.after);
        block.text.clear();
        block.text.push_str(&self.text[..end]);
        block.core = core;
        (block.first_line, block.first_column) = (self.place.line, self.place.column);
        block.at_start = self.at_start;
        block.at_end = end == self.text.len();
        self.core = core.1;
        self.forget();
        Ok(true)
    }

    /// Gives every block to `sink`: what is left of a record-based object that broke.
    pub fn read_all(mut self, sink: &mut dyn RecordSink) -> io::Result<()> {
        let mut block = Block::default();
        while self.next_block(&mut block)? {
            sink.text(block.as_text_block());
        }
        Ok(())
    }

    /// Decoded bytes after the next core; `None` while that core itself is unknown.
    fn known_after_core(&self) -> Option<usize> {
        self.pieces.front().map(|length| self.text.len() - self.core - length)
    }

    /// Decodes one more core's worth of input.
    fn decode_piece(&mut self) {
        let wanted = (self.sizes.core - self.raw.len()) as u64;
        match self.input.by_ref().take(wanted).read_to_end(&mut self.raw) {
            Ok(read) => self.at_end = (read as u64) < wanted,
            Err(error) => {
                self.failure = Some(error);
                self.at_end = true;
            }
        }
        if self.raw.is_empty() {
            return;
        }
        let end = if self.at_end { self.raw.len() } else { cut(&self.raw) };
        let piece = decode_lines(&self.raw[..end]);
        self.pieces.push_back(piece.len());
        self.text.push_str(&piece);
        self.raw.drain(..end);
    }

    /// Drops decoded text that is no longer anyone's context.
    fn forget(&mut self) {
        let mut keep = self.core.saturating_sub(self.sizes.before);
        while !self.text.is_char_boundary(keep) {
            keep -= 1;
        }
        if keep > 0 {
            self.place.advance(&self.text.as_bytes()[..keep]);
            self.text.drain(..keep);
            self.core -= keep;
            self.at_start = false;
        }
    }
}

/// Where to end a core in `raw`, which is full: after a line end in its last quarter, else at a character.
fn cut(raw: &[u8]) -> usize {
    let near = raw.len() - raw.len() / 4;
    if let Some(found) = memrchr(b'\n', &raw[near..]) {
        return near + found + 1;
    }
    // Up to three bytes of a character may wait for the rest of it.
    let start = (raw.len() - 3..raw.len()).rev().find(|index| raw[*index] & 0xC0 != 0x80);
    match start {
        Some(start) if raw[start] >= 0xC0 && start > 0 => start,
        _ => raw.len(),
    }
}

/// Decodes whole lines, each on its own if they are not all UTF-8.
fn decode_lines(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(bytes.split_inclusive(|byte| *byte == b'\n').map(decode_value).collect()),
    }
}

fn ceil_boundary(text: &str, index: usize) -> usize {
    (index..text.len()).find(|index| text.is_char_boundary(*index)).unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn blocks(text: &[u8], sizes: BlockSizes) -> Vec<Block> {
        let mut blocks = Blocks::new(text, sizes);
        let (mut all, mut block) = (Vec::new(), Block::default());
        while blocks.next_block(&mut block).expect("memory can be read") {
            all.push(block.clone());
        }
        all
    }

    fn place(text: &str, offset: usize) -> (u64, u64) {
        let before = &text[..offset];
        let line_start = before.rfind('\n').map_or(0, |found| found + 1);
        (before.matches('\n').count() as u64 + 1, before[line_start..].chars().count() as u64 + 1)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1000))]

        #[test]
        fn cores_make_up_the_text_and_places_and_context_are_right(
            text in "([a-z ]{0,9}|\n|\r\n|\u{e9}|\u{4e2d}|\u{1f600}){0,60}",
            core in 1_usize..80,
            before in 0_usize..40,
            after in 0_usize..120,
        ) {
            let mut offset = 0;
            let all = blocks(text.as_bytes(), BlockSizes { core, before, after });
            for (index, block) in all.iter().enumerate() {
                let own = &block.text[block.core.0..block.core.1];
                prop_assert!(!own.is_empty());
                prop_assert!(own.len() <= core.max(4));
                prop_assert_eq!(own, &text[offset..offset + own.len()]);
                let start = offset - block.core.0;
                prop_assert_eq!(&block.text, &text[start..start + block.text.len()]);
                prop_assert!(block.core.0 >= before.min(offset));
                prop_assert!(block.text.len() - block.core.1 >= after.min(text.len() - offset - own.len()));
                prop_assert_eq!((block.first_line, block.first_column), place(&text, start));
                prop_assert_eq!(block.at_start, start == 0);
                prop_assert_eq!(block.at_end, start + block.text.len() == text.len());
                prop_assert!(index + 1 < all.len() || block.at_end);
                offset += own.len();
            }
            prop_assert_eq!(offset, text.len());
        }

        #[test]
        fn no_byte_of_any_input_is_lost(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let text: String = blocks(&bytes, BlockSizes { core: 16, before: 5, after: 40 })
                .iter()
                .map(|block| &block.text[block.core.0..block.core.1])
                .collect();
            // What is valid UTF-8 on its own stays as long as it was; every other byte becomes a character of its own.
            prop_assert!(text.len() >= bytes.len());
            prop_assert!(text.chars().count() <= bytes.len());
        }
    }

    #[test]
    fn a_line_in_another_encoding_does_not_spoil_its_neighbours() {
        let all = blocks(b"Zo\xc3\xab\nZo\xeb\n", BlockSizes::default());
        assert_eq!(all[0].text, "Zo\u{eb}\nZo\u{eb}\n");
    }

    #[test]
    fn cores_end_at_a_line_end_that_is_near() {
        let text = "abcdefghi\n".repeat(10);
        for block in blocks(text.as_bytes(), BlockSizes { core: 42, before: 0, after: 0 }) {
            assert_eq!(&block.text[block.core.1 - 1..block.core.1], "\n");
        }
    }

    #[test]
    fn an_endless_line_keeps_little_in_memory() {
        let mut blocks = Blocks::new(io::repeat(b'x').take(50_000_000), BlockSizes::default());
        let (mut block, mut total, mut column) = (Block::default(), 0, 0);
        while blocks.next_block(&mut block).expect("the input never fails") {
            total += block.core.1 - block.core.0;
            column = block.first_column + block.core.0 as u64;
            assert!(blocks.text.capacity() + blocks.raw.capacity() < 2_000_000);
        }
        assert_eq!(total, 50_000_000);
        assert_eq!(column + (block.core.1 - block.core.0) as u64, 50_000_001);
    }

    #[test]
    fn the_rest_of_an_object_goes_on_counting_where_it_starts() {
        let mut blocks =
            Blocks::new(b"x\ny".as_slice(), BlockSizes::default()).starting_at(Place { line: 7, column: 3 });
        let mut block = Block::default();
        assert!(blocks.next_block(&mut block).expect("memory can be read"));
        assert_eq!((block.first_line, block.first_column, block.at_start), (7, 3, false));
    }
}
