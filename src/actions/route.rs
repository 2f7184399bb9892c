//! Which events go to which targets.

use super::action::Action;
use super::pattern::{Event, PatternError};
use super::rule::{EventRule, RuleTarget};
use super::target_map::TargetMap;
use serde_json::Value;

/// An event and the object that it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Announced {
    /// The event, as `scan --format events` writes it.
    pub event: Value,
    parts: Event,
}

impl Announced {
    /// Takes an event apart for the rules.
    pub fn new(event: Value) -> Result<Self, PatternError> {
        Ok(Self { parts: Event::parse(&event.to_string())?, event })
    }

    /// The text at a JSON pointer (RFC 6901) in the finding; empty if there is none.
    pub fn text(&self, pointer: &str) -> &str {
        self.event["detail"].pointer(pointer).and_then(Value::as_str).unwrap_or_default()
    }

    /// Name of the bucket that the object is in.
    pub fn bucket(&self) -> &str {
        self.text("/resourcesAffected/s3Bucket/name")
    }

    /// The object's key.
    pub fn key(&self) -> &str {
        self.text("/resourcesAffected/s3Object/key")
    }

    /// Low, Medium or High.
    pub fn severity(&self) -> &str {
        self.text("/severity/description")
    }
}

/// An event on its way to a target of a rule that wants it.
#[derive(Debug, Clone, Copy)]
pub struct Delivery<'a> {
    /// 0-based number of the event.
    pub number: usize,
    /// The event.
    pub announced: &'a Announced,
    /// The rule.
    pub rule: &'a EventRule,
    /// The target.
    pub target: &'a RuleTarget,
    /// What is done in its place.
    pub action: &'a Action,
}

impl Delivery<'_> {
    /// What the target is given.
    pub fn input(&self) -> String {
        self.target.input.render(&self.announced.event, self.rule.named())
    }
}

/// All deliveries, in the order of the events, of the rules, and of each rule's targets. Rules that are switched off want
/// nothing; targets without an action are left out (see [`TargetMap::check`]).
pub fn route<'a>(events: &'a [Announced], rules: &'a [EventRule], targets: &'a TargetMap) -> Vec<Delivery<'a>> {
    let mut deliveries = Vec::new();
    for (number, announced) in events.iter().enumerate() {
        for rule in rules.iter().filter(|rule| rule.enabled && rule.pattern.matches(&announced.parts)) {
            for target in &rule.targets {
                if let Some(action) = targets.action(&target.address) {
                    deliveries.push(Delivery { number, announced, rule, target, action });
                }
            }
        }
    }
    deliveries
}
