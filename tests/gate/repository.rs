//! A git repository that a test owns.

use crate::program::{Files, Run, lakegate, run_command};
use std::path::Path;
use std::process::Command;

pub struct Repository {
    pub files: Files,
}

impl Repository {
    /// An empty repository.
    pub fn new() -> Self {
        let repository = Self { files: Files::new() };
        repository.git(&["init", "-q", "-b", "main"]);
        repository.git(&["config", "user.name", "Tester"]);
        repository.git(&["config", "user.email", "tester@example.com"]);
        repository.git(&["config", "commit.gpgsign", "false"]);
        repository
    }

    pub fn path(&self) -> &Path {
        self.files.path()
    }

    /// Writes a file in the working tree.
    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> &Self {
        let path = self.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
        self
    }

    pub fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path().join(name)).unwrap()
    }

    /// Runs git, which must succeed.
    pub fn git(&self, arguments: &[&str]) -> String {
        let run = run_command(&mut self.command("git", arguments));
        assert_eq!(run.status, Some(0), "git {arguments:?}\n{run:?}");
        run.out
    }

    pub fn commit(&self, message: &str) {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "-m", message]);
    }

    /// Runs lakegate in the repository.
    pub fn lakegate(&self, arguments: &[&str]) -> Run {
        run_command(lakegate().current_dir(self.path()).args(arguments))
    }

    /// A command in the repository, with nobody's own git configuration.
    pub fn command(&self, program: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(program);
        command
            .current_dir(self.path())
            .args(arguments)
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_NOSYSTEM", "1");
        command
    }
}

/// A table with so many Social Security numbers.
pub fn table(rows: usize) -> String {
    (0..rows).fold("id,SSN\n".to_owned(), |text, row| text + &format!("{row},219-45-{:04}\n", 3456 + row))
}
