//! The form of the managed identifiers' YAML files (`identifiers/managed/**`). The build step reads the same types.

use crate::model::{Category, Severity};
use serde::{Deserialize, Serialize};

/// One file: a documented sensitive data type with its country variants inside.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TypeFile {
    /// The type as Macie's documentation names it, such as `Passport number`.
    pub sensitive_data_type: String,
    /// Macie's category; the file lies in the folder of the same name.
    pub category: Category,
    /// What the data is and why it matters, for a person who has to decide about a finding. One paragraph.
    pub about: String,
    /// One entry per identifier id.
    pub identifiers: Vec<Managed>,
}

/// One managed data identifier.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Managed {
    /// Macie's id, such as `USA_SOCIAL_SECURITY_NUMBER`.
    pub id: String,
    /// Short name for people, such as `US Social Security number`.
    pub name: String,
    /// ISO 3166-1 alpha-2 codes; `any` when not tied to a country.
    pub countries: Vec<String>,
    /// When a keyword must be near.
    pub keyword_mode: KeywordMode,
    /// Macie's keywords. Case is ignored; a space also matches nothing, `_` and `-`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keywords: Vec<String>,
    /// Keywords of our own that count like Macie's. Macie says that it sometimes expands or abbreviates keywords without
    /// saying how; these are such forms (`exp date` for `exp d`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub more_keywords: Vec<String>,
    /// Whole column names that count like a keyword although Macie does not list them (`drivers`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub column_keywords: Vec<String>,
    /// Severity for 1, 2 to 99, and 100 or more occurrences in one object.
    pub severity: [Severity; 3],
    /// Member of Macie's recommended set for jobs.
    #[serde(default, skip_serializing_if = "is_false")]
    pub recommended: bool,
    /// Values that are never reported, compared without separators and case.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_reported: Vec<String>,
    /// What a value looks like. Empty only when `detector` is set.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub patterns: Vec<Pattern>,
    /// A detector in code, for data that no pattern describes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detector: Option<Detector>,
    /// Breaks a tie between identifiers that claim the same characters on equal evidence; the higher wins.
    #[serde(default = "default_priority")]
    pub priority: u8,
    /// Ids that may be reported for the same characters, because Macie documents that both are.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub together_with: Vec<String>,
    /// What this variant is: form, check digit, who issues it. One or two sentences.
    pub about: String,
    /// The standards or issuing authorities that the patterns and checks follow.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub references: Vec<String>,
    /// Texts in which the identifier is found.
    pub examples: Vec<Example>,
    /// Texts in which it is not, and why.
    pub counter_examples: Vec<CounterExample>,
}

/// When a keyword must be near for a match to count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeywordMode {
    /// Always.
    Required,
    /// Never.
    None,
    /// For some patterns: those that do not say `keyword: none`.
    Conditional,
}

/// Form of a value. Exactly one of `regex` and `iban` is given.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pattern {
    /// Regular expression (the `regex` crate's syntax). The match is the group named `value` if there is one, else all
    /// of it. Write `[0-9]`, not `\d`, which also matches digits of other scripts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub regex: Option<String>,
    /// Structure of an IBAN as the ISO 13616 registry writes it, such as `AL2!n8!n16!c`; spaces and hyphens between
    /// groups are allowed and the modulus 97 check is included.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iban: Option<String>,
    /// Overrides what the identifier's keyword mode says about this pattern.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keyword: Option<Need>,
    /// Only in columns and paths whose name holds the keyword: for shapes that would be too loose elsewhere.
    #[serde(default, skip_serializing_if = "is_false")]
    pub named_only: bool,
    /// The match must be the whole value (of a cell or record value); running text is then not searched.
    #[serde(default, skip_serializing_if = "is_false")]
    pub whole_value: bool,
    /// In running text, the most characters between keyword and match, if fewer than Macie's 30.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub distance: Option<u8>,
    /// For a pattern without keyword: literal strings (ASCII, any case) one of which is part of every match.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub anchors: Vec<String>,
    /// For a pattern without keyword and without anchors: the shape of digits that every match starts with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gate: Option<Gate>,
    /// What may stand next to the match.
    #[serde(default)]
    pub boundary: Boundary,
    /// All must hold. They see the match upper-cased and without anything but letters and digits.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub checks: Vec<Check>,
}

/// Whether one pattern needs a keyword.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Need {
    /// It does.
    Required,
    /// It does not.
    None,
}

/// What every match of a keyword-less pattern contains, so that text without it is passed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Gate {
    /// Thirteen or more digits in a row, single spaces and hyphens between them allowed.
    LongDigits,
    /// A plus sign or `00`, then a digit: an international phone number.
    PlusDigits,
}

/// What may stand next to a match.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Boundary {
    /// The match is not part of something larger: no letter, digit or underscore beside it, and it is no piece of a
    /// UUID, a decimal number, a dotted identifier, a date or the like.
    #[default]
    Token,
    /// Anything: the pattern's own ends are sharp enough.
    None,
}

/// A check on a candidate. Exactly one member is given.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Check {
    /// ISO/IEC 7812 Luhn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub luhn: Option<Luhn>,
    /// A weighted sum against a check character.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weighted: Option<Weighted>,
    /// Verhoeff's dihedral check over all digits; the flag must be `true`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verhoeff: Option<bool>,
    /// An ISO/IEC 7064 system over all characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iso7064: Option<Iso7064>,
    /// A rule in code, by its name in the validators' registry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
}

/// Parameters of the Luhn check.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Luhn {
    /// Digits put in front of the candidate before the check (`80840` for an NPI).
    #[serde(default)]
    pub prefix: String,
}

/// Parameters of a weighted sum.
///
/// The characters from `start` on are mapped to numbers (digits to themselves, `A` to 10 and so on to `Z` = 35),
/// multiplied by `weights`, and summed; with `digit_sum` each product's decimal digits are added instead. Let `r` be the
/// sum modulo `modulus`. Then, with `check_at`, the character there must be `table[r]`; without it, `r` must be 0.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Weighted {
    /// 0-based first character.
    #[serde(default)]
    pub start: usize,
    /// One weight per character.
    pub weights: Vec<u32>,
    /// Modulus, at least 2.
    pub modulus: u32,
    /// 0-based position of the check character.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check_at: Option<usize>,
    /// Check characters for remainders 0, 1, 2 ...; `?` marks a remainder that is never issued.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub table: String,
    /// Add the decimal digits of each product.
    #[serde(default, skip_serializing_if = "is_false")]
    pub digit_sum: bool,
    /// Constant added to the sum.
    #[serde(default)]
    pub plus: u32,
}

/// Systems of ISO/IEC 7064.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Iso7064 {
    /// Hybrid, digits, one check digit.
    Mod11_10,
    /// Hybrid, alphanumeric, one check character.
    Mod37_36,
    /// Pure, digits, one check character (0-9 or X).
    Mod11_2,
    /// Pure, alphanumeric, one check character (0-9, A-Z or *).
    Mod37_2,
    /// Pure, digits, two check digits.
    Mod97_10,
}

/// Detectors in code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Detector {
    /// Full names of people.
    FullName,
    /// Mailing addresses.
    MailingAddress,
}

/// A text in which the identifier is found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// The text: a cell's value when `column` is given, else running text.
    pub text: String,
    /// Column name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// Exactly what is found, in order.
    pub found: Vec<String>,
}

/// A text in which the identifier is not found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CounterExample {
    /// The text: a cell's value when `column` is given, else running text.
    pub text: String,
    /// Column name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// The condition that does not hold.
    pub because: String,
}

fn default_priority() -> u8 {
    50
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
fn is_false(value: &bool) -> bool {
    !*value
}
