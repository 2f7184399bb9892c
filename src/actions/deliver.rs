//! Carries deliveries out: messages and programs. Isolation takes whole files and comes after all of them.

use super::action::{Action, Outlet, Program};
use super::command::End;
use super::route::Delivery;
use std::fmt;
use std::fs::OpenOptions;
use std::io::Write;

/// What came of a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// A message for standard output.
    Message(String),
    /// A message was added to a file.
    Written,
    /// A program ran and ended.
    Ran {
        /// How it ended.
        end: End,
        /// Bytes of output.
        written: u64,
    },
    /// It could not be carried out, for this reason.
    Failed(String),
    /// Nothing was to be done.
    Ignored,
}

impl Outcome {
    /// Whether what was to be done is done.
    pub fn is_good(&self) -> bool {
        match self {
            Self::Message(_) | Self::Written | Self::Ignored => true,
            Self::Ran { end, .. } => *end == End::Exited(0),
            Self::Failed(_) => false,
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Message(_) => f.write_str("message"),
            Self::Written => f.write_str("written"),
            Self::Ran { end: End::Exited(status), .. } => write!(f, "exit status {status}"),
            Self::Ran { end: End::Killed, .. } => f.write_str("killed by a signal"),
            Self::Ran { end: End::TimedOut, .. } => f.write_str("took too long and was killed"),
            Self::Ran { end: End::NotStarted(reason), .. } | Self::Failed(reason) => write!(f, "failed: {reason}"),
            Self::Ignored => f.write_str("ignored"),
        }
    }
}

impl Delivery<'_> {
    /// Carries the delivery out; `None` if it is an isolation, which is not done here. The name of the rule and the
    /// target's are never part of a shell's command: programs are given the input and nothing else.
    pub fn carry_out(&self) -> Option<Outcome> {
        match self.action {
            Action::Isolate(_) => None,
            Action::Ignore => Some(Outcome::Ignored),
            Action::Notify(Outlet::Standard) => Some(Outcome::Message(self.input())),
            Action::Exec(program) | Action::Notify(Outlet::Program(program)) => Some(run(program, &self.input())),
            Action::Notify(Outlet::File(path)) => {
                let mut message = self.input();
                message.push('\n');
                let file = OpenOptions::new().create(true).append(true).open(path);
                Some(match file.and_then(|mut file| file.write_all(message.as_bytes())) {
                    Ok(()) => Outcome::Written,
                    Err(error) => Outcome::Failed(format!("writing to {}: {error}", path.display())),
                })
            }
        }
    }
}

fn run(program: &Program, input: &str) -> Outcome {
    let ran = program.run(input.as_bytes());
    Outcome::Ran { end: ran.end, written: ran.written }
}
