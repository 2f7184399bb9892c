//! Writes definitions of managed identifiers as constants of the program.

use crate::definition::{CheckDefinition, Definition, PatternDefinition, Text, WeightedCheck};

/// An expression of type `&'static [Definition]`.
pub fn expression(definitions: &[Definition]) -> String {
    let items: Vec<String> = definitions.iter().map(definition).collect();
    format!("&[\n{}\n]", items.join(",\n"))
}

fn definition(definition: &Definition) -> String {
    format!(
        "Definition {{ id: {}, sensitive_data_type: {}, category: Category::{:?}, countries: {}, keywords: {}, \
         column_keywords: {}, severity: [{}], recommended: {}, not_reported: {}, patterns: {}, detector: {}, \
         priority: {}, together_with: {} }}",
        text(&definition.id),
        text(&definition.sensitive_data_type),
        definition.category,
        list(&definition.countries, text),
        text(&definition.keywords),
        list(&definition.column_keywords, text),
        definition.severity.map(|severity| format!("Severity::{severity:?}")).join(", "),
        definition.recommended,
        list(&definition.not_reported, text),
        list(&definition.patterns, pattern),
        option(definition.detector.as_ref(), |detector| format!("Detector::{detector:?}")),
        definition.priority,
        list(&definition.together_with, text),
    )
}

fn pattern(pattern: &PatternDefinition) -> String {
    format!(
        "PatternDefinition {{ regex: {}, iban: {}, needs_keyword: {}, named_only: {}, whole_value: {}, distance: {:?}, \
         anchors: {}, gate: {}, boundary: Boundary::{:?}, checks: {} }}",
        option(pattern.regex.as_ref(), text),
        option(pattern.iban.as_ref(), text),
        pattern.needs_keyword,
        pattern.named_only,
        pattern.whole_value,
        pattern.distance,
        list(&pattern.anchors, text),
        option(pattern.gate.as_ref(), |gate| format!("Gate::{gate:?}")),
        pattern.boundary,
        list(&pattern.checks, check),
    )
}

fn check(check: &CheckDefinition) -> String {
    let arguments = match check {
        CheckDefinition::Luhn(prefix) => format!("Luhn({})", text(prefix)),
        CheckDefinition::Weighted(parameters) => format!("Weighted({})", weighted(parameters)),
        CheckDefinition::Verhoeff => "Verhoeff".to_string(),
        CheckDefinition::Iso7064(system) => format!("Iso7064(Iso7064::{system:?})"),
        CheckDefinition::Rule(name) => format!("Rule({})", text(name)),
    };
    format!("CheckDefinition::{arguments}")
}

fn weighted(check: &WeightedCheck) -> String {
    format!(
        "WeightedCheck {{ start: {}, weights: {}, modulus: {}, check_at: {:?}, table: {}, digit_sum: {}, plus: {} }}",
        check.start,
        list(&check.weights, u32::to_string),
        check.modulus,
        check.check_at,
        text(&check.table),
        check.digit_sum,
        check.plus,
    )
}

fn text(text: &Text) -> String {
    format!("Cow::Borrowed({:?})", &**text)
}

fn list<T>(items: &[T], item: impl Fn(&T) -> String) -> String {
    format!("Cow::Borrowed(&[{}])", items.iter().map(item).collect::<Vec<_>>().join(", "))
}

fn option<T>(value: Option<&T>, inner: impl Fn(&T) -> String) -> String {
    value.map_or_else(|| "None".to_string(), |value| format!("Some({})", inner(value)))
}
