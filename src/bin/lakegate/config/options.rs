//! The options of `scan`, read off what clap knows of them, for the file of settings.

use crate::args::Cli;
use clap::builder::ValueParser;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction, Command, CommandFactory};
use lakegate::config::{OptionShape, Options, PathPart, Takes};
use std::any::TypeId;
use std::cell::RefCell;
use std::error::Error;
use std::path::PathBuf;

/// Options that are said on the command line each time, and why.
const NEVER: [(&str, &str); 3] = [
    ("config", "it says where the file is"),
    ("no-config", "it says that there is no file"),
    ("isolate-to", "it moves files, which has to be asked for each time"),
];

/// The subcommand whose options a file of settings has.
pub fn scan() -> Command {
    let root = Cli::command();
    root.find_subcommand("scan").cloned().unwrap_or(root)
}

/// What an option is called in a file: its long name, or the name of an argument without one.
pub fn name(arg: &Arg) -> &str {
    arg.get_long().unwrap_or(arg.get_id().as_str())
}

/// Gives the options of `scan` to what needs them.
pub fn with<T>(use_of: impl FnOnce(&Options<'_>) -> T) -> T {
    let scan = scan();
    let shapes = scan.get_arguments().map(shape).collect();
    let scan = RefCell::new(scan);
    let check = |name: &str, value: &str| check(&mut scan.borrow_mut(), name, value);
    use_of(&Options { shapes, check: &check })
}

/// What an argument is in a file.
pub fn shape(arg: &Arg) -> OptionShape {
    let name = name(arg).to_owned();
    let value = value_name(arg);
    let after_sign = value.split_once('=').map(|(_, after)| after);
    let never = NEVER.iter().find(|(option, _)| *option == name).map(|(_, reason)| *reason);
    let takes = match (never, arg.get_action()) {
        (Some(reason), _) => Takes::Never(reason),
        (None, ArgAction::SetTrue | ArgAction::SetFalse) => Takes::Switch,
        (None, ArgAction::Append) if after_sign.is_some() => Takes::Pairs,
        (None, ArgAction::Append) => Takes::List,
        _ if is_number(arg.get_value_parser()) && value == "N" => Takes::Number,
        _ => Takes::Text,
    };
    let path = match after_sign {
        _ if arg.get_value_parser().type_id() == TypeId::of::<PathBuf>() => PathPart::Whole,
        Some("FILE" | "DIR") => PathPart::AfterSign,
        _ => PathPart::None,
    };
    OptionShape { name, takes, path }
}

/// What an argument's value is called in the help: `FILE`.
pub fn value_name(arg: &Arg) -> &str {
    arg.get_value_names().and_then(|names| names.first()).map_or("", |name| name.as_str())
}

fn is_number(parser: &ValueParser) -> bool {
    [TypeId::of::<u16>(), TypeId::of::<u32>(), TypeId::of::<u64>()].iter().any(|id| parser.type_id() == *id)
}

/// Has clap read one value, and says what is wrong with it. That other options are missing beside it does not matter here.
fn check(scan: &mut Command, name: &str, value: &str) -> Result<(), String> {
    let switch = scan.get_arguments().any(|arg| self::name(arg) == name && !arg.get_action().takes_values());
    let positional = scan.get_arguments().any(|arg| arg.is_positional() && self::name(arg) == name);
    if switch {
        return Ok(());
    }
    let line = if positional {
        vec!["scan".to_owned(), "--".to_owned(), value.to_owned()]
    } else {
        vec!["scan".to_owned(), format!("--{name}={value}")]
    };
    match scan.try_get_matches_from_mut(line) {
        Err(error) if error.kind() == ErrorKind::ValueValidation => {
            Err(error.source().map_or_else(|| error.to_string(), ToString::to_string))
        }
        Err(error) if error.kind() == ErrorKind::InvalidValue => Err(of_known_values(&error, value)),
        // Of relations to other options, which the whole of the settings is judged by.
        Err(error) if error.kind() == ErrorKind::MissingRequiredArgument => Ok(()),
        Err(error) => Err(error.kind().to_string()),
        Ok(_) => Ok(()),
    }
}

fn of_known_values(error: &clap::Error, value: &str) -> String {
    if value.is_empty() {
        return "the value is empty".to_owned();
    }
    let known = match error.get(ContextKind::ValidValue) {
        Some(ContextValue::Strings(known)) => known.join(", "),
        _ => String::new(),
    };
    match error.get(ContextKind::SuggestedValue) {
        Some(ContextValue::String(meant)) => {
            format!("there is no {value:?}; did you mean {meant:?}? Known are {known}")
        }
        _ => format!("there is no {value:?}; known are {known}"),
    }
}
