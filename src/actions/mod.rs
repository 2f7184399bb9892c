//! What happens after a scan: which findings concern an event rule, and what is then done with them.

pub mod pattern;
