//! The action log: one JSON line for everything that was done.

use super::route::Delivery;
use jiff::Timestamp;
use serde::Serialize;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

/// A log that lines are added to.
#[derive(Debug)]
pub struct ActionLog(File);

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Line<'a> {
    time: String,
    rule: &'a str,
    target: &'a str,
    action: String,
    event_id: &'a str,
    finding_id: &'a str,
    severity: &'a str,
    bucket: &'a str,
    key: &'a str,
    done: bool,
    outcome: &'a str,
}

impl ActionLog {
    /// Opens the log, which is made if it is missing.
    pub fn open(path: &Path) -> io::Result<Self> {
        OpenOptions::new().create(true).append(true).open(path).map(Self)
    }

    /// Adds what came of a delivery: whether it is done, and a sentence. The line is written in one go, so that runs at the same
    /// time do not mix theirs. It holds names and numbers of the finding, and no text that was matched.
    pub fn add(&mut self, at: Timestamp, delivery: &Delivery<'_>, done: bool, outcome: &str) -> io::Result<()> {
        let Delivery { announced, rule, target, action, .. } = delivery;
        let line = Line {
            time: at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
            rule: &rule.name,
            target: target.address.name(),
            action: action.to_string(),
            event_id: announced.event["id"].as_str().unwrap_or_default(),
            finding_id: announced.text("/id"),
            severity: announced.severity(),
            bucket: announced.bucket(),
            key: announced.key(),
            done,
            outcome,
        };
        let mut text = serde_json::to_vec(&line)?;
        text.push(b'\n');
        self.0.write_all(&text)
    }
}
