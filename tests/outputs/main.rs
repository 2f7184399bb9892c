//! What the outputs say about the same reports.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod api;
mod discovery_results;
mod events;
mod machines;
mod samples;
mod saved;
mod table;
