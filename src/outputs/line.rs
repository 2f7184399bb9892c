//! A line on a terminal, never longer than the terminal is wide.

use super::fit::{shorten_end, width};
use crate::model::Severity;
use std::io::{self, Write};

/// How a piece of a line looks where colour is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    Plain,
    Bold,
    Dim,
    Of(Severity),
}

impl Style {
    /// Parameters of the Select Graphic Rendition sequence (ECMA-48), if any.
    fn rendition(self) -> Option<&'static str> {
        match self {
            Self::Plain => None,
            Self::Bold => Some("1"),
            Self::Dim => Some("2"),
            Self::Of(Severity::High) => Some("1;31"),
            Self::Of(Severity::Medium) => Some("33"),
            Self::Of(Severity::Low) => Some("36"),
        }
    }
}

/// Pieces of text side by side, which must hold no control characters.
#[derive(Debug, Default)]
pub(super) struct Line {
    pieces: Vec<(Style, String)>,
}

impl Line {
    /// Adds text.
    pub(super) fn push(mut self, style: Style, text: impl Into<String>) -> Self {
        self.pieces.push((style, text.into()));
        self
    }

    /// Terminal cells in all.
    pub(super) fn width(&self) -> usize {
        self.pieces.iter().map(|(_, text)| width(text)).sum()
    }

    /// Writes the line, cut at `limit` cells and without spaces at its end.
    pub(super) fn write(mut self, out: &mut dyn Write, limit: usize, colour: bool) -> io::Result<()> {
        let mut room = limit;
        for (_, text) in &mut self.pieces {
            *text = shorten_end(text, room);
            room -= width(text);
        }
        while let Some((_, last)) = self.pieces.last_mut() {
            last.truncate(last.trim_end().len());
            if !last.is_empty() {
                break;
            }
            self.pieces.pop();
        }
        for (style, text) in self.pieces {
            match style.rendition().filter(|_| colour) {
                Some(rendition) => write!(out, "\u{1b}[{rendition}m{text}\u{1b}[0m")?,
                None => out.write_all(text.as_bytes())?,
            }
        }
        out.write_all(b"\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(line: Line, limit: usize, colour: bool) -> String {
        let mut out = Vec::new();
        line.write(&mut out, limit, colour).unwrap();
        String::from_utf8(out).unwrap()
    }

    fn line() -> Line {
        Line::default()
            .push(Style::Of(Severity::High), "High")
            .push(Style::Plain, "  patients.csv  ")
            .push(Style::Dim, " ")
    }

    #[test]
    fn a_line_is_cut_at_the_width_and_ends_without_spaces() {
        assert_eq!(written(line(), 80, false), "High  patients.csv\n");
        assert_eq!(written(line(), 10, false), "High  pat…\n");
        assert_eq!(written(line(), 0, false), "\n");
    }

    #[test]
    fn colour_is_written_only_when_asked_for_and_takes_no_room() {
        assert_eq!(written(line(), 10, true), "\u{1b}[1;31mHigh\u{1b}[0m  pat…\n");
    }
}
