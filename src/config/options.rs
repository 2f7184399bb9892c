//! The options that a file of settings may set. Whoever has options describes them here, so that the file, what is shown of
//! it and its schema follow from them.

use crate::identifiers::problem::Place;

/// What is written behind the name of an option.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Takes {
    /// `true` or `false`.
    Switch,
    /// A whole number.
    Number,
    /// A text or a number.
    Text,
    /// Any number of texts; one may stand without a list.
    List,
    /// A list of texts in the form `NAME=VALUE`, or a mapping of names to values.
    Pairs,
    /// Nothing: the option cannot be set in a file, for this reason.
    Never(&'static str),
}

/// Which part of a value is the path of a file or folder, and so starts at the folder of the file of settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PathPart {
    /// None of it.
    None,
    /// All of it.
    Whole,
    /// What follows the first sign of equality.
    AfterSign,
}

/// An option.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OptionShape {
    /// Its long name without hyphens in front, such as `fail-on`.
    pub name: String,
    /// What is written behind it.
    pub takes: Takes,
    /// Where a path is in that. `-`, which stands for a standard stream, is none.
    pub path: PathPart,
}

/// All options, and the judge of their values.
pub struct Options<'a> {
    /// The options.
    pub shapes: Vec<OptionShape>,
    /// Says of an option's name and one of its values, as it would be written on the command line, what is wrong.
    pub check: &'a dyn Fn(&str, &str) -> Result<(), String>,
}

/// An option that is set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// The option's name.
    pub name: String,
    /// Where the name stands.
    pub at: Place,
    /// Its values, at least one. Of a switch, `true` or `false`.
    pub values: Vec<SettingValue>,
}

/// A value, as it would be written on the command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingValue {
    /// Where it stands.
    pub at: Place,
    /// What it is; a path starts at the working directory.
    pub text: String,
}
