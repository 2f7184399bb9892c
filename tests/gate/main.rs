//! The gate that people leave switched on: baselines, hooks, CI, and what docs/gate.md promises.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
#![allow(clippy::print_stderr, reason = "a skipped test says so")]

mod answers;
mod asks;
mod baselines;
mod ci;
mod comments;
mod given;
mod merges;
#[cfg(unix)]
mod pre_commit;
#[path = "../program/mod.rs"]
mod program;
mod repository;
mod scopes;
mod secrets;
mod staged;
