//! Isolation without loss: whatever interrupts a move or a way back, every file is whole somewhere, and the next run ends it.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
#![allow(clippy::print_stderr, reason = "a skipped test says so")]

mod command;
mod disasters;
mod encrypted;
mod interrupted;
mod killed;
mod meanwhile;
#[path = "../program/mod.rs"]
mod program;
mod refused;
mod round_trip;
mod together;
mod tree;
