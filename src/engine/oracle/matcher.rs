//! Finds managed identifiers in one piece of text.

use super::gate::{iban_heads, long_digits, plus_digits};
use crate::engine::boundary::is_piece;
use crate::engine::evidence::{Keyword, Match, settle};
use crate::engine::gate::read_iban;
use crate::engine::matcher::Context;
use crate::engine::rivals::weigh;
use crate::identifiers::check::compact;
use crate::identifiers::keyword_index::{KeywordHit, Place};
use crate::identifiers::managed::ManagedPattern;
use crate::identifiers::schema::{Boundary, Gate};
use crate::identifiers::set::ManagedSet;
use crate::validators::iban::mod97_is_valid;

/// Finds the matches of managed identifiers. Reuses its buffers, so keep one per thread.
#[derive(Debug, Default)]
pub struct Matcher {
    keyword_hits: Vec<KeywordHit>,
    near: Vec<(u16, KeywordHit)>,
    regions: Vec<(usize, usize)>,
}

/// Bytes searched on either side of a keyword in running text beyond its distance: no keyword-bound value is longer.
const LONGEST_VALUE: usize = 160;

/// Bytes searched after a gate opens.
const AFTER_GATE: usize = 64;

impl Matcher {
    /// Appends to `matches` what is found in `text`, overlaps settled, sorted by start.
    pub fn find(&mut self, set: &ManagedSet, text: &str, context: Context<'_>, matches: &mut Vec<Match>) {
        let first = matches.len();
        if let Context::Value { named, .. } = context {
            for &(identifier, length) in named {
                find_named(set, text, identifier, length, matches);
            }
        }
        self.find_by_keywords(set, text, context, matches);
        self.find_gated(set, text, matches);
        find_anchored(set, text, matches);
        find_ibans(set, text, context, matches);
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

    fn find_by_keywords(&mut self, set: &ManagedSet, text: &str, context: Context<'_>, matches: &mut Vec<Match>) {
        self.keyword_hits.clear();
        set.keywords.find_in(text, Place::Text, &mut self.keyword_hits);
        if self.keyword_hits.is_empty() {
            return;
        }
        self.near.clear();
        for hit in &self.keyword_hits {
            self.near.extend(set.keywords.identifiers(hit.keyword).iter().map(|&identifier| (identifier, *hit)));
        }
        self.near.sort_by_key(|(identifier, hit)| (*identifier, hit.start));
        let near = std::mem::take(&mut self.near);
        for hits in near.chunk_by(|left, right| left.0 == right.0) {
            let identifier = hits[0].0;
            if matches!(context, Context::Value { named, .. } if named.iter().any(|(known, _)| *known == identifier)) {
                continue;
            }
            let patterns = &set.identifiers[usize::from(identifier)].patterns;
            for (number, pattern) in patterns.iter().enumerate() {
                if !pattern.needs_keyword || pattern.named_only {
                    continue;
                }
                let place = (identifier, number as u16);
                match context {
                    Context::Value { .. } => {
                        let longest = hits.iter().map(|(_, hit)| set.keywords.length(hit.keyword)).max().unwrap_or(0);
                        let evidence = (Keyword::Near, longest as u16);
                        let spoken_for = |start: usize, end: usize| {
                            hits.iter().any(|(_, hit)| start < hit.start || hit.end < end).then_some(evidence)
                        };
                        search(set, place, text, (0, text.len()), spoken_for, matches);
                    }
                    Context::Text if pattern.whole_value => {}
                    Context::Text => self.search_near(set, place, pattern, text, hits, matches),
                }
            }
        }
        self.near = near;
    }

    fn search_near(
        &mut self,
        set: &ManagedSet,
        place: (u16, u16),
        pattern: &ManagedPattern,
        text: &str,
        hits: &[(u16, KeywordHit)],
        matches: &mut Vec<Match>,
    ) {
        // Four bytes are the most that a character takes.
        let reach = pattern.distance * 4 + LONGEST_VALUE;
        self.regions.clear();
        for (_, hit) in hits {
            let start = floor(text, hit.start.saturating_sub(reach));
            let end = ceil(text, (hit.end + reach).min(text.len()));
            match self.regions.last_mut() {
                Some(last) if start <= last.1 => last.1 = last.1.max(end),
                _ => self.regions.push((start, end)),
            }
        }
        let evidence = |start: usize, end: usize| {
            // Hits stand in order. To measure the way to each of them would take ages in a text that is full of keywords.
            let first = hits.partition_point(|(_, hit)| hit.start + reach < start);
            hits[first..]
                .iter()
                .take_while(|(_, hit)| hit.start <= end + reach)
                .filter(|(_, hit)| gap(text, *hit, start, end).is_some_and(|gap| gap <= pattern.distance))
                .map(|(_, hit)| set.keywords.length(hit.keyword))
                .max()
                .map(|length| (Keyword::Near, length as u16))
        };
        for &region in &self.regions {
            search(set, place, text, region, evidence, matches);
        }
    }

    fn find_gated(&mut self, set: &ManagedSet, text: &str, matches: &mut Vec<Match>) {
        let bytes = text.as_bytes();
        for gate in [Gate::LongDigits, Gate::PlusDigits] {
            let mut patterns = set.gated().iter().filter(|(known, _)| *known == gate).peekable();
            if patterns.peek().is_none() {
                continue;
            }
            self.regions.clear();
            let regions = &mut self.regions;
            match gate {
                Gate::LongDigits => long_digits(bytes, |start, end| regions.push((start, end))),
                Gate::PlusDigits => plus_digits(bytes, |start| {
                    let start = regions.last().map_or(start, |last: &(usize, usize)| start.max(last.1));
                    let end = ceil(text, (start + AFTER_GATE).min(bytes.len()));
                    if start < end {
                        regions.push((start, end));
                    }
                }),
            }
            for &(_, place) in patterns {
                for &region in &self.regions {
                    search(set, place, text, region, |_, _| Some((Keyword::Absent, 0)), matches);
                }
            }
        }
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

fn find_anchored(set: &ManagedSet, text: &str, matches: &mut Vec<Match>) {
    let Some(anchors) = set.anchors() else { return };
    let mut open: Vec<(u16, u16)> = Vec::new();
    for hit in anchors.find_overlapping_iter(text) {
        for place in set.anchored(hit.pattern().as_usize()) {
            if !open.contains(place) {
                open.push(*place);
            }
        }
    }
    for place in open {
        search(set, place, text, (0, text.len()), |_, _| Some((Keyword::Absent, 0)), matches);
    }
}

fn find_ibans(set: &ManagedSet, text: &str, context: Context<'_>, matches: &mut Vec<Match>) {
    if !set.has_ibans() {
        return;
    }
    let bytes = text.as_bytes();
    iban_heads(bytes, |start| {
        let country = text[start..start + 2].to_ascii_uppercase();
        let &[first, second] = country.as_bytes() else { return };
        let Some((structure, identifier)) = set.iban([first, second]) else { return };
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
    let identifier = &set.identifiers[usize::from(place.0)];
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
        if let Some((keyword, keyword_length)) = spoken_for {
            let value = &text[start..end];
            let compacted = compact(value);
            if pattern.checks.iter().all(|check| check.accepts(value, &compacted))
                && !identifier.never_reports(&compacted)
            {
                matches.push(Match {
                    identifier: place.0,
                    start,
                    end,
                    keyword,
                    keyword_length,
                    check_digit: pattern.verifies_check_digit(),
                    nearest: false,
                    country: false,
                    priority: identifier.priority,
                });
                from = whole.end.max(from + 1);
                from = ceil(text, from);
                continue;
            }
        }
        // A refused match may hide a good one that starts inside it: go on after its first word, not after its end.
        from = next_start(text, whole.start);
    }
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

/// Characters between a keyword and a range, 0 when the keyword is part of the range (as in `expM=02`); `None` when the range
/// is but a piece of the keyword.
fn gap(text: &str, hit: KeywordHit, start: usize, end: usize) -> Option<usize> {
    if hit.end <= start {
        Some(text[hit.end..start].chars().count())
    } else if end <= hit.start {
        Some(text[end..hit.start].chars().count())
    } else {
        (hit.start > start || hit.end < end).then_some(0)
    }
}

fn floor(text: &str, mut index: usize) -> usize {
    while !text.is_char_boundary(index) {
        index -= 1;
    }
    index
}

fn ceil(text: &str, mut index: usize) -> usize {
    while index < text.len() && !text.is_char_boundary(index) {
        index += 1;
    }
    index.min(text.len())
}
