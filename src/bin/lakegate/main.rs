//! The `lakegate` program: reads the command line, calls the library, prints, and turns the result into an exit status.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "printing is the program's part")]

mod args;
mod baseline;
mod baseline_file;
mod clock;
mod color;
mod completions;
mod config;
mod events;
mod exit;
mod hook;
mod hook_text;
mod identifiers;
mod init;
mod isolate;
mod job;
mod job_run;
mod looking;
mod man;
mod next;
mod output;
mod progress;
mod report;
mod run;
mod scan;
mod stats;

use args::Command;
use config::Failure;
use exit::Exit;
use std::ffi::OsString;
use std::io;
use std::process::ExitCode;

fn main() -> ExitCode {
    // The text of a panic may quote the content that caused it; where it happened is enough to find the bug.
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map_or_else(String::new, |place| format!(" at {place}"));
        eprintln!("lakegate: internal error{place}; please report this as a bug");
    }));
    let line: Vec<OsString> = std::env::args_os().collect();
    let cli = match config::parse(&line) {
        Ok(cli) => cli,
        Err(Failure::Settings(error)) => {
            eprintln!("lakegate: {error:#}");
            return Exit::Usage.into();
        }
        Err(Failure::Line(error)) => {
            // Help and version are no errors; a closed pipe while they are printed is none either.
            let _ = error.print();
            return if error.use_stderr() { Exit::Usage.into() } else { Exit::Done.into() };
        }
    };
    let result = match cli.command {
        Command::Scan(args) => scan::run(&args),
        Command::Hook(args) => hook::run(&args),
        Command::Baseline(command) => baseline::run(&command),
        Command::Report(args) => report::run(&args),
        Command::Identifiers(command) => identifiers::run(command),
        Command::Isolate(args) => isolate::run(&args),
        Command::Restore(args) => isolate::run_restore(&args),
        Command::Events(command) => events::run(&command),
        Command::Run(args) => run::run(&args),
        Command::Job(command) => job::run(&command),
        Command::Config(command) => config::run(&command),
        Command::Init(args) => init::run(&args),
        Command::Completions(args) => completions::run(&args),
        Command::Man(args) => man::run(&args),
    };
    match result {
        Ok(exit) => exit.into(),
        Err(error) if is_closed_pipe(&error) => Exit::Done.into(),
        Err(error) => {
            eprintln!("lakegate: {error:#}");
            Exit::Usage.into()
        }
    }
}

fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .any(|cause| cause.kind() == io::ErrorKind::BrokenPipe)
}
