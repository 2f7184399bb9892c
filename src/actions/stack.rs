//! `CloudFormation` stacks: event rules, the functions and topics that they name, and buckets.

use super::action::{Action, Outlet};
use super::rule::{EventRule, TargetKind};
use super::rule_request::{Home, RuleReader};
use crate::identifiers::cloudformation::{Declared, declared};
use crate::identifiers::custom_request::{Reader, Style};
use crate::identifiers::located::{Node, Value};
use crate::identifiers::problem::Place;
use crate::outputs::bucket_name;
use std::collections::HashMap;
use std::path::Path;

const RULE: &str = "AWS::Events::Rule";
const BUCKET: &str = "AWS::S3::Bucket";
const FUNCTION: &str = "AWS::Lambda::Function";
const SERVERLESS: &str = "AWS::Serverless::Function";
const TOPIC: &str = "AWS::SNS::Topic";

/// What a stack says of events.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Stack {
    /// Its rules, in the order of the template.
    pub(crate) rules: Vec<EventRule>,
    /// Functions and topics.
    pub(crate) resources: Vec<StackTarget>,
    /// Buckets: logical id and name.
    pub(crate) buckets: Vec<(String, String)>,
}

/// A function or topic of a stack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StackTarget {
    /// Its name in the template.
    pub(crate) logical_id: String,
    /// The name that it is given, if that is known.
    pub(crate) name: Option<String>,
    /// What it is.
    pub(crate) kind: TargetKind,
    /// What its metadata say is done here in its place.
    pub(crate) action: Option<Action>,
}

impl Stack {
    /// Reads a template. It is a problem if it has no rule that wants events.
    pub(crate) fn read(document: &Node, file: &Path, home: &Home, problems: &mut Vec<(Place, String)>) -> Self {
        let stem = file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        let mut known: HashMap<String, String> = [
            ("AWS::AccountId", home.account.as_str()),
            ("AWS::Region", &home.region),
            ("AWS::Partition", &home.partition),
            ("AWS::URLSuffix", "amazonaws.com"),
            ("AWS::StackName", &stem),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into();
        let mut stack = Self::default();
        for bucket in declared(document, &[BUCKET], &known) {
            let name = text(&bucket, "BucketName").unwrap_or_else(|| bucket_name(bucket.logical_id));
            stack.buckets.push((bucket.logical_id.to_owned(), name));
        }
        known.extend(stack.buckets.iter().cloned());
        for resource in declared(document, &[FUNCTION, SERVERLESS, TOPIC], &known) {
            let (kind, name) = if resource.kind == TOPIC {
                (TargetKind::Topic, "TopicName")
            } else {
                (TargetKind::Function, "FunctionName")
            };
            stack.resources.push(StackTarget {
                logical_id: resource.logical_id.to_owned(),
                name: text(&resource, name),
                kind,
                action: action(&resource, problems),
            });
        }
        let rules = declared(document, &[RULE], &known);
        if rules.is_empty() {
            problems.push((document.at, format!("this template declares no resource of type {RULE}")));
            return stack;
        }
        let mut reader = RuleReader::new(Style::Template, file, home);
        for rule in &rules {
            match &rule.properties {
                Some(properties) => stack.rules.extend(reader.rule(properties, Some(rule.logical_id))),
                None => reader.reader.problem(rule.at, format!("resource {} has no Properties", rule.logical_id)),
            }
        }
        if stack.rules.is_empty() && reader.reader.problems.is_empty() {
            reader.reader.problem(document.at, format!("no {RULE} of this template has an EventPattern"));
        }
        for rule in &mut stack.rules {
            for target in &mut rule.targets {
                let address = &mut target.address;
                let own = stack.resources.iter().find(|resource| {
                    let named = |name: &String| address.names.contains(name);
                    named(&resource.logical_id) || resource.name.as_ref().is_some_and(named)
                });
                if let Some(resource) = own {
                    address.kind = resource.kind;
                    address.names.retain(|name| *name != resource.logical_id);
                    address.names.insert(0, resource.logical_id.clone());
                    if let Some(name) = resource.name.as_ref().filter(|name| !address.names.contains(name)) {
                        address.names.push(name.clone());
                    }
                }
            }
        }
        problems.append(&mut reader.reader.problems);
        stack
    }
}

fn text(resource: &Declared<'_>, property: &str) -> Option<String> {
    match &resource.properties.as_ref()?.get(property)?.value {
        Value::Text(text) => Some(text.clone()),
        _ => None,
    }
}

/// What the metadata of a resource say. A template may come from anybody, so it can ask for no program to be run and no file to
/// be written.
fn action(resource: &Declared<'_>, problems: &mut Vec<(Place, String)>) -> Option<Action> {
    let metadata = resource.metadata?.get("lakegate")?;
    let mut reader = Reader { style: Style::Template, problems: Vec::new() };
    let action = reader.text(metadata, "the metadata lakegate").and_then(|text| {
        let action = Action::parse(&text).ok().filter(|action| {
            matches!(action, Action::Isolate(None) | Action::Notify(Outlet::Standard) | Action::Ignore)
        });
        if action.is_none() {
            let reason = "the metadata lakegate are isolate, notify or ignore; what else a target stands for is said in lakegate.yaml or with --target";
            reader.problem(metadata.at, reason);
        }
        action
    });
    problems.append(&mut reader.problems);
    action
}
