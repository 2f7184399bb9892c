//! Managed identifiers ready for matching. Patterns compile when they are first needed.

use super::automaton::Automaton;
use super::check::{CompiledCheck, compact};
use super::country;
use super::definition::{Definition, List, PatternDefinition, Text};
use super::schema::{Boundary, Detector, Gate};
use crate::model::{IdentifierKind, IdentifierRef, Severity};
use crate::validators::iban::Structure;
use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

/// A managed identifier ready for matching.
pub struct ManagedIdentifier {
    /// What findings call it.
    pub reference: Arc<IdentifierRef>,
    /// Severity for 1, 2 to 99, and 100 or more occurrences.
    pub severity: [Severity; 3],
    /// Patterns in the order of the file.
    pub patterns: Vec<ManagedPattern>,
    /// Detector in code, if it has one.
    pub detector: Option<Detector>,
    /// Breaks ties between identifiers on equal evidence.
    pub priority: u8,
    /// Ids that may be reported for the same characters.
    pub together_with: List<Text>,
    /// Words that name its countries.
    pub country_words: Vec<&'static str>,
    not_reported: BTreeSet<String>,
}

impl ManagedIdentifier {
    /// Prepares an identifier of a file.
    ///
    /// # Errors
    /// A sentence for the author of the file.
    pub fn new(identifier: &Definition) -> Result<Self, String> {
        let patterns = identifier.patterns.iter().map(ManagedPattern::new).collect::<Result<Vec<_>, _>>()?;
        if patterns.is_empty() == identifier.detector.is_none() {
            return Err("an identifier has either patterns or a detector".into());
        }
        Ok(Self {
            reference: Arc::new(IdentifierRef {
                kind: IdentifierKind::Managed,
                id: identifier.id.to_string(),
                name: identifier.sensitive_data_type.to_string(),
                category: identifier.category,
            }),
            severity: identifier.severity,
            patterns,
            detector: identifier.detector,
            priority: identifier.priority,
            together_with: identifier.together_with.clone(),
            country_words: identifier.countries.iter().flat_map(|code| country::words(code)).copied().collect(),
            not_reported: identifier.not_reported.iter().map(|value| compact(value)).collect(),
        })
    }

    /// True for values that Macie never reports (public test numbers and the like).
    pub fn never_reports(&self, compact: &str) -> bool {
        self.not_reported.contains(compact)
    }

    /// True when at least one pattern verifies a check digit.
    pub fn verifies_check_digit(&self) -> bool {
        self.patterns.iter().any(ManagedPattern::verifies_check_digit)
    }
}

/// How candidates of a pattern are found.
pub enum Form {
    /// A regular expression.
    Regex {
        /// Its text.
        source: Text,
        /// What finds it, made ready on first use.
        automaton: OnceLock<Box<Automaton>>,
    },
    /// The structure of a country's IBAN.
    Iban(Structure),
}

/// One pattern of a managed identifier.
pub struct ManagedPattern {
    /// How candidates are found.
    pub form: Form,
    /// Whether a keyword must be near.
    pub needs_keyword: bool,
    /// Only under a name that holds the keyword.
    pub named_only: bool,
    /// Only as a whole value.
    pub whole_value: bool,
    /// Most characters between keyword and match in running text.
    pub distance: usize,
    /// Literal strings, one of which is part of every match.
    pub anchors: List<Text>,
    /// Shape of digits that every match starts with.
    pub gate: Option<Gate>,
    /// What may stand next to a match.
    pub boundary: Boundary,
    /// Checks that must hold.
    pub checks: Vec<CompiledCheck>,
}

/// Macie's maximum distance between a managed keyword and the data, in characters.
pub const KEYWORD_DISTANCE: usize = 30;

impl ManagedPattern {
    fn new(pattern: &PatternDefinition) -> Result<Self, String> {
        let form = match (&pattern.regex, &pattern.iban) {
            (Some(source), None) => Form::Regex { source: source.clone(), automaton: OnceLock::new() },
            (None, Some(structure)) => Form::Iban(Structure::parse(structure)?),
            _ => return Err("a pattern has either regex or iban".into()),
        };
        let checks = pattern.checks.iter().map(CompiledCheck::new).collect::<Result<Vec<_>, _>>()?;
        let gated = !pattern.anchors.is_empty() || pattern.gate.is_some() || pattern.iban.is_some();
        if !pattern.needs_keyword && !gated {
            return Err("a pattern without keyword needs anchors, a gate or an IBAN structure".into());
        }
        Ok(Self {
            form,
            needs_keyword: pattern.needs_keyword,
            named_only: pattern.named_only,
            whole_value: pattern.whole_value,
            distance: pattern.distance.map_or(KEYWORD_DISTANCE, usize::from),
            anchors: pattern.anchors.clone(),
            gate: pattern.gate,
            boundary: pattern.boundary,
            checks,
        })
    }

    /// What finds the pattern; `None` for an IBAN structure.
    ///
    /// # Panics
    /// If the expression does not compile, which the identifier checks exclude.
    pub fn automaton(&self) -> Option<&Automaton> {
        match &self.form {
            Form::Regex { source, automaton } => Some(automaton.get_or_init(|| {
                // Only patterns with anchors search whole texts, in which a search for literals pays.
                Box::new(Automaton::new(source, !self.anchors.is_empty()))
            })),
            Form::Iban(_) => None,
        }
    }

    /// True when a wrong check digit makes the pattern fail.
    pub fn verifies_check_digit(&self) -> bool {
        matches!(self.form, Form::Iban(_)) || self.checks.iter().any(CompiledCheck::is_check_digit)
    }
}
