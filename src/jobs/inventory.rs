//! The objects that a job knows: those it has analysed, as they were then.

use super::fingerprint::{Digest, Stamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Why a file of known objects cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum InventoryError {
    /// A line that is not one of ours.
    #[error("line {0} is damaged")]
    Line(usize),
    /// The end is missing.
    #[error("the file is cut short")]
    CutShort,
}

/// An object as it was when it was analysed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Known {
    pub(super) stamp: Stamp,
    /// The file had been left alone when the stamp was taken: the same stamp is the same content.
    pub(super) settled: bool,
    /// `None` in a one-time job, which never compares contents.
    pub(super) digest: Option<Digest>,
}

/// Known objects by bucket and key.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Inventory {
    pub(super) objects: BTreeMap<(String, String), Known>,
}

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Line {
    Object { bucket: String, key: String, stamp: Stamp, settled: bool, digest: Option<String> },
    End { objects: usize },
}

impl Inventory {
    /// The text that stores it: one object a line, and the number of objects in the last one.
    pub(super) fn to_text(&self) -> Result<String, serde_json::Error> {
        let mut text = String::new();
        for ((bucket, key), known) in &self.objects {
            let line = Line::Object {
                bucket: bucket.clone(),
                key: key.clone(),
                stamp: known.stamp,
                settled: known.settled,
                digest: known.digest.map(Digest::to_hex),
            };
            text.push_str(&serde_json::to_string(&line)?);
            text.push('\n');
        }
        text.push_str(&serde_json::to_string(&Line::End { objects: self.objects.len() })?);
        text.push('\n');
        Ok(text)
    }

    /// Reads what [`Inventory::to_text`] wrote.
    pub(super) fn from_text(text: &str) -> Result<Self, InventoryError> {
        let mut inventory = Self::default();
        for (number, line) in (1..).zip(text.lines()) {
            match serde_json::from_str(line).map_err(|_| InventoryError::Line(number))? {
                Line::Object { bucket, key, stamp, settled, digest } => {
                    let digest = match digest {
                        Some(text) => Some(Digest::from_hex(&text).ok_or(InventoryError::Line(number))?),
                        None => None,
                    };
                    inventory.objects.insert((bucket, key), Known { stamp, settled, digest });
                }
                Line::End { objects } if objects == inventory.objects.len() => return Ok(inventory),
                Line::End { .. } => break,
            }
        }
        Err(InventoryError::CutShort)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn any_known() -> impl Strategy<Value = Known> {
        (any::<[i64; 3]>(), any::<u64>(), any::<bool>(), proptest::option::of("[0-9a-f]{64}")).prop_map(
            |(times, number, settled, digest)| {
                let stamp = serde_json::json!({
                    "size": number / 3, "modified": times[0], "changed": times[1], "number": number
                });
                Known {
                    stamp: serde_json::from_value(stamp).expect("a stamp"),
                    settled,
                    digest: digest.and_then(|text| Digest::from_hex(&text)),
                }
            },
        )
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn what_is_written_is_read_again_and_a_text_that_is_cut_short_is_refused(
            objects in proptest::collection::btree_map(("[a-z]{3}", "\\PC{0,12}"), any_known(), 0..8),
            cut in any::<prop::sample::Index>(),
        ) {
            let inventory = Inventory { objects };
            let text = inventory.to_text().expect("text");
            prop_assert_eq!(&Inventory::from_text(&text), &Ok(inventory));
            let short: String = text.chars().take(cut.index(text.chars().count() - 1)).collect();
            prop_assert!(Inventory::from_text(&short).is_err());
        }
    }
}
