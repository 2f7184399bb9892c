//! Texts that are compared without regard to upper and lower case.

/// A text, each character in both cases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct AnyCase(Vec<[String; 2]>);

impl AnyCase {
    pub(super) fn new(text: &str) -> Self {
        Self(text.chars().map(|c| [c.to_lowercase().to_string(), c.to_uppercase().to_string()]).collect())
    }

    /// Whether `text` is this text.
    pub(super) fn equals(&self, text: &str) -> bool {
        self.after_prefix(text) == Some("")
    }

    /// Whether `text` begins with this text.
    pub(super) fn starts(&self, text: &str) -> bool {
        self.after_prefix(text).is_some()
    }

    /// Whether `text` ends with this text.
    pub(super) fn ends(&self, text: &str) -> bool {
        let strip = |text, [lower, upper]: &[String; 2]| {
            str::strip_suffix(text, lower.as_str()).or_else(|| str::strip_suffix(text, upper.as_str()))
        };
        self.0.iter().rev().try_fold(text, strip).is_some()
    }

    fn after_prefix<'t>(&self, text: &'t str) -> Option<&'t str> {
        self.0.iter().try_fold(text, |text, [lower, upper]| {
            text.strip_prefix(lower.as_str()).or_else(|| text.strip_prefix(upper.as_str()))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_of_any_script_are_equal_in_both_cases() {
        let text = AnyCase::new("Straße É");
        assert!(text.equals("STRAßE é") && text.equals("strasse é".replace("ss", "SS").as_str()));
        assert!(text.starts("straße É!") && !text.equals("straße É!") && text.ends("die Straße É"));
        assert!(!text.starts("stra") && !text.ends("é"));
        assert!(AnyCase::new("").starts("x") && !AnyCase::new("").equals("x"));
    }
}
