//! Title and description of each type of finding. Macie words them differently over time, so programs should look at
//! the type instead.

use crate::model::FindingType;

/// A few words for a list.
pub(super) fn title(finding_type: FindingType) -> &'static str {
    match finding_type {
        FindingType::Credentials => "Credentials found",
        FindingType::CustomIdentifier => "Matches of custom identifiers found",
        FindingType::Financial => "Financial information found",
        FindingType::Multiple => "Several kinds of sensitive data found",
        FindingType::Personal => "Personal information found",
    }
}

/// One sentence for a person who meets the type for the first time.
pub(super) fn description(finding_type: FindingType) -> &'static str {
    match finding_type {
        FindingType::Credentials => "The object holds keys, tokens or other secrets that give access to something.",
        FindingType::CustomIdentifier => "The object holds text that custom data identifiers describe.",
        FindingType::Financial => "The object holds card numbers, account numbers or other financial data.",
        FindingType::Multiple => "The object holds sensitive data of more than one category.",
        FindingType::Personal => "The object holds data about people, such as names, identification numbers or health.",
    }
}
