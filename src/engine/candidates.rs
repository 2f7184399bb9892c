//! Tries patterns at the places of a text where the first bytes of their matches allow it.

use super::boundary::is_piece;
use super::evidence::{Keyword, Match};
use super::gate::{long_digits, plus_digits};
use super::matcher::{Context, LONGEST_VALUE, Matcher, Scene, accept, ceil, search, trim};
use super::near_hits::NearHits;
use super::pattern_filter::{MOST_LEAD, PatternFilter, Rows};
use crate::blocks::{TextMasks, Work};
use crate::identifiers::keyword_index::KeywordHit;
use crate::identifiers::pattern_shape::DEPTH;
use crate::identifiers::pattern_table::PatternBits;
use crate::identifiers::schema::Gate;
use crate::identifiers::text_masks::{STEP, alphanumeric, in_a_row};
use crate::identifiers::text_words::from_bit;

/// Bytes searched after a gate opens.
const AFTER_GATE: usize = 64;

impl Matcher {
    /// Tries the patterns of `called` at the words where their first bytes allow it.
    ///
    /// A match that does not stand on its own is refused, and the search for its pattern goes on behind the first word of it.
    /// As all that begins inside that word is refused as well, this is the same as trying every beginning of a word.
    pub(super) fn find_candidates(&mut self, scene: &Scene<'_>, called: &PatternBits, matches: &mut Vec<Match>) {
        self.taken.clear();
        self.taken.resize(self.filter.len(), 0);
        let width = self.filter.width();
        if matches!(scene.context, Context::Text) {
            self.reach(scene);
            for word in 0..width {
                self.find_among(scene, word, None, matches);
            }
        } else {
            let slots = self.filter.slots_of(called);
            for word in (0..width).filter(|word| slots.word(*word) != 0) {
                self.find_among(scene, word, Some(slots.word(word)), matches);
            }
        }
    }

    /// [`Matcher::find_candidates`] for the patterns with slots from 64 x `word` on: those of `called`, or else those that
    /// are live.
    fn find_among(&mut self, scene: &Scene<'_>, word: usize, called: Option<u64>, matches: &mut Vec<Match>) {
        let Self { keyword_hits: hits, near, filter, taken, live, .. } = self;
        let trial = Trial { scene, filter, near, hits, taken, word, trimmed: trim(scene.text), matches };
        scene.masks.run(Among { called, live, trial });
    }

    /// Notes for each step of a running text what the keywords call of which a match may have its first letter or digit there.
    fn reach(&mut self, scene: &Scene<'_>) {
        let Scene { table, masks, .. } = *scene;
        let width = self.filter.width();
        self.live.clear();
        self.live.resize(masks.words().len() * width, 0);
        let near = table.distance();
        // Four bytes are the most that a character takes.
        let far = near * 4;
        for hit in &self.keyword_hits {
            let called = self.filter.called_in_text(table, hit.keyword);
            let before = if masks.has_high(hit.start.saturating_sub(far), hit.start) { far } else { near };
            let behind = if masks.has_high(hit.end, hit.end + far) { far } else { near };
            let before = called.longest.map_or(far + LONGEST_VALUE, |longest| before + longest);
            let first = hit.start.saturating_sub(before) / STEP;
            let last = (hit.end + behind + MOST_LEAD) / STEP;
            for live in self.live.chunks_exact_mut(width.max(1)).take(last + 1).skip(first) {
                live.iter_mut().enumerate().for_each(|(word, slots)| *slots |= called.slots.word(word));
            }
        }
    }

    /// Appends the matches of patterns that need no keyword, but a gate.
    pub(super) fn find_gated(&mut self, scene: &Scene<'_>, matches: &mut Vec<Match>) {
        let Scene { set, table, text, masks, .. } = *scene;
        let bytes = text.as_bytes();
        if let [step] = masks.words()
            && opens_no_gate(step)
        {
            return;
        }
        for gate in [Gate::LongDigits, Gate::PlusDigits] {
            let called = table.gated(gate);
            if called.is_empty() {
                continue;
            }
            self.regions.clear();
            let regions = &mut self.regions;
            match gate {
                Gate::LongDigits => long_digits(bytes, masks, |start, end| regions.push((start, end))),
                Gate::PlusDigits => plus_digits(bytes, masks, |start| {
                    let start = regions.last().map_or(start, |last: &(usize, usize)| start.max(last.1));
                    let end = ceil(text, (start + AFTER_GATE).min(bytes.len()));
                    if start < end {
                        regions.push((start, end));
                    }
                }),
            }
            if self.regions.is_empty() {
                continue;
            }
            self.filter.load(set, table, called);
            let odd = called.and(&self.filter.odd);
            odd.each(|number| {
                for &region in &self.regions {
                    search(set, table.place(number), text, region, |_, _| Some((Keyword::Absent, 0)), matches);
                }
            });
            let called = self.filter.slots_of(called);
            self.taken.clear();
            self.taken.resize(self.filter.len(), 0);
            for word in (0..self.filter.width()).filter(|word| called.word(*word) != 0) {
                self.find_in_regions(scene, word, called.word(word), matches);
            }
        }
    }

    /// Tries the patterns of `called`, of those with slots from 64 x `word` on, in all regions.
    fn find_in_regions(&mut self, scene: &Scene<'_>, word: usize, called: u64, matches: &mut Vec<Match>) {
        let text = scene.text;
        let bytes = text.as_bytes();
        let (rows, filter) = (self.filter.rows(word), &self.filter);
        for &(start, end) in &self.regions {
            for at in start..end {
                if !rows.may_begin(bytes, at, called) || at > 0 && is_of_word(bytes[at - 1]) {
                    continue;
                }
                let mut may_match = rows.at(bytes, at, called);
                if may_match == 0 || !text.is_char_boundary(at) {
                    continue;
                }
                while may_match != 0 {
                    let slot = word * 64 + may_match.trailing_zeros() as usize;
                    may_match &= may_match - 1;
                    let number = filter.number(slot);
                    if at >= self.taken[slot]
                        && let Some(end) =
                            try_at(scene, number, at, end, (0, 0), |_, _| Some((Keyword::Absent, 0)), matches)
                    {
                        self.taken[slot] = end;
                    }
                }
            }
        }
    }
}

/// Looks for places where patterns with slots from 64 x `word` on may match.
struct Among<'t> {
    /// Those that are looked for everywhere.
    called: Option<u64>,
    /// Else those that are looked for in each step of the text, among others.
    live: &'t [u64],
    trial: Trial<'t>,
}

impl Work for Among<'_> {
    type Output = ();

    #[inline(always)]
    #[expect(clippy::inline_always, reason = "only what is inlined gets the instructions of the machine")]
    fn work(self) {
        let Self { called, live, mut trial } = self;
        let Trial { scene, filter, word, .. } = trial;
        let bytes = scene.text.as_bytes();
        let (rows, width) = (filter.rows(word), filter.width());
        let lead = [0, 1, 2, 3].map(|lead| filter.lead[lead].word(word));
        // What was called for in the last step, and the letters and digits in a row with which it begins where it has no digit.
        let (mut last, mut fewest) = (0, 0);
        let none = TextMasks::default();
        let mut before = &none;
        let steps = scene.masks.words();
        for (index, step) in steps.iter().enumerate() {
            let behind = alphanumeric(std::mem::replace(&mut before, step)) >> 63;
            let live = called.unwrap_or_else(|| live[index * width + word]);
            if live == 0 {
                continue;
            }
            if live != last {
                (last, fewest) = (live, rows.fewest_without_digit(live));
            }
            let after = steps.get(index + 1).unwrap_or(&none);
            let alnum = alphanumeric(step);
            let starts = alnum & !(alnum << 1 | behind);
            // What begins with a letter has a digit close behind it, or is long.
            let long = if fewest > DEPTH { 0 } else { in_a_row(fewest, alnum, alphanumeric(after)) };
            let lettered = step.letter & (any_of_next(step.digit, after.digit) | long);
            let mut left = starts & (step.digit | lettered);
            while left != 0 {
                let bit = left.trailing_zeros();
                left &= left - 1;
                let start = index * STEP + bit as usize;
                let digits = from_bit(step.digit, after.digit, bit) as u16;
                let sign = rows.before(bytes, start);
                let near = live & rows.with_digits(digits) & sign.allowed & rows.first(bytes[start]);
                if near == 0 {
                    continue;
                }
                if near & sign.signed == 0 {
                    trial.at(rows, start, near & lead[0]);
                    continue;
                }
                // The first match that is accepted hides those that begin later.
                for before in (0..=lead_before(bytes, start)).rev() {
                    trial.at(rows, start - before, near & lead[before]);
                }
            }
        }
    }
}

/// Tries patterns with slots from 64 x `word` on at single places.
struct Trial<'t> {
    scene: &'t Scene<'t>,
    filter: &'t PatternFilter,
    near: &'t mut NearHits,
    hits: &'t [KeywordHit],
    taken: &'t mut [usize],
    word: usize,
    /// The text without white space around it.
    trimmed: (usize, usize),
    matches: &'t mut Vec<Match>,
}

impl Trial<'_> {
    /// Tries at `at` those patterns of `called` whose first bytes allow it.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "as above")]
    fn at(&mut self, rows: &Rows, at: usize, called: u64) {
        let text = self.scene.text;
        let may_match = rows.at(text.as_bytes(), at, called);
        if may_match != 0 && !(at > 0 && is_of_word(text.as_bytes()[at - 1])) && text.is_char_boundary(at) {
            self.try_all(at, may_match);
        }
    }

    #[inline(never)]
    fn try_all(&mut self, at: usize, mut slots: u64) {
        let Scene { set, table, text, context, .. } = *self.scene;
        let is_text = matches!(context, Context::Text);
        self.near.arrange(set, self.hits);
        while slots != 0 {
            let slot = self.word * 64 + slots.trailing_zeros() as usize;
            slots &= slots - 1;
            if at < self.taken[slot] {
                continue;
            }
            let number = self.filter.number(slot);
            let place = table.place(number);
            let distance = set.pattern(place).distance;
            let limit = if is_text && self.filter.unbounded.has(slot) {
                self.near.region_end(text, place.0, distance * 4 + LONGEST_VALUE, at)
            } else {
                Some(text.len())
            };
            let Some(limit) = limit else { continue };
            let near = self.near.of(place.0);
            let evidence = |start, end| match context {
                Context::Value { .. } => near.in_value(start, end),
                Context::Text => near.in_text(set, text, distance, start, end),
            };
            if let Some(end) = try_at(self.scene, number, at, limit, self.trimmed, evidence, self.matches) {
                self.taken[slot] = end;
            }
        }
    }
}

/// For each of 64 places, whether a digit is among the [`DEPTH`] bytes from there on; `after` are the digits of the 64 behind them.
#[inline]
fn any_of_next(digits: u64, after: u64) -> u64 {
    const { assert!(DEPTH == 16) };
    let bits = u128::from(digits) | u128::from(after) << 64;
    let two = bits | bits >> 1;
    let four = two | two >> 2;
    let eight = four | four >> 4;
    (eight | eight >> 8) as u64
}

/// True for most short values: they have too few digits for a long number, and neither a plus nor a word that begins with three digits.
fn opens_no_gate(step: &TextMasks) -> bool {
    let first = step.digit & !(alphanumeric(step) << 1);
    step.plus | (first & step.digit >> 1 & step.digit >> 2) == 0 && step.digit.count_ones() < 13
}

/// True for a letter, digit or underscore of ASCII: what begins behind one is but the rest of a word.
fn is_of_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Signs before a word that can belong to a match.
fn lead_before(bytes: &[u8], word_start: usize) -> usize {
    bytes[..word_start].iter().rev().take(MOST_LEAD).take_while(|byte| !byte.is_ascii_alphanumeric()).count()
}

/// Tries a pattern at one place. Gives the end of the match if it is accepted.
fn try_at(
    scene: &Scene<'_>,
    number: usize,
    at: usize,
    limit: usize,
    trimmed: (usize, usize),
    evidence: impl Fn(usize, usize) -> Option<(Keyword, u16)>,
    matches: &mut Vec<Match>,
) -> Option<usize> {
    let Scene { set, table, text, .. } = *scene;
    let place = table.place(number);
    let pattern = set.pattern(place);
    if pattern.whole_value && at != trimmed.0 {
        return None;
    }
    let end = match table.shape(&set.identifiers, number)?.match_at(text, at, limit) {
        Ok(end) => end?,
        Err(_) => pattern.automaton()?.end_of_match_at(&text[..limit], at)?,
    };
    if at == end || (pattern.whole_value && end != trimmed.1) || is_piece(text, at, end) {
        return None;
    }
    let evidence = evidence(at, end)?;
    let found = accept(set, place, text, (at, end), evidence)?;
    matches.push(found);
    Some(end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn a_digit_ahead_is_told_for_64_places_at_once(digits in any::<u64>(), more in any::<u64>(), after in any::<u64>()) {
            for digits in [digits, digits & more, digits & more & more.rotate_left(9)] {
                let all = u128::from(digits) | u128::from(after) << 64;
                let any = any_of_next(digits, after);
                for bit in 0..64 {
                    prop_assert_eq!(any >> bit & 1 == 1, all >> bit & 0xFFFF != 0);
                }
            }
        }
    }
}
