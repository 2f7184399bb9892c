//! Which action stands for which target.

use super::action::{Action, Outlet};
use super::rule::{EventRule, RuleTarget, TargetAddress, TargetKind};
use super::rule_load::LoadedRules;
use super::stack::StackTarget;
use crate::identifiers::problem::{LoadErrors, Problem};
use crate::identifiers::spelling::nearest;

/// Actions by the names of targets.
///
/// What was given last counts most; then what a stack's metadata say. A topic for which nothing is said passes its messages to
/// standard output. Every other target needs an action: which function means what, nobody can guess.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TargetMap {
    given: Vec<(String, Action)>,
    stack: Vec<StackTarget>,
}

impl TargetMap {
    /// Names an action for a target: a logical id, a name, an ARN, or the name of a rule that lists no targets.
    pub fn set(&mut self, name: String, action: Action) {
        self.given.push((name, action));
    }

    /// Adds what stacks say of their functions and topics.
    pub fn add_stacks(&mut self, rules: &LoadedRules) {
        self.stack.extend_from_slice(&rules.stack_targets);
    }

    /// The action that stands for a target.
    pub fn action(&self, address: &TargetAddress) -> Option<&Action> {
        const MESSAGE: &Action = &Action::Notify(Outlet::Standard);
        let given = |name: &String| self.given.iter().rev().find(|(other, _)| other == name).map(|(_, action)| action);
        let of_stack = || self.stack.iter().find(|resource| address.names.contains(&resource.logical_id));
        address
            .names
            .iter()
            .find_map(given)
            .or_else(|| of_stack().and_then(|resource| resource.action.as_ref()))
            .or_else(|| (address.kind == TargetKind::Topic).then_some(MESSAGE))
    }

    /// Makes sure that every target of the rules that are switched on has an action.
    pub fn check(&self, rules: &[EventRule]) -> Result<(), LoadErrors> {
        let mut problems = Vec::new();
        for rule in rules.iter().filter(|rule| rule.enabled) {
            for target in rule.targets.iter().filter(|target| self.action(&target.address).is_none()) {
                problems.push(missing(rule, target));
            }
        }
        LoadErrors::from_problems(problems)
    }

    /// Errs if no rule has a target of this name, which is more likely a slip than a wish.
    pub fn known(name: &str, rules: &[EventRule]) -> Result<(), String> {
        let addresses = || rules.iter().flat_map(|rule| &rule.targets).map(|target| &target.address);
        if addresses().any(|address| address.names.iter().any(|other| other == name)) {
            return Ok(());
        }
        let mut known: Vec<&str> = addresses().map(TargetAddress::name).collect();
        known.sort_unstable();
        known.dedup();
        let hint = match nearest(name, known.iter().copied()) {
            Some(meant) => format!("did you mean {meant}?"),
            None => format!("there are {}", known.join(", ")),
        };
        Err(format!("no rule has a target {name:?}; {hint}"))
    }
}

fn missing(rule: &EventRule, target: &RuleTarget) -> Problem {
    let name = target.address.name();
    let what = match target.address.kind {
        _ if name == rule.name => "the rule itself, which lists no targets,".to_owned(),
        TargetKind::Function => format!("the function {name}"),
        TargetKind::Topic => format!("the topic {name}"),
        TargetKind::Other => format!("the target {}", target.address.shown),
    };
    Problem {
        file: rule.file.clone(),
        place: Some(target.place),
        message: format!(
            "rule {}: no action is named for {what}; name one with --target {name}=isolate (or notify, notify:FILE, exec:COMMAND, ignore) or under targets: in lakegate.yaml",
            rule.name
        ),
    }
}
