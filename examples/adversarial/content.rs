//! What the files hold.

use std::fmt::Write as _;
use std::io::{self, Write};

use clap::ValueEnum;
use lakegate::identifiers::builtin;

use crate::random::Random;

/// Content that defeats one of the ways in which a scan saves work.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Set {
    /// A table whose cells all hold words, so that none can be passed over
    Letters,
    /// A table in which no value occurs twice, so that remembering is of no use
    Distinct,
    /// A table with quotes around every cell, and quotes and delimiters inside some
    Quoted,
    /// A table of one column
    Column,
    /// A table of ten thousand columns
    Columns,
    /// Text that consists of keywords of managed identifiers and of digits
    Keywords,
    /// Text that consists of names of people, capitalised
    Names,
    /// Text that consists of digits
    Digits,
    /// Text without any end of line
    Line,
}

const GIVEN: &str = include_str!("../../identifiers/names/given-us-census-1990.txt");
const FAMILY: &str = include_str!("../../identifiers/names/family-us-census-1990.txt");
const SYLLABLES: [&str; 24] = [
    "mo", "ri", "tu", "lan", "po", "ker", "sy", "ni", "gal", "ve", "zon", "pra", "hu", "lim", "tor", "wex", "ji",
    "nop", "rus", "ty", "vok", "mer", "ulo", "shi",
];

impl Set {
    /// The name of its file.
    pub(crate) fn file_name(self) -> &'static str {
        match self {
            Self::Letters => "letters.csv",
            Self::Distinct => "distinct.csv",
            Self::Quoted => "quoted.csv",
            Self::Column => "column.csv",
            Self::Columns => "columns.csv",
            Self::Keywords => "keywords.txt",
            Self::Names => "names.txt",
            Self::Digits => "digits.txt",
            Self::Line => "line.txt",
        }
    }

    fn header(self) -> String {
        match self {
            Self::Letters | Self::Distinct | Self::Quoted => header(10),
            Self::Column => header(1),
            Self::Columns => header(10_000),
            Self::Keywords | Self::Names | Self::Digits | Self::Line => String::new(),
        }
    }
}

fn header(columns: usize) -> String {
    let names: Vec<String> = (1..=columns).map(|number| format!("field_{number}")).collect();
    names.join(",") + "\n"
}

/// Writes the set until it has that many bytes.
///
/// # Errors
/// Whatever `out` returns.
pub(crate) fn write(set: Set, size: u64, out: &mut impl Write) -> io::Result<()> {
    let mut lines = Lines::new();
    let mut line = set.header();
    let mut written = 0;
    loop {
        out.write_all(line.as_bytes())?;
        written += line.len() as u64;
        if written >= size {
            return Ok(());
        }
        line.clear();
        lines.next(set, &mut line);
    }
}

struct Lines {
    random: Random,
    /// How many distinct values were given out.
    count: u64,
    keywords: Vec<&'static str>,
    given: Vec<String>,
    family: Vec<String>,
}

impl Lines {
    fn new() -> Self {
        Self {
            random: Random::new(2020),
            count: 0,
            keywords: builtin::managed().iter().flat_map(|definition| definition.keywords.lines()).collect(),
            given: capitalised(GIVEN),
            family: capitalised(FAMILY),
        }
    }

    fn next(&mut self, set: Set, line: &mut String) {
        match set {
            Set::Letters => self.cells(10, line, Self::words),
            Set::Distinct => self.cells(10, line, Self::distinct),
            Set::Quoted => self.cells(10, line, Self::quoted),
            Set::Column => self.cells(1, line, Self::short),
            Set::Columns => self.cells(10_000, line, Self::short),
            Set::Keywords => self.sentence(12, line, Self::keyword),
            Set::Names => self.sentence(12, line, Self::name),
            Set::Digits => self.sentence(8, line, Self::digits),
            Set::Line => {
                self.sentence(12, line, |lines, line| match lines.random.below(3) {
                    0 => lines.digits(line),
                    1 => lines.keyword(line),
                    _ => lines.words(line),
                });
                line.pop();
                line.push(' ');
            }
        }
    }

    fn cells(&mut self, columns: usize, line: &mut String, cell: impl Fn(&mut Self, &mut String)) {
        for column in 0..columns {
            if column > 0 {
                line.push(',');
            }
            cell(self, line);
        }
        line.push('\n');
    }

    fn sentence(&mut self, words: usize, line: &mut String, word: impl Fn(&mut Self, &mut String)) {
        for _ in 0..words {
            word(self, line);
            line.push(' ');
        }
        line.pop();
        line.push('\n');
    }

    fn word(&mut self, line: &mut String) {
        for _ in 0..=self.random.below(3) {
            line.push_str(self.random.one_of(&SYLLABLES));
        }
    }

    fn words(&mut self, line: &mut String) {
        self.word(line);
        for _ in 0..self.random.below(3) {
            line.push(' ');
            self.word(line);
        }
    }

    /// A value that has not been there: a word and a number that only grows.
    fn distinct(&mut self, line: &mut String) {
        self.word(line);
        self.count += 1;
        let _ = write!(line, "{}", self.count);
    }

    fn quoted(&mut self, line: &mut String) {
        line.push('"');
        self.words(line);
        match self.random.below(8) {
            0 => line.push_str(", \"\"sic\"\""),
            1 => line.push('\n'),
            _ => {}
        }
        line.push('"');
    }

    /// Something short: a number, a date, a word, or nothing.
    fn short(&mut self, line: &mut String) {
        let number = self.random.below(10_000);
        match self.random.below(5) {
            0 => self.word(line),
            1 => _ = write!(line, "{number}"),
            2 => _ = write!(line, "{}.{:02}", number / 100, number % 100),
            3 => _ = write!(line, "20{:02}-{:02}-{:02}", number % 30, number % 12 + 1, number % 28 + 1),
            _ => {}
        }
    }

    fn keyword(&mut self, line: &mut String) {
        line.push_str(self.random.one_of(&self.keywords));
        if self.random.below(3) == 0 {
            let number = self.random.bits() % 100_000_000_000;
            let _ = write!(line, " {number}");
        }
    }

    fn name(&mut self, line: &mut String) {
        line.push_str(self.random.one_of(&self.given));
        line.push(' ');
        line.push_str(self.random.one_of(&self.family));
    }

    fn digits(&mut self, line: &mut String) {
        for _ in 0..=self.random.below(24) {
            line.push(char::from(b'0' + self.random.below(10) as u8));
        }
    }
}

fn capitalised(list: &str) -> Vec<String> {
    let capital = |name: &str| name[..1].to_uppercase() + &name[1..];
    list.lines().filter(|name| name.is_ascii() && !name.is_empty()).map(capital).collect()
}
