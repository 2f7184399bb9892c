//! The time of a run.

use anyhow::{Context, Result};
use jiff::Timestamp;

/// Now, or what `SOURCE_DATE_EPOCH` says, so that a run can be repeated to the byte.
pub fn now() -> Result<Timestamp> {
    match std::env::var("SOURCE_DATE_EPOCH") {
        Ok(seconds) => seconds
            .parse()
            .ok()
            .and_then(|seconds| Timestamp::from_second(seconds).ok())
            .with_context(|| format!("SOURCE_DATE_EPOCH is {seconds:?}; it must be seconds since 1970")),
        Err(_) => Ok(Timestamp::now()),
    }
}
