//! Event patterns: the language in which Amazon `EventBridge` rules say which events they want.

pub mod number;
