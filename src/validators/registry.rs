//! The rules in code that identifier files name with `rule:`.

/// A named check.
#[derive(Clone, Copy)]
pub struct Rule {
    /// Name in identifier files.
    pub name: &'static str,
    /// True when the rule verifies a check digit or character, so that one wrong character makes it fail.
    pub check_digit: bool,
    /// The check itself, on the match as it stands in the text and on its compacted form.
    pub accepts: fn(text: &str, compact: &str) -> bool,
}

/// All rules, sorted by name.
pub static RULES: &[Rule] = &[];

/// The rule of that name.
pub fn rule(name: &str) -> Option<Rule> {
    RULES.binary_search_by(|rule| rule.name.cmp(name)).ok().map(|index| RULES[index])
}
