//! What people have found out about columns where report and label differ (`explanations.yaml` beside this file).

use anyhow::Context;
use serde::Deserialize;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

/// Which way a difference was judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Judgement {
    /// The column does hold such data; the label is silent or too narrow.
    Holds,
    /// The report is wrong.
    Mistaken,
    /// The column is labelled and rightly not reported.
    Passed,
    /// The column is labelled and ought to be reported.
    Missed,
}

/// One explanation, for some columns of one file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    file: String,
    identifier: String,
    columns: Vec<String>,
    judgement: Judgement,
    because: String,
}

/// Explanations by file, column and identifier.
pub struct Explanations {
    entries: BTreeMap<[String; 3], (Judgement, String)>,
    used: RefCell<BTreeSet<[String; 3]>>,
}

impl Explanations {
    /// Reads the explanations that are kept with this program.
    pub fn load() -> anyhow::Result<Self> {
        let list: Vec<Entry> =
            serde_yaml::from_str(include_str!("explanations.yaml")).context("reading explanations.yaml")?;
        let mut entries = BTreeMap::new();
        for entry in list {
            for column in entry.columns {
                let key = [entry.file.clone(), column, entry.identifier.clone()];
                entries.insert(key, (entry.judgement, entry.because.clone()));
            }
        }
        Ok(Self { entries, used: RefCell::default() })
    }

    /// The judgement on a column's difference, and its reason in one line.
    pub fn get(&self, file: &str, column: &str, identifier: &str) -> Option<(Judgement, &str)> {
        let key = [file.to_string(), column.to_string(), identifier.to_string()];
        let (judgement, because) = self.entries.get(&key)?;
        self.used.borrow_mut().insert(key);
        Some((*judgement, because))
    }

    /// Explanations that nothing asked for: the difference is gone.
    pub fn unused(&self) -> Vec<String> {
        let used = self.used.borrow();
        self.entries.keys().filter(|key| !used.contains(*key)).map(|key| key.join(" / ")).collect()
    }
}
