//! The hooks in the real `pre-commit`, where it is installed.

use crate::program::{Run, run_command};
use crate::repository::{Repository, table};
use std::path::Path;
use std::process::Command;

/// The hooks of this project, as a repository that pre-commit takes. They run the program under test instead of one that
/// would be compiled first.
fn hooks() -> Repository {
    let hooks = Repository::new();
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(".pre-commit-hooks.yaml")).unwrap();
    assert_eq!(text.matches("language: rust").count(), 3);
    hooks.write(".pre-commit-hooks.yaml", text.replace("language: rust", "language: system")).commit("hooks");
    hooks
}

/// A repository that uses one of the hooks; `None` where there is no pre-commit.
fn project(hook: &str, more: &str) -> Option<(Repository, Repository)> {
    if Command::new("pre-commit").arg("--version").output().is_err() {
        eprintln!("skipped: pre-commit is not installed (pip install pre-commit)");
        return None;
    }
    let (hooks, project) = (hooks(), Repository::new());
    let revision = hooks.git(&["rev-parse", "HEAD"]);
    let (path, revision) = (hooks.path().display(), revision.trim());
    project.write(
        ".pre-commit-config.yaml",
        format!("repos:\n  - repo: {path}\n    rev: {revision}\n    hooks:\n      - id: {hook}\n        verbose: true\n{more}"),
    );
    Some((project, hooks))
}

fn pre_commit(project: &Repository, program: &str, arguments: &[&str]) -> Run {
    let programs = Path::new(env!("CARGO_BIN_EXE_lakegate")).parent().unwrap();
    let path = std::env::var_os("PATH").unwrap();
    let path = std::env::join_paths(std::iter::once(programs.to_owned()).chain(std::env::split_paths(&path))).unwrap();
    let mut command = project.command(program, arguments);
    let cache = project.path().join(".git/pre-commit-cache");
    run_command(command.env("PATH", path).env("PRE_COMMIT_HOME", cache).env("SOURCE_DATE_EPOCH", "1735787045"))
}

#[test]
fn all_files_scans_all_files_of_every_kind_and_says_how_many() {
    let Some((project, _hooks)) = project("lakegate", "") else { return };
    project
        .write("a.csv", "id,n\n1,2\n")
        .write("b.tsv", "id\tn\n1\t2\n")
        .write("c.parquet", "PAR1")
        .write("d", "text\n");
    project.git(&["add", "-A"]);
    let run = pre_commit(&project, "pre-commit", &["run", "--all-files", "lakegate"]);
    // Five with its own configuration; four bytes are no Parquet file, which is said.
    assert!(run.out.contains("4 of 5 files examined") || run.out.contains("5 files examined"), "{run:?}");
    project.git(&["rm", "-q", "--cached", "c.parquet"]);
    let run = pre_commit(&project, "pre-commit", &["run", "--all-files", "lakegate"]);
    assert_eq!(run.status, Some(0), "{run:?}");
    assert!(run.out.contains("lakegate: 4 files examined, no findings"), "{run:?}");
}

#[test]
fn a_commit_with_a_planted_number_is_stopped_and_goes_through_without_it() {
    for hook in ["lakegate", "lakegate-staged", "lakegate-all"] {
        let Some((project, _hooks)) = project(hook, "") else { return };
        assert_eq!(pre_commit(&project, "pre-commit", &["install"]).status, Some(0));
        project.write("drop/people.csv", table(2));
        project.git(&["add", "-A"]);
        let run = pre_commit(&project, "git", &["commit", "-m", "data"]);
        assert_eq!(run.status, Some(1), "{hook}: {run:?}");
        let said = run.out + &run.err;
        assert!(said.contains("drop/people.csv: row 2, column SSN: USA_SOCIAL_SECURITY_NUMBER"), "{hook}: {said}");
        assert!(!said.contains("219-45"), "{hook}: {said}");
        project.write("drop/people.csv", "id,n\n1,2\n");
        project.git(&["add", "-A"]);
        let run = pre_commit(&project, "git", &["commit", "-m", "data"]);
        assert_eq!(run.status, Some(0), "{hook}: {run:?}");
    }
}

#[test]
fn options_go_into_args() {
    let more = "        args: [--baseline, lakegate.baseline, --fail-on, medium]\n";
    let Some((project, _hooks)) = project("lakegate", more) else { return };
    project.write("drop/people.csv", table(2));
    assert_eq!(project.lakegate(&["baseline", "write", "drop"]).status, Some(0));
    project.git(&["add", "-A"]);
    let run = pre_commit(&project, "pre-commit", &["run", "--all-files", "lakegate"]);
    assert_eq!(run.status, Some(0), "{run:?}");
    assert!(run.out.contains("2 occurrences accepted by the baseline"), "{run:?}");
}
