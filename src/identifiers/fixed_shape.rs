//! Patterns of a fixed length, such as `[S]{1}\d{8}`, matched without a regular expression engine.
//!
//! The shift-and algorithm (Baeza-Yates and Gonnet, 1992) keeps one bit per position of the pattern, so a text costs a shift,
//! an `and` and a table look-up per byte, whatever the classes are.

use regex_syntax::hir::{Class, Hir, HirKind};
use std::ops::Range;

/// A pattern that is a row of at most 64 classes of ASCII characters.
#[derive(Debug, Clone)]
pub(super) struct FixedShape {
    /// Bit `i` of a byte's mask says whether position `i` takes that byte.
    masks: Box<[u64; 256]>,
    length: usize,
    /// Positions that take one byte only, with that byte; the first is looked for.
    fixed: Vec<(usize, u8)>,
}

impl FixedShape {
    const LONGEST: usize = 64;

    /// The shape of a parsed pattern; `None` if it has alternatives, repeats of no fixed number, assertions, characters
    /// beyond ASCII, or too many positions.
    pub(super) fn of(hir: &Hir) -> Option<Self> {
        let mut positions = Vec::new();
        collect(hir, &mut positions)?;
        if positions.is_empty() || positions.len() > Self::LONGEST {
            return None;
        }
        let mut masks = Box::new([0_u64; 256]);
        for (index, class) in positions.iter().enumerate() {
            for (byte, taken) in class.iter().enumerate() {
                masks[byte] |= u64::from(*taken) << index;
            }
        }
        let only_one = |(index, class): (usize, &Taken)| {
            let mut bytes = (0_u8..128).filter(|byte| class[usize::from(*byte)]);
            bytes.next().filter(|_| bytes.next().is_none()).map(|byte| (index, byte))
        };
        let mut fixed: Vec<(usize, u8)> = positions.iter().enumerate().filter_map(only_one).collect();
        // Of signs and letters, small letters are the most frequent in texts.
        fixed.sort_by_key(|(_, byte)| (byte.is_ascii_lowercase(), byte.is_ascii_digit()));
        Some(Self { masks, length: positions.len(), fixed })
    }

    /// Whether each UUID in small letters is one match, or holds none; `None` where that depends on the UUID.
    pub(super) fn matches_uuids(&self) -> Option<bool> {
        const DASHES: [usize; 4] = [8, 13, 18, 23];
        let takes = |position: usize, byte: u8| self.masks[usize::from(byte)] >> position & 1 == 1;
        let digits = || (b'0'..=b'9').chain(b'a'..=b'f');
        let can = |position| digits().chain([b'-']).any(|byte| takes(position, byte));
        if self.length > 36 || !(0..self.length).all(can) {
            return Some(false);
        }
        let must = |position| {
            if DASHES.contains(&position) { takes(position, b'-') } else { digits().all(|byte| takes(position, byte)) }
        };
        (self.length == 36 && (0..36).all(must)).then_some(true)
    }

    fn is_at(&self, bytes: &[u8], start: usize) -> bool {
        let Some(window) = bytes.get(start..start + self.length) else { return false };
        self.fixed.iter().all(|(offset, byte)| window[*offset] == *byte)
            && window.iter().enumerate().all(|(index, byte)| self.masks[usize::from(*byte)] >> index & 1 == 1)
    }

    /// Leftmost matches that do not overlap, in order.
    pub(super) fn find_all(&self, text: &str) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        if text.len() < self.length {
            return found;
        }
        if let Some(&(offset, byte)) = self.fixed.first() {
            let bytes = text.as_bytes();
            let mut taken = 0;
            for at in memchr::memchr_iter(byte, bytes) {
                if let Some(start) = at.checked_sub(offset).filter(|start| *start >= taken)
                    && self.is_at(bytes, start)
                {
                    taken = start + self.length;
                    found.push(start..taken);
                }
            }
            return found;
        }
        let last = 1_u64 << (self.length - 1);
        let mut state = 0_u64;
        for (index, byte) in text.bytes().enumerate() {
            state = (state << 1 | 1) & self.masks[usize::from(byte)];
            if state & last != 0 {
                found.push(index + 1 - self.length..index + 1);
                state = 0;
            }
        }
        found
    }
}

type Taken = [bool; 128];

fn collect(hir: &Hir, positions: &mut Vec<Taken>) -> Option<()> {
    match hir.kind() {
        HirKind::Empty => {}
        HirKind::Literal(literal) => {
            for &byte in &*literal.0 {
                if !byte.is_ascii() {
                    return None;
                }
                positions.push(only(|other| other == byte));
            }
        }
        HirKind::Class(Class::Unicode(class)) => {
            if class.ranges().last().is_none_or(|range| !range.end().is_ascii()) {
                return None;
            }
            let ranges = class.ranges();
            let taken = |byte: u8| ranges.iter().any(|range| (range.start()..=range.end()).contains(&(byte as char)));
            positions.push(only(taken));
        }
        HirKind::Capture(capture) => collect(&capture.sub, positions)?,
        HirKind::Concat(parts) => {
            for part in parts {
                collect(part, positions)?;
            }
        }
        HirKind::Repetition(repetition) if repetition.max == Some(repetition.min) => {
            for _ in 0..repetition.min {
                collect(&repetition.sub, positions)?;
                if positions.len() > FixedShape::LONGEST {
                    return None;
                }
            }
        }
        HirKind::Class(Class::Bytes(_)) | HirKind::Repetition(_) | HirKind::Look(_) | HirKind::Alternation(_) => {
            return None;
        }
    }
    Some(())
}

fn only(taken: impl Fn(u8) -> bool) -> Taken {
    let mut class = [false; 128];
    for (byte, slot) in (0_u8..128).zip(&mut class) {
        *slot = taken(byte);
    }
    class
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shape(pattern: &str) -> Option<FixedShape> {
        FixedShape::of(&regex_syntax::parse(pattern).unwrap())
    }

    #[test]
    fn fixed_rows_of_ascii_classes_are_shapes_and_others_are_not() {
        for pattern in ["[S]{1}[0-9]{8}", "a(b|c)d", "[a-z,0-9]{8}-[a-z]{4}", "(?i)abc[0-9]"] {
            assert!(shape(pattern).is_some(), "{pattern}");
        }
        for pattern in ["a+", "a|bc", "^a", "[^a]", "é", "a{2,3}", "a{65}", "\\bfoo"] {
            assert!(shape(pattern).is_none(), "{pattern}");
        }
    }

    #[test]
    fn a_shape_knows_whether_it_matches_all_uuids_or_none() {
        for (pattern, expected) in [
            ("[a-z,0-9]{8}-[a-z,0-9]{4}-[a-z,0-9]{4}-[a-z,0-9]{4}-[a-z,0-9]{12}", Some(true)),
            ("[a-f0-9-]{36}", Some(true)),
            ("[A-F0-9]{8}-[A-F0-9]{4}-[A-F0-9]{4}-[A-F0-9]{4}-[A-F0-9]{12}", None),
            ("[a-f0-9-]{35}", None),
            ("[0-9]{3}", None),
            ("[a-f0-9-]{37}", Some(false)),
            ("[S]{1}[0-9]{8}", Some(false)),
            ("[0-9]{8}X", Some(false)),
        ] {
            assert_eq!(shape(pattern).unwrap().matches_uuids(), expected, "{pattern}");
            let found = shape(pattern).unwrap().find_all("593aaa05-d864-1df7-5b96-155fbdb19f28");
            match expected {
                Some(true) => assert_eq!((found.len(), found[0].clone()), (1, 0..36)),
                Some(false) => assert!(found.is_empty()),
                None => {}
            }
        }
    }

    proptest! {
        #[test]
        fn a_shape_finds_what_the_regex_finds(
            pattern in "([ab]|\\[a-c\\]|\\[b1\\]\\{2\\}|-|\\(a\\)|1\\{3\\}){1,8}",
            text in "[ab1c\\-é]{0,60}",
        ) {
            let expected: Vec<Range<usize>> =
                regex::Regex::new(&pattern).unwrap().find_iter(&text).map(|found| found.range()).collect();
            prop_assert_eq!(shape(&pattern).unwrap().find_all(&text), expected);
        }
    }
}
