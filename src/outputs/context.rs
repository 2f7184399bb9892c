//! What all outputs of one run have in common.

use crate::model::ObjectInfo;
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;

/// The run that findings name: where the objects would be in AWS, and when they were scanned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunContext {
    /// Twelve-digit AWS account.
    pub account_id: String,
    /// AWS Region, such as `us-east-1`.
    pub region: String,
    /// Name of the bucket that the objects are in, or would be (see [`super::bucket_name`]).
    pub bucket: String,
    /// When the scan took place: the time of every finding.
    pub created_at: Timestamp,
    /// 32 lower-case hexadecimal digits (see [`RunContext::job_id`]).
    pub job_id: String,
}

impl RunContext {
    /// The account of a scan that names none: AWS's documentation uses this number in examples, so it is nobody's.
    pub const ACCOUNT: &'static str = "111122223333";
    /// The Region of a scan that names none.
    pub const REGION: &'static str = "us-east-1";

    /// The id of the job that runs with `settings` (any text that is the same for the same settings) from `start` on.
    pub fn job_id(settings: &str, start: Timestamp) -> String {
        hex_id("job", [settings, &start.to_string()])
    }

    /// The partition that the Region belongs to: `aws`, `aws-cn` or `aws-us-gov`.
    pub fn partition(&self) -> &'static str {
        partition_of(&self.region)
    }

    /// Name of the bucket that the object is in.
    pub(super) fn bucket_of<'a>(&'a self, object: &'a ObjectInfo) -> &'a str {
        object.bucket.as_ref().map_or(&self.bucket, |bucket| &bucket.name)
    }

    /// The account that owns the object.
    pub(super) fn account_of<'a>(&'a self, object: &'a ObjectInfo) -> &'a str {
        object.bucket.as_ref().map_or(&self.account_id, |bucket| &bucket.account_id)
    }

    pub(super) fn bucket_arn(&self, object: &ObjectInfo) -> String {
        format!("arn:{}:s3:::{}", self.partition(), self.bucket_of(object))
    }

    pub(super) fn job_arn(&self) -> String {
        format!(
            "arn:{}:macie2:{}:{}:classification-job/{}",
            self.partition(),
            self.region,
            self.account_id,
            self.job_id
        )
    }
}

/// The partition that a Region belongs to: `aws`, `aws-cn` or `aws-us-gov`.
pub fn partition_of(region: &str) -> &'static str {
    if region.starts_with("cn-") {
        "aws-cn"
    } else if region.starts_with("us-gov-") {
        "aws-us-gov"
    } else {
        "aws"
    }
}

/// What an id derives from: parts of text, of which also counts where one ends and the next begins.
#[derive(Debug, Default)]
pub(super) struct IdParts(Vec<u8>);

impl IdParts {
    /// Adds a part that is made of pieces without anything between them.
    pub(super) fn add(&mut self, pieces: &[IdPiece<'_>]) {
        let start = self.0.len();
        self.0.extend_from_slice(&[0; LENGTH]);
        for piece in pieces {
            match piece {
                IdPiece::Text(text) => self.0.extend_from_slice(text.as_bytes()),
                IdPiece::Number(number) => {
                    self.0.extend_from_slice(itoa::Buffer::new().format(*number).as_bytes());
                }
            }
        }
        let length = self.0.len() - start - LENGTH;
        self.0[start..start + LENGTH].copy_from_slice(&(length as u64).to_le_bytes());
    }

    /// 32 lower-case hexadecimal digits. `kind` keeps ids of different things apart.
    pub(super) fn hex_id(&self, kind: &str) -> String {
        let mut hash = Sha256::new();
        hash.update((kind.len() as u64).to_le_bytes());
        hash.update(kind);
        hash.update(&self.0);
        hash.finalize()[..16].iter().fold(String::with_capacity(32), |mut id, byte| {
            // Writing to a string cannot fail.
            let _ = write!(id, "{byte:02x}");
            id
        })
    }
}

/// A piece of a part of an id.
#[derive(Debug, Clone, Copy)]
pub(super) enum IdPiece<'a> {
    /// Text as it is.
    Text(&'a str),
    /// Decimal digits.
    Number(u64),
}

/// The id that derives from these parts (see [`IdParts::hex_id`]).
pub(super) fn hex_id<'a>(kind: &str, parts: impl IntoIterator<Item = &'a str>) -> String {
    let mut all = IdParts::default();
    parts.into_iter().for_each(|part| all.add(&[IdPiece::Text(part)]));
    all.hex_id(kind)
}

/// Bytes that say how long a part is.
const LENGTH: usize = 8;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_id_is_32_hex_digits_and_depends_on_settings_and_start() {
        let start = Timestamp::from_second(1_735_787_045).unwrap();
        let id = RunContext::job_id("managed=all", start);
        assert_eq!(id.len(), 32);
        assert!(id.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')), "{id}");
        assert_eq!(id, RunContext::job_id("managed=all", start));
        assert_ne!(id, RunContext::job_id("managed=none", start));
        assert_ne!(id, RunContext::job_id("managed=all", Timestamp::from_second(1_735_787_046).unwrap()));
    }

    #[test]
    fn parts_of_an_id_do_not_run_into_each_other() {
        assert_ne!(hex_id("x", ["ab", "c"]), hex_id("x", ["a", "bc"]));
        assert_ne!(hex_id("x", ["a"]), hex_id("y", ["a"]));
    }

    #[test]
    fn arns_carry_the_partition_of_the_region() {
        let of = |region: &str| {
            RunContext {
                account_id: RunContext::ACCOUNT.into(),
                region: region.into(),
                bucket: "drop".into(),
                created_at: Timestamp::UNIX_EPOCH,
                job_id: "0".repeat(32),
            }
            .bucket_arn(&ObjectInfo::default())
        };
        assert_eq!(of("eu-central-1"), "arn:aws:s3:::drop");
        assert_eq!(of("cn-north-1"), "arn:aws-cn:s3:::drop");
        assert_eq!(of("us-gov-west-1"), "arn:aws-us-gov:s3:::drop");
    }
}
