//! Which of many custom identifiers a text can hold at all: one search for the keywords of all of them.

use crate::identifiers::custom_match::CompiledCustom;
use crate::identifiers::fold::folded;
use aho_corasick::{AhoCorasick, AhoCorasickBuilder};
use std::sync::OnceLock;

/// Identifiers with keywords that are cheaper to search for one by one.
const FEW: usize = 8;

/// The keywords of all custom identifiers, and whose they are.
#[derive(Debug)]
pub(super) struct CustomKeywords {
    /// Folded keywords, each with the position of its identifier.
    keywords: Vec<(String, usize)>,
    /// For each identifier by position, whether it needs no keyword.
    keyless: Vec<bool>,
    automaton: OnceLock<AhoCorasick>,
}

impl CustomKeywords {
    /// The keywords of these identifiers; `None` if there are so few that a common search does not pay.
    pub(super) fn new(custom: &[CompiledCustom]) -> Option<Self> {
        let keyed = custom.iter().filter(|custom| !custom.keywords().is_empty()).count();
        (keyed > FEW).then(|| Self {
            keywords: (0..)
                .zip(custom)
                .flat_map(|(position, custom)| custom.keywords().iter().map(move |keyword| (keyword.clone(), position)))
                .collect(),
            keyless: custom.iter().map(|custom| custom.keywords().is_empty()).collect(),
            automaton: OnceLock::new(),
        })
    }

    /// Says for each identifier, by position, whether it needs no keyword or one is in the text.
    pub(super) fn look(&self, text: &str, present: &mut Vec<bool>) {
        present.clear();
        present.extend_from_slice(&self.keyless);
        let mut mark = |text: &str| {
            for hit in self.automaton().find_overlapping_iter(text) {
                present[self.keywords[hit.pattern().as_usize()].1] = true;
            }
        };
        if text.is_ascii() { mark(text) } else { mark(&folded(text)) }
    }

    #[expect(
        clippy::expect_used,
        reason = "fails only beyond 2^31 states, thousands of times what Macie's limits allow"
    )]
    fn automaton(&self) -> &AhoCorasick {
        self.automaton.get_or_init(|| {
            AhoCorasickBuilder::new()
                .ascii_case_insensitive(true)
                .build(self.keywords.iter().map(|(keyword, _)| keyword))
                .expect("the keywords fit an automaton")
        })
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

    /// Two dozen identifiers: with a keyword of their own, with one in common, and without any.
    fn identifiers() -> Vec<CompiledCustom> {
        let identifier = |number: usize| CustomIdentifier {
            id: number.to_string(),
            name: format!("number {number}"),
            description: String::new(),
            regex: if number.is_multiple_of(2) { "[a-z]{2}\\d{2}".into() } else { format!("[a-z]+{}\\d*", number % 5) },
            keywords: match number % 6 {
                0 => Vec::new(),
                1 => vec!["\u{c4}rzte".into(), "badge".into()],
                _ => vec![format!("key{number}"), "Common".into()],
            },
            ignore_words: Vec::new(),
            maximum_match_distance: 20,
            severity_levels: Vec::new(),
            origin: Origin { file: "generated".into(), line: 1 },
        };
        (0..24).map(|number| CompiledCustom::new(&identifier(number)).expect("sound")).collect()
    }

    proptest! {
        #[test]
        fn each_identifier_finds_what_it_finds_alone(
            words in prop::collection::vec(
                prop_oneof![
                    2 => "[a-z]{2}[0-9]{0,3}",
                    1 => "(KEY|key)[0-9]{1,2}",
                    1 => prop::sample::select(&["common", "BADGE", "\u{e4}RZTE", "x"][..]).prop_map(String::from),
                ],
                0..20,
            ),
        ) {
            let text = words.join(" ");
            let managed = ManagedSet::new(builtin::managed(), |_| false).expect("an empty set");
            let engine = Engine::new(managed, identifiers());
            let mut expected: Vec<(usize, usize, u16)> = Vec::new();
            for (position, custom) in identifiers().iter().enumerate() {
                let index = engine.custom_index(position) as u16;
                expected.extend(custom.occurrences(&text, false).into_iter().map(|range| (range.start, range.end, index)));
            }
            expected.sort_unstable();
            let mut found = Judge::default().running(&engine, &text).to_vec();
            found.sort_unstable();
            prop_assert_eq!(found, expected);
        }
    }
}
