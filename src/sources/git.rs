//! Runs the `git` program, without a network and without questions.

use std::ffi::OsStr;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Bytes of what git says that an error repeats.
const SAID: usize = 300;

/// Why git could not be asked.
#[derive(Debug, thiserror::Error)]
pub enum GitError {
    /// It is not there.
    #[error("running git to {what}: {error}; is git installed and in the PATH?")]
    NotRun {
        /// What it was to do.
        what: &'static str,
        /// Why it did not start.
        error: io::Error,
    },
    /// The folder is in no working tree.
    #[error("{}: not inside the working tree of a git repository; run this in one, or give file names", .0.display())]
    NoRepository(PathBuf),
    /// It failed.
    #[error("git failed to {what}: {said}")]
    Failed {
        /// What it was to do.
        what: &'static str,
        /// What it said.
        said: String,
    },
    /// It said something else than it should.
    #[error("git answered something unexpected when it was to {what}; is this a version before 2.11?")]
    Unexpected {
        /// What it was to do.
        what: &'static str,
    },
}

/// The git program in a folder.
pub(super) fn git(folder: &Path) -> Command {
    let mut command = Command::new("git");
    command
        .current_dir(folder)
        .args(["--no-pager", "-c", "core.fsmonitor=false", "-c", "core.quotePath=false"])
        // Nothing is fetched, not even a blob that a partial clone lacks, and the index is not touched.
        .env("GIT_NO_LAZY_FETCH", "1")
        .env("GIT_OPTIONAL_LOCKS", "0")
        .env("GIT_TERMINAL_PROMPT", "0")
        .env("LC_ALL", "C")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// What git writes when it is run with these arguments.
pub(super) fn ask<A: AsRef<OsStr>>(folder: &Path, what: &'static str, arguments: &[A]) -> Result<Vec<u8>, GitError> {
    let output = git(folder).args(arguments).output().map_err(|error| GitError::NotRun { what, error })?;
    if output.status.success() { Ok(output.stdout) } else { Err(failed(what, &output.stderr)) }
}

/// The same, where git is told something on its standard input.
pub(super) fn tell<A: AsRef<OsStr>>(
    folder: &Path,
    what: &'static str,
    arguments: &[A],
    input: Vec<u8>,
) -> Result<Vec<u8>, GitError> {
    let not_run = |error| GitError::NotRun { what, error };
    let mut child = git(folder).args(arguments).stdin(Stdio::piped()).spawn().map_err(not_run)?;
    let told = child.stdin.take().map(|mut pipe| std::thread::spawn(move || io::Write::write_all(&mut pipe, &input)));
    let (mut answer, mut said) = (Vec::new(), Vec::new());
    if let Some(out) = &mut child.stdout {
        out.read_to_end(&mut answer).map_err(not_run)?;
    }
    if let Some(err) = &mut child.stderr {
        err.read_to_end(&mut said).map_err(not_run)?;
    }
    // A broken pipe shows in the answer, which is then too short.
    drop(told.map(std::thread::JoinHandle::join));
    if child.wait().map_err(not_run)?.success() { Ok(answer) } else { Err(failed(what, &said)) }
}

fn failed(what: &'static str, said: &[u8]) -> GitError {
    let said = String::from_utf8_lossy(&said[..said.len().min(SAID)]);
    GitError::Failed { what, said: said.trim().replace('\n', "; ") }
}

/// The folder of the working tree that `folder` is in.
pub(super) fn top_level(folder: &Path) -> Result<PathBuf, GitError> {
    let what = "find the working tree";
    match ask(folder, what, &["rev-parse", "--show-toplevel"]) {
        Ok(answer) => match answer.strip_suffix(b"\n") {
            Some(path) if !path.is_empty() => Ok(path_of(path)),
            _ => Err(GitError::NoRepository(folder.to_owned())),
        },
        Err(GitError::Failed { said, .. }) if said.contains("not a git repository") || said.contains("work tree") => {
            Err(GitError::NoRepository(std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned())))
        }
        Err(error) => Err(error),
    }
}

/// A path as git writes it.
#[cfg(unix)]
pub(super) fn path_of(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    PathBuf::from(OsStr::from_bytes(bytes))
}

/// A path as git writes it: UTF-8.
#[cfg(not(unix))]
pub(super) fn path_of(bytes: &[u8]) -> PathBuf {
    PathBuf::from(String::from_utf8_lossy(bytes).into_owned())
}
