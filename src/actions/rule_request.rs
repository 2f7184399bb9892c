//! Reads one event rule from a file's tree, reporting everything that is wrong with it.
//!
//! A rule is written as `EventBridge` and `CloudFormation` write it (`EventPattern`, `Targets`), or, in a file of lakegate's own,
//! with the same members in lower case (`eventPattern`, `targets`).

use super::event_path::EventPath;
use super::input::{Input, InputTemplate};
use super::located_json::LocatedJson;
use super::pattern::EventPattern;
use super::rule::{EventRule, RuleTarget, TargetAddress};
use crate::identifiers::custom_request::{Reader, Style};
use crate::identifiers::located::{Node, Value};
use crate::identifiers::problem::Place;
use std::path::Path;

const RULE: [&str; 12] = [
    "EventPattern",
    "Targets",
    "Name",
    "State",
    "Description",
    "Arn",
    "EventBusName",
    "RoleArn",
    "ScheduleExpression",
    "ManagedBy",
    "CreatedBy",
    "Tags",
];
const OWN_RULE: [&str; 6] = ["eventPattern", "targets", "name", "state", "description", "arn"];
const TARGET: [&str; 17] = [
    "Arn",
    "Id",
    "Input",
    "InputPath",
    "InputTransformer",
    "RoleArn",
    "DeadLetterConfig",
    "RetryPolicy",
    "AppSyncParameters",
    "BatchParameters",
    "EcsParameters",
    "HttpParameters",
    "KinesisParameters",
    "RedshiftDataParameters",
    "RunCommandParameters",
    "SageMakerPipelineParameters",
    "SqsParameters",
];
const OWN_TARGET: [&str; 5] = ["arn", "id", "input", "inputPath", "inputTransformer"];
const STATES: [&str; 3] = ["ENABLED", "DISABLED", "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"];

/// Where rules would be in AWS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Home {
    /// Twelve-digit account.
    pub account: String,
    /// Region, such as `us-east-1`.
    pub region: String,
    /// `aws`, `aws-cn` or `aws-us-gov`.
    pub partition: String,
}

/// Reads rules, collecting problems.
pub(crate) struct RuleReader<'a> {
    pub(crate) reader: Reader,
    pub(crate) file: &'a Path,
    pub(crate) home: &'a Home,
}

impl<'a> RuleReader<'a> {
    pub(crate) fn new(style: Style, file: &'a Path, home: &'a Home) -> Self {
        Self { reader: Reader { style, problems: Vec::new() }, file, home }
    }

    /// The name that a member has in this style.
    fn member(&self, name: &'static str) -> &'static str {
        let own = || OWN_RULE.iter().chain(&OWN_TARGET).find(|own| own.eq_ignore_ascii_case(name));
        if self.reader.style == Style::Request { own().unwrap_or(&name) } else { name }
    }

    fn get<'n>(&self, node: &'n Node, name: &'static str) -> Option<&'n Node> {
        node.get(self.member(name)).filter(|node| node.value != Value::Null)
    }

    /// One rule; `None` if something is wrong with it, which is then among the problems, or if it wants no events at all but runs
    /// on a schedule. `default_name` is its name if it gives none.
    pub(crate) fn rule(&mut self, node: &Node, default_name: Option<&str>) -> Option<EventRule> {
        let before = self.reader.problems.len();
        let own = self.reader.style == Style::Request;
        self.reader.members(node, "an event rule", if own { &OWN_RULE } else { &RULE })?;
        let name = match (self.get(node, "Name"), default_name) {
            (Some(name), _) => self.reader.label(name, "the name of a rule"),
            (None, Some(name)) => Some(name.to_owned()),
            (None, None) => {
                let member = self.member("Name");
                self.reader.problem(node.at, format!("an event rule needs the member {member}"));
                None
            }
        };
        let pattern = match (self.get(node, "EventPattern"), self.get(node, "ScheduleExpression")) {
            (Some(pattern), _) => self.pattern(pattern),
            (None, Some(_)) if self.reader.problems.len() == before => return None,
            (None, _) => {
                let member = self.member("EventPattern");
                self.reader.problem(node.at, format!("an event rule needs the member {member}"));
                None
            }
        };
        let enabled = self.get(node, "State").is_none_or(|state| self.state(state) != Some(false));
        let targets = match self.get(node, "Targets") {
            Some(targets) => self.targets(targets),
            None => Vec::new(),
        };
        let arn = self.get(node, "Arn").and_then(|arn| self.reader.label(arn, "the ARN of a rule"));
        if self.reader.problems.len() > before {
            return None;
        }
        let name = name?;
        let Home { account, region, partition } = self.home;
        let arn = arn.unwrap_or_else(|| format!("arn:{partition}:events:{region}:{account}:rule/{name}"));
        Some(EventRule {
            targets: if targets.is_empty() { vec![rule_itself(&name, node.at)] } else { targets },
            name,
            arn,
            pattern: pattern?,
            enabled,
            file: self.file.to_path_buf(),
        })
    }

    fn pattern(&mut self, node: &Node) -> Option<EventPattern> {
        let result = match &node.value {
            Value::Text(text) if node.tag.is_none() => {
                EventPattern::parse(text).map_err(|error| (node.at, format!("the event pattern in this text, {error}")))
            }
            Value::Map(_) => LocatedJson::of(node).and_then(|json| {
                EventPattern::parse(&json.text).map_err(|error| {
                    let reason = format!("event pattern ({}): {}", error.path, error.reason);
                    (json.place(error.column).unwrap_or(node.at), reason)
                })
            }),
            _ => return self.reader.text(node, "an event pattern").and(None),
        };
        result.map_err(|(at, reason)| self.reader.problem(at, reason)).ok()
    }

    fn state(&mut self, node: &Node) -> Option<bool> {
        let state = self.reader.text(node, "the state of a rule")?;
        if !STATES.contains(&state.as_str()) {
            self.reader.problem(node.at, format!("the state of a rule is {} or {}", STATES[0], STATES[1]));
            return None;
        }
        Some(state != "DISABLED")
    }

    fn targets(&mut self, node: &Node) -> Vec<RuleTarget> {
        let member = self.member("Targets");
        let items = self.reader.list(node, member);
        items.iter().filter_map(|item| self.target(item)).collect()
    }

    fn target(&mut self, node: &Node) -> Option<RuleTarget> {
        let own = self.reader.style == Style::Request;
        if let (true, Value::Text(name)) = (own, &node.value) {
            return Some(RuleTarget { address: TargetAddress::of(name), input: Input::Event, place: node.at });
        }
        self.reader.members(node, "a target of a rule", if own { &OWN_TARGET } else { &TARGET })?;
        let address = self.member("Arn");
        let address = self.reader.required(node, "a target of a rule", address)?;
        let place = address.at;
        let address = TargetAddress::of(&self.reader.label(address, "the ARN of a target")?);
        let inputs = ["Input", "InputPath", "InputTransformer"].map(|name| (name, self.get(node, name)));
        if inputs.iter().filter(|(_, node)| node.is_some()).count() > 1 {
            self.reader.problem(node.at, "a target has one of Input, InputPath and InputTransformer");
            return None;
        }
        let input = match inputs {
            [(_, Some(constant)), ..] => Input::Constant(self.reader.label(constant, "the input of a target")?),
            [_, (_, Some(path)), _] => Input::Path(self.path(path)?),
            [.., (_, Some(transformer))] => Input::Template(self.transformer(transformer)?),
            _ => Input::Event,
        };
        Some(RuleTarget { address, input, place })
    }

    fn path(&mut self, node: &Node) -> Option<EventPath> {
        let text = self.reader.text(node, "a path into the event")?;
        EventPath::parse(&text).map_err(|reason| self.reader.problem(node.at, reason)).ok()
    }

    fn transformer(&mut self, node: &Node) -> Option<InputTemplate> {
        let [paths, template] = match self.reader.style {
            Style::Request => ["inputPathsMap", "inputTemplate"],
            Style::Template => ["InputPathsMap", "InputTemplate"],
        };
        self.reader.members(node, "an input transformer", &[template, paths])?;
        let mut variables = Vec::new();
        if let Some(node) = node.get(paths).filter(|node| node.value != Value::Null) {
            let Value::Map(members) = &node.value else {
                self.reader
                    .problem(node.at, format!("{paths} is a mapping of names to paths; this is {}", node.kind()));
                return None;
            };
            for member in members {
                variables.push((member.name.clone(), self.path(&member.value)?));
            }
        }
        let template = self.reader.required(node, "an input transformer", template)?;
        let text = self.reader.label(template, "an input template")?;
        InputTemplate::new(&variables, &text).map_err(|reason| self.reader.problem(template.at, reason)).ok()
    }
}

/// What stands for the targets of a rule that has none: `EventBridge` lists a rule and its targets apart, so an action may be
/// given for the rule.
fn rule_itself(name: &str, place: Place) -> RuleTarget {
    RuleTarget { address: TargetAddress::of(name), input: Input::Event, place }
}
