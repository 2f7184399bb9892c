//! The managed identifiers that are part of the program.

use super::definition::{CheckDefinition, Definition, PatternDefinition, WeightedCheck};
use super::schema::{Boundary, Detector, Gate, Iso7064, TypeFile};
use crate::model::{Category, Severity};
use std::borrow::Cow;
use std::sync::OnceLock;

#[allow(clippy::unreadable_literal, reason = "a program wrote it for the compiler")]
static DEFINITIONS: &[Definition] = include!(concat!(env!("OUT_DIR"), "/managed_definitions.rs"));
static SOURCES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/managed_sources.rs"));

/// What scanning needs of the managed identifiers: without descriptions, references and examples.
pub fn managed() -> &'static [Definition] {
    DEFINITIONS
}

/// The managed identifiers with everything their files say, for people and for checks.
///
/// # Panics
/// Never: the build step has parsed the same files.
pub fn documented() -> &'static [(&'static str, TypeFile)] {
    static PARSED: OnceLock<Vec<(&'static str, TypeFile)>> = OnceLock::new();
    PARSED.get_or_init(|| {
        SOURCES
            .iter()
            .map(|&(path, text)| (path, serde_yaml::from_str(text).expect("the build step parsed this file")))
            .collect()
    })
}

/// The files of the managed identifiers as they are written: path below the project's folder, and text.
pub fn sources() -> &'static [(&'static str, &'static str)] {
    SOURCES
}
