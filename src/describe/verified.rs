//! What is verified of a value, in words.

use crate::identifiers::schema::{Boundary, Check, Iso7064, Managed, Pattern};
use crate::validators::registry::rule;

/// What the forms of an identifier verify and ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// Number of forms; 0 for a detector in code.
    pub forms: usize,
    /// Number of forms that verify a check digit.
    pub with_check_digit: usize,
    /// Check digit systems, each once, in the order of the forms.
    pub systems: Vec<String>,
    /// Names of rules in code that verify something else.
    pub rules: Vec<String>,
    /// Number of forms that count only where the name of the column or path holds the keyword.
    pub named_only: usize,
    /// Number of forms that may touch other characters.
    pub unbounded: usize,
}

impl Verified {
    /// Reads the forms of an identifier.
    pub fn of(identifier: &Managed) -> Self {
        let count = |holds: fn(&Pattern) -> bool| identifier.patterns.iter().filter(|pattern| holds(pattern)).count();
        let mut verified = Self {
            forms: identifier.patterns.len(),
            with_check_digit: count(|pattern| pattern.iban.is_some() || pattern.checks.iter().any(is_check_digit)),
            systems: Vec::new(),
            rules: Vec::new(),
            named_only: count(|pattern| pattern.named_only),
            unbounded: count(|pattern| pattern.boundary == Boundary::None),
        };
        for pattern in &identifier.patterns {
            if pattern.iban.is_some() {
                add(&mut verified.systems, "modulus 97 (ISO 13616)".into());
            }
            for check in &pattern.checks {
                let list = if is_check_digit(check) { &mut verified.systems } else { &mut verified.rules };
                add(list, name(check));
            }
        }
        verified
    }

    /// `yes`, `some forms` or `no`.
    pub fn check_digit(&self) -> &'static str {
        match self.with_check_digit {
            0 => "no",
            all if all == self.forms => "yes",
            _ => "some forms",
        }
    }

    /// A sentence about check digits.
    pub fn check_digits(&self) -> String {
        let systems = self.systems.join(", ");
        match (self.with_check_digit, self.forms) {
            (0, 0) => "Words, order and surroundings are weighed against lists of names and places.".to_string(),
            (0, _) => "No check digit is verified: there is none, or its rule is not public.".to_string(),
            (all, forms) if all == forms => format!("The check digit must be right: {systems}."),
            (some, forms) => format!(
                "{some} of {forms} forms have a check digit, which must be right: {systems}. The others have none."
            ),
        }
    }

    /// Sentences about what else a value has to fulfil; empty if nothing.
    pub fn limits(&self) -> String {
        let mut sentences = Vec::new();
        if !self.rules.is_empty() {
            sentences.push(format!("Rules in code: {}.", self.rules.join(", ")));
        }
        if self.named_only > 0 {
            let (named, forms) = (self.named_only, self.forms);
            sentences.push(match (named, forms) {
                (_, 1) => "It counts only where the name of the column or path holds the keyword.".to_string(),
                (1, _) => {
                    format!("One of {forms} forms counts only where the name of the column or path holds the keyword.")
                }
                _ => format!(
                    "{named} of {forms} forms count only where the name of the column or path holds the keyword."
                ),
            });
        }
        sentences.join(" ")
    }
}

fn add(list: &mut Vec<String>, item: String) {
    if !list.contains(&item) {
        list.push(item);
    }
}

fn is_check_digit(check: &Check) -> bool {
    check.rule.as_ref().is_none_or(|name| rule(name).is_some_and(|rule| rule.check_digit))
}

fn name(check: &Check) -> String {
    if let Some(luhn) = &check.luhn {
        return match luhn.prefix.as_str() {
            "" => "Luhn".into(),
            prefix => format!("Luhn with {prefix} in front"),
        };
    }
    if let Some(weighted) = &check.weighted {
        return format!("weighted sum modulo {}", weighted.modulus);
    }
    match (check.iso7064, &check.rule) {
        (Some(system), _) => format!("ISO/IEC 7064 MOD {}", iso_name(system)),
        (None, Some(name)) => format!("`{name}`"),
        (None, None) => "Verhoeff".into(),
    }
}

fn iso_name(system: Iso7064) -> &'static str {
    match system {
        Iso7064::Mod11_10 => "11,10",
        Iso7064::Mod37_36 => "37,36",
        Iso7064::Mod11_2 => "11-2",
        Iso7064::Mod37_2 => "37-2",
        Iso7064::Mod97_10 => "97-10",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identifiers::builtin::documented;

    fn of(id: &str) -> Verified {
        let mut all = documented().iter().flat_map(|(_, file)| &file.identifiers);
        Verified::of(all.find(|identifier| identifier.id == id).unwrap())
    }

    #[test]
    fn check_digit_systems_are_told_from_other_rules() {
        let card = of("CREDIT_CARD_NUMBER");
        assert_eq!((card.check_digit(), card.systems.as_slice()), ("yes", &["Luhn".to_string()][..]));
        assert_eq!(of("USA_NATIONAL_PROVIDER_IDENTIFIER").systems[0], "Luhn with 80840 in front");
        assert_eq!(of("ALBANIA_BANK_ACCOUNT_NUMBER").systems, ["modulus 97 (ISO 13616)"]);
        let social = of("USA_SOCIAL_SECURITY_NUMBER");
        assert_eq!(social.check_digit(), "no");
        assert!(social.limits().contains("One of 2 forms counts only where the name"), "{}", social.limits());
        assert_eq!(of("NAME").check_digit(), "no");
    }
}
