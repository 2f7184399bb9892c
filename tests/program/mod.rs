//! Runs the finished program on files that a test makes.
#![allow(dead_code, reason = "each test program uses a part of it")]

use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// All values of `--format`.
pub const FORMATS: [&str; 14] = [
    "table",
    "json",
    "jsonl",
    "events",
    "results",
    "sarif",
    "junit",
    "gitlab-code-quality",
    "gitlab-secret-detection",
    "github",
    "markdown",
    "csv",
    "asff",
    "html",
];

/// Files that a test owns.
pub struct Files {
    folder: TempDir,
}

impl Files {
    /// An empty folder.
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a folder can be made") }
    }

    /// Adds a file.
    pub fn with(self, name: &str, content: impl AsRef<[u8]>) -> Self {
        let path = self.folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("a folder can be made");
        fs::write(path, content).expect("a file can be written");
        self
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn file(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().expect("the path is text").to_owned()
    }
}

/// What a run of the program gave.
#[derive(Debug)]
pub struct Run {
    pub status: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Run {
    /// Standard output as one JSON value.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// Standard output as one JSON value a line.
    pub fn lines(&self) -> Vec<Value> {
        self.out.lines().map(|line| serde_json::from_str(line).expect("a line is JSON")).collect()
    }

    /// Keys of the objects that have a record in the `results` format, with status code and reason.
    pub fn coverage(&self) -> Vec<(String, String, String)> {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        self.lines()
            .iter()
            .filter(|record| record["resourcesAffected"]["s3Object"].get("embeddedFileDetails").is_none())
            .map(|record| {
                let status = &record["classificationDetails"]["result"]["status"];
                let key = &record["resourcesAffected"]["s3Object"]["key"];
                (text(key), text(&status["code"]), text(&status["reason"]))
            })
            .collect()
    }
}

/// The program, to be run in the project's folder with a fixed time.
pub fn lakegate() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lakegate"));
    command
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env("SOURCE_DATE_EPOCH", "1735787045")
        .env_remove("COLUMNS")
        .stdin(Stdio::null());
    command
}

pub fn run_command(command: &mut Command) -> Run {
    let output = command.output().expect("the program starts");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("the program writes UTF-8");
    Run { status: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
}

/// Runs the program with these arguments.
pub fn run(arguments: &[&str]) -> Run {
    run_command(lakegate().args(arguments))
}

pub fn compress(content: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(content).expect("memory can be written");
    encoder.finish().expect("memory can be written")
}
