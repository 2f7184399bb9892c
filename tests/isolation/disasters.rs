//! Disks that are full, cannot be written, or are another one.

use crate::program::{Files, lakegate, run_command};
use crate::tree::{Ground, Nodes, assert_all_good, files, nodes, plain};
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::process::{Command, Output};

/// Runs a shell script that may mount file systems, which nobody else sees; `None` where that is not allowed.
fn with_mounts(script: &str, variables: &[(&str, &Path)]) -> Option<Output> {
    let ways: [&[&str]; 2] = [&["--mount"], &["--user", "--map-root-user", "--mount"]];
    let may = |way: &&[&str]| {
        let probe = "mount -t tmpfs -o size=64k tmpfs /mnt";
        Command::new("unshare")
            .args(*way)
            .args(["sh", "-c", probe])
            .output()
            .is_ok_and(|output| output.status.success())
    };
    let Some(way) = ways.into_iter().find(may) else {
        eprintln!("SKIPPED: no file system may be mounted here");
        return None;
    };
    let mut command = Command::new("unshare");
    command.args(way).args(["sh", "-c", script]).env("LAKEGATE", env!("CARGO_BIN_EXE_lakegate"));
    command.envs(variables.iter().copied());
    Some(command.output().unwrap())
}

fn rows(count: usize) -> Vec<u8> {
    format!("id,SSN\n{}", "1,219-45-3456\n".repeat(count)).into_bytes()
}

/// Forty files of some kilobytes each, and the findings in them.
fn ground() -> Ground {
    let ground = Ground::new((0..40_usize).map(|index| (format!("{}/{index}.csv", index % 3), rows(500 + index))));
    let mut scan = lakegate();
    scan.arg("scan").arg(ground.source()).args(["--managed", "USA_SOCIAL_SECURITY_NUMBER", "-q", "-o"]);
    assert!(scan.arg(ground.path().join("findings.json")).status().unwrap().success());
    ground
}

/// That every file of the start is whole in the source as it was copied aside or among the copies that were copied aside.
fn assert_whole(ground: &Ground, source: &Nodes, copies: &Nodes, when: &str) {
    for (path, content) in files(&ground.start) {
        let is_there = |nodes: &Nodes| nodes.get(path).is_some_and(|node| node.content.as_ref() == Some(content));
        assert!(is_there(source) || is_there(copies), "{} is nowhere whole, {when}", path.display());
    }
}

#[test]
fn a_full_disk_stops_the_move_and_room_lets_it_go_on() {
    let ground = ground();
    let (kept, disk) = (ground.path().join("kept"), ground.path().join("disk"));
    fs::create_dir(&kept).unwrap();
    fs::create_dir(&disk).unwrap();
    // The first run has room for about a third of the files, the second one for all; then there is no room for the way back.
    let script = r#"
        set -e
        isolate() { "$LAKEGATE" isolate --findings "$GROUND/findings.json" --source "$GROUND/source" --to "$GROUND/disk/isolated"; }
        mount -t tmpfs -o size=128k tmpfs "$GROUND/disk"
        ! isolate
        cp -a "$GROUND/source" "$GROUND/kept/source"
        cp -a "$GROUND/disk/isolated" "$GROUND/kept/isolated"
        mount -o remount,size=64m "$GROUND/disk"
        isolate
        cp -a "$GROUND/source" "$GROUND/kept/source-after"
        "$LAKEGATE" restore --manifest "$GROUND/disk/isolated/manifest.jsonl"
    "#;
    let Some(output) = with_mounts(script, &[("GROUND", ground.path())]) else { return };
    assert!(output.status.success(), "{output:?}");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(errors.contains("failed: writing to") && errors.contains("No space left"), "{errors}");
    let (source, copies) = (nodes(&kept.join("source")), nodes(&kept.join("isolated/files")));
    assert_whole(&ground, &source, &copies, "on the full disk");
    assert!(files(&source).count() > 0, "the disk was never full");
    assert!(!source.keys().any(|path| path.to_string_lossy().contains(".lakegate-")), "{source:?}");
    assert_eq!(files(&nodes(&kept.join("source-after"))).count(), 0);
    ground.assert_as_at_the_start("after the way back");
}

#[test]
fn a_source_without_room_stops_the_way_back_and_room_lets_it_go_on() {
    let ground = Ground::new((0..40_usize).map(|index| (format!("{index}.csv"), rows(500 + index))));
    let kept = ground.path().join("kept");
    fs::create_dir(&kept).unwrap();
    let script = r#"
        set -e
        mkdir "$GROUND/disk"
        mount -t tmpfs -o size=64m tmpfs "$GROUND/disk"
        cp -a "$GROUND/source" "$GROUND/disk/source"
        "$LAKEGATE" scan "$GROUND/disk/source" --managed USA_SOCIAL_SECURITY_NUMBER --isolate-to "$GROUND/isolated" > /dev/null
        mount -o remount,size=128k "$GROUND/disk"
        ! "$LAKEGATE" restore --manifest "$GROUND/isolated/manifest.jsonl"
        cp -a "$GROUND/disk/source" "$GROUND/kept/source"
        cp -a "$GROUND/isolated" "$GROUND/kept/isolated"
        mount -o remount,size=64m "$GROUND/disk"
        "$LAKEGATE" restore --manifest "$GROUND/isolated/manifest.jsonl"
        cp -a "$GROUND/disk/source" "$GROUND/kept/end"
    "#;
    let Some(output) = with_mounts(script, &[("GROUND", ground.path())]) else { return };
    assert!(output.status.success(), "{output:?}");
    let (source, copies) = (nodes(&kept.join("source")), nodes(&kept.join("isolated/files")));
    assert_whole(&ground, &source, &copies, "on the full disk");
    assert!(files(&copies).count() > 0, "the disk was never full");
    assert!(!source.keys().any(|path| path.to_string_lossy().contains(".lakegate-")), "{source:?}");
    assert_eq!(nodes(&kept.join("end")), ground.start);
}

#[test]
fn writes_that_fail_in_the_middle_of_a_file_leave_it_where_it_is() {
    let ground = Ground::new([("large.csv", rows(20_000)), ("small.csv", rows(10))]);
    // Files may have 64 blocks of 512 bytes: more than the small one and the manifest have.
    let script = r#"trap "" XFSZ; ulimit -f 64; exec "$LAKEGATE" "$@""#;
    let limited = |arguments: &[&std::ffi::OsStr]| {
        let mut command = Command::new("sh");
        command.args(["-c", script, "sh"]).args(arguments).env("LAKEGATE", env!("CARGO_BIN_EXE_lakegate"));
        run_command(&mut command)
    };
    let (source, to, manifest) = (ground.source(), ground.to(), ground.manifest());
    let run = limited(&["scan".as_ref(), source.as_ref(), "--isolate-to".as_ref(), to.as_ref()]);
    assert_eq!(run.status, Some(3), "{}", run.err);
    assert!(
        run.err.contains("Isolated 1 of 2 files") && run.err.contains("large.csv: failed: writing to"),
        "{}",
        run.err
    );
    assert_eq!(nodes(&source).keys().collect::<Vec<_>>(), [Path::new("large.csv")]);
    assert_eq!(nodes(&to.join("incoming")).len(), 0);
    ground.assert_nothing_lost(&plain, "with writes that fail");
    assert_all_good(&ground.isolate(), "without the limit");
    let run = limited(&["restore".as_ref(), "--manifest".as_ref(), manifest.as_ref()]);
    assert_eq!(run.status, Some(3), "{}", run.err);
    assert_eq!(nodes(&source).keys().collect::<Vec<_>>(), [Path::new("small.csv")]);
    assert_all_good(&ground.restore(), "without the limit");
    ground.assert_as_at_the_start("without the limit");
}

#[test]
fn a_target_that_cannot_be_written_is_an_error_and_nothing_is_moved() {
    let ground = ground();
    let script = r#"
        mkdir "$GROUND/disk"
        mount -t tmpfs -o size=1m tmpfs "$GROUND/disk"
        mount -o remount,ro "$GROUND/disk"
        exec "$LAKEGATE" isolate --findings "$GROUND/findings.json" --source "$GROUND/source" --to "$GROUND/disk/isolated"
    "#;
    let Some(output) = with_mounts(script, &[("GROUND", ground.path())]) else { return };
    assert_eq!(output.status.code(), Some(2));
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(errors.contains("making the isolation folder") && errors.contains("Read-only file system"), "{errors}");
    assert_eq!(nodes(&ground.source()), ground.start);
}

#[test]
fn a_source_that_cannot_be_written_is_in_both_places_and_told() {
    let ground = ground();
    let script = r#"
        mount --bind "$GROUND/source" "$GROUND/source"
        mount -o remount,bind,ro "$GROUND/source"
        exec "$LAKEGATE" isolate --findings "$GROUND/findings.json" --source "$GROUND/source" --to "$GROUND/isolated"
    "#;
    let Some(output) = with_mounts(script, &[("GROUND", ground.path())]) else { return };
    assert_eq!(output.status.code(), Some(3), "{output:?}");
    assert!(String::from_utf8_lossy(&output.stderr).contains("it is isolated, but still there too"), "{output:?}");
    assert_eq!(nodes(&ground.source()), ground.start);
    assert_eq!(files(&ground.stored()).count(), 40);
    assert_all_good(&ground.isolate(), "once it can be written");
    ground.assert_isolated(&plain, "once it can be written");
    assert_all_good(&ground.restore(), "at the end");
    ground.assert_as_at_the_start("at the end");
}

#[test]
fn another_file_system_is_no_obstacle() {
    let ground = Ground::small();
    let other = Path::new("/dev/shm");
    if !other.metadata().is_ok_and(|other| other.dev() != ground.path().metadata().unwrap().dev()) {
        eprintln!("SKIPPED: /dev/shm is no other file system");
        return;
    }
    let target = tempfile::tempdir_in(other).unwrap();
    std::os::unix::fs::symlink(target.path(), ground.to()).unwrap();
    assert_all_good(&ground.isolate(), "on the way there");
    ground.assert_isolated(&plain, "on the way there");
    assert_all_good(&ground.restore(), "on the way back");
    ground.assert_as_at_the_start("on the way back");
}

#[test]
fn a_scan_isolates_also_a_file_that_was_given_itself_and_one_that_it_could_not_read_to_the_end() {
    let whole = crate::program::compress(&rows(3000));
    let files = Files::new().with("in/cut.csv.gz", &whole[..whole.len() - 9]).with("in/b.csv", rows(2));
    let to = files.file("isolated");
    let run = run_command(lakegate().arg("scan").arg(files.file("in/b.csv")).args(["--isolate-to", &to]));
    assert_eq!(run.status, Some(0), "{}", run.err);
    assert!(!files.path().join("in/b.csv").exists() && files.path().join("isolated/files/b.csv").exists());
    let run = run_command(lakegate().arg("scan").arg(files.file("in")).args(["--isolate-to", &to]));
    assert_eq!(run.status, Some(3), "{}", run.err);
    assert!(files.path().join("isolated/files/cut.csv.gz").exists(), "{}", run.err);
    assert_eq!(nodes(&files.path().join("in")).len(), 0);
}
