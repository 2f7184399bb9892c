//! What is never done: following links, leaving the source, overwriting, guessing at a damaged manifest.

use crate::tree::{Ground, assert_all_good, fate, files, nodes, plain, settings};
use lakegate::actions::isolate::{Fate, IsolationError, Recipients, Request, Scanned, check_apart, isolate};
use std::fs;
use std::io::Write;
use std::os::unix::fs::symlink;

/// A request for a file as it is now.
fn request(ground: &Ground, path: &str) -> Request {
    let metadata = fs::metadata(ground.source().join(path)).unwrap();
    let modified = std::os::unix::fs::MetadataExt::mtime(&metadata);
    Request {
        key: path.to_owned(),
        root: ground.source(),
        path: path.into(),
        scanned: Scanned { size: metadata.len(), modified: Some(modified), fingerprint: None },
        finding: None,
    }
}

#[test]
fn links_and_paths_that_lead_outside_are_refused() {
    let ground = Ground::small();
    fs::create_dir(ground.path().join("outside")).unwrap();
    fs::write(ground.path().join("outside/secret.csv"), "x").unwrap();
    symlink("a.csv", ground.source().join("link.csv")).unwrap();
    symlink("../outside", ground.source().join("out")).unwrap();
    symlink("sub", ground.source().join("in")).unwrap();
    let absolute = ground.path().join("outside/secret.csv").to_str().unwrap().to_owned();
    let paths =
        ["link.csv", "out/secret.csv", "in/b c.csv", "../outside/secret.csv", "sub/../a.csv", absolute.as_str()];
    let requests: Vec<Request> = paths.iter().map(|path| request(&ground, path)).collect();
    let before = nodes(&ground.source());
    let outcomes = isolate(&ground.to(), &requests, &settings(&Recipients::default(), &())).unwrap();
    for path in paths {
        assert!(matches!(fate(&outcomes, path), Fate::Refused(_)), "{path}: {outcomes:?}");
    }
    assert_eq!(nodes(&ground.source()), before);
    assert!(ground.path().join("outside/secret.csv").exists());
}

#[test]
fn folders_and_pipes_are_no_files_to_isolate() {
    let ground = Ground::small();
    let pipe = ground.source().join("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let requests = [request(&ground, "sub"), request(&ground, "pipe")];
    let outcomes = isolate(&ground.to(), &requests, &settings(&Recipients::default(), &())).unwrap();
    assert!(outcomes.iter().all(|outcome| !outcome.fate.is_good()), "{outcomes:?}");
    assert!(pipe.exists() && ground.source().join("sub").is_dir());
}

#[test]
fn a_folder_of_the_source_that_becomes_a_link_is_not_followed_on_the_way_back() {
    let ground = Ground::small();
    assert_all_good(&ground.isolate(), "at the start");
    fs::remove_dir_all(ground.source().join("sub")).unwrap();
    fs::create_dir(ground.path().join("outside")).unwrap();
    symlink("../outside", ground.source().join("sub")).unwrap();
    let outcomes = ground.restore();
    assert!(matches!(fate(&outcomes, "sub/b c.csv"), Fate::Refused(_)), "{outcomes:?}");
    assert_eq!(nodes(&ground.path().join("outside")).len(), 0);
    fs::remove_file(ground.source().join("sub")).unwrap();
    assert_all_good(&ground.restore(), "without the link");
    assert_eq!(files(&nodes(&ground.source())).count(), 3);
}

#[test]
fn a_name_that_is_taken_is_never_overwritten_in_either_place() {
    let ground = Ground::new([("a.csv", b"first".to_vec())]);
    let file = ground.source().join("a.csv");
    assert_all_good(&ground.isolate(), "the first time");
    fs::write(&file, "second").unwrap();
    let nobody = Recipients::default();
    let again = isolate(&ground.to(), &[request(&ground, "a.csv")], &settings(&nobody, &()));
    assert_all_good(&again.unwrap(), "the second time");
    let stored: Vec<Vec<u8>> = files(&ground.stored()).map(|(_, content)| content.clone()).collect();
    assert_eq!(stored, [b"first".to_vec(), b"second".to_vec()]);
    // The last one is what the file was at the end; the first one has no place to go to.
    let outcomes = ground.restore();
    assert_eq!(fs::read(&file).unwrap(), b"second");
    assert_eq!(outcomes.iter().filter(|outcome| outcome.fate.is_good()).count(), 1, "{outcomes:?}");
    fs::rename(&file, ground.source().join("kept.csv")).unwrap();
    assert_all_good(&ground.restore(), "once the name is free");
    assert_eq!(fs::read(&file).unwrap(), b"first");
}

#[test]
fn a_folder_with_other_files_is_not_taken_as_isolation_folder() {
    let ground = Ground::small();
    fs::create_dir(ground.to()).unwrap();
    fs::write(ground.to().join("a.csv"), "somebody's").unwrap();
    let error = ground.isolate_with(&Recipients::default(), &()).unwrap_err();
    assert!(matches!(error, IsolationError::NotEmpty(_)), "{error}");
    assert_eq!(nodes(&ground.to()).len(), 1);
    assert_eq!(nodes(&ground.source()), ground.start);
}

#[test]
fn folders_that_lie_in_each_other_are_refused_also_through_links() {
    let ground = Ground::small();
    symlink(ground.source(), ground.path().join("alias")).unwrap();
    let nested =
        [ground.source(), ground.source().join("x/y"), ground.path().join("alias/x"), ground.path().to_owned()];
    for to in nested {
        assert!(matches!(check_apart(&to, &ground.source()), Err(IsolationError::Nested(..))), "{}", to.display());
    }
    check_apart(&ground.to(), &ground.source()).unwrap();
    check_apart(&ground.path().join("source-isolated"), &ground.source()).unwrap();
}

#[test]
fn a_line_that_was_being_written_is_dropped_and_a_damaged_one_stops_everything() {
    let ground = Ground::small();
    assert_all_good(&ground.isolate(), "at the start");
    let whole = fs::read(ground.manifest()).unwrap();
    let mut torn = fs::File::options().append(true).open(ground.manifest()).unwrap();
    torn.write_all(b"{\"id\":1,\"state\":\"clo").unwrap();
    assert_all_good(&ground.isolate(), "after a torn line");
    assert_eq!(fs::read(ground.manifest()).unwrap(), whole);

    let mut damaged = whole.clone();
    let second = damaged.iter().position(|byte| *byte == b'\n').unwrap() + 1;
    damaged[second + 3] = b'#';
    fs::write(ground.manifest(), &damaged).unwrap();
    let error = ground.restore_with(&lakegate::actions::isolate::Identities::default(), &()).unwrap_err();
    assert!(error.to_string().contains("manifest.jsonl, line 2: "), "{error}");
    assert_eq!(fs::read(ground.manifest()).unwrap(), damaged, "it is left for whoever mends it");
    fs::write(ground.manifest(), whole).unwrap();
    assert_all_good(&ground.restore(), "after it was mended");
    ground.assert_as_at_the_start("after it was mended");
}

#[test]
fn a_manifest_cannot_make_restore_write_outside_of_the_folder_that_it_names() {
    let ground = Ground::new([("a.csv", b"x".to_vec())]);
    assert_all_good(&ground.isolate(), "at the start");
    let manifest = fs::read_to_string(ground.manifest()).unwrap();
    for path in ["../a.csv", "/tmp/lakegate-test-a.csv"] {
        fs::write(ground.manifest(), manifest.replace("\"path\":\"a.csv\"", &format!("\"path\":\"{path}\""))).unwrap();
        let outcomes = ground.restore();
        assert!(matches!(outcomes[0].fate, Fate::Refused(_)), "{outcomes:?}");
    }
    assert!(!ground.path().join("a.csv").exists());
    fs::write(ground.manifest(), &manifest).unwrap();
    assert_all_good(&ground.restore(), "with its own path");
}

#[test]
fn a_copy_that_was_tampered_with_is_not_put_back() {
    let ground = Ground::new([("a.csv", b"true".to_vec())]);
    assert_all_good(&ground.isolate(), "at the start");
    let copy = ground.to().join("files/a.csv");
    fs::write(&copy, "fake").unwrap();
    let outcomes = ground.restore();
    assert!(matches!(fate(&outcomes, "a.csv"), Fate::Failed(_)), "{outcomes:?}");
    assert_eq!(files(&nodes(&ground.source())).count(), 0);
    assert_eq!(fs::read(&copy).unwrap(), b"fake");
    fs::write(&copy, "true").unwrap();
    assert_all_good(&ground.restore(), "with its own content");
    ground.assert_as_at_the_start("with its own content");
    ground.assert_nothing_lost(&plain, "at the end");
}
