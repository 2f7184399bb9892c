//! Why nothing could be isolated or restored at all. What is wrong with a single file is its [`super::Fate`].

use std::io;
use std::path::PathBuf;

/// An error that ends a run before any file was touched, or in between two files.
#[derive(Debug, thiserror::Error)]
pub enum IsolationError {
    /// The isolation folder cannot be made, read or written.
    #[error("{doing} {}: {source}", path.display())]
    Io {
        /// What was being done.
        doing: &'static str,
        /// To which file or folder.
        path: PathBuf,
        /// Why it failed.
        source: io::Error,
    },
    /// A folder that is used for something else.
    #[error("{}: the folder holds other files; an isolation folder is a folder of its own, new or empty", .0.display())]
    NotEmpty(PathBuf),
    /// An isolation folder without its manifest.
    #[error("{}: there are isolated files but no manifest.jsonl; put it back before you go on", .0.display())]
    ManifestLost(PathBuf),
    /// A manifest that cannot be understood.
    #[error("{}, line {line}: {problem}", path.display())]
    Manifest {
        /// The manifest.
        path: PathBuf,
        /// 1-based number of the line.
        line: usize,
        /// What is wrong with it.
        problem: String,
    },
    /// One folder lies in the other.
    #[error("the isolation folder {} and the folder {} lie in each other; choose one outside", .0.display(), .1.display())]
    Nested(PathBuf, PathBuf),
    /// A key that the manifest does not have.
    #[error("no file with the key {0:?} was ever isolated here; the manifest has all keys")]
    UnknownKey(String),
    /// The threads could not be started.
    #[error("starting threads that copy: {0}")]
    Threads(#[from] rayon::ThreadPoolBuildError),
    /// A platform without what a safe move needs.
    #[error("files can be isolated and restored on Unix systems only")]
    Unsupported,
}
