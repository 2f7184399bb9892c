//! What happens after a scan: which findings concern an event rule, and what is then done with them.
//!
//! [`rule_load`] reads rules, [`TargetMap`] says what stands for their targets, [`route()`] finds out which events go where, and
//! [`Delivery::carry_out`] does it.

mod action;
mod action_log;
mod command;
mod deliver;
mod event_path;
mod input;
mod located_json;
pub mod pattern;
mod route;
mod rule;
pub mod rule_load;
pub(crate) mod rule_request;
mod stack;
mod target_map;

pub use action::{Action, Outlet, Program};
pub use action_log::ActionLog;
pub use command::{End, Ran};
pub use deliver::Outcome;
pub use event_path::EventPath;
pub use input::{Input, InputTemplate, RuleName};
pub use route::{Announced, Delivery, route};
pub use rule::{EventRule, RuleTarget, TargetAddress, TargetKind};
pub use rule_request::Home;
pub use target_map::TargetMap;
