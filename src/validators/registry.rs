//! The rules in code that identifier files name with `rule:`.

use super::{
    calendar, card, coordinates, credential, health, iban, licence, national, passport, phone, social_security, tax,
    vehicle,
};

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

static FAMILIES: &[&[Rule]] = &[
    calendar::RULES,
    card::RULES,
    coordinates::RULES,
    credential::RULES,
    health::RULES,
    iban::RULES,
    licence::RULES,
    national::RULES,
    passport::RULES,
    phone::RULES,
    social_security::RULES,
    tax::RULES,
    vehicle::RULES,
];

/// All rules.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    FAMILIES.iter().flat_map(|family| family.iter())
}

/// The rule of that name.
pub fn rule(name: &str) -> Option<&'static Rule> {
    rules().find(|rule| rule.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rule_names_are_unique() {
        let mut names: Vec<&str> = rules().map(|rule| rule.name).collect();
        names.sort_unstable();
        let count = names.len();
        names.dedup();
        assert_eq!(names.len(), count);
    }
}
