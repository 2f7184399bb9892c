//! A command line together with settings: what the line does not say, the file does.

use super::options::{name, value_name};
use super::{home, read};
use crate::args::Cli;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::parser::ValueSource;
use clap::{Arg, ArgAction, ArgMatches, Command, CommandFactory, FromArgMatches};
use lakegate::config::{Config, Setting, SettingValue};
use std::ffi::OsString;
use std::path::PathBuf;

/// Why a command line means nothing.
pub enum Failure {
    /// The line, or a request for help.
    Line(clap::Error),
    /// The settings.
    Settings(anyhow::Error),
}

impl From<clap::Error> for Failure {
    fn from(error: clap::Error) -> Self {
        Self::Line(error)
    }
}

/// A command line with what settings add to it.
pub struct Completed {
    /// Everything that holds, as clap gives it to the program.
    pub matches: ArgMatches,
    /// The settings that were read.
    pub config: Config,
    /// Names of the options that are as the file says.
    pub from_file: Vec<String>,
}

/// What the program is asked to do.
pub fn parse(line: &[OsString]) -> Result<Cli, Failure> {
    let root = with_opposites(Cli::command());
    Ok(Cli::from_arg_matches(&complete(&root, line)?.matches)?)
}

/// The line with the settings that it asks for, or that are found for it.
pub fn complete(root: &Command, line: &[OsString]) -> Result<Completed, Failure> {
    let alone = root.clone().try_get_matches_from(line);
    if alone.as_ref().is_err_and(|error| error.kind() != ErrorKind::MissingRequiredArgument) {
        return Ok(alone.map(|matches| Completed { matches, config: Config::default(), from_file: Vec::new() })?);
    }
    let partly;
    let said = if let Ok(matches) = &alone {
        matches
    } else {
        // What is missing may be in the file.
        partly = root.clone().ignore_errors(true).try_get_matches_from(line)?;
        &partly
    };
    let (path, said) = leaf(said);
    let takes_settings = command_at(root, &path).is_some_and(|command| find(command, "config").is_some());
    let file = if takes_settings { file_for(said)? } else { None };
    let Some(file) = file else {
        return Ok(Completed { matches: alone?, config: Config::default(), from_file: Vec::new() });
    };
    let config = read(&file, &home()).map_err(|errors| Failure::Settings(errors.into()))?;
    let taken = taken(root, &path, said, &config.scan);
    let root = change(root.clone(), &path, &|leaf| {
        let file = file.clone();
        leaf.mut_arg("config", |arg| arg.default_value(file.into_os_string()))
    });
    let matches = settle(&root, line, &path, &taken)?;
    let from_file = taken.iter().map(|setting| setting.name.clone()).collect();
    Ok(Completed { matches, config, from_file })
}

/// The file of settings that a line names, or the one that is found for it.
fn file_for(said: &ArgMatches) -> Result<Option<PathBuf>, Failure> {
    if said.get_flag("no_config") {
        return Ok(None);
    }
    if let Some(file) = said.get_one::<PathBuf>("config") {
        return Ok(Some(file.clone()));
    }
    let folder = std::env::current_dir().map_err(|error| {
        Failure::Settings(
            anyhow::Error::from(error).context("finding the working directory, to look for lakegate.yaml"),
        )
    })?;
    Config::file_for(&folder).map_err(|errors| Failure::Settings(errors.into()))
}

/// The settings that hold for a subcommand: of options that it shares with `scan`, that the line does not give, and that nothing on
/// the line excludes.
fn taken<'s>(root: &Command, path: &[String], said: &ArgMatches, settings: &'s [Setting]) -> Vec<&'s Setting> {
    let (Some(scan), Some(command)) = (root.find_subcommand("scan"), command_at(root, path)) else { return Vec::new() };
    let given = |arg: &Arg| {
        let by_line = |arg: &Arg| said.value_source(arg.get_id().as_str()) == Some(ValueSource::CommandLine);
        by_line(arg) || opposite(arg).and_then(|name| find(command, &name)).is_some_and(by_line)
    };
    let holds = |setting: &&Setting| {
        let Some(arg) = find(command, &setting.name) else { return false };
        // What another subcommand works on is for its own line to say.
        let own = !arg.is_positional() || command.get_name() == scan.get_name();
        let shared = own && find(scan, &setting.name).is_some_and(|own| is_same(own, arg));
        let excluded = command.get_arguments().filter(|other| given(other)).any(|other| {
            let excludes = |one: &Arg, another: &Arg| {
                command.get_arg_conflicts_with(one).iter().any(|arg| arg.get_id() == another.get_id())
            };
            excludes(arg, other) || excludes(other, arg)
        });
        shared && !given(arg) && !excluded
    };
    settings.iter().filter(holds).collect()
}

/// Reads a line with settings as defaults. An option of the line that needs one that is only set in the file gets it.
fn settle(root: &Command, line: &[OsString], path: &[String], taken: &[&Setting]) -> Result<ArgMatches, clap::Error> {
    let mut written: Vec<&Setting> = Vec::new();
    loop {
        let defaults = change(root.clone(), path, &|leaf| {
            let silent = taken.iter().filter(|setting| !written.contains(setting));
            silent.fold(leaf, |leaf, setting| with_default(leaf, setting))
        });
        let mut whole = line.to_vec();
        let at = whole.len().min(1 + path.len());
        let values = written.iter().flat_map(|setting| {
            let switch = find_at(root, path, &setting.name).is_some_and(|arg| !arg.get_action().takes_values());
            let value = move |value: &SettingValue| {
                if switch { format!("--{}", setting.name) } else { format!("--{}={}", setting.name, value.text) }
            };
            setting.values.iter().map(value).map(OsString::from)
        });
        whole.splice(at..at, values.collect::<Vec<_>>());
        let error = match defaults.try_get_matches_from(whole) {
            Err(error) if error.kind() == ErrorKind::MissingRequiredArgument => error,
            result => return result,
        };
        let before = written.len();
        if let Some(ContextValue::Strings(missing)) = error.get(ContextKind::InvalidArg) {
            let is_missing = |setting: &Setting| {
                let option = format!("--{}", setting.name);
                missing.iter().any(|shown| shown.split([' ', '=', '[']).next() == Some(option.as_str()))
            };
            let needed = taken.iter().filter(|setting| !written.contains(setting) && is_missing(setting));
            let needed: Vec<&Setting> = needed.copied().collect();
            written.extend(needed);
        }
        if written.len() == before {
            return Err(error);
        }
    }
}

fn with_default(command: Command, setting: &Setting) -> Command {
    let Some(id) = find(&command, &setting.name).map(|arg| arg.get_id().to_string()) else { return command };
    let values: Vec<String> = setting.values.iter().map(|value| value.text.clone()).collect();
    command.mut_arg(id, |arg| arg.default_values(values))
}

/// Adds to every subcommand that takes settings, for each switch, the one that takes it back: `--no-quiet`, or `--progress` for
/// `--no-progress`. Help does not list them.
pub fn with_opposites(command: Command) -> Command {
    let names: Vec<String> = command.get_subcommands().map(|inner| inner.get_name().to_owned()).collect();
    let command = names.iter().fold(command, |command, name| command.mut_subcommand(name, with_opposites));
    if find(&command, "config").is_none() {
        return command;
    }
    let switches = command.get_arguments().filter(|arg| matches!(arg.get_action(), ArgAction::SetTrue));
    let opposites: Vec<(String, String)> = switches
        .filter_map(|arg| Some((arg.get_id().to_string(), opposite(arg)?)))
        .filter(|(_, opposite)| find(&command, opposite).is_none())
        .collect();
    opposites.into_iter().fold(command, |command, (switch, name)| {
        let opposite = Arg::new(name.clone()).long(name).hide(true).action(ArgAction::SetTrue);
        command.arg(opposite.overrides_with(switch))
    })
}

fn opposite(arg: &Arg) -> Option<String> {
    let long = arg.get_long().filter(|_| matches!(arg.get_action(), ArgAction::SetTrue))?;
    Some(long.strip_prefix("no-").map_or_else(|| format!("no-{long}"), str::to_owned))
}

/// Whether an option means the same in two subcommands.
fn is_same(one: &Arg, other: &Arg) -> bool {
    let about = |arg: &Arg| (value_name(arg).to_owned(), arg.get_value_parser().type_id(), arg.is_positional());
    about(one) == about(other)
}

fn find<'c>(command: &'c Command, option: &str) -> Option<&'c Arg> {
    command.get_arguments().find(|arg| name(arg) == option)
}

/// The innermost subcommand of a line: its path and what is said there.
fn leaf(matches: &ArgMatches) -> (Vec<String>, &ArgMatches) {
    let (mut path, mut leaf) = (Vec::new(), matches);
    while let Some((name, inner)) = leaf.subcommand() {
        path.push(name.to_owned());
        leaf = inner;
    }
    (path, leaf)
}

fn command_at<'c>(root: &'c Command, path: &[String]) -> Option<&'c Command> {
    path.iter().try_fold(root, |command, name| command.find_subcommand(name))
}

fn find_at<'c>(root: &'c Command, path: &[String], option: &str) -> Option<&'c Arg> {
    find(command_at(root, path)?, option)
}

fn change(command: Command, path: &[String], how: &dyn Fn(Command) -> Command) -> Command {
    match path {
        [] => how(command),
        [name, rest @ ..] => command.mut_subcommand(name, |inner| change(inner, rest, how)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use lakegate::identifiers::problem::Place;

    /// A program in which `--strict` needs `--baseline`, and `--fresh` excludes it.
    fn toy() -> Command {
        let options = |command: Command| {
            command
                .arg(Arg::new("baseline").long("baseline").value_name("FILE"))
                .arg(Arg::new("strict").long("strict").action(ArgAction::SetTrue).requires("baseline"))
                .arg(Arg::new("fresh").long("fresh").action(ArgAction::SetTrue).conflicts_with("baseline"))
                .arg(Arg::new("config").long("config"))
        };
        let scan = options(Command::new("scan")).arg(Arg::new("paths").action(ArgAction::Append));
        let hook = options(Command::new("hook")).arg(Arg::new("paths").action(ArgAction::Append));
        with_opposites(Command::new("toy").subcommand(scan).subcommand(hook))
    }

    fn setting(name: &str, values: &[&str]) -> Setting {
        let at = Place { line: 1, column: 1 };
        let values = values.iter().map(|text| SettingValue { at, text: (*text).to_owned() }).collect();
        Setting { name: name.to_owned(), at, values }
    }

    /// The values that an option has in the end, by a line and settings.
    fn values(words: &str, settings: &[Setting], option: &str) -> Result<Vec<String>, ErrorKind> {
        let (root, line) = (toy(), words.split(' ').map(OsString::from).collect::<Vec<_>>());
        let said = root.clone().ignore_errors(true).try_get_matches_from(&line).unwrap();
        let (path, said) = leaf(&said);
        let taken = taken(&root, &path, said, settings);
        let matches = settle(&root, &line, &path, &taken).map_err(|error| error.kind())?;
        let (_, matches) = leaf(&matches);
        let raw = matches.get_raw(option).into_iter().flatten();
        Ok(raw.map(|value| value.to_string_lossy().into_owned()).collect())
    }

    #[test]
    fn an_option_of_the_line_may_need_one_of_the_file_and_the_other_way_around() {
        let file = [setting("baseline", &["known"])];
        assert_eq!(values("toy scan --strict", &[], "strict"), Err(ErrorKind::MissingRequiredArgument));
        assert_eq!(values("toy scan --strict", &file, "baseline"), Ok(vec!["known".into()]));
        let strict = [setting("strict", &["true"])];
        assert_eq!(values("toy scan", &strict, "strict"), Ok(vec!["true".into()]));
        assert_eq!(values("toy scan --no-strict", &strict, "strict"), Ok(vec!["false".into()]));
    }

    #[test]
    fn what_the_line_excludes_the_file_does_not_set() {
        let file = [setting("baseline", &["known"])];
        assert_eq!(values("toy scan --fresh", &file, "baseline"), Ok(vec![]));
        assert_eq!(values("toy scan --baseline x", &[setting("fresh", &["true"])], "fresh"), Ok(vec!["false".into()]));
    }

    #[test]
    fn only_scan_takes_its_paths_from_the_file() {
        let file = [setting("paths", &["a", "b"])];
        assert_eq!(values("toy scan", &file, "paths"), Ok(vec!["a".into(), "b".into()]));
        assert_eq!(values("toy scan c", &file, "paths"), Ok(vec!["c".into()]));
        assert_eq!(values("toy hook", &file, "paths"), Ok(vec![]));
    }
}
