//! The identifiers of one scan, and the tables that find them.

use super::definition::Definition;
use super::keyword_index::KeywordIndex;
use super::managed::{Form, ManagedIdentifier, ManagedPattern};
use super::pattern_table::PatternTable;
use super::schema::{Detector, Gate};
use crate::validators::iban::Structure;
use aho_corasick::AhoCorasick;
use std::collections::HashMap;
use std::sync::OnceLock;

/// A pattern, as indices of its identifier and of itself inside the identifier.
pub type PatternIndex = (u16, u16);

/// Managed identifiers with the tables over them.
pub struct ManagedSet {
    /// The identifiers; their position is their index.
    pub identifiers: Vec<ManagedIdentifier>,
    /// Keywords of all of them.
    pub keywords: KeywordIndex,
    /// Whole column names (letters and digits only, lower case) that count like a keyword.
    column_keywords: HashMap<String, Vec<u16>>,
    /// For each country code of two letters that has one, the structure and identifier of its IBAN.
    ibans: Vec<Option<(Structure, u16)>>,
    /// Keyword-less patterns behind a gate.
    gated: Vec<(Gate, PatternIndex)>,
    anchor_texts: Vec<String>,
    anchor_patterns: Vec<Vec<PatternIndex>>,
    #[cfg(test)]
    anchors: OnceLock<Option<AhoCorasick>>,
    /// Anchors that `keywords` finds, by its numbers.
    indexed_anchors: Vec<Vec<PatternIndex>>,
    /// Anchors that it cannot find.
    other_anchors: Vec<String>,
    other_patterns: Vec<Vec<PatternIndex>>,
    others: OnceLock<Option<AhoCorasick>>,
    table: PatternTable,
    /// For each identifier, those it may share characters with.
    together: Vec<Vec<u16>>,
    full_name: Option<u16>,
    mailing_address: Option<u16>,
}

impl ManagedSet {
    /// Prepares the identifiers that `wanted` selects by id.
    ///
    /// # Errors
    /// A sentence naming the identifier whose definition is at fault.
    pub fn new(definitions: &[Definition], wanted: impl Fn(&str) -> bool) -> Result<Self, String> {
        let mut identifiers = Vec::with_capacity(definitions.len());
        let mut keywords = Vec::new();
        let mut column_keywords: HashMap<String, Vec<u16>> = HashMap::new();
        for definition in definitions.iter().filter(|definition| wanted(&definition.id)) {
            let index = identifiers.len() as u16;
            let compiled =
                ManagedIdentifier::new(definition).map_err(|problem| format!("{}: {problem}", definition.id))?;
            identifiers.push(compiled);
            keywords.extend(definition.keywords.lines().map(|keyword| (keyword, index)));
            for name in definition.column_keywords.iter() {
                column_keywords.entry(squeeze(name)).or_default().push(index);
            }
        }
        let keywords = KeywordIndex::new(keywords);
        let mut set = Self {
            table: PatternTable::new(&identifiers, &keywords)?,
            keywords,
            column_keywords,
            ibans: Vec::new(),
            gated: Vec::new(),
            anchor_texts: Vec::new(),
            anchor_patterns: Vec::new(),
            #[cfg(test)]
            anchors: OnceLock::new(),
            indexed_anchors: Vec::new(),
            other_anchors: Vec::new(),
            other_patterns: Vec::new(),
            others: OnceLock::new(),
            together: Vec::new(),
            full_name: None,
            mailing_address: None,
            identifiers,
        };
        set.index_patterns();
        set.index_companions();
        set.index_anchors();
        Ok(set)
    }

    fn index_patterns(&mut self) {
        for (index, identifier) in self.identifiers.iter().enumerate() {
            let index = index as u16;
            match identifier.detector {
                Some(Detector::FullName) => self.full_name = Some(index),
                Some(Detector::MailingAddress) => self.mailing_address = Some(index),
                None => {}
            }
            for (number, pattern) in identifier.patterns.iter().enumerate() {
                let place = (index, number as u16);
                if let Form::Iban(structure) = &pattern.form {
                    if let &[first, second] = structure.country().as_bytes()
                        && let Some(place) = country_number([first, second])
                    {
                        self.ibans.resize(COUNTRIES, None);
                        self.ibans[place] = Some((structure.clone(), index));
                    }
                    continue;
                }
                if pattern.needs_keyword {
                    continue;
                }
                if let Some(gate) = pattern.gate {
                    self.gated.push((gate, place));
                }
                for anchor in pattern.anchors.iter() {
                    let anchor = anchor.to_ascii_lowercase();
                    if let Some(known) = self.anchor_texts.iter().position(|text| *text == anchor) {
                        self.anchor_patterns[known].push(place);
                    } else {
                        self.anchor_texts.push(anchor);
                        self.anchor_patterns.push(vec![place]);
                    }
                }
            }
        }
    }

    /// Lets the search for keywords find the anchors too.
    ///
    /// An anchor in which a word begins is found wherever it stands. Of the others (`cookie:`, `eyJ`), the patterns match only
    /// where they begin a word.
    fn index_anchors(&mut self) {
        for (text, patterns) in self.anchor_texts.iter().zip(&self.anchor_patterns) {
            if self.keywords.add_anchor(text) {
                self.indexed_anchors.push(patterns.clone());
            } else {
                self.other_anchors.push(text.clone());
                self.other_patterns.push(patterns.clone());
            }
        }
    }

    fn index_companions(&mut self) {
        let by_id: HashMap<&str, u16> = self
            .identifiers
            .iter()
            .enumerate()
            .map(|(index, identifier)| (identifier.reference.id.as_str(), index as u16))
            .collect();
        let mut together = vec![Vec::new(); self.identifiers.len()];
        for (index, identifier) in self.identifiers.iter().enumerate() {
            for id in identifier.together_with.iter() {
                if let Some(&other) = by_id.get(&**id) {
                    together[index].push(other);
                    together[usize::from(other)].push(index as u16);
                }
            }
        }
        self.together = together;
    }

    /// The pattern at an index.
    pub fn pattern(&self, (identifier, pattern): PatternIndex) -> &ManagedPattern {
        &self.identifiers[usize::from(identifier)].patterns[usize::from(pattern)]
    }

    /// Identifiers that a whole column name stands for, although Macie lists no such keyword.
    pub fn by_column_name(&self, name: &str) -> &[u16] {
        if self.column_keywords.is_empty() {
            return &[];
        }
        self.column_keywords.get(&squeeze(name)).map_or(&[], Vec::as_slice)
    }

    /// Structure and identifier of the IBAN of a country, given by the two letters of its code in any case.
    pub fn iban(&self, country: [u8; 2]) -> Option<(&Structure, u16)> {
        let known = self.ibans.get(country_number(country)?)?.as_ref();
        known.map(|(structure, identifier)| (structure, *identifier))
    }

    /// True when any identifier is an IBAN.
    pub fn has_ibans(&self) -> bool {
        !self.ibans.is_empty()
    }

    /// Keyword-less patterns behind a gate.
    pub fn gated(&self) -> &[(Gate, PatternIndex)] {
        &self.gated
    }

    /// Patterns that have the anchor of that number among those that [`ManagedSet::keywords`] finds.
    pub fn indexed_anchor(&self, number: u16) -> &[PatternIndex] {
        &self.indexed_anchors[usize::from(number)]
    }

    /// The patterns by number.
    pub fn table(&self) -> &PatternTable {
        &self.table
    }

    /// The automaton over the anchors that [`ManagedSet::keywords`] does not find, and their patterns; `None` when there are
    /// none.
    pub fn other_anchors(&self) -> Option<(&AhoCorasick, &[Vec<PatternIndex>])> {
        let automaton = self.others.get_or_init(|| {
            if self.other_anchors.is_empty() {
                return None;
            }
            AhoCorasick::builder().ascii_case_insensitive(true).build(&self.other_anchors).ok()
        });
        automaton.as_ref().map(|automaton| (automaton, self.other_patterns.as_slice()))
    }

    /// For tests: the automaton over all anchors, built on first use; `None` when there are none.
    #[cfg(test)]
    pub fn anchors(&self) -> Option<&AhoCorasick> {
        self.anchors
            .get_or_init(|| {
                if self.anchor_texts.is_empty() {
                    return None;
                }
                AhoCorasick::builder().ascii_case_insensitive(true).build(&self.anchor_texts).ok()
            })
            .as_ref()
    }

    /// Patterns that have the anchor of that number in [`ManagedSet::anchors`].
    #[cfg(test)]
    pub fn anchored(&self, anchor: usize) -> &[PatternIndex] {
        &self.anchor_patterns[anchor]
    }

    /// Whether two identifiers may be reported for the same characters.
    pub fn may_share(&self, one: u16, other: u16) -> bool {
        self.together[usize::from(one)].contains(&other)
    }

    /// The identifier of full names, when it is selected.
    pub fn full_name(&self) -> Option<u16> {
        self.full_name
    }

    /// The identifier of mailing addresses, when it is selected.
    pub fn mailing_address(&self) -> Option<u16> {
        self.mailing_address
    }
}

/// Codes of two letters.
const COUNTRIES: usize = 26 * 26;

/// The number of a code of two letters; `None` for anything else.
fn country_number(code: [u8; 2]) -> Option<usize> {
    let [first, second] = code.map(|letter| usize::from((letter | 0x20).wrapping_sub(b'a')));
    (code.iter().all(u8::is_ascii_alphabetic)).then_some(first * 26 + second)
}

fn squeeze(name: &str) -> String {
    name.chars().filter(|character| character.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
