//! Finds managed identifiers in one piece of text.

use super::boundary::is_piece;
use super::digit_counts::DigitCounts;
use super::evidence::{Keyword, Match, settle};
use super::gate::{iban_heads, long_digits, plus_digits, read_iban};
use super::near_hits::NearHits;
use super::pattern_filter::{MOST_LEAD, PatternFilter};
use super::rivals::weigh;
use crate::blocks::TextMasks;
use crate::identifiers::check::compact;
use crate::identifiers::keyword_index::KeywordHit;
use crate::identifiers::pattern_table::{MOST, PatternBits, PatternTable};
use crate::identifiers::schema::{Boundary, Gate};
use crate::identifiers::set::ManagedSet;
use crate::identifiers::text_masks::{MaskedText, STEP, alphanumeric};
use crate::identifiers::text_words::{Listener, Nobody};
use crate::validators::iban::mod97_is_valid;

/// What is known about a text before it is read.
#[derive(Debug, Clone, Copy)]
pub enum Context<'a> {
    /// A cell or record value. `named` are the identifiers with a keyword in the name of its column or path; for the others a
    /// keyword anywhere in the value counts.
    Value {
        /// Identifier and length of the keyword.
        named: &'a [(u16, u16)],
        /// Name of the column, or the names on the path.
        names: &'a str,
    },
    /// Running text: a keyword counts within its distance.
    Text,
}

/// Finds the matches of managed identifiers. Reuses its buffers, so keep one per thread.
#[derive(Debug, Default)]
pub struct Matcher {
    keyword_hits: Vec<KeywordHit>,
    anchors: Vec<u16>,
    near: NearHits,
    filter: PatternFilter,
    regions: Vec<(usize, usize)>,
    /// For each slot of the filter, the byte offset behind the last match of its pattern.
    taken: Vec<usize>,
    /// For each step of a running text the slots that a keyword within reach calls; for a value those of all its steps.
    live: Vec<u64>,
}

/// Bytes searched on either side of a keyword in running text beyond its distance: no keyword-bound value is longer.
const LONGEST_VALUE: usize = 160;

/// Bytes searched after a gate opens.
const AFTER_GATE: usize = 64;

/// The text in which patterns are looked for.
#[derive(Clone, Copy)]
struct Scene<'a> {
    set: &'a ManagedSet,
    table: &'a PatternTable,
    text: &'a str,
    masks: &'a MaskedText,
    context: Context<'a>,
}

impl Matcher {
    /// Appends to `matches` what is found in `text`, overlaps settled, sorted by start.
    pub fn find(&mut self, set: &ManagedSet, text: &str, context: Context<'_>, matches: &mut Vec<Match>) {
        let mut masks = MaskedText::default();
        masks.read(text.as_bytes());
        self.find_masked(set, text, &masks, context, &mut Nobody, matches);
    }

    /// [`Matcher::find`] for a text whose masks are known. `listener` is told of its words (see `KeywordIndex::find_in_text`).
    pub fn find_masked(
        &mut self,
        set: &ManagedSet,
        text: &str,
        masks: &MaskedText,
        context: Context<'_>,
        listener: &mut impl Listener,
        matches: &mut Vec<Match>,
    ) {
        let first = matches.len();
        if let Context::Value { named, .. } = context {
            for &(identifier, length) in named {
                find_named(set, text, identifier, length, matches);
            }
        }
        self.keyword_hits.clear();
        self.anchors.clear();
        set.keywords.find_in_text(text, masks, &mut self.keyword_hits, &mut self.anchors, listener);
        let scene = Scene { set, table: set.table(), text, masks, context };
        if !self.keyword_hits.is_empty() {
            self.find_by_keywords(&scene, matches);
        }
        self.find_gated(&scene, matches);
        find_anchored(set, text, &self.anchors, matches);
        find_ibans(set, text, masks, context, matches);
        if matches.len() - first > 1 {
            let mut fresh = matches.split_off(first);
            settle(
                &mut fresh,
                |one, other| set.may_share(one, other),
                |rivals| weigh(set, text, context, &self.keyword_hits, rivals),
            );
            matches.append(&mut fresh);
        }
    }

    fn find_by_keywords(&mut self, scene: &Scene<'_>, matches: &mut Vec<Match>) {
        let Scene { set, table, masks, .. } = *scene;
        let mut called = PatternBits::NONE;
        for hit in &self.keyword_hits {
            called = called.or(called_by(scene, hit.keyword));
        }
        if let Context::Value { named, .. } = scene.context {
            for (identifier, _) in named {
                called = called.without(table.in_value(*identifier));
            }
        }
        if called.is_empty() {
            return;
        }
        self.filter.load(set, table, &called);
        if masks.words().iter().all(|word| word.digit == 0) {
            called = called.without(&self.filter.needs_digit);
        }
        self.near.clear();
        let odd = called.and(&self.filter.odd);
        odd.each(|number| self.search_odd(scene, number, matches));
        let called = called.without(&odd);
        if !called.is_empty() {
            self.find_candidates(scene, &called, matches);
        }
    }

    /// Searches everything within reach of the keywords for one pattern.
    fn search_odd(&mut self, scene: &Scene<'_>, number: usize, matches: &mut Vec<Match>) {
        let Scene { set, table, text, .. } = *scene;
        let place = table.place(number);
        let pattern = set.pattern(place);
        let literal = table.shape(&set.identifiers, number).and_then(|shape| shape.literal.as_ref());
        let has_literal = |start: usize, end: usize| {
            literal.is_none_or(|literal| literal.find(&text.as_bytes()[start..end]).is_some())
        };
        self.near.arrange(set, &self.keyword_hits);
        let near = self.near.of(place.0);
        match scene.context {
            Context::Value { .. } => {
                if !has_literal(0, text.len()) {
                    return;
                }
                search(set, place, text, (0, text.len()), |start, end| near.in_value(start, end), matches);
            }
            Context::Text => {
                // Four bytes are the most that a character takes.
                let reach = pattern.distance * 4 + LONGEST_VALUE;
                self.regions.clear();
                near.regions(text, reach, &mut self.regions);
                let needs_digit = self.filter.needs_digit.has(number);
                for &region in &self.regions {
                    if (!needs_digit || scene.masks.has_digit(region.0, region.1)) && has_literal(region.0, region.1) {
                        let evidence = |start, end| near.in_text(set, text, pattern.distance, start, end);
                        search(set, place, text, region, evidence, matches);
                    }
                }
            }
        }
    }

    /// Tries the patterns of `called` at the words where their first bytes allow it.
    ///
    /// A match that does not stand on its own is refused, and the search for its pattern goes on behind the first word of it.
    /// As all that begins inside that word is refused as well, this is the same as trying every beginning of a word.
    fn find_candidates(&mut self, scene: &Scene<'_>, called: &PatternBits, matches: &mut Vec<Match>) {
        let Scene { set, text, masks, .. } = *scene;
        let bytes = text.as_bytes();
        let trimmed = trim(text);
        let is_text = matches!(scene.context, Context::Text);
        self.taken.clear();
        self.taken.resize(self.filter.len(), 0);
        let width = self.filter.width();
        if is_text {
            self.reach(scene);
        } else {
            let slots = self.filter.slots_of(called);
            self.live.clear();
            self.live.extend((0..width).map(|word| slots.word(word)));
        }
        let (none, mut near_words) = (TextMasks::default(), [0; MOST / 64]);
        let near_words = &mut near_words[..width];
        // What was called for in the last step, and the fewest digits of that.
        let (mut last, mut fewest): (&[u64], _) = (&[], [0; 2]);
        let mut before = &none;
        for (index, word) in masks.words().iter().enumerate() {
            let behind = alphanumeric(std::mem::replace(&mut before, word)) >> 63;
            let live = if is_text { &self.live[index * width..][..width] } else { &self.live };
            if live.iter().all(|slots| *slots == 0) {
                continue;
            }
            if live != last {
                (last, fewest) = (live, self.filter.fewest_digits(live));
            }
            let after = masks.words().get(index + 1).unwrap_or(&none);
            if fewest[1] > 0 && word.digit | after.digit == 0 {
                continue;
            }
            let starts = alphanumeric(word) & !(alphanumeric(word) << 1 | behind);
            let digits = DigitCounts::of(word.digit, after.digit);
            let mut left =
                starts & (word.digit & digits.at_least(fewest[0]) | word.letter & digits.at_least(fewest[1]));
            while left != 0 {
                let bit = left.trailing_zeros();
                left &= left - 1;
                let word_start = index * STEP + bit as usize;
                if !self.filter.near(bytes, word_start, digits.at(bit), live, near_words) {
                    continue;
                }
                let signed = word_start > 0 && self.filter.has_sign(bytes, word_start - 1, near_words);
                let most_lead = if signed { lead_before(bytes, word_start) } else { 0 };
                // The first match that is accepted hides those that begin later.
                for lead in (0..=most_lead).rev() {
                    let at = word_start - lead;
                    if at > 0 && (bytes[at - 1].is_ascii_alphanumeric() || bytes[at - 1] == b'_') {
                        continue;
                    }
                    for (place, live) in near_words.iter().enumerate() {
                        let live = live & self.filter.lead[lead].word(place);
                        let mut may_match = self.filter.at_word(place, bytes, at, live);
                        if may_match == 0 || !text.is_char_boundary(at) {
                            continue;
                        }
                        self.near.arrange(set, &self.keyword_hits);
                        while may_match != 0 {
                            let slot = place * 64 + may_match.trailing_zeros() as usize;
                            may_match &= may_match - 1;
                            if at < self.taken[slot] {
                                continue;
                            }
                            let (near, filter) = (&mut self.near, &self.filter);
                            let number = filter.number(slot);
                            let identifier = scene.table.place(number).0;
                            let distance = set.pattern(scene.table.place(number)).distance;
                            let limit = if is_text && filter.unbounded.has(slot) {
                                near.region_end(text, identifier, distance * 4 + LONGEST_VALUE, at)
                            } else {
                                Some(text.len())
                            };
                            let Some(limit) = limit else { continue };
                            let near = near.of(identifier);
                            let evidence = |start, end| match scene.context {
                                Context::Value { .. } => near.in_value(start, end),
                                Context::Text => near.in_text(set, text, distance, start, end),
                            };
                            if let Some(end) = try_at(scene, number, at, limit, trimmed, evidence, matches) {
                                self.taken[slot] = end;
                            }
                        }
                    }
                }
            }
        }
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

    fn find_gated(&mut self, scene: &Scene<'_>, matches: &mut Vec<Match>) {
        let Scene { set, table, text, masks, .. } = *scene;
        let bytes = text.as_bytes();
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
            for &(start, end) in &self.regions {
                for at in start..end {
                    if at > 0 && (bytes[at - 1].is_ascii_alphanumeric() || bytes[at - 1] == b'_') {
                        continue;
                    }
                    let may_match = self.filter.at(bytes, at, &called);
                    if may_match.is_empty() || !text.is_char_boundary(at) {
                        continue;
                    }
                    let (taken, filter) = (&mut self.taken, &self.filter);
                    may_match.each(|slot| {
                        let number = filter.number(slot);
                        if at >= taken[slot]
                            && let Some(end) =
                                try_at(scene, number, at, end, (0, 0), |_, _| Some((Keyword::Absent, 0)), matches)
                        {
                            taken[slot] = end;
                        }
                    });
                }
            }
        }
    }
}

/// The patterns that a keyword calls.
fn called_by<'a>(scene: &Scene<'a>, keyword: u16) -> &'a PatternBits {
    match scene.context {
        Context::Value { .. } => scene.table.called_in_value(keyword),
        Context::Text => scene.table.called_in_text(keyword),
    }
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

fn find_named(set: &ManagedSet, text: &str, identifier: u16, length: u16, matches: &mut Vec<Match>) {
    for (number, pattern) in (0..).zip(&set.identifiers[usize::from(identifier)].patterns) {
        if pattern.needs_keyword || pattern.named_only {
            let evidence = (Keyword::InName, length);
            search(set, (identifier, number), text, (0, text.len()), |_, _| Some(evidence), matches);
        }
    }
}

/// Searches for the patterns of which an anchor is in the text; `anchors` are those that were found together with keywords.
fn find_anchored(set: &ManagedSet, text: &str, anchors: &[u16], matches: &mut Vec<Match>) {
    let mut open: Vec<(u16, u16)> = Vec::new();
    let mut add = |places: &[(u16, u16)]| {
        for place in places {
            if !open.contains(place) {
                open.push(*place);
            }
        }
    };
    for &anchor in anchors {
        add(set.indexed_anchor(anchor));
    }
    if let Some((automaton, patterns)) = set.other_anchors() {
        automaton.find_overlapping_iter(text).for_each(|hit| add(&patterns[hit.pattern().as_usize()]));
    }
    for place in open {
        search(set, place, text, (0, text.len()), |_, _| Some((Keyword::Absent, 0)), matches);
    }
}

fn find_ibans(set: &ManagedSet, text: &str, masks: &MaskedText, context: Context<'_>, matches: &mut Vec<Match>) {
    if !set.has_ibans() {
        return;
    }
    let bytes = text.as_bytes();
    iban_heads(bytes, masks, |start| {
        let Some((structure, identifier)) = set.iban([bytes[start], bytes[start + 1]]) else { return };
        if !structure.may_begin(&bytes[start..]) {
            return;
        }
        let Some((end, compact)) = read_iban(bytes, start, structure.len()) else { return };
        if structure.matches(&compact) && mod97_is_valid(&compact) && !is_piece(text, start, end) {
            let named = match context {
                Context::Value { named, .. } => named.iter().find(|(known, _)| *known == identifier),
                Context::Text => None,
            };
            let (keyword, keyword_length) =
                named.map_or((Keyword::Absent, 0), |(_, length)| (Keyword::InName, *length));
            let priority = set.identifiers[usize::from(identifier)].priority;
            matches.push(Match {
                identifier,
                start,
                end,
                keyword,
                keyword_length,
                check_digit: true,
                nearest: false,
                country: false,
                priority,
            });
        }
    });
}

/// Searches one region for one pattern; `evidence` says what keyword, if any, speaks for a range, or `None` to refuse it.
fn search(
    set: &ManagedSet,
    place: (u16, u16),
    text: &str,
    region: (usize, usize),
    evidence: impl Fn(usize, usize) -> Option<(Keyword, u16)>,
    matches: &mut Vec<Match>,
) {
    let pattern = set.pattern(place);
    let Some(automaton) = pattern.automaton() else { return };
    let trimmed = if pattern.whole_value { trim(text) } else { (0, text.len()) };
    let haystack = &text[..region.1];
    let mut from = region.0;
    while from <= region.1 {
        let Some((whole, value)) = automaton.find_at(haystack, from) else { break };
        let (start, end) = (value.start, value.end);
        let accepted = start < end
            && (!pattern.whole_value || (start, end) == trimmed)
            && (pattern.boundary == Boundary::None || !is_piece(text, start, end));
        let spoken_for = if accepted { evidence(start, end) } else { None };
        if let Some(evidence) = spoken_for
            && let Some(found) = accept(set, place, text, (start, end), evidence)
        {
            matches.push(found);
            from = whole.end.max(from + 1);
            from = ceil(text, from);
            continue;
        }
        // A refused match may hide a good one that starts inside it: go on after its first word, not after its end.
        from = next_start(text, whole.start);
    }
}

/// The match if the pattern's checks accept it and it is not a value that is never reported.
fn accept(
    set: &ManagedSet,
    place: (u16, u16),
    text: &str,
    (start, end): (usize, usize),
    (keyword, keyword_length): (Keyword, u16),
) -> Option<Match> {
    let pattern = set.pattern(place);
    let identifier = &set.identifiers[usize::from(place.0)];
    let value = &text[start..end];
    let compacted = compact(value);
    let accepted =
        pattern.checks.iter().all(|check| check.accepts(value, &compacted)) && !identifier.never_reports(&compacted);
    accepted.then(|| Match {
        identifier: place.0,
        start,
        end,
        keyword,
        keyword_length,
        check_digit: pattern.verifies_check_digit(),
        nearest: false,
        country: false,
        priority: identifier.priority,
    })
}

/// The next place at which a token can start after `start`: past the run of letters and digits there.
fn next_start(text: &str, start: usize) -> usize {
    let bytes = text.as_bytes();
    let mut position = start;
    while position < bytes.len() && bytes[position].is_ascii_alphanumeric() {
        position += 1;
    }
    if position == start {
        position += 1;
    }
    ceil(text, position)
}

fn trim(text: &str) -> (usize, usize) {
    let start = text.len() - text.trim_start().len();
    (start, start + text.trim().len())
}

pub(super) fn floor(text: &str, mut index: usize) -> usize {
    while !text.is_char_boundary(index) {
        index -= 1;
    }
    index
}

pub(super) fn ceil(text: &str, mut index: usize) -> usize {
    while index < text.len() && !text.is_char_boundary(index) {
        index += 1;
    }
    index.min(text.len())
}
