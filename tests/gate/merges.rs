//! Baselines of two branches merge by line.

use crate::repository::{Repository, table};

/// A repository with a baseline of two files far apart, and two branches that each add one.
fn branches(attributes: &str, left: &str, right: &str) -> Repository {
    let repository = Repository::new();
    repository.write("drop/a.csv", table(1)).write("drop/m.csv", table(1)).write("drop/z.csv", table(1));
    repository.write(".gitattributes", attributes);
    assert_eq!(repository.lakegate(&["baseline", "write", "drop"]).status, Some(0));
    repository.commit("base");
    for (branch, file) in [("left", left), ("right", right)] {
        repository.git(&["checkout", "-q", "-b", branch, "main"]);
        repository.write(file, table(4));
        assert_eq!(repository.lakegate(&["baseline", "update", "--accept-new", "drop"]).status, Some(0));
        repository.commit(branch);
    }
    repository
}

fn check(repository: &Repository) {
    let check = repository.lakegate(&["baseline", "check", "drop"]);
    assert_eq!(check.status, Some(0), "{check:?}\n{}", repository.read("lakegate.baseline"));
}

#[test]
fn entries_at_different_places_merge_without_help() {
    let repository = branches("", "drop/b.csv", "drop/y.csv");
    repository.git(&["merge", "-q", "left", "-m", "merge"]);
    check(&repository);
    let text = repository.read("lakegate.baseline");
    let mut sorted: Vec<&str> = text.lines().collect();
    sorted.sort_unstable();
    assert_eq!(text.lines().collect::<Vec<_>>(), sorted);
    assert_eq!(sorted.len(), 6);
}

#[test]
fn neighbours_and_the_same_entry_merge_with_the_union_of_lines() {
    for (left, right) in [("drop/b.csv", "drop/c.csv"), ("drop/m.csv", "drop/m.csv"), ("drop/a.csv", "drop/b.csv")] {
        let repository = branches("*.baseline merge=union\n", left, right);
        repository.git(&["merge", "-q", "left", "-m", "merge"]);
        check(&repository);
        // What the merge left twice or out of order is put right when it is next written.
        assert_eq!(repository.lakegate(&["baseline", "update", "drop"]).status, Some(0));
        check(&repository);
        let text = repository.read("lakegate.baseline");
        let mut sorted: Vec<&str> = text.lines().collect();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(text.lines().collect::<Vec<_>>(), sorted, "{left} {right}");
    }
}

#[test]
fn a_conflict_that_git_leaves_is_told_with_its_line() {
    let repository = branches("", "drop/b.csv", "drop/c.csv");
    let merge = crate::program::run_command(&mut repository.command("git", &["merge", "-q", "left", "-m", "merge"]));
    assert_ne!(merge.status, Some(0));
    let run = repository.lakegate(&["scan", "drop", "--baseline", "lakegate.baseline"]);
    assert_eq!(run.status, Some(2));
    assert!(run.err.contains("line 3: a mark of a merge conflict: keep the lines of both sides"), "{}", run.err);
}
