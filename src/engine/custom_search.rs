//! Searches a text for custom identifiers.

use super::Engine;
use super::cost::Costs;
use crate::identifiers::text_masks::MaskedText;
use std::time::Instant;

/// Identifiers that are passed over together where hardly one of many is left.
const TOGETHER: usize = 64;

/// Searches texts for custom identifiers. Keeps its memory for the next text.
#[derive(Debug, Default)]
pub(super) struct CustomSearch {
    /// For each identifier, whether it needs no keyword or one of its keywords is in the text.
    keyed: Vec<bool>,
    /// For each identifier, whether its pattern may match in the text.
    possible: Vec<bool>,
}

impl CustomSearch {
    /// Appends to `found` what occurs in `text`: (start, end, identifier). Identifiers that are `named` need no keyword; `None` for
    /// none of them. `masks` are those of the text, where they are known.
    pub(super) fn find(
        &mut self,
        engine: &Engine,
        text: &str,
        masks: Option<&MaskedText>,
        named: Option<&[bool]>,
        costs: &mut Option<Box<Costs>>,
        found: &mut Vec<(usize, usize, u16)>,
    ) {
        let mut find_one = |position: usize| {
            let custom = &engine.custom[position];
            if !custom.may_occur(text.len(), |fewest| masks.is_none_or(|masks| masks.has_digits_in_a_row(fewest))) {
                return;
            }
            let index = engine.custom_index(position) as u16;
            let since = costs.as_ref().map(|_| Instant::now());
            let ranges = custom.occurrences(text, named.is_some_and(|named| named[position]));
            if let (Some(since), Some(costs)) = (since, costs.as_deref_mut()) {
                costs.spent_on_custom(position, since);
            }
            found.extend(ranges.into_iter().map(|range| (range.start, range.end, index)));
        };
        if engine.custom_literals.is_none() && engine.custom_keywords.is_none() {
            (0..engine.custom.len()).for_each(find_one);
            return;
        }
        self.look(engine, text, named);
        for (first, (keyed, possible)) in
            (0..).step_by(TOGETHER).zip(self.keyed.chunks(TOGETHER).zip(self.possible.chunks(TOGETHER)))
        {
            let both = keyed.iter().zip(possible).map(|(keyed, possible)| keyed & possible);
            if both.clone().fold(false, |any, both| any | both) {
                (first..).zip(both).filter_map(|(position, both)| both.then_some(position)).for_each(&mut find_one);
            }
        }
    }

    /// False when the pattern of the identifier at `position` surely matches nowhere in the last text.
    pub(super) fn may_match(&self, engine: &Engine, position: usize) -> bool {
        engine.custom_literals.is_none() || self.possible[position]
    }

    /// Finds out which of many identifiers may occur in the text.
    fn look(&mut self, engine: &Engine, text: &str, named: Option<&[bool]>) {
        let Self { keyed, possible } = self;
        possible.clear();
        match &engine.custom_literals {
            Some(literals) => literals.look(text, &engine.custom, possible),
            None => possible.resize(engine.custom.len(), true),
        }
        keyed.clear();
        match &engine.custom_keywords {
            Some(keywords) => keywords.look(text, keyed),
            None => keyed.resize(engine.custom.len(), true),
        }
        if let Some(named) = named {
            keyed.iter_mut().zip(named).for_each(|(keyed, named)| *keyed |= named);
        }
    }
}
