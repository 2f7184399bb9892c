//! What kind of sensitive data an identifier concerns, and the finding type that follows from it.

use serde::{Deserialize, Serialize};

/// Category of sensitive data. The first three are those of managed identifiers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Category {
    /// Keys, tokens and other credentials.
    Credentials,
    /// Card and account numbers.
    FinancialInformation,
    /// Health and other personal information (PHI and PII alike).
    PersonalInformation,
    /// Whatever a custom identifier describes.
    CustomIdentifier,
}

impl Category {
    /// The name Macie's JSON uses, such as `PERSONAL_INFORMATION`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Credentials => "CREDENTIALS",
            Self::FinancialInformation => "FINANCIAL_INFORMATION",
            Self::PersonalInformation => "PERSONAL_INFORMATION",
            Self::CustomIdentifier => "CUSTOM_IDENTIFIER",
        }
    }
}

/// Type of a finding: the one category it holds, or `Multiple`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FindingType {
    /// Only credentials.
    Credentials,
    /// Only matches of custom identifiers.
    CustomIdentifier,
    /// Only financial information.
    Financial,
    /// Two or more of the other four.
    Multiple,
    /// Only personal information.
    Personal,
}

impl FindingType {
    /// The type of a finding whose detections fall in `categories`; `None` when there are none.
    pub fn of(categories: impl IntoIterator<Item = Category>) -> Option<Self> {
        let mut seen: Option<Category> = None;
        for category in categories {
            match seen {
                None => seen = Some(category),
                Some(first) if first != category => return Some(Self::Multiple),
                Some(_) => {}
            }
        }
        seen.map(|category| match category {
            Category::Credentials => Self::Credentials,
            Category::FinancialInformation => Self::Financial,
            Category::PersonalInformation => Self::Personal,
            Category::CustomIdentifier => Self::CustomIdentifier,
        })
    }

    /// The last part of Macie's type name, such as `Personal`.
    pub fn short(self) -> &'static str {
        match self {
            Self::Credentials => "Credentials",
            Self::CustomIdentifier => "CustomIdentifier",
            Self::Financial => "Financial",
            Self::Multiple => "Multiple",
            Self::Personal => "Personal",
        }
    }

    /// Macie's type name, such as `SensitiveData:S3Object/Personal`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Credentials => "SensitiveData:S3Object/Credentials",
            Self::CustomIdentifier => "SensitiveData:S3Object/CustomIdentifier",
            Self::Financial => "SensitiveData:S3Object/Financial",
            Self::Multiple => "SensitiveData:S3Object/Multiple",
            Self::Personal => "SensitiveData:S3Object/Personal",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_categories_make_multiple_and_none_makes_no_finding() {
        use Category::{CustomIdentifier, PersonalInformation};
        assert_eq!(FindingType::of([]), None);
        assert_eq!(FindingType::of([PersonalInformation, PersonalInformation]), Some(FindingType::Personal));
        assert_eq!(FindingType::of([PersonalInformation, CustomIdentifier]), Some(FindingType::Multiple));
    }
}
