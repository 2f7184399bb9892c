//! Which of many custom identifiers can match in a text at all: one search for what is fixed in their patterns.

use crate::identifiers::custom_match::CompiledCustom;
use aho_corasick::{AhoCorasick, AhoCorasickBuilder, MatchKind};
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// Identifiers that are cheaper to search for one by one.
const FEW: usize = 8;

/// The literals that the patterns of custom identifiers cannot match without; found out when they are first needed.
#[derive(Debug, Default)]
pub(super) struct CustomLiterals(OnceLock<Literals>);

#[derive(Debug)]
struct Literals {
    automaton: AhoCorasick,
    /// For each literal the positions of its identifiers.
    owners: Vec<Vec<usize>>,
    /// For each identifier by position, whether it may match in any text: nothing is fixed in its pattern.
    free: Vec<bool>,
}

impl CustomLiterals {
    /// The literals of these identifiers; `None` if there are so few that a common search does not pay.
    pub(super) fn new(custom: &[CompiledCustom]) -> Option<Self> {
        (custom.len() > FEW).then(Self::default)
    }

    /// Says for each of the identifiers, which are always the same, by position, whether its pattern may match in the text.
    pub(super) fn look(&self, text: &str, custom: &[CompiledCustom], possible: &mut Vec<bool>) {
        let Literals { automaton, owners, free } = self.0.get_or_init(|| Literals::of(custom));
        possible.clear();
        possible.extend_from_slice(free);
        for hit in automaton.find_overlapping_iter(text) {
            let owners = &owners[hit.pattern().as_usize()];
            if owners.first().is_some_and(|first| !possible[*first]) {
                for &position in owners {
                    possible[position] = true;
                }
            }
        }
    }
}

impl Literals {
    #[expect(
        clippy::expect_used,
        reason = "fails only beyond 2^31 states, thousands of times what Macie's limits allow"
    )]
    fn of(custom: &[CompiledCustom]) -> Self {
        let mut owners: BTreeMap<Vec<u8>, Vec<usize>> = BTreeMap::new();
        let mut free = vec![false; custom.len()];
        for (position, custom) in custom.iter().enumerate() {
            match custom.literal() {
                Some(literal) => owners.entry(literal).or_default().push(position),
                None => free[position] = true,
            }
        }
        let automaton = AhoCorasickBuilder::new().match_kind(MatchKind::Standard).build(owners.keys());
        let automaton = automaton.expect("the literals fit an automaton");
        Self { automaton, owners: owners.into_values().collect(), free }
    }
}

#[cfg(test)]
mod tests {
    use crate::engine::Engine;
    use crate::engine::judge::Judge;
    use crate::identifiers::builtin;
    use crate::identifiers::custom::{CustomIdentifier, Origin};
    use crate::identifiers::custom_match::CompiledCustom;
    use crate::identifiers::set::ManagedSet;
    use proptest::prelude::*;

    /// Identifiers without keywords: with literals of their own, in common, inside each other, beyond ASCII, and without any.
    fn identifiers() -> Vec<CompiledCustom> {
        let patterns = [
            "EMP1-[0-9]{2}",
            "EMP12-[0-9]{2}",
            "[a-c]{2}-[0-9]",
            "[0-9]-[a-c]+",
            "(ab|cd)[0-9]",
            "(ab)+[0-9]",
            "(ab)*1",
            "a\\b-[0-9]",
            "(?i)emp[0-9]",
            "[0-9]{2}",
            "\u{e9}[0-9]",
            "(\u{e9}a){2}",
            "x?EM?P",
            "^a1",
            "(a(b(c)))1{2}",
        ];
        let identifier = |pattern: &&str| CustomIdentifier {
            id: (*pattern).into(),
            name: (*pattern).into(),
            description: String::new(),
            regex: (*pattern).into(),
            keywords: Vec::new(),
            ignore_words: Vec::new(),
            maximum_match_distance: 20,
            severity_levels: Vec::new(),
            origin: Origin { file: "generated".into(), line: 1 },
        };
        patterns.iter().map(|pattern| CompiledCustom::new(&identifier(pattern)).expect("sound")).collect()
    }

    proptest! {
        #[test]
        fn each_identifier_finds_what_it_finds_alone(
            text in "((EMP|emp|EM|P|ab|cd|abc|\u{e9}|\u{e9}a|x)(1|2|12|11|-|-1)?){0,12}",
        ) {
            let managed = ManagedSet::new(builtin::managed(), |_| false).expect("an empty set");
            let engine = Engine::new(managed, identifiers());
            let mut expected: Vec<(usize, usize, u16)> = Vec::new();
            for (position, custom) in identifiers().iter().enumerate() {
                let index = engine.custom_index(position) as u16;
                let found = custom.occurrences(&text, false).into_iter();
                expected.extend(found.map(|range| (range.start, range.end, index)));
            }
            expected.sort_unstable();
            let mut found = Judge::default().running(&engine, &text).to_vec();
            found.sort_unstable();
            prop_assert_eq!(found, expected);
        }
    }
}
