//! Runs the checks that an identifier file asks for.

use super::definition::{CheckDefinition, Text, WeightedCheck};
use super::schema::Iso7064;
use crate::validators::registry::{Rule, rule};
use crate::validators::{iso7064, luhn, verhoeff, weighted};
use std::borrow::Cow;

/// A check that is ready to run.
#[derive(Clone)]
pub enum CompiledCheck {
    /// Luhn after putting the digits in front.
    Luhn(Text),
    /// Weighted sum.
    Weighted(WeightedCheck),
    /// Verhoeff.
    Verhoeff,
    /// ISO/IEC 7064.
    Iso7064(Iso7064),
    /// A rule in code.
    Rule(&'static Rule),
}

impl CompiledCheck {
    /// Resolves a check of an identifier file.
    ///
    /// # Errors
    /// A sentence for the author of the file: an unknown rule, impossible parameters.
    pub fn new(check: &CheckDefinition) -> Result<Self, String> {
        Ok(match check {
            CheckDefinition::Luhn(prefix) => Self::Luhn(prefix.clone()),
            CheckDefinition::Weighted(weighted) => {
                if weighted.modulus < 2 || weighted.weights.is_empty() {
                    return Err("a weighted check needs weights and a modulus of at least 2".into());
                }
                if weighted.check_at.is_some() && weighted.table.chars().count() != weighted.modulus as usize {
                    return Err(format!("the table of a weighted check needs {} characters", weighted.modulus));
                }
                Self::Weighted(weighted.clone())
            }
            CheckDefinition::Verhoeff => Self::Verhoeff,
            CheckDefinition::Iso7064(system) => Self::Iso7064(*system),
            CheckDefinition::Rule(name) => {
                Self::Rule(rule(name).ok_or_else(|| format!("there is no rule called {name:?}"))?)
            }
        })
    }

    /// True when a wrong check digit or character makes the check fail.
    pub fn is_check_digit(&self) -> bool {
        match self {
            Self::Rule(rule) => rule.check_digit,
            _ => true,
        }
    }

    /// Whether the candidate passes, given as it stands in the text and compacted.
    pub fn accepts(&self, text: &str, compact: &str) -> bool {
        match self {
            Self::Luhn(prefix) if prefix.is_empty() => luhn::is_valid(compact),
            Self::Luhn(prefix) => luhn::is_valid(&format!("{prefix}{compact}")),
            Self::Weighted(parameters) => weighted_accepts(parameters, compact),
            Self::Verhoeff => verhoeff::is_valid(compact),
            Self::Iso7064(system) => match system {
                Iso7064::Mod11_10 => iso7064::mod11_10(compact),
                Iso7064::Mod37_36 => iso7064::mod37_36(compact),
                Iso7064::Mod11_2 => iso7064::mod11_2(compact),
                Iso7064::Mod37_2 => iso7064::mod37_2(compact),
                Iso7064::Mod97_10 => iso7064::mod97_10(compact),
            },
            Self::Rule(rule) => (rule.accepts)(text, compact),
        }
    }
}

fn weighted_accepts(check: &WeightedCheck, compact: &str) -> bool {
    let remainder =
        weighted::remainder(compact, check.start, &check.weights, check.modulus, check.digit_sum, check.plus);
    match (remainder, check.check_at) {
        (Some(remainder), None) => remainder == 0,
        (Some(remainder), Some(place)) => {
            let expected = check.table.chars().nth(remainder as usize);
            expected.is_some() && expected != Some('?') && compact.chars().nth(place) == expected
        }
        (None, _) => false,
    }
}

/// Bytes of a text that needs no memory of its own to be made compact.
pub const SHORT: usize = 64;

/// The form that checks see: letters and digits only, upper case. That of a short text of ASCII stands in `room`.
pub fn compact_in<'r>(text: &str, room: &'r mut [u8; SHORT]) -> Cow<'r, str> {
    if text.len() > SHORT || !text.is_ascii() {
        return Cow::Owned(compact(text));
    }
    let mut length = 0;
    for byte in text.bytes() {
        room[length % SHORT] = byte.to_ascii_uppercase();
        length += usize::from(byte.is_ascii_alphanumeric());
    }
    std::str::from_utf8(&room[..length]).map_or_else(|_| Cow::Owned(compact(text)), Cow::Borrowed)
}

/// [`compact_in`] for a text of any length.
pub fn compact(text: &str) -> String {
    let mut compact = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_ascii() {
            if character.is_ascii_alphanumeric() {
                compact.push(character.to_ascii_uppercase());
            }
        } else if character.is_alphanumeric() {
            compact.extend(character.to_uppercase());
        }
    }
    compact
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn short_and_long_texts_are_made_compact_alike(text in "([a-z]{0,9}|[0-9 -]{0,9}|[A-Z./]|é|ß){0,12}") {
            let mut room = [0; SHORT];
            prop_assert_eq!(compact_in(&text, &mut room), compact(&text));
            let expected: String = text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect();
            prop_assert_eq!(compact(&text), expected);
        }
    }
}
