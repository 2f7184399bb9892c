//! Event rules: which events are passed on to which targets.

use super::input::{Input, RuleName};
use super::pattern::EventPattern;
use crate::identifiers::problem::Place;
use std::path::PathBuf;

/// An event rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventRule {
    /// Its name.
    pub name: String,
    /// Its ARN.
    pub arn: String,
    /// Which events it wants.
    pub pattern: EventPattern,
    /// False for a rule that is switched off.
    pub enabled: bool,
    /// Who is told, in order. Never empty.
    pub targets: Vec<RuleTarget>,
    /// The file that it was read from.
    pub file: PathBuf,
}

impl EventRule {
    /// How templates name it.
    pub fn named(&self) -> RuleName<'_> {
        RuleName { name: &self.name, arn: &self.arn }
    }
}

/// Who is told of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleTarget {
    /// Who it is.
    pub address: TargetAddress,
    /// What it is given.
    pub input: Input,
    /// Where it is written.
    pub place: Place,
}

/// Who a target is, by every name that an action may be given for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TargetAddress {
    /// Its ARN or what stands for it, as a person would read it.
    pub shown: String,
    /// The names, the one that people use first: in a template its logical id, else its name or the whole ARN.
    pub names: Vec<String>,
    /// What it is.
    pub kind: TargetKind,
}

/// What a target is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TargetKind {
    /// A function.
    Function,
    /// A topic, which passes messages on.
    Topic,
    /// Anything else.
    Other,
}

impl TargetAddress {
    /// The address that a text names: an ARN, a name, or `${LogicalId.Arn}`.
    pub fn of(text: &str) -> Self {
        let mut names: Vec<String> = Vec::new();
        for (at, _) in text.match_indices("${") {
            let reference = text[at + 2..].split(['}', '.']).next().unwrap_or_default();
            if !reference.starts_with("AWS::") {
                names.push(reference.to_owned());
            }
        }
        let parts: Vec<&str> = text.splitn(6, ':').collect();
        let mut kind = TargetKind::Other;
        if let ["arn", _, service, _, _, resource] = parts.as_slice() {
            kind = match *service {
                "lambda" => TargetKind::Function,
                "sns" => TargetKind::Topic,
                _ => TargetKind::Other,
            };
            // A version or alias may follow the name of a function.
            let resource = resource.strip_prefix("function:").unwrap_or(resource);
            let name = resource.split(':').next().unwrap_or(resource);
            if !name.contains("${") {
                names.push(name.to_owned());
            }
        }
        if !names.iter().any(|name| name == text) {
            names.push(text.to_owned());
        }
        Self { shown: text.to_owned(), names, kind }
    }

    /// The name that people use.
    pub fn name(&self) -> &str {
        self.names.first().map_or(self.shown.as_str(), String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_known_by_logical_id_name_and_arn() {
        for (text, names, kind) in [
            ("${Mover.Arn}", &["Mover", "${Mover.Arn}"][..], TargetKind::Other),
            ("${Alerts}", &["Alerts", "${Alerts}"], TargetKind::Other),
            (
                "arn:aws:lambda:us-east-1:111122223333:function:mover:live",
                &["mover", "arn:aws:lambda:us-east-1:111122223333:function:mover:live"],
                TargetKind::Function,
            ),
            (
                "arn:aws:sns:us-east-1:1:${Alerts.TopicName}",
                &["Alerts", "arn:aws:sns:us-east-1:1:${Alerts.TopicName}"],
                TargetKind::Topic,
            ),
            ("arn:aws:sns:us-east-1:1:alerts", &["alerts", "arn:aws:sns:us-east-1:1:alerts"], TargetKind::Topic),
            ("alerts", &["alerts"], TargetKind::Other),
        ] {
            let address = TargetAddress::of(text);
            assert_eq!(address.names, names, "{text}");
            assert_eq!(address.kind, kind, "{text}");
        }
    }
}
