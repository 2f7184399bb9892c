//! Tables whose cells are quoted in other ways than RFC 4180 says, brought to that way while they are read.

use super::dialect::{DELIMITERS, Shape};
use std::io::{self, Read};

/// How cells are quoted that hold delimiters: by which sign, and whether a backslash takes its meaning from it inside a cell, as
/// databases write tables. Doubled signs stand for one in any case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Quoting {
    quote: u8,
    backslash: bool,
    delimiter: u8,
}

/// Cells in single quotes from which on a table is taken to be quoted so.
const ENOUGH: usize = 3;

impl Quoting {
    /// How the table that starts with `head` is quoted, which is all of it if `at_end` is set; `None` if it is the usual way.
    ///
    /// Another way is believed only if all of `head` keeps to it and falls into columns no worse: a quote that closes a cell has
    /// the end of the cell behind it. Under the usual way a folder's name in Windows may end in a backslash before its quote.
    pub(super) fn of(head: &[u8], at_end: bool, preferred: Option<u8>) -> Option<Self> {
        let escapes = memchr::memmem::find(head, b"\\\"").is_some();
        let singles = memchr::memchr_iter(b'\'', head).filter(|&at| starts_cell(head, at)).take(ENOUGH).count();
        if !escapes && singles < ENOUGH {
            return None;
        }
        let usual = Shape::of(head, at_end, preferred);
        let mut best: Option<(Shape, Self)> = None;
        for delimiter in DELIMITERS.into_iter().filter(|known| preferred.is_none_or(|preferred| preferred == *known)) {
            let way = |quote, backslash| Self { quote, backslash, delimiter };
            let plain = way(b'"', false).read(head);
            let mut ways = Vec::new();
            if escapes && plain.strays > 0 {
                ways.push(way(b'"', true));
            }
            if singles >= ENOUGH && plain.quoted == 0 {
                ways.extend([way(b'\'', false), way(b'\'', true)]);
            }
            for way in ways {
                let read = way.read(head);
                let shape = Shape::of(&read.output, at_end, Some(delimiter));
                let is_open = at_end && read.at == At::Quoted;
                let fits = read.strays == 0
                    && !is_open
                    && (way.quote == b'"' || read.quoted >= ENOUGH)
                    && (shape.delimiter, shape.columns >= 2) == (delimiter, true)
                    && shape.is_no_worse_than(&usual);
                if fits && best.as_ref().is_none_or(|(known, _)| !known.is_no_worse_than(&shape)) {
                    best = Some((shape, way));
                }
            }
        }
        best.map(|(_, way)| way)
    }

    /// Reads the start of a table.
    fn read(self, head: &[u8]) -> Cells {
        let mut cells = Cells::new(self);
        cells.push(head);
        cells
    }
}

/// True if a cell or a line starts at that offset.
fn starts_cell(text: &[u8], at: usize) -> bool {
    at.checked_sub(1).is_none_or(|before| matches!(text[before], b'\n' | b'\r') || DELIMITERS.contains(&text[before]))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum At {
    Start,
    Bare,
    Quoted,
    /// After a backslash in quotes.
    Escape,
    /// After a quote in quotes: the end of the cell, or the first of two.
    Quote,
}

/// Rewrites cells, byte by byte.
struct Cells {
    quoting: Quoting,
    at: At,
    output: Vec<u8>,
    /// Cells in quotes.
    quoted: usize,
    /// Of those, cells that go on behind the quote that should end them.
    strays: usize,
}

impl Cells {
    fn new(quoting: Quoting) -> Self {
        Self { quoting, at: At::Start, output: Vec::new(), quoted: 0, strays: 0 }
    }

    fn push(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.at = match self.at {
                At::Start if byte == self.quoting.quote => {
                    self.quoted += 1;
                    self.output.push(b'"');
                    At::Quoted
                }
                At::Start | At::Bare => self.bare(byte),
                At::Quoted if byte == self.quoting.quote => At::Quote,
                At::Quoted if byte == b'\\' && self.quoting.backslash => At::Escape,
                At::Quoted => self.literal(byte),
                At::Escape => {
                    if byte != b'\\' && byte != self.quoting.quote {
                        self.output.push(b'\\');
                    }
                    self.literal(byte)
                }
                At::Quote if byte == self.quoting.quote => self.literal(byte),
                At::Quote => {
                    self.output.push(b'"');
                    let next = self.bare(byte);
                    self.strays += usize::from(next == At::Bare);
                    next
                }
            };
        }
    }

    /// A byte of a cell in quotes that stands for itself.
    fn literal(&mut self, byte: u8) -> At {
        if byte == b'"' {
            self.output.push(b'"');
        }
        self.output.push(byte);
        At::Quoted
    }

    /// A byte outside quotes.
    fn bare(&mut self, byte: u8) -> At {
        self.output.push(byte);
        if byte == self.quoting.delimiter || matches!(byte, b'\n' | b'\r') { At::Start } else { At::Bare }
    }

    /// The input has ended.
    fn end(&mut self) {
        match std::mem::replace(&mut self.at, At::Start) {
            At::Quote => self.output.push(b'"'),
            At::Escape => self.output.push(b'\\'),
            At::Start | At::Bare | At::Quoted => {}
        }
    }
}

/// Gives a table quoted in its own way as the same table quoted in the usual one.
pub(super) struct Requoted<R> {
    input: R,
    cells: Cells,
    /// Bytes of the output that have been given.
    given: usize,
    at_end: bool,
}

/// Input bytes rewritten at a time.
const STEP: usize = 32 * 1024;

impl<R: Read> Requoted<R> {
    /// A view on `input`, which starts where a cell does.
    pub(super) fn new(input: R, quoting: Quoting) -> Self {
        Self { input, cells: Cells::new(quoting), given: 0, at_end: false }
    }
}

impl<R: Read> Read for Requoted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.given == self.cells.output.len() && !self.at_end {
            let mut raw = vec![0; STEP];
            let read = self.input.read(&mut raw)?;
            self.cells.output.clear();
            self.given = 0;
            self.cells.push(&raw[..read]);
            if read == 0 {
                self.at_end = true;
                self.cells.end();
            }
        }
        let left = &self.cells.output[self.given..];
        let read = left.len().min(buffer.len());
        buffer[..read].copy_from_slice(&left[..read]);
        self.given += read;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(text: &str) -> Option<(char, bool)> {
        Quoting::of(text.as_bytes(), true, None).map(|way| (char::from(way.quote), way.backslash))
    }

    #[test]
    fn ways_of_quoting_are_told_apart() {
        assert_eq!(of("id,note\n1,\"says \\\"hi\\\", twice\"\n2,\"no\"\n"), Some(('"', true)));
        assert_eq!(of("id,note\n1,'a, b'\n2,'it''s'\n3,'c'\n"), Some(('\'', false)));
        assert_eq!(of("id;note\n1;'O\\'Brien; Pat'\n2;'a'\n3;'c'\n"), Some(('\'', true)));
    }

    #[test]
    fn the_usual_way_stays_as_it_is() {
        for text in [
            "id,note\n1,\"says \"\"hi\"\", twice\"\n",
            "path,size\n\"C:\\data\\\",1\n\"C:\\more, of it\\\",2\n",
            "name,city\n't Hooft,Utrecht\n's Gravesande,Den Haag\n't Hart,Delft\n",
            "a,b\n'x,1\n'y,2\n'z,3\n",
            "a,b\n\"x\",'1'\n\"y\",'2'\n\"z\",'3'\n",
            "It said \\\"so\\\" there.\n",
        ] {
            assert_eq!(of(text), None, "{text}");
        }
    }

    fn cell() -> impl Strategy<Value = String> {
        prop_oneof!["[a-c0-9,;\"'\\\\\n ]{0,12}", "[a-z]{1,8}", Just(String::from("O'Brien, \"Pat\" \\ Co"))]
    }

    proptest! {
        #[test]
        fn a_table_in_any_way_reads_as_the_same_table(
            rows in prop::collection::vec(prop::collection::vec(cell(), 2..5), 1..8),
            single in any::<bool>(),
            backslash in any::<bool>(),
            step in 1_usize..40,
        ) {
            let quote = if single { '\'' } else { '"' };
            let mut written = String::new();
            for row in &rows {
                let cells = row.iter().map(|cell| {
                    let cell = if backslash { cell.replace('\\', "\\\\") } else { cell.clone() };
                    let escape = if backslash { format!("\\{quote}") } else { format!("{quote}{quote}") };
                    format!("{quote}{}{quote}", cell.replace(quote, &escape))
                });
                written += &(cells.collect::<Vec<_>>().join(",") + "\n");
            }
            let quoting = Quoting { quote: quote as u8, backslash, delimiter: b',' };
            let mut requoted = Requoted::new(written.as_bytes(), quoting);
            let mut usual = Vec::new();
            let mut buffer = vec![0; step];
            loop {
                match requoted.read(&mut buffer).expect("memory can be read") {
                    0 => break,
                    read => usual.extend_from_slice(&buffer[..read]),
                }
            }
            let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(usual.as_slice());
            let read: Vec<Vec<String>> = reader
                .records()
                .map(|record| record.expect("UTF-8").iter().map(str::to_owned).collect())
                .collect();
            prop_assert_eq!(read, rows);
            prop_assert_eq!(requoted.cells.strays, 0);
        }
    }
}
