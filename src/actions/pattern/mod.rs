//! Event patterns: the language in which Amazon `EventBridge` rules say which events they want.
//!
//! A pattern is compiled once and then asked about any number of events:
//!
//! ```
//! use lakegate::actions::pattern::{Event, EventPattern};
//!
//! let pattern = EventPattern::parse(r#"{"detail": {"severity": {"score": [{"numeric": [">=", 2]}]}}}"#)?;
//! assert!(pattern.matches(&Event::parse(r#"{"detail": {"severity": {"score": 3}}}"#)?));
//! # Ok::<(), lakegate::actions::pattern::PatternError>(())
//! ```
//!
//! What a pattern means is what AWS's own implementation (event-ruler) makes of it: names nested in each other are one
//! path, whether they are nested or written with dots; a member that is given twice counts as it is given last; all values
//! that a match leans on come from the same element of every array that they are in.

mod address;
mod case;
mod compile;
mod condition;
mod error;
mod event;
mod json;
mod letter_case;
mod matching;
mod mismatch;
pub mod number;
#[cfg(test)]
mod oracle;
mod wildcard;

pub use case::{Case, Verdict};
pub use compile::EventPattern;
pub use error::PatternError;
pub use event::Event;
pub use mismatch::{Mismatch, Reason};
