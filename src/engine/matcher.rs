//! Finds managed identifiers in one piece of text.

use super::boundary::is_piece;
use super::evidence::{Keyword, Match, settle};
use super::gate::{iban_heads, read_iban};
use super::near_hits::NearHits;
use super::pattern_filter::PatternFilter;
use super::rivals::weigh;
use crate::identifiers::check::{SHORT, compact_in};
use crate::identifiers::keyword_index::KeywordHit;
use crate::identifiers::pattern_table::{PatternBits, PatternTable};
use crate::identifiers::schema::Boundary;
use crate::identifiers::set::ManagedSet;
use crate::identifiers::text_masks::MaskedText;
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
    pub(super) keyword_hits: Vec<KeywordHit>,
    anchors: Vec<u16>,
    pub(super) near: NearHits,
    pub(super) filter: PatternFilter,
    pub(super) regions: Vec<(usize, usize)>,
    /// For each slot of the filter, the byte offset behind the last match of its pattern.
    pub(super) taken: Vec<usize>,
    /// For each step of a running text the slots that a keyword within reach calls.
    pub(super) live: Vec<u64>,
}

/// Bytes searched on either side of a keyword in running text beyond its distance: no keyword-bound value is longer.
pub(super) const LONGEST_VALUE: usize = 160;

/// The text in which patterns are looked for.
#[derive(Clone, Copy)]
pub(super) struct Scene<'a> {
    pub(super) set: &'a ManagedSet,
    pub(super) table: &'a PatternTable,
    pub(super) text: &'a str,
    pub(super) masks: &'a MaskedText,
    pub(super) context: Context<'a>,
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
}

/// The patterns that a keyword calls.
fn called_by<'a>(scene: &Scene<'a>, keyword: u16) -> &'a PatternBits {
    match scene.context {
        Context::Value { .. } => scene.table.called_in_value(keyword),
        Context::Text => scene.table.called_in_text(keyword),
    }
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
pub(super) fn search(
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
pub(super) fn accept(
    set: &ManagedSet,
    place: (u16, u16),
    text: &str,
    (start, end): (usize, usize),
    (keyword, keyword_length): (Keyword, u16),
) -> Option<Match> {
    let pattern = set.pattern(place);
    let identifier = &set.identifiers[usize::from(place.0)];
    let value = &text[start..end];
    let mut room = [0; SHORT];
    let compacted = compact_in(value, &mut room);
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

pub(super) fn trim(text: &str) -> (usize, usize) {
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
