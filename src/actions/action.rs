//! Actions: what is done here in place of what a rule's target would do in AWS.

use crate::identifiers::custom_request::Reader;
use crate::identifiers::located::{Node, Value};
use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How long a program may take if nothing else is said.
const TIME_LIMIT: Duration = Duration::from_mins(1);
const KINDS: [&str; 4] = ["isolate", "notify", "exec", "ignore"];

/// What is done for an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// The object moves to an isolation folder: this one, or the one that the run was given.
    Isolate(Option<PathBuf>),
    /// The target's input, as a message, goes somewhere.
    Notify(Outlet),
    /// A program is run with the target's input on its standard input.
    Exec(Program),
    /// Nothing.
    Ignore,
}

/// Where a message goes. Never to a network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outlet {
    /// Standard output.
    Standard,
    /// The end of a file.
    File(PathBuf),
    /// The standard input of a program.
    Program(Program),
}

/// A program to be run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Program {
    /// The program and its arguments. Never empty.
    pub command: Vec<String>,
    /// When it is killed, with everything that it has started.
    pub time_limit: Duration,
    /// The file to whose end its output goes; nowhere if there is none.
    pub output: Option<PathBuf>,
}

impl Program {
    /// A command line, given to the shell.
    pub fn shell(line: &str) -> Self {
        let shell = if cfg!(windows) { ["cmd", "/C"] } else { ["sh", "-c"] };
        let command = shell.iter().copied().chain([line]).map(str::to_owned).collect();
        Self { command, time_limit: TIME_LIMIT, output: None }
    }
}

impl Action {
    /// Reads an action as it is written on a command line: `isolate`, `isolate:DIR`, `notify`, `notify:FILE`, `exec:COMMAND` or
    /// `ignore`. The error says what is wrong.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (kind, argument) = text.split_once(':').map_or((text, None), |(kind, argument)| (kind, Some(argument)));
        match (kind, argument) {
            ("isolate", None) => Ok(Self::Isolate(None)),
            ("isolate", Some(folder)) if !folder.is_empty() => Ok(Self::Isolate(Some(folder.into()))),
            ("notify", None) => Ok(Self::Notify(Outlet::Standard)),
            ("notify", Some(file)) if !file.is_empty() => Ok(Self::Notify(Outlet::File(file.into()))),
            ("exec", Some(line)) if !line.trim().is_empty() => Ok(Self::Exec(Program::shell(line))),
            ("ignore", None) => Ok(Self::Ignore),
            _ => Err(format!(
                "{text:?} is no action: there are isolate, isolate:DIR, notify, notify:FILE, exec:COMMAND and ignore"
            )),
        }
    }

    /// Reads an action from a file of settings; paths in it start at `folder`.
    pub(crate) fn read(reader: &mut Reader, node: &Node, folder: &Path) -> Option<Self> {
        if let Value::Text(text) = &node.value {
            return Self::parse(text).map_err(|reason| reader.problem(node.at, reason)).ok();
        }
        let [member] = reader.members(node, "an action", &KINDS)? else {
            reader.problem(node.at, format!("an action is one of {}", KINDS.join(", ")));
            return None;
        };
        let argument = &member.value;
        match member.name.as_str() {
            "isolate" => {
                reader.members(argument, "isolate", &["to"])?;
                let to = reader.required(argument, "isolate", "to")?;
                Some(Self::Isolate(Some(folder.join(reader.text(to, "the isolation folder")?))))
            }
            "notify" => {
                reader.members(argument, "notify", &["file", "command", "timeoutSeconds", "output"])?;
                match (argument.get("file"), argument.get("command")) {
                    (Some(file), None) => {
                        let file = folder.join(reader.text(file, "the file for messages")?);
                        Some(Self::Notify(Outlet::File(file)))
                    }
                    (None, Some(_)) => {
                        program(reader, argument, folder).map(|program| Self::Notify(Outlet::Program(program)))
                    }
                    _ => {
                        reader.problem(argument.at, "notify has either file or command");
                        None
                    }
                }
            }
            "exec" => {
                if let Value::Text(line) = &argument.value {
                    return Some(Self::Exec(Program::shell(line)));
                }
                reader.members(argument, "exec", &["command", "timeoutSeconds", "output"])?;
                program(reader, argument, folder).map(Self::Exec)
            }
            _ => Some(Self::Ignore),
        }
    }
}

fn program(reader: &mut Reader, node: &Node, folder: &Path) -> Option<Program> {
    let command = reader.required(node, "a program to be run", "command")?;
    let mut program = match &command.value {
        Value::List(parts) if !parts.is_empty() => {
            let parts = parts.iter().map(|part| reader.text(part, "a part of the command"));
            Program { command: parts.collect::<Option<_>>()?, ..Program::shell("") }
        }
        _ => Program::shell(&reader.text(command, "the command")?),
    };
    if let Some(limit) = node.get("timeoutSeconds") {
        let seconds = reader.whole_number(limit, "timeoutSeconds")?;
        let seconds = u64::try_from(seconds).ok().filter(|seconds| (1..=86_400).contains(seconds));
        if seconds.is_none() {
            reader.problem(limit.at, "timeoutSeconds is from 1 to 86400");
        }
        program.time_limit = Duration::from_secs(seconds?);
    }
    if let Some(output) = node.get("output") {
        program.output = Some(folder.join(reader.text(output, "the file for the program's output")?));
    }
    Some(program)
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Isolate(_) => f.write_str("isolate"),
            Self::Notify(_) => f.write_str("notify"),
            Self::Exec(_) => f.write_str("exec"),
            Self::Ignore => f.write_str("ignore"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identifiers::custom_request::Style;
    use crate::identifiers::located::parse;

    fn read(text: &str) -> Result<Action, String> {
        let mut reader = Reader { style: Style::Request, problems: Vec::new() };
        let action = Action::read(&mut reader, &parse(text).unwrap()[0], Path::new("/etc/x"));
        match reader.problems.into_iter().next() {
            Some((_, problem)) => Err(problem),
            None => Ok(action.expect("an action without problems")),
        }
    }

    #[test]
    fn actions_are_read_from_the_command_line() {
        assert_eq!(Action::parse("isolate:/q"), Ok(Action::Isolate(Some("/q".into()))));
        assert_eq!(Action::parse("notify"), Ok(Action::Notify(Outlet::Standard)));
        assert_eq!(Action::parse("exec:a:b | c"), Ok(Action::Exec(Program::shell("a:b | c"))));
        for text in ["", "isolate:", "exec", "exec: ", "ignore:x", "notify:", "mail"] {
            assert!(Action::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn actions_are_read_from_settings_with_paths_that_start_at_their_folder() {
        assert_eq!(read("isolate"), Ok(Action::Isolate(None)));
        assert_eq!(read("isolate: {to: q}"), Ok(Action::Isolate(Some("/etc/x/q".into()))));
        assert_eq!(read("notify: {file: m.txt}"), Ok(Action::Notify(Outlet::File("/etc/x/m.txt".into()))));
        let program = Program {
            command: vec!["a".into(), "b c".into()],
            time_limit: Duration::from_secs(5),
            output: Some("/etc/x/o".into()),
        };
        assert_eq!(read("exec: {command: [a, b c], timeoutSeconds: 5, output: o}"), Ok(Action::Exec(program)));
        assert_eq!(read("exec: a b"), Ok(Action::Exec(Program::shell("a b"))));
    }

    #[test]
    fn mistakes_in_settings_are_told() {
        for (text, problem) in [
            ("isolat: {}", "did you mean \"isolate\"?"),
            ("isolate: {}", "needs the member to"),
            ("{isolate: {to: x}, notify: {file: y}}", "one of"),
            ("notify: {}", "either file or command"),
            ("exec: {comand: x}", "did you mean \"command\"?"),
            ("exec: {command: x, timeoutSeconds: 0}", "from 1 to"),
            ("mail", "no action"),
        ] {
            assert!(read(text).unwrap_err().contains(problem), "{text}: {:?}", read(text));
        }
    }
}
