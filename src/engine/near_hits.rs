//! The keywords found in one text, by the identifiers that they belong to.

use super::evidence::Keyword;
use super::matcher::{ceil, floor};
use crate::identifiers::keyword_index::KeywordHit;
use crate::identifiers::set::ManagedSet;

/// An identifier and a distance, and the byte ranges within that distance of its keywords.
type RegionsOf = ((u16, usize), Vec<(usize, usize)>);

/// Keywords of one text. Keeps its memory for the next.
#[derive(Debug, Default)]
pub(super) struct NearHits {
    arranged: bool,
    /// Hits by identifier, then by place.
    hits: Vec<KeywordHit>,
    /// For each identifier, where its hits end in `hits`; they start where those of the one before it end.
    ends: Vec<u32>,
    /// For each identifier, characters of its longest keyword in the text.
    longest: Vec<u16>,
    /// For an identifier and a reach, the parts of the text within reach of its keywords.
    regions: Vec<RegionsOf>,
}

/// The keywords of one identifier in a text, in order.
#[derive(Clone, Copy)]
pub(super) struct Near<'a> {
    pub(super) hits: &'a [KeywordHit],
    longest: u16,
}

impl NearHits {
    /// Forgets the last text.
    pub(super) fn clear(&mut self) {
        self.arranged = false;
        self.regions.clear();
    }

    /// Arranges the hits of a text, which stand in order; does nothing if that is done.
    pub(super) fn arrange(&mut self, set: &ManagedSet, hits: &[KeywordHit]) {
        if std::mem::replace(&mut self.arranged, true) {
            return;
        }
        self.ends.clear();
        self.ends.resize(set.identifiers.len() + 1, 0);
        self.longest.clear();
        self.longest.resize(set.identifiers.len(), 0);
        for hit in hits {
            let length = set.keywords.length(hit.keyword) as u16;
            for &identifier in set.keywords.identifiers(hit.keyword) {
                self.ends[usize::from(identifier) + 1] += 1;
                let longest = &mut self.longest[usize::from(identifier)];
                *longest = length.max(*longest);
            }
        }
        let mut total = 0;
        for end in &mut self.ends {
            total += *end;
            *end = total;
        }
        self.hits.clear();
        self.hits.resize(total as usize, KeywordHit { keyword: 0, start: 0, end: 0 });
        for hit in hits {
            for &identifier in set.keywords.identifiers(hit.keyword) {
                let next = &mut self.ends[usize::from(identifier)];
                self.hits[*next as usize] = *hit;
                *next += 1;
            }
        }
    }

    /// The end of the part of the text, `reach` bytes around keywords of the identifier, in which `at` lies; `None` if it lies
    /// in none.
    pub(super) fn region_end(&mut self, text: &str, identifier: u16, reach: usize, at: usize) -> Option<usize> {
        let key = (identifier, reach);
        let known = self.regions.iter().position(|(known, _)| *known == key);
        let known = known.unwrap_or_else(|| {
            let mut regions = Vec::new();
            self.of(identifier).regions(text, reach, &mut regions);
            self.regions.push((key, regions));
            self.regions.len() - 1
        });
        let regions = &self.regions[known].1;
        let (_, end) = regions[..regions.partition_point(|(start, _)| *start <= at)].last()?;
        (at <= *end).then_some(*end)
    }

    /// The keywords of an identifier.
    pub(super) fn of(&self, identifier: u16) -> Near<'_> {
        let identifier = usize::from(identifier);
        let start = identifier.checked_sub(1).map_or(0, |before| self.ends[before]);
        Near { hits: &self.hits[start as usize..self.ends[identifier] as usize], longest: self.longest[identifier] }
    }
}

impl Near<'_> {
    /// Appends the parts of the text within `reach` bytes of a keyword, in order and without overlap.
    pub(super) fn regions(&self, text: &str, reach: usize, regions: &mut Vec<(usize, usize)>) {
        for hit in self.hits {
            let start = floor(text, hit.start.saturating_sub(reach));
            let end = ceil(text, (hit.end + reach).min(text.len()));
            match regions.last_mut() {
                Some(last) if start <= last.1 => last.1 = last.1.max(end),
                _ => regions.push((start, end)),
            }
        }
    }

    /// What speaks for a range in a value: any keyword of which it is not just a piece.
    pub(super) fn in_value(&self, start: usize, end: usize) -> Option<(Keyword, u16)> {
        let evidence = (Keyword::Near, self.longest);
        self.hits.iter().any(|hit| start < hit.start || hit.end < end).then_some(evidence)
    }

    /// What speaks for a range in running text: the longest keyword that is at most `distance` characters away.
    pub(super) fn in_text(
        &self,
        set: &ManagedSet,
        text: &str,
        distance: usize,
        start: usize,
        end: usize,
    ) -> Option<(Keyword, u16)> {
        // Four bytes are the most that a character takes. Keywords are shorter than the rest of the reach.
        let reach = distance * 4 + 160;
        let first = self.hits.partition_point(|hit| hit.start + reach < start);
        let mut best: Option<u16> = None;
        for hit in self.hits[first..].iter().take_while(|hit| hit.start <= end + reach) {
            let length = set.keywords.length(hit.keyword) as u16;
            if best.is_none_or(|best| best < length) && is_near(text, *hit, start, end, distance) {
                best = Some(length);
            }
        }
        best.map(|length| (Keyword::Near, length))
    }
}

/// True when at most `distance` characters are between a keyword and a range, or the keyword is part of the range (as in
/// `expM=02`); false when the range is but a piece of the keyword.
fn is_near(text: &str, hit: KeywordHit, start: usize, end: usize, distance: usize) -> bool {
    let between = if hit.end <= start {
        &text[hit.end..start]
    } else if end <= hit.start {
        &text[end..hit.start]
    } else {
        return hit.start > start || hit.end < end;
    };
    between.len() <= distance || (between.len() <= distance * 4 && between.chars().count() <= distance)
}
