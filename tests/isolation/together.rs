//! Several runs at the same time.

use crate::program::lakegate;
use crate::tree::{Ground, assert_all_good, files, nodes, plain};
use std::path::Path;
use std::process::{Child, Stdio};

fn ground() -> Ground {
    let ground =
        Ground::new((0..150_u32).map(|index| {
            (format!("{}/{index}.csv", index % 4), format!("id,SSN\n{index},219-45-3456\n").into_bytes())
        }));
    let mut scan = lakegate();
    scan.arg("scan").arg(ground.source()).args(["--managed", "USA_SOCIAL_SECURITY_NUMBER", "-q", "-o"]);
    assert!(scan.arg(ground.path().join("findings.json")).status().unwrap().success());
    ground
}

fn isolate(ground: &Ground, to: &Path) -> Child {
    let mut command = lakegate();
    command.arg("isolate").arg("--findings").arg(ground.path().join("findings.json")).args(["--severity", "low"]);
    command
        .arg("--source")
        .arg(ground.source())
        .arg("--to")
        .arg(to)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

fn restore(ground: &Ground) -> Child {
    let mut command = lakegate();
    command
        .arg("restore")
        .arg("--manifest")
        .arg(ground.manifest())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

fn succeed(child: Child) {
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn runs_into_one_folder_wait_for_each_other() {
    let ground = ground();
    let runs: Vec<Child> = (0..4).map(|_| isolate(&ground, &ground.to())).collect();
    runs.into_iter().for_each(succeed);
    ground.assert_isolated(&plain, "after four runs at once");
    let runs: Vec<Child> = (0..4).map(|_| restore(&ground)).collect();
    runs.into_iter().for_each(succeed);
    ground.assert_as_at_the_start("after four runs back at once");
}

#[test]
fn runs_into_two_folders_lose_nothing() {
    let ground = ground();
    let other = ground.path().join("other");
    let runs = [isolate(&ground, &ground.to()), isolate(&ground, &other)];
    // A file that the other run has taken is no success of this one.
    for run in runs {
        run.wait_with_output().unwrap();
    }
    assert_eq!(files(&nodes(&ground.source())).count(), 0);
    let copies = [nodes(&ground.to().join("files")), nodes(&other.join("files"))];
    for (path, content) in files(&ground.start) {
        let is_whole =
            copies.iter().any(|copies| copies.get(path).is_some_and(|copy| copy.content.as_ref() == Some(content)));
        assert!(is_whole, "{} is in neither folder", path.display());
    }
}

#[test]
fn a_way_there_and_a_way_back_at_once_lose_nothing() {
    let ground = ground();
    succeed(isolate(&ground, &ground.to()));
    let runs = [isolate(&ground, &ground.to()), restore(&ground), isolate(&ground, &ground.to())];
    runs.into_iter().for_each(succeed);
    ground.assert_nothing_lost(&plain, "after three runs at once");
    assert_all_good(&ground.restore(), "at the end");
    ground.assert_as_at_the_start("at the end");
}
