//! Runs that end at a step: a process of their own is aborted there.

use crate::tree::{Ground, Lock, assert_all_good, plain, settings};
use jiff::Timestamp;
use lakegate::actions::isolate::{Identities, Recipients, RestoreSettings, Step, Witness, isolate, restore};
use serde_json::{Value, json};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Where the play says what it is to do; without it, it does nothing.
const PLAY: &str = "LAKEGATE_TEST_PLAY";

/// Ends the process, without any tidying up, when a step is reached for the n-th time.
struct AbortAt {
    step: String,
    left: AtomicUsize,
}

impl Witness for AbortAt {
    fn reached(&self, step: Step, _: &str) {
        if format!("{step:?}") == self.step && self.left.fetch_sub(1, Ordering::SeqCst) == 1 {
            std::process::abort();
        }
    }
}

/// Not a test of its own: the others run it in a process that ends in the middle.
#[test]
#[ignore = "the tests of this file run it"]
fn play() {
    let Ok(play) = std::env::var(PLAY) else { return };
    let play: Value = serde_json::from_str(&play).unwrap();
    let text = |name: &str| play[name].as_str().unwrap().to_owned();
    let time = usize::try_from(play["time"].as_u64().unwrap()).unwrap();
    let witness = AbortAt { step: text("step"), left: AtomicUsize::new(time) };
    let lock = play["identity"].as_str().map(|path| Lock::read(Path::new(path)));
    let to = PathBuf::from(text("to"));
    if play["restore"] == true {
        let identities = lock.map_or_else(Identities::default, |lock| lock.identities());
        let settings = RestoreSettings { identities: &identities, at: Timestamp::UNIX_EPOCH, witness: &witness };
        restore(&to.join("manifest.jsonl"), &[], &settings).unwrap();
    } else {
        let recipients = lock.map_or_else(Recipients::default, |lock| lock.recipients);
        let requests: Vec<_> = play["requests"].as_array().unwrap().iter().map(crate::interrupted::request).collect();
        isolate(&to, &requests, &settings(&recipients, &witness)).unwrap();
    }
}

fn request(value: &Value) -> lakegate::actions::isolate::Request {
    lakegate::actions::isolate::Request {
        key: value["key"].as_str().unwrap().to_owned(),
        root: value["root"].as_str().unwrap().into(),
        path: value["key"].as_str().unwrap().into(),
        scanned: lakegate::actions::isolate::Scanned {
            size: value["size"].as_u64().unwrap(),
            modified: value["modified"].as_i64(),
            fingerprint: None,
        },
        finding: None,
    }
}

/// Runs a move or a way back until a step is reached for the n-th time; says whether it was.
fn play_until(ground: &Ground, lock: Option<&Lock>, restoring: bool, step: Step, time: usize) -> bool {
    let requests: Vec<Value> = ground
        .requests()
        .iter()
        .map(|request| json!({"key": request.key, "root": request.root, "size": request.scanned.size, "modified": request.scanned.modified}))
        .collect();
    let play = json!({
        "step": format!("{step:?}"), "time": time, "restore": restoring, "to": ground.to(),
        "identity": lock.map(|lock| &lock.identity), "requests": requests,
    });
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "interrupted::play"])
        .env(PLAY, play.to_string())
        .output()
        .unwrap();
    let was_aborted = std::os::unix::process::ExitStatusExt::signal(&output.status).is_some();
    assert!(was_aborted || output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    was_aborted
}

/// What all tests here do: interrupt, look, finish, look, restore (or isolate first), compare with the start.
fn interrupt_and_finish(encrypting: bool, restoring: bool, interruptions: &[(Step, usize)]) {
    let ground = Ground::small();
    let lock = encrypting.then(|| Lock::new(ground.path()));
    let decrypt = |content: &[u8]| lock.as_ref().map_or_else(|| plain(content), |lock| lock.decrypt(content));
    let recipients = lock.as_ref().map(|lock| lock.recipients.clone()).unwrap_or_default();
    let identities = lock.as_ref().map(Lock::identities).unwrap_or_default();
    if restoring {
        assert_all_good(&ground.isolate_with(&recipients, &()).unwrap(), "at the start");
    }
    let mut when = String::from("interrupted at");
    for (index, (step, time)) in interruptions.iter().enumerate() {
        write!(when, " {step:?} ({time})").unwrap();
        let was_aborted = play_until(&ground, lock.as_ref(), restoring, *step, *time);
        // A second run may have nothing left to do that comes through the step.
        assert!(was_aborted || index > 0, "never {when}");
        ground.assert_nothing_lost(&decrypt, &when);
    }
    if !restoring {
        assert_all_good(&ground.isolate_with(&recipients, &()).unwrap(), &when);
        ground.assert_isolated(&decrypt, &when);
    }
    assert_all_good(&ground.restore_with(&identities, &()).unwrap(), &when);
    ground.assert_as_at_the_start(&when);
}

/// Every step, for the first, the second and the last of three files.
fn at_every_step(encrypting: bool, restoring: bool) {
    for step in if restoring { &Step::RESTORE[..] } else { &Step::ISOLATE } {
        for time in 1..=3 {
            interrupt_and_finish(encrypting, restoring, &[(*step, time)]);
        }
    }
}

#[test]
fn a_move_that_ends_at_any_step_is_finished_by_the_next_run() {
    at_every_step(false, false);
}

#[test]
fn an_encrypted_move_that_ends_at_any_step_is_finished_by_the_next_run() {
    at_every_step(true, false);
}

#[test]
fn a_way_back_that_ends_at_any_step_is_finished_by_the_next_run() {
    at_every_step(false, true);
}

#[test]
fn an_encrypted_way_back_that_ends_at_any_step_is_finished_by_the_next_run() {
    at_every_step(true, true);
}

#[test]
fn a_move_may_be_interrupted_again_while_it_is_being_finished() {
    for first in Step::ISOLATE {
        for second in Step::ISOLATE {
            interrupt_and_finish(false, false, &[(first, 2), (second, 1)]);
        }
    }
}

#[test]
fn a_way_back_may_be_interrupted_again_while_it_is_being_finished() {
    for first in Step::RESTORE {
        for second in Step::RESTORE {
            interrupt_and_finish(false, true, &[(first, 2), (second, 1)]);
        }
    }
}

#[test]
fn files_can_be_restored_from_a_move_that_was_never_finished() {
    for step in Step::ISOLATE {
        let ground = Ground::small();
        assert!(play_until(&ground, None, false, step, 2));
        assert_all_good(&ground.restore(), &format!("interrupted at {step:?}"));
        ground.assert_as_at_the_start(&format!("interrupted at {step:?}"));
    }
}
