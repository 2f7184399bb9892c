//! What a scan needs of a managed identifier's file, in a form that can stand in the program as it is.
//!
//! The build step reads this file too: it writes the definitions of the managed identifiers as constants, so that nothing
//! is parsed when the program starts.

use super::schema::{
    Boundary, Check, Detector, Gate, Iso7064, KeywordMode, Managed, Need, Pattern, TypeFile, Weighted,
};
use crate::model::{Category, Severity};
use std::borrow::Cow;

/// Text of an identifier file or of the program.
pub type Text = Cow<'static, str>;

/// Items of an identifier file or of the program.
pub type List<T> = Cow<'static, [T]>;

/// A managed identifier without descriptions, references and examples.
#[derive(Debug, Clone, PartialEq)]
pub struct Definition {
    /// The identifier's id.
    pub id: Text,
    /// The type as Macie's documentation names it.
    pub sensitive_data_type: Text,
    /// Category of the data.
    pub category: Category,
    /// ISO 3166-1 alpha-2 codes; `any` when not tied to a country.
    pub countries: List<Text>,
    /// Macie's keywords and ours, one a line.
    pub keywords: Text,
    /// Whole column names that count like a keyword.
    pub column_keywords: List<Text>,
    /// Severity for 1, 2 to 99, and 100 or more occurrences.
    pub severity: [Severity; 3],
    /// Member of Macie's recommended set for jobs.
    pub recommended: bool,
    /// Values that are never reported, as they are written.
    pub not_reported: List<Text>,
    /// Patterns in the order of the file.
    pub patterns: List<PatternDefinition>,
    /// Detector in code, if it has one.
    pub detector: Option<Detector>,
    /// Breaks ties between identifiers on equal evidence.
    pub priority: u8,
    /// Ids that may be reported for the same characters.
    pub together_with: List<Text>,
}

/// One pattern of a managed identifier.
#[derive(Debug, Clone, PartialEq)]
pub struct PatternDefinition {
    /// Regular expression.
    pub regex: Option<Text>,
    /// Structure of an IBAN.
    pub iban: Option<Text>,
    /// Whether a keyword must be near.
    pub needs_keyword: bool,
    /// Only under a name that holds the keyword.
    pub named_only: bool,
    /// Only as a whole value.
    pub whole_value: bool,
    /// Most characters between keyword and match in running text, if the identifier says so.
    pub distance: Option<u8>,
    /// Literal strings, one of which is part of every match.
    pub anchors: List<Text>,
    /// Shape of digits that every match starts with.
    pub gate: Option<Gate>,
    /// What may stand next to a match.
    pub boundary: Boundary,
    /// Checks that must hold.
    pub checks: List<CheckDefinition>,
}

/// One check of a pattern.
#[derive(Debug, Clone, PartialEq)]
pub enum CheckDefinition {
    /// Luhn after putting the digits in front.
    Luhn(Text),
    /// Weighted sum.
    Weighted(WeightedCheck),
    /// Verhoeff.
    Verhoeff,
    /// ISO/IEC 7064.
    Iso7064(Iso7064),
    /// A rule in code, by its name.
    Rule(Text),
}

/// Parameters of a weighted sum; [`Weighted`] says how they work together.
#[derive(Debug, Clone, PartialEq)]
pub struct WeightedCheck {
    /// 0-based first character.
    pub start: usize,
    /// One weight per character.
    pub weights: List<u32>,
    /// Modulus, at least 2.
    pub modulus: u32,
    /// 0-based position of the check character.
    pub check_at: Option<usize>,
    /// Check characters for remainders 0, 1, 2 ...; `?` marks a remainder that is never issued.
    pub table: Text,
    /// Add the decimal digits of each product.
    pub digit_sum: bool,
    /// Constant added to the sum.
    pub plus: u32,
}

impl Definition {
    /// The definitions in a file.
    ///
    /// # Errors
    /// A sentence for the author of the file, with the id of the identifier that is at fault.
    pub fn of_file(file: &TypeFile) -> Result<Vec<Self>, String> {
        let define = |identifier| {
            Self::new(identifier, &file.sensitive_data_type, file.category)
                .map_err(|problem| format!("{}: {problem}", identifier.id))
        };
        file.identifiers.iter().map(define).collect()
    }

    /// The definition of one identifier of a file.
    ///
    /// # Errors
    /// A sentence for the author of the file.
    pub fn new(identifier: &Managed, sensitive_data_type: &str, category: Category) -> Result<Self, String> {
        let keywords: Vec<&str> =
            identifier.keywords.iter().chain(&identifier.more_keywords).map(String::as_str).collect();
        let patterns =
            identifier.patterns.iter().map(|pattern| PatternDefinition::new(pattern, identifier.keyword_mode));
        Ok(Self {
            id: text(&identifier.id),
            sensitive_data_type: text(sensitive_data_type),
            category,
            countries: texts(&identifier.countries),
            keywords: keywords.join("\n").into(),
            column_keywords: texts(&identifier.column_keywords),
            severity: identifier.severity,
            recommended: identifier.recommended,
            not_reported: texts(&identifier.not_reported),
            patterns: patterns.collect::<Result<_, _>>()?,
            detector: identifier.detector,
            priority: identifier.priority,
            together_with: texts(&identifier.together_with),
        })
    }
}

impl PatternDefinition {
    fn new(pattern: &Pattern, mode: KeywordMode) -> Result<Self, String> {
        let needs_keyword = match (pattern.keyword, mode) {
            (Some(need), _) => need == Need::Required,
            (None, mode) => mode != KeywordMode::None,
        };
        Ok(Self {
            regex: pattern.regex.as_deref().map(text),
            iban: pattern.iban.as_deref().map(text),
            needs_keyword,
            named_only: pattern.named_only,
            whole_value: pattern.whole_value,
            distance: pattern.distance,
            anchors: texts(&pattern.anchors),
            gate: pattern.gate,
            boundary: pattern.boundary,
            checks: pattern.checks.iter().map(CheckDefinition::new).collect::<Result<_, _>>()?,
        })
    }
}

impl CheckDefinition {
    fn new(check: &Check) -> Result<Self, String> {
        let given = [
            check.luhn.as_ref().map(|luhn| Self::Luhn(text(&luhn.prefix))),
            check.weighted.as_ref().map(|weighted| Self::Weighted(WeightedCheck::new(weighted))),
            (check.verhoeff == Some(true)).then_some(Self::Verhoeff),
            check.iso7064.map(Self::Iso7064),
            check.rule.as_deref().map(|rule| Self::Rule(text(rule))),
        ];
        let mut given = given.into_iter().flatten();
        match (given.next(), given.next()) {
            (Some(check), None) => Ok(check),
            _ => Err("a check has exactly one of luhn, weighted, verhoeff, iso7064, rule".into()),
        }
    }
}

impl WeightedCheck {
    fn new(check: &Weighted) -> Self {
        Self {
            start: check.start,
            weights: check.weights.clone().into(),
            modulus: check.modulus,
            check_at: check.check_at,
            table: text(&check.table),
            digit_sum: check.digit_sum,
            plus: check.plus,
        }
    }
}

fn text(text: &str) -> Text {
    Cow::Owned(text.to_string())
}

fn texts(items: &[String]) -> List<Text> {
    items.iter().map(|item| text(item)).collect()
}
