//! Runs a program with a text on its standard input, within bounds of time and output.

use super::action::Program;
use std::fs::OpenOptions;
use std::io::{self, Read, Write};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

/// Most bytes of output that are kept; the rest is read and dropped.
const MOST_OUTPUT: usize = 64 * 1024;
/// How often a running program is looked at.
const PAUSE: Duration = Duration::from_millis(5);
/// How long output is waited for once the program has ended: whoever holds it open by then has left its process group.
const PATIENCE: Duration = Duration::from_secs(1);

/// How a program ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// By itself, with this status.
    Exited(i32),
    /// By a signal, or in a way that has no status.
    Killed,
    /// It took longer than it may.
    TimedOut,
    /// It was never started, for this reason.
    NotStarted(String),
}

/// How a program ended, and what it wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ran {
    /// How it ended.
    pub end: End,
    /// The first 64 KiB of standard output, then of standard error. It may say anything, sensitive data included.
    pub output: Vec<u8>,
    /// Bytes written to both.
    pub written: u64,
}

impl Program {
    /// Runs the program with `input` on its standard input. Its output goes to its file, if it has one.
    pub fn run(&self, input: &[u8]) -> Ran {
        let ran = self.start().map_or_else(
            |error| Ran { end: End::NotStarted(error.to_string()), output: Vec::new(), written: 0 },
            |child| self.see_through(child, input),
        );
        if let (Some(path), false) = (&self.output, ran.output.is_empty()) {
            let kept = OpenOptions::new().create(true).append(true).open(path);
            if let Err(error) = kept.and_then(|mut file| file.write_all(&ran.output)) {
                let reason = format!("it ran, but its output could not be written to {}: {error}", path.display());
                return Ran { end: End::NotStarted(reason), ..ran };
            }
        }
        ran
    }

    fn start(&self) -> io::Result<Child> {
        let (program, arguments) =
            self.command.split_first().ok_or_else(|| io::Error::other("there is no program to be run"))?;
        let mut command = Command::new(program);
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        // A group of its own, so that it can be ended with everything that it has started.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        command.spawn()
    }

    fn see_through(&self, mut child: Child, input: &[u8]) -> Ran {
        let started = Instant::now();
        if let Some(mut stdin) = child.stdin.take() {
            let input = input.to_vec();
            // A program that does not read its input closes it; that is its own affair.
            thread::spawn(move || drop(stdin.write_all(&input)));
        }
        let out = child.stdout.take().map(collect);
        let error = child.stderr.take().map(collect);
        let end = loop {
            match child.try_wait() {
                Ok(Some(status)) => break ended(status),
                Ok(None) if started.elapsed() >= self.time_limit => break End::TimedOut,
                Ok(None) => thread::sleep(PAUSE),
                Err(reason) => break End::NotStarted(reason.to_string()),
            }
        };
        kill_group(&mut child);
        let mut ran = Ran { end, output: Vec::new(), written: 0 };
        for stream in [out, error].into_iter().flatten() {
            if let Ok((kept, written)) = stream.recv_timeout(PATIENCE) {
                ran.output.extend(kept);
                ran.written += written;
            }
        }
        ran
    }
}

fn ended(status: ExitStatus) -> End {
    status.code().map_or(End::Killed, End::Exited)
}

/// Ends the program and what it has started. Nothing is left of either if they have ended by themselves.
fn kill_group(child: &mut Child) {
    #[cfg(unix)]
    if let Some(group) = i32::try_from(child.id()).ok().and_then(rustix::process::Pid::from_raw) {
        // An error says that the group is empty already.
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
    }
    let _ = child.kill();
    let _ = child.wait();
}

/// Reads a stream to its end on a thread of its own: its beginning, and how long it was.
fn collect(mut stream: impl Read + Send + 'static) -> Receiver<(Vec<u8>, u64)> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        let mut kept = Vec::new();
        let mut written = 0;
        let mut buffer = [0; 8192];
        while let Ok(read @ 1..) = stream.read(&mut buffer) {
            kept.extend_from_slice(&buffer[..read.min(MOST_OUTPUT - kept.len())]);
            written += read as u64;
        }
        // Nobody may wait for it any more.
        let _ = sender.send((kept, written));
    });
    receiver
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn run(line: &str, input: &str) -> Ran {
        Program { time_limit: Duration::from_secs(20), ..Program::shell(line) }.run(input.as_bytes())
    }

    #[test]
    fn a_program_reads_its_input_and_its_output_and_status_are_kept() {
        let ran = run("cat; echo oops >&2; exit 3", "hello");
        assert_eq!((ran.end, ran.output.as_slice(), ran.written), (End::Exited(3), &b"hellooops\n"[..], 10));
    }

    #[test]
    fn a_program_that_reads_nothing_or_writes_much_does_no_harm() {
        let big = "x".repeat(1 << 20);
        assert_eq!(run("exit 0", &big).end, End::Exited(0));
        let ran = run("cat", &big);
        assert_eq!((ran.end, ran.output.len(), ran.written), (End::Exited(0), MOST_OUTPUT, 1 << 20));
    }

    #[test]
    fn a_program_that_takes_too_long_is_killed_with_what_it_has_started() {
        let folder = tempfile::tempdir().unwrap();
        let pid = folder.path().join("pid");
        let line = format!("sleep 600 & echo $! > {}; wait", pid.display());
        let program = Program { time_limit: Duration::from_millis(600), ..Program::shell(&line) };
        assert_eq!(program.run(b"").end, End::TimedOut);
        let pid = std::fs::read_to_string(pid).unwrap();
        let runs = || {
            let stat = std::fs::read_to_string(format!("/proc/{}/stat", pid.trim())).unwrap_or_default();
            !stat.is_empty() && !stat.contains(") Z ")
        };
        // The signal is sent; that it is acted upon takes a moment on a busy machine.
        let started = Instant::now();
        while runs() && started.elapsed() < Duration::from_mins(1) {
            thread::sleep(PAUSE);
        }
        assert!(!runs(), "the sleeper has ended");
    }

    #[test]
    fn a_program_that_leaves_something_running_ends_all_the_same() {
        let started = Instant::now();
        assert_eq!(run("sleep 600 & exit 0", "").end, End::Exited(0));
        assert!(started.elapsed() < Duration::from_secs(15));
    }

    #[test]
    fn a_program_that_does_not_exist_is_an_end_too() {
        let program = Program { command: vec!["/nowhere/lakegate-test".into()], ..Program::shell("") };
        assert!(matches!(program.run(b"").end, End::NotStarted(_)));
    }
}
