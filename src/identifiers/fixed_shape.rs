//! Patterns of a fixed length, such as `[S]{1}\d{8}`, matched without a regular expression engine.
//!
//! One bit per position of the pattern says where a byte can stand. Backward matching (BNDM, Navarro and Raffinot, 1998) reads a
//! window of the pattern's length from its end and skips what cannot be part of a match; where a text makes it read too much,
//! shift-and (Baeza-Yates and Gonnet, 1992) goes on with a shift, an `and` and a table look-up per byte.

use regex_syntax::hir::{Class, Hir, HirKind};
use std::ops::Range;

/// A pattern that is a row of at most 64 classes of ASCII characters.
#[derive(Debug, Clone)]
pub(super) struct FixedShape {
    /// Bit `i` of a byte's mask says whether position `i` takes that byte.
    masks: Box<[u64; 256]>,
    length: usize,
    /// Positions in a row that take digits only.
    digits: usize,
    /// Positions that take one byte only, with that byte; the first is looked for if it is rare.
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
        let is_digit = |class: &Taken| (0_u8..128).all(|byte| byte.is_ascii_digit() || !class[usize::from(byte)]);
        let digits = positions.chunk_by(|one, other| is_digit(one) == is_digit(other));
        let digits = digits.filter(|row| is_digit(&row[0])).map(<[Taken]>::len).max().unwrap_or(0);
        // The rarest first.
        fixed.sort_by_key(|(_, byte)| (!byte.is_ascii_uppercase(), byte.is_ascii_lowercase(), byte.is_ascii_digit()));
        Some(Self { masks, length: positions.len(), digits, fixed })
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

    /// False when a text of that many bytes surely holds no match; `has_digits` tells whether so many digits in a row are in it.
    pub(super) fn may_be_in(&self, length: usize, has_digits: impl FnOnce(usize) -> bool) -> bool {
        self.length <= length && (self.digits < WORTH_LOOKING || has_digits(self.digits))
    }

    fn is_at(&self, bytes: &[u8], start: usize) -> bool {
        let Some(window) = bytes.get(start..start + self.length) else { return false };
        self.fixed.iter().all(|(offset, byte)| window[*offset] == *byte)
            && window.iter().enumerate().all(|(index, byte)| self.masks[usize::from(*byte)] >> index & 1 == 1)
    }

    /// Leftmost matches that do not overlap, in order.
    pub(super) fn find_all(&self, text: &str) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        let bytes = text.as_bytes();
        if bytes.len() < self.length {
            return found;
        }
        match self.fixed.first() {
            // Capitals are rare enough in texts to be looked for one by one.
            Some(&(offset, byte)) if byte.is_ascii_uppercase() => {
                let mut taken = 0;
                for at in memchr::memchr_iter(byte, bytes) {
                    if let Some(start) = at.checked_sub(offset).filter(|start| *start >= taken)
                        && self.is_at(bytes, start)
                    {
                        taken = start + self.length;
                        found.push(start..taken);
                    }
                }
            }
            _ => self.find_backward(bytes, &mut found),
        }
        found
    }

    fn find_backward(&self, bytes: &[u8], found: &mut Vec<Range<usize>>) {
        let (mut start, mut read) = (0, 0);
        while let Some(window) = bytes.get(start..start + self.length) {
            // The positions at which the bytes read so far can stand, by the first of them.
            let mut positions = u64::MAX;
            let (mut next, mut at) = (self.length, self.length);
            while at > 0 {
                positions &= self.masks[usize::from(window[at - 1])];
                if positions == 0 {
                    break;
                }
                at -= 1;
                if positions & 1 == 1 && at > 0 {
                    // A match may begin here.
                    next = at;
                }
                positions >>= 1;
            }
            read += self.length - at;
            if at == 0 {
                found.push(start..start + self.length);
                next = self.length;
            }
            start += next;
            if read > MOST_READ * start + self.length {
                return self.find_forward(bytes, start, found);
            }
        }
    }

    fn find_forward(&self, bytes: &[u8], from: usize, found: &mut Vec<Range<usize>>) {
        let last = 1_u64 << (self.length - 1);
        let mut state = 0_u64;
        for (index, byte) in bytes.iter().enumerate().skip(from) {
            state = (state << 1 | 1) & self.masks[usize::from(*byte)];
            if state & last != 0 {
                found.push(index + 1 - self.length..index + 1);
                state = 0;
            }
        }
    }
}

/// Digits in a row that are rare enough in texts to be looked for first.
const WORTH_LOOKING: usize = 4;

/// Times that each byte is read backward before a text is read forward instead.
const MOST_READ: usize = 4;

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
            pattern in "([ab]|\\[a-c\\]|\\[b1\\]\\{2\\}|-|\\(a\\)|1\\{3\\}|A){1,8}",
            text in "([ab1c\\-é]{0,60}|A?[a-c]{0,60}|(a{5}b?-?){0,40})",
        ) {
            let expected: Vec<Range<usize>> =
                regex::Regex::new(&pattern).unwrap().find_iter(&text).map(|found| found.range()).collect();
            prop_assert_eq!(shape(&pattern).unwrap().find_all(&text), expected);
        }
    }
}
