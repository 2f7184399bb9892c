//! From characters at places on a page to lines of text.
//!
//! A page says where characters stand, not which belong together. Characters that follow each other on a base line are a
//! segment; segments on one line of the page are put beside each other, as a form or a table shows them, unless they are long:
//! then they are columns of prose, and stay in the order in which they were written.

/// A character, or several that one glyph shows.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Glyph {
    pub(super) text: String,
    /// Place of its left end on a page turned so that its line is level, and of its right end.
    pub(super) left: f64,
    pub(super) right: f64,
    /// Place of the base line: lines further down have greater numbers.
    pub(super) base: f64,
    /// Height of the font.
    pub(super) size: f64,
    /// Quarter turns of the line.
    pub(super) turns: u8,
}

/// Spaces between characters, in heights of the font, that part words, and that part segments.
const WORD: f64 = 0.17;
const SEGMENT: f64 = 1.2;

/// Distance of base lines, in heights of the font, on which characters are on one line still.
const LINE: f64 = 0.45;

/// Rows of several segments, and characters in a segment, from which a page is set in columns.
const COLUMN_ROWS: usize = 6;
const COLUMN_WIDTH: usize = 28;

/// Text on one base line.
struct Segment {
    text: String,
    left: f64,
    right: f64,
    base: f64,
    size: f64,
    turns: u8,
}

/// The text of a page, line by line.
pub(super) fn text_of(glyphs: &[Glyph]) -> String {
    let segments = segments(glyphs);
    let rows = rows(&segments);
    let several: Vec<&Vec<usize>> = rows.iter().filter(|row| row.len() > 1).collect();
    let characters: usize = several.iter().flat_map(|row| row.iter()).map(|&index| segments[index].text.len()).sum();
    let count: usize = several.iter().map(|row| row.len()).sum();
    let in_columns = several.len() >= COLUMN_ROWS && characters > count * COLUMN_WIDTH;
    let mut text = String::new();
    if in_columns {
        let mut last: Option<&Segment> = None;
        for segment in &segments {
            let beside = last.is_some_and(|last| is_beside(last, segment) && last.right <= segment.left + segment.size);
            // Columns are apart: what goes on in one does not go on in the other.
            let apart = beside && last.is_some_and(|last| last.text.chars().count() > COLUMN_WIDTH);
            if last.is_some() {
                text.push(if beside && !apart { '\t' } else { '\n' });
            }
            text.push_str(&segment.text);
            last = Some(segment);
        }
    } else {
        for row in &rows {
            if !text.is_empty() {
                text.push('\n');
            }
            for (position, &index) in row.iter().enumerate() {
                if position > 0 {
                    text.push('\t');
                }
                text.push_str(&segments[index].text);
            }
        }
    }
    text
}

fn is_beside(one: &Segment, other: &Segment) -> bool {
    one.turns == other.turns && (one.base - other.base).abs() <= LINE * one.size.max(other.size)
}

fn segments(glyphs: &[Glyph]) -> Vec<Segment> {
    let mut segments: Vec<Segment> = Vec::new();
    for glyph in glyphs {
        if let Some(last) = segments.last_mut()
            && last.turns == glyph.turns
            && (last.base - glyph.base).abs() <= LINE * last.size.max(glyph.size)
        {
            let gap = glyph.left - last.right;
            let size = last.size.max(glyph.size);
            // Shadows and bold text made by writing it twice.
            let is_wide = glyph.right - glyph.left > 0.15 * size;
            let again = is_wide && last.text.ends_with(&glyph.text) && (glyph.right - last.right).abs() < 0.1 * size;
            if again {
                continue;
            }
            if (-0.6 * size..SEGMENT * size).contains(&gap) {
                let is_blank = |text: &str| text.chars().all(char::is_whitespace);
                if gap > WORD * size && !is_blank(&glyph.text) && !last.text.ends_with(char::is_whitespace) {
                    last.text.push(' ');
                }
                last.text.push_str(&glyph.text);
                last.right = last.right.max(glyph.right);
                last.size = size;
                continue;
            }
        }
        let Glyph { text, left, right, base, size, turns } = glyph.clone();
        segments.push(Segment { text, left, right, base, size, turns });
    }
    segments.retain(|segment| !segment.text.trim().is_empty());
    segments
}

/// Segments by lines of the page, from its top, each line from its left.
fn rows(segments: &[Segment]) -> Vec<Vec<usize>> {
    let mut order: Vec<usize> = (0..segments.len()).collect();
    order.sort_by(|&one, &other| {
        let (one, other) = (&segments[one], &segments[other]);
        one.turns.cmp(&other.turns).then(one.base.total_cmp(&other.base))
    });
    let mut rows: Vec<Vec<usize>> = Vec::new();
    for index in order {
        match rows.last_mut() {
            Some(row) if is_beside(&segments[row[0]], &segments[index]) => row.push(index),
            _ => rows.push(vec![index]),
        }
    }
    for row in &mut rows {
        row.sort_by(|&one, &other| segments[one].left.total_cmp(&segments[other].left));
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Writes a text in a font of height 10 whose characters are 5 wide.
    fn write(glyphs: &mut Vec<Glyph>, text: &str, left: f64, base: f64) {
        for (index, character) in text.chars().enumerate().filter(|(_, character)| *character != ' ') {
            let left = left + 5.0 * index as f64;
            glyphs.push(Glyph { text: character.into(), left, right: left + 5.0, base, size: 10.0, turns: 0 });
        }
    }

    #[test]
    fn what_stands_on_one_line_is_read_together_whatever_the_order_of_writing() {
        let mut glyphs = Vec::new();
        write(&mut glyphs, "Name", 0.0, 10.0);
        write(&mut glyphs, "SSN", 0.0, 30.0);
        write(&mut glyphs, "Jane Roe", 100.0, 10.0);
        write(&mut glyphs, "219-09-4821", 100.0, 31.0);
        assert_eq!(text_of(&glyphs), "Name\tJane Roe\nSSN\t219-09-4821");
    }

    #[test]
    fn columns_of_prose_are_read_one_after_the_other() {
        let mut glyphs = Vec::new();
        for column in 0..2 {
            for line in 0..8 {
                let text = format!("line {line} of column {column} with so many words");
                write(&mut glyphs, &text, 300.0 * f64::from(column), 12.0 * f64::from(line));
            }
        }
        let text = text_of(&glyphs);
        assert!(text.contains("line 0 of column 0 with so many words\nline 1 of column 0"), "{text}");
        assert_eq!(text.lines().count(), 16);
    }

    #[test]
    fn text_that_is_written_twice_to_look_bold_is_read_once() {
        let mut glyphs = Vec::new();
        for character in ["a", "b"] {
            let left = if character == "a" { 0.0 } else { 5.0 };
            for shift in [0.0, 0.2] {
                let (left, right) = (left + shift, left + shift + 5.0);
                glyphs.push(Glyph { text: character.into(), left, right, base: 1.0, size: 10.0, turns: 0 });
            }
        }
        assert_eq!(text_of(&glyphs), "ab");
    }
}
