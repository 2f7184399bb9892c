//! Copies that only the holder of the identity can read.

use crate::tree::{Ground, Lock, assert_all_good, files, plain};
use lakegate::actions::isolate::{Fate, Identities, Recipients};
use std::fs;

#[test]
fn encrypted_copies_come_back_with_the_identity_only() {
    let ground = Ground::small();
    let lock = Lock::new(ground.path());
    assert_all_good(&ground.isolate_with(&lock.recipients, &()).unwrap(), "on the way there");
    ground.assert_isolated(&|content| lock.decrypt(content), "on the way there");
    let other = Lock::new(&ground.to().join("incoming"));
    fs::rename(&other.identity, ground.path().join("other.txt")).unwrap();
    let mut stranger = Identities::default();
    stranger.add_file(&ground.path().join("other.txt")).unwrap();
    for identities in [Identities::default(), stranger] {
        let outcomes = ground.restore_with(&identities, &()).unwrap();
        assert!(
            outcomes.len() == 3 && outcomes.iter().all(|outcome| matches!(outcome.fate, Fate::Failed(_))),
            "{outcomes:?}"
        );
        ground.assert_isolated(&|content| lock.decrypt(content), "without the identity");
    }
    assert_all_good(&ground.restore_with(&lock.identities(), &()).unwrap(), "on the way back");
    ground.assert_as_at_the_start("on the way back");
}

#[test]
fn nothing_of_the_content_is_in_the_folder_not_even_a_digest_that_could_be_searched_for() {
    let ground = Ground::new([("a.csv", b"219-45-3456".to_vec())]);
    let lock = Lock::new(ground.path());
    assert_all_good(&ground.isolate_with(&lock.recipients, &()).unwrap(), "on the way there");
    let (copy, content) =
        files(&ground.stored()).map(|(path, content)| (path.clone(), content.clone())).next().unwrap();
    assert_eq!(copy.to_str(), Some("a.csv.age"));
    assert!(!content.windows(11).any(|bytes| bytes == b"219-45-3456"));
    let manifest = fs::read_to_string(ground.manifest()).unwrap();
    assert!(manifest.contains("ciphertextSha256") && !manifest.contains("contentHmac"), "{manifest}");
}

#[test]
fn a_plain_copy_has_no_bare_digest_in_the_manifest() {
    use sha2::{Digest, Sha256};
    let ground = Ground::new([("a.csv", b"219-45-3456".to_vec())]);
    assert_all_good(&ground.isolate(), "on the way there");
    let bare = format!("{:x}", Sha256::digest(b"219-45-3456"));
    assert!(!fs::read_to_string(ground.manifest()).unwrap().contains(&bare));
    ground.assert_isolated(&plain, "on the way there");
}

#[test]
fn a_secret_key_given_as_recipient_is_refused_without_being_repeated() {
    let folder = tempfile::tempdir().unwrap();
    let lock = Lock::new(folder.path());
    let secret = fs::read_to_string(&lock.identity).unwrap();
    let mut recipients = Recipients::default();
    let error = recipients.add(&secret).unwrap_err().to_string();
    assert!(error.contains("secret key") && !error.contains(&secret), "{error}");
    let error = recipients.add_file(&lock.identity).unwrap_err().to_string();
    assert!(error.contains("identity.txt:1") && !error.contains(&secret), "{error}");
    assert!(recipients.is_empty());
}
