//! There and back again: everything is as it was.

use crate::tree::{Ground, assert_all_good, files, nodes, plain};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// Names that tests of other programs forget.
const NAMES: [&[u8]; 9] = [
    b"with space.csv",
    b"two\nlines.csv",
    b"\xff\xfe not text.csv",
    b"-dash.csv",
    b".hidden",
    b"~tilde~2",
    "\u{202e}vsc.exe".as_bytes(),
    b"\x1b[2J.csv",
    b"quote\"'\\.csv",
];

#[test]
fn names_of_any_bytes_come_back() {
    let names: Vec<&[u8]> =
        NAMES.into_iter().filter(|name| cfg!(target_os = "linux") || std::str::from_utf8(name).is_ok()).collect();
    let ground = Ground::new(
        names
            .iter()
            .flat_map(|name| {
                let name = OsStr::from_bytes(name);
                [(PathBuf::from(name), b"1".to_vec()), (Path::new("folder of ").join(name).join(name), b"2".to_vec())]
            })
            .filter(|(path, _)| path.components().count() == 1 || path.starts_with("folder of ")),
    );
    assert_all_good(&ground.isolate(), "on the way there");
    ground.assert_isolated(&plain, "on the way there");
    assert_all_good(&ground.restore(), "on the way back");
    ground.assert_as_at_the_start("on the way back");
}

#[test]
fn the_isolation_folder_is_for_its_owner_only() {
    let ground = Ground::small();
    assert_all_good(&ground.isolate(), "at the start");
    let mode = |path: &Path| path.metadata().unwrap().mode() & 0o7777;
    assert_eq!(mode(&ground.to()), 0o700);
    for (path, node) in nodes(&ground.to()) {
        let expected = if node.content.is_some() { 0o600 } else { 0o700 };
        assert_eq!(mode(&ground.to().join(&path)), expected, "{}", path.display());
    }
}

#[test]
fn ten_thousand_files_come_back() {
    let files_of = (0..10_000_u32)
        .map(|index| (format!("{}/{}/{index}.csv", index % 7, index % 31), index.to_string().into_bytes()));
    // In memory where there is some: what counts here is how many there are.
    let memory = Path::new("/dev/shm");
    let folder = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
    let ground = Ground::on(folder.unwrap(), files_of);
    assert_all_good(&ground.isolate(), "on the way there");
    assert_eq!(files(&nodes(&ground.source())).count(), 0);
    assert_eq!(files(&ground.stored()).count(), 10_000);
    assert_all_good(&ground.isolate(), "the second time");
    assert_all_good(&ground.restore(), "on the way back");
    ground.assert_as_at_the_start("on the way back");
}

/// Trees of files with any names and content.
fn tree() -> impl Strategy<Value = BTreeMap<PathBuf, Vec<u8>>> {
    let byte = prop_oneof![4 => b'a'..=b'c', 1 => prop::sample::select(vec![b' ', b'\n', b'~', b'2', 0xff_u8])];
    let name = prop::collection::vec(byte, 1..4).prop_map(|bytes| PathBuf::from(OsStr::from_bytes(&bytes)));
    let path = prop::collection::vec(name, 1..4).prop_map(|names| names.iter().collect::<PathBuf>());
    prop::collection::btree_map(path, prop::collection::vec(any::<u8>(), 0..50), 1..12).prop_map(|files| {
        // A path below another one would make a folder of a file.
        let is_file = |path: &Path| !files.keys().any(|other| other != path && other.starts_with(path));
        files.iter().filter(|(path, _)| is_file(path)).map(|(path, content)| (path.clone(), content.clone())).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    #[cfg(target_os = "linux")]
    fn any_tree_comes_back(tree in tree()) {
        let ground = Ground::new(tree);
        assert_all_good(&ground.isolate(), "on the way there");
        ground.assert_isolated(&plain, "on the way there");
        assert_all_good(&ground.restore(), "on the way back");
        ground.assert_as_at_the_start("on the way back");
    }
}
