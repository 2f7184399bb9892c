//! Which delimiter separates the cells of a text that may be a table.

use super::RowReader;
use super::csv_split::Scan;

/// Delimiters that are tried, the likelier first.
pub(super) const DELIMITERS: [u8; 4] = [b',', b'\t', b';', b'|'];

/// Records that are looked at.
const RECORDS: u64 = 256;

/// Percentage of records with the same number of cells from which a text of unknown kind passes for a table.
const CONSISTENT: u64 = 90;

/// How well a sample falls into columns by one delimiter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    /// The delimiter.
    pub delimiter: u8,
    /// Cells of most records; 1 if the delimiter hardly occurs.
    pub columns: usize,
    /// Records looked at.
    pub records: u64,
    /// Percentage of them that have that many cells.
    pub share: u64,
    /// True if nearly every delimiter has a space after it or nothing on its line: marks of prose or of a language.
    pub like_prose: bool,
}

impl Shape {
    /// The best shape of `sample`, which starts at the start of the text and is all of it if `at_end` is set. A `preferred`
    /// delimiter wins when it does no worse than another.
    ///
    /// Quotes are heeded, so a delimiter inside a quoted cell does not count.
    pub fn of(sample: &[u8], at_end: bool, preferred: Option<u8>) -> Self {
        let first = preferred.unwrap_or(DELIMITERS[0]);
        let mut best = Self { delimiter: first, columns: 1, records: 0, share: 0, like_prose: false };
        let others = DELIMITERS.into_iter().filter(|delimiter| *delimiter != first);
        for delimiter in std::iter::once(first).chain(others) {
            if best.is_surely_better_than(delimiter, sample) {
                continue;
            }
            let shape = Self::by(delimiter, sample, at_end);
            let (rank, best_rank) = (shape.rank(), best.rank());
            if rank > best_rank || best.records == 0 {
                best = shape;
            }
        }
        best
    }

    /// True if the text is a table whatever its name says.
    pub fn is_table(&self) -> bool {
        self.columns >= 2 && self.records >= 3 && self.share >= CONSISTENT && !self.like_prose
    }

    /// True if a text that is called a text is a table all the same: no prose falls into three columns without exception.
    pub fn is_surely_table(&self) -> bool {
        let enough = if matches!(self.delimiter, b'\t' | b'|') { 2 } else { 3 };
        self.columns >= enough && self.records >= 5 && self.share == 100 && !self.like_prose
    }

    /// True if the text falls into columns no worse than by another shape.
    pub(super) fn is_no_worse_than(&self, other: &Self) -> bool {
        self.rank() >= other.rank()
    }

    /// True if one look at the first record tells that `sample` does not fall into columns better by `delimiter`: where all
    /// records have as many cells, only a delimiter that gives all of them more cells is better.
    fn is_surely_better_than(&self, delimiter: u8, sample: &[u8]) -> bool {
        if self.columns < 2 || self.share < 100 {
            return false;
        }
        let is_line_end = |byte: &u8| matches!(byte, b'\n' | b'\r');
        let start = sample.iter().take_while(|byte| is_line_end(byte)).count();
        let first = sample[start..].split(is_line_end).next().unwrap_or_default();
        // With quotes it depends on the delimiter where the record ends.
        !first.contains(&b'"') && memchr::memchr_iter(delimiter, first).count() < self.columns
    }

    /// Larger is better: first whether there are columns at all, then how regular, then how many.
    fn rank(&self) -> (bool, u64, usize) {
        (self.columns >= 2, self.share, self.columns)
    }

    fn by(delimiter: u8, sample: &[u8], at_end: bool) -> Self {
        let mut counts: Vec<(usize, u64)> = Vec::new();
        let (mut records, mut delimiters, mut prosaic) = (0, 0_u64, 0_u64);
        let mut room = Vec::new();
        RowReader::new(delimiter).for_each_row(whole_records(sample, delimiter, at_end), |row, _| {
            records += 1;
            for index in 1..row.len() {
                delimiters += 1;
                let cell = row.cell(index, &mut room);
                let last_and_empty = index + 1 == row.len() && cell.is_empty();
                prosaic += u64::from(last_and_empty || cell.starts_with(b" "));
            }
            match counts.iter_mut().find(|(cells, _)| *cells == row.len()) {
                Some((_, count)) => *count += 1,
                None => counts.push((row.len(), 1)),
            }
            records < RECORDS
        });
        let (columns, count) = counts.into_iter().max_by_key(|(cells, count)| (*count, *cells)).unwrap_or((1, 0));
        let share = (count * 100).checked_div(records).unwrap_or(0);
        Self { delimiter, columns, records, share, like_prose: delimiter != b'\t' && prosaic * 10 >= delimiters * 9 }
    }
}

/// The part of `sample` that consists of whole records.
pub(super) fn whole_records(sample: &[u8], delimiter: u8, at_end: bool) -> &[u8] {
    if at_end {
        return sample;
    }
    let mut scan = Scan::default();
    scan.go_on(sample, Some(delimiter), false, true);
    &sample[..scan.record_end]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(3000))]

        #[test]
        fn the_best_shape_is_the_first_of_the_best_by_all_delimiters(
            records in prop::collection::vec("([ab\"]{0,2}[,;|\t]){1,4}[a\"]{0,1}", 1..5),
            repeats in 1_usize..4,
            end in prop::sample::select(vec!["\n", "\r\n", "\n\n", "\r"]),
            start in "[\r\n]{0,2}",
            at_end: bool,
            preferred in prop::option::of(prop::sample::select(DELIMITERS.to_vec())),
        ) {
            let sample = start + &vec![records.join(end); repeats].join(end);
            let best = Shape::of(sample.as_bytes(), at_end, preferred);
            let first = preferred.unwrap_or(b',');
            let all = std::iter::once(first).chain(DELIMITERS.into_iter().filter(|delimiter| *delimiter != first));
            let shapes: Vec<Shape> = all.map(|delimiter| Shape::by(delimiter, sample.as_bytes(), at_end)).collect();
            let expected = shapes.iter().rev().max_by_key(|shape| shape.rank()).expect("there are delimiters");
            // A shape without records is no better than any other, whatever comes of it.
            prop_assert!(best == *expected || shapes[0].records == 0, "{:?} {:?}", best, expected);
        }
    }

    fn delimiter(sample: &str) -> (char, usize) {
        let shape = Shape::of(sample.as_bytes(), true, None);
        (char::from(shape.delimiter), shape.columns)
    }

    #[test]
    fn each_usual_delimiter_is_found() {
        assert_eq!(delimiter("a,b,c\n1,2,3\n"), (',', 3));
        assert_eq!(delimiter("a\tb\n1\t2\n"), ('\t', 2));
        assert_eq!(delimiter("a;b\n1,5;2,5\n"), (';', 2));
        assert_eq!(delimiter("a|b|c|d\n1|2|3|4\n"), ('|', 4));
    }

    #[test]
    fn a_delimiter_inside_quotes_does_not_count() {
        assert_eq!(delimiter("name;note\n\"Doe, Jane\";\"a, b\"\n\"Roe, Rick\";\"c, d\"\n"), (';', 2));
    }

    #[test]
    fn prose_with_commas_is_no_table() {
        let prose = "Well, this is prose.\nIt has lines.\nSome, but not all, have commas.\nNo more.\n";
        assert!(!Shape::of(prose.as_bytes(), true, None).is_table());
    }

    #[test]
    fn the_record_that_the_sample_cuts_off_is_left_out() {
        let shape = Shape::of(b"a,b\n1,2\n3,4\n5", false, None);
        assert_eq!((shape.records, shape.columns), (3, 2));
        assert!(shape.is_table());
    }

    #[test]
    fn a_single_column_has_the_preferred_delimiter() {
        let shape = Shape::of(b"name\nJane\nRick\n", true, Some(b'\t'));
        assert_eq!((shape.delimiter, shape.columns), (b'\t', 1));
        assert!(!shape.is_table());
    }
}
