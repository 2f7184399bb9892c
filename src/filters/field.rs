//! The fields of a finding that criteria may name, by the path of their members.

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Text.
    Text,
    /// A whole number.
    Number,
    /// A point in time; criteria give it in milliseconds since 1970.
    Time,
    /// `true` or `false`.
    Truth,
}

use Kind::{Number, Text, Time, Truth};

/// Sorted by path.
const FIELDS: &[(&str, Kind)] = &[
    ("accountId", Text),
    ("archived", Truth),
    ("category", Text),
    ("classificationDetails.detailedResultsLocation", Text),
    ("classificationDetails.jobArn", Text),
    ("classificationDetails.jobId", Text),
    ("classificationDetails.originType", Text),
    ("classificationDetails.result.additionalOccurrences", Truth),
    ("classificationDetails.result.customDataIdentifiers.detections.arn", Text),
    ("classificationDetails.result.customDataIdentifiers.detections.count", Number),
    ("classificationDetails.result.customDataIdentifiers.detections.name", Text),
    ("classificationDetails.result.customDataIdentifiers.totalCount", Number),
    ("classificationDetails.result.mimeType", Text),
    ("classificationDetails.result.sensitiveData.category", Text),
    ("classificationDetails.result.sensitiveData.detections.count", Number),
    ("classificationDetails.result.sensitiveData.detections.type", Text),
    ("classificationDetails.result.sensitiveData.totalCount", Number),
    ("classificationDetails.result.sizeClassified", Number),
    ("classificationDetails.result.status.code", Text),
    ("classificationDetails.result.status.reason", Text),
    ("count", Number),
    ("createdAt", Time),
    ("description", Text),
    ("id", Text),
    ("partition", Text),
    ("region", Text),
    ("resourcesAffected.s3Bucket.allowsUnencryptedObjectUploads", Text),
    ("resourcesAffected.s3Bucket.arn", Text),
    ("resourcesAffected.s3Bucket.createdAt", Time),
    ("resourcesAffected.s3Bucket.defaultServerSideEncryption.encryptionType", Text),
    ("resourcesAffected.s3Bucket.defaultServerSideEncryption.kmsMasterKeyId", Text),
    ("resourcesAffected.s3Bucket.name", Text),
    ("resourcesAffected.s3Bucket.owner.displayName", Text),
    ("resourcesAffected.s3Bucket.owner.id", Text),
    ("resourcesAffected.s3Bucket.publicAccess.effectivePermission", Text),
    ("resourcesAffected.s3Bucket.tags.key", Text),
    ("resourcesAffected.s3Bucket.tags.value", Text),
    ("resourcesAffected.s3Object.bucketArn", Text),
    ("resourcesAffected.s3Object.eTag", Text),
    ("resourcesAffected.s3Object.extension", Text),
    ("resourcesAffected.s3Object.key", Text),
    ("resourcesAffected.s3Object.lastModified", Time),
    ("resourcesAffected.s3Object.path", Text),
    ("resourcesAffected.s3Object.publicAccess", Truth),
    ("resourcesAffected.s3Object.serverSideEncryption.encryptionType", Text),
    ("resourcesAffected.s3Object.serverSideEncryption.kmsMasterKeyId", Text),
    ("resourcesAffected.s3Object.size", Number),
    ("resourcesAffected.s3Object.storageClass", Text),
    ("resourcesAffected.s3Object.tags.key", Text),
    ("resourcesAffected.s3Object.tags.value", Text),
    ("resourcesAffected.s3Object.versionId", Text),
    ("sample", Truth),
    ("schemaVersion", Text),
    ("severity.description", Text),
    ("severity.score", Number),
    ("title", Text),
    ("type", Text),
    ("updatedAt", Time),
];

/// Members that only findings about policies have, which a scan never makes: no condition on them but a negative one holds.
const POLICY: [&str; 2] = ["policyDetails.", "resourcesAffected.s3Bucket.publicAccess.permissionConfiguration."];

/// Fields for which `eqExactMatch` may be used.
const EXACT: [&str; 8] = [
    "classificationDetails.result.customDataIdentifiers.detections.arn",
    "classificationDetails.result.customDataIdentifiers.detections.name",
    "classificationDetails.result.sensitiveData.category",
    "classificationDetails.result.sensitiveData.detections.type",
    "resourcesAffected.s3Bucket.tags.key",
    "resourcesAffected.s3Bucket.tags.value",
    "resourcesAffected.s3Object.tags.key",
    "resourcesAffected.s3Object.tags.value",
];

/// Members that Macie's pages also name without what is in front of them.
const SHORT: [&str; 2] = ["sensitiveData.", "customDataIdentifiers."];
const PREFIX: &str = "classificationDetails.result.";

/// A field of a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Field {
    /// The members on the way to it, outermost first; lists on the way are gone through.
    pub(super) path: Vec<String>,
    pub(super) kind: Kind,
    /// Whether `eqExactMatch` may be used.
    pub(super) exact: bool,
}

impl Field {
    /// The field of that path, if a finding has it.
    pub(super) fn named(written: &str) -> Option<Self> {
        let is_short = SHORT.iter().any(|short| written.starts_with(short));
        let full = if is_short { format!("{PREFIX}{written}") } else { written.to_owned() };
        let known = FIELDS.binary_search_by(|(path, _)| (*path).cmp(&full)).map(|index| FIELDS[index].1);
        let policy = POLICY.iter().any(|prefix| full.len() > prefix.len() && full.starts_with(prefix));
        let kind = known.ok().or_else(|| policy.then_some(Text))?;
        let exact = EXACT.contains(&full.as_str());
        Some(Self { path: full.split('.').map(str::to_owned).collect(), kind, exact })
    }
}

/// The paths of all fields, for proposals.
pub(super) fn paths() -> impl Iterator<Item = &'static str> {
    FIELDS.iter().map(|(path, _)| *path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_sorted_and_all_are_found() {
        assert!(FIELDS.is_sorted_by_key(|(path, _)| *path));
        assert!(FIELDS.iter().all(|(path, kind)| Field::named(path).is_some_and(|field| field.kind == *kind)));
        assert!(EXACT.iter().all(|path| Field::named(path).is_some_and(|field| field.exact)));
    }

    #[test]
    fn short_paths_stand_for_full_ones() {
        let short = Field::named("sensitiveData.detections.type");
        assert_eq!(short, Field::named("classificationDetails.result.sensitiveData.detections.type"));
        assert!(short.is_some());
        assert_eq!(Field::named("severity"), None);
        assert_eq!(Field::named("policyDetails."), None);
    }
}
