//! What is fixed in a pattern: bytes that stand side by side in every match.

use regex_syntax::hir::{Hir, HirKind};

/// Repeats of a part that are written out.
const MOST_REPEATS: u32 = 8;

/// The longest bytes side by side that every match of the pattern holds, the first of several; `None` if nothing is fixed.
pub(super) fn required_literal(hir: &Hir) -> Option<Vec<u8>> {
    let mut runs = Runs::default();
    runs.add(hir);
    runs.end();
    Some(runs.longest).filter(|longest| !longest.is_empty())
}

/// The fixed bytes on the way through a pattern.
#[derive(Default)]
struct Runs {
    /// Those up to here.
    present: Vec<u8>,
    longest: Vec<u8>,
}

impl Runs {
    /// Something that is not fixed comes next.
    fn end(&mut self) {
        if self.present.len() > self.longest.len() {
            self.longest = std::mem::take(&mut self.present);
        }
        self.present.clear();
    }

    fn add(&mut self, hir: &Hir) {
        match hir.kind() {
            // They take no bytes, so what stands around them stands side by side.
            HirKind::Empty | HirKind::Look(_) => {}
            HirKind::Literal(literal) => self.present.extend_from_slice(&literal.0),
            HirKind::Capture(capture) => self.add(&capture.sub),
            HirKind::Concat(parts) => parts.iter().for_each(|part| self.add(part)),
            HirKind::Repetition(repetition) if repetition.min > 0 => {
                let times = repetition.min.min(MOST_REPEATS);
                (0..times).for_each(|_| self.add(&repetition.sub));
                if repetition.max != Some(times) {
                    self.end();
                }
            }
            HirKind::Class(_) | HirKind::Alternation(_) | HirKind::Repetition(_) => self.end(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_fixed_bytes_are_what_every_match_holds() {
        for (pattern, expected) in [
            ("EMP003-[0-9]{6}", "EMP003-"),
            ("[0-9]{4}-[0-9]{4}(-[a-z]+)?", "-"),
            ("(ab){2}c[0-9]", "ababc"),
            ("(ab)+c", "ab"),
            ("x{20}", "xxxxxxxx"),
            ("(a|b)cd[0-9]?efg", "efg"),
            ("ab\\bcd", "abcd"),
            ("(ab)*", ""),
            ("(?i)ab1", "1"),
            ("[A-Z]{2,3}[0-9]{5,7}", ""),
        ] {
            let literal = required_literal(&regex_syntax::parse(pattern).expect("sound"));
            assert_eq!(literal.unwrap_or_default(), expected.as_bytes(), "{pattern}");
        }
    }
}
