//! `hook --staged`: what the commit would hold, not what lies in the working tree.

use crate::program::{Files, lakegate, run_command};
use crate::repository::{Repository, table};

const CLEAN: &str = "id,n\n1,2\n";

#[test]
fn a_partly_staged_file_is_scanned_as_it_is_in_the_index() {
    let repository = Repository::new();
    repository.write("a.csv", table(1)).write("b.csv", CLEAN);
    repository.git(&["add", "-A"]);
    // The number is staged and gone from the working tree, and the other way round.
    repository.write("a.csv", CLEAN).write("b.csv", table(1));
    let run = repository.lakegate(&["hook", "--staged"]);
    assert_eq!(run.status, Some(1), "{run:?}");
    assert!(run.out.contains("2 files examined") && run.out.contains("  a.csv: row 2, column SSN"), "{}", run.out);
    assert!(!run.out.contains("  b.csv:") && !run.out.contains("219-45"), "{}", run.out);
    repository.git(&["add", "a.csv"]);
    let run = repository.lakegate(&["hook", "--staged"]);
    assert_eq!((run.status, run.out.as_str()), (Some(0), "lakegate: 2 files examined, no findings\n"));
}

#[test]
fn only_what_differs_from_the_last_commit_is_scanned_and_deleted_files_are_not() {
    let repository = Repository::new();
    repository.write("old.csv", table(1)).write("gone.csv", table(1)).write("moved.csv", table(2)).commit("first");
    let run = repository.lakegate(&["hook", "--staged"]);
    assert_eq!((run.status, run.out.as_str()), (Some(0), "lakegate: 0 files examined, no findings\n"));
    repository.git(&["rm", "-q", "gone.csv"]);
    repository.git(&["mv", "moved.csv", "new name.csv"]);
    repository.write("added.csv", CLEAN);
    repository.git(&["add", "added.csv"]);
    // A renamed file is new under its name, and is scanned.
    let run = repository.lakegate(&["hook", "--staged"]);
    assert_eq!(run.status, Some(1));
    assert!(run.out.contains("2 files examined") && run.out.contains("  new name.csv: row 2"), "{}", run.out);
}

#[test]
fn it_works_from_a_folder_inside_and_names_files_from_the_top() {
    let repository = Repository::new();
    repository.write("in/deep/a.csv", table(1)).write("b.csv", CLEAN);
    repository.git(&["add", "-A"]);
    repository.git(&["config", "diff.relative", "true"]);
    repository.git(&["config", "diff.noprefix", "true"]);
    let run = run_command(lakegate().current_dir(repository.path().join("in")).args(["hook", "--staged"]));
    assert_eq!(run.status, Some(1));
    assert!(run.out.contains("2 files examined") && run.out.contains("  in/deep/a.csv: row 2"), "{}", run.out);
}

#[test]
fn submodules_links_and_intent_to_add_are_told_apart() {
    let module = Repository::new();
    module.write("a.csv", table(1)).commit("first");
    let repository = Repository::new();
    let path = module.path().to_str().unwrap();
    repository.git(&["-c", "protocol.file.allow=always", "submodule", "add", "-q", path, "module"]);
    repository.write("later.csv", table(1));
    repository.git(&["add", "-N", "later.csv"]);
    let run = repository.lakegate(&["hook", "--staged"]);
    assert_eq!(run.status, Some(0), "{run:?}");
    assert!(run.out.contains("1 of 2 files examined") && run.out.contains("module: a submodule"), "{}", run.out);
}

#[cfg(unix)]
#[test]
fn links_are_not_followed_and_any_name_is_one_name() {
    use std::os::unix::ffi::OsStrExt;
    let repository = Repository::new();
    repository.write("plain.csv", CLEAN);
    std::os::unix::fs::symlink("/etc/passwd", repository.path().join("link")).unwrap();
    for name in [&b"a b.csv"[..], b"line\nbreak.csv", b"not\xffutf8.csv", b"-o.csv", "h\u{e9}.csv".as_bytes()] {
        let path = repository.path().join(std::ffi::OsStr::from_bytes(name));
        std::fs::write(path, table(1)).unwrap();
    }
    repository.git(&["add", "-A"]);
    let run = repository.lakegate(&["hook", "--staged"]);
    assert_eq!(run.status, Some(1), "{run:?}");
    assert!(run.out.contains("6 of 7 files examined, 5 findings") && run.out.lines().count() <= 10, "{}", run.out);
    assert!(run.out.contains("link: a symbolic link, which is not followed"), "{}", run.out);
    for name in ["-o.csv: row 2", "a b.csv: row 2", "h\u{e9}.csv: row 2", "line\\nbreak.csv: row 2"] {
        assert!(run.out.contains(name), "{name}\n{}", run.out);
    }
}

#[test]
fn a_pointer_of_git_lfs_is_not_examined() {
    let repository = Repository::new();
    let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a2146\nsize 12345\n";
    repository.write("big.parquet", pointer).write("a.csv", CLEAN);
    repository.git(&["add", "-A"]);
    let run = repository.lakegate(&["hook", "--staged"]);
    assert_eq!(run.status, Some(3));
    assert!(
        run.out.contains("1 of 2 files examined") && run.out.contains("big.parquet: a pointer of Git LFS"),
        "{}",
        run.out
    );
}

#[test]
fn a_file_in_an_unresolved_merge_is_not_examined_and_a_resolved_one_is() {
    let repository = Repository::new();
    repository.write("a.csv", CLEAN).commit("base");
    repository.git(&["checkout", "-q", "-b", "other"]);
    repository.write("a.csv", "id,n\n1,3\n").commit("other");
    repository.git(&["checkout", "-q", "main"]);
    repository.write("a.csv", "id,n\n1,4\n").commit("main");
    let merge = run_command(&mut repository.command("git", &["merge", "-q", "other"]));
    assert_ne!(merge.status, Some(0));
    let run = repository.lakegate(&["hook", "--staged"]);
    assert_eq!(run.status, Some(3), "{run:?}");
    assert!(run.out.contains("a.csv: has an unresolved merge conflict"), "{}", run.out);
    repository.write("a.csv", table(1));
    repository.git(&["add", "a.csv"]);
    assert_eq!(repository.lakegate(&["hook", "--staged"]).status, Some(1));
}

#[test]
fn large_staged_files_and_many_are_read_whole() {
    let repository = Repository::new();
    let rows = (0..200_000).fold("id,note\n".to_owned(), |text, row| text + &format!("{row},nothing to see\n"));
    repository.write("large.csv", format!("{rows}1,\"SSN 219-45-3456\"\n"));
    for number in 0..60 {
        repository.write(&format!("many/{number}.csv"), if number == 59 { table(2) } else { CLEAN.to_owned() });
    }
    repository.git(&["add", "-A"]);
    let one = repository.lakegate(&["hook", "--staged", "-j", "1"]);
    assert!(
        one.out.contains("61 files examined, 2 findings") && one.out.contains("large.csv: row 200002"),
        "{}",
        one.out
    );
    let many = repository.lakegate(&["hook", "--staged", "-j", "8"]);
    assert_eq!((one.status, &one.out), (many.status, &many.out));
}

#[test]
fn the_index_that_git_gives_a_hook_counts() {
    let repository = Repository::new();
    repository.write("a.csv", CLEAN).write("b.csv", CLEAN).commit("first");
    let hook = format!("#!/bin/sh\nexec {} hook --staged\n", env!("CARGO_BIN_EXE_lakegate"));
    repository.write(".git/hooks/pre-commit", hook);
    #[cfg(unix)]
    std::fs::set_permissions(
        repository.path().join(".git/hooks/pre-commit"),
        std::os::unix::fs::PermissionsExt::from_mode(0o755),
    )
    .unwrap();
    repository.write("a.csv", table(1)).write("b.csv", "id,n\n1,9\n");
    // `git commit FILE` commits from an index of its own.
    let run = run_command(&mut repository.command("git", &["commit", "-q", "-m", "second", "b.csv"]));
    assert_eq!(run.status, Some(0), "{run:?}");
    assert!(run.err.contains("1 file examined, no findings") || run.out.contains("1 file examined"), "{run:?}");
    let run = run_command(&mut repository.command("git", &["commit", "-q", "-a", "-m", "third"]));
    assert_eq!(run.status, Some(1), "{run:?}");
    assert_eq!(repository.git(&["rev-list", "--count", "HEAD"]).trim(), "2");
}

#[test]
fn a_baseline_accepts_what_is_staged() {
    let repository = Repository::new();
    repository.write("drop/a.csv", table(2)).write("drop/b.csv", table(1));
    repository.lakegate(&["baseline", "write", "drop/a.csv"]);
    repository.git(&["add", "-A"]);
    let run = repository.lakegate(&["hook", "--staged", "--baseline", "lakegate.baseline"]);
    assert_eq!(run.status, Some(1));
    assert!(run.out.contains("  drop/b.csv: row 2") && !run.out.contains("  drop/a.csv:"), "{}", run.out);
    repository.git(&["rm", "-q", "--cached", "drop/b.csv"]);
    let inside = lakegate_in(&repository, "drop", &["hook", "--staged", "--baseline", "../lakegate.baseline"]);
    assert_eq!(inside.status, Some(0), "{inside:?}");
}

fn lakegate_in(repository: &Repository, folder: &str, arguments: &[&str]) -> crate::program::Run {
    run_command(lakegate().current_dir(repository.path().join(folder)).args(arguments))
}

#[test]
fn outside_a_repository_and_without_git_there_is_a_clear_error() {
    let files = Files::new().with("a.csv", CLEAN);
    let mut command = lakegate();
    let run = run_command(
        command.current_dir(files.path()).env("GIT_CEILING_DIRECTORIES", files.path()).args(["hook", "--staged"]),
    );
    assert_eq!((run.status, run.out.as_str()), (Some(2), ""));
    assert!(run.err.contains("not inside the working tree of a git repository"), "{}", run.err);
    let run = run_command(lakegate().current_dir(files.path()).env("PATH", "").args(["hook", "--staged"]));
    assert_eq!(run.status, Some(2));
    assert!(run.err.contains("is git installed"), "{}", run.err);
}
