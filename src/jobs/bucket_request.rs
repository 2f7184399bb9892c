//! Reads which buckets a job analyses from its request.

use super::bucket::{BucketProperty, BucketSelection, BucketTerm, NamedBucket};
use super::request::{choice, values};
use super::scope_request::{conditions, equality, tag_comparator};
use crate::identifiers::custom_request::Reader;
use crate::identifiers::located::Node;

/// Buckets of a job.
const MOST_BUCKETS: usize = 1000;
const KEYS: [&str; 4] = ["ACCOUNT_ID", "S3_BUCKET_NAME", "S3_BUCKET_EFFECTIVE_PERMISSION", "S3_BUCKET_SHARED_ACCESS"];
const PERMISSIONS: [&str; 3] = ["PUBLIC", "NOT_PUBLIC", "UNKNOWN"];
const SHARED: [&str; 4] = ["EXTERNAL", "INTERNAL", "NOT_SHARED", "UNKNOWN"];

/// The `bucketDefinitions` of a job.
pub(super) fn definitions(reader: &mut Reader, node: &Node) -> Option<BucketSelection> {
    let before = reader.problems.len();
    let what = "a bucket definition";
    let mut named: Vec<NamedBucket> = Vec::new();
    for item in reader.list(node, "bucketDefinitions") {
        if reader.members(item, what, &["accountId", "buckets"]).is_none() {
            continue;
        }
        let account_id = reader.required(item, what, "accountId").and_then(|node| account(reader, node));
        let Some(buckets) = reader.required(item, what, "buckets") else { continue };
        for bucket in reader.list(buckets, "buckets") {
            let Some(name) = reader.text(bucket, "the name of a bucket") else { continue };
            if let Some(first) = named.iter().find(|known| known.name == name) {
                reader.problem(bucket.at, format!("bucket {name:?} was already named at line {}", first.at.line));
            }
            named.push(NamedBucket { name, account_id: account_id.clone().unwrap_or_default(), at: bucket.at });
        }
    }
    if reader.problems.len() == before && !(1..=MOST_BUCKETS).contains(&named.len()) {
        reader.problem(node.at, format!("the job names {} buckets; it names 1 to {MOST_BUCKETS}", named.len()));
    }
    (reader.problems.len() == before).then_some(BucketSelection::Definitions(named))
}

/// The `bucketCriteria` of a job.
pub(super) fn criteria(reader: &mut Reader, node: &Node) -> Option<BucketSelection> {
    reader.members(node, "bucketCriteria", &["includes", "excludes"])?;
    let [includes, excludes] = ["includes", "excludes"].map(|name| match node.get(name) {
        Some(block) => conditions(reader, block, name, ["simpleCriterion", "tagCriterion"], |reader, node, is_tag| {
            if is_tag { tag_term(reader, node) } else { simple_term(reader, node) }
        }),
        None => Some(Vec::new()),
    });
    Some(BucketSelection::Criteria { includes: includes?, excludes: excludes? })
}

fn simple_term(reader: &mut Reader, node: &Node) -> Option<BucketTerm> {
    let what = "a simpleCriterion";
    reader.members(node, what, &["key", "comparator", "values"])?;
    let key = reader.required(node, what, "key").and_then(|node| choice(reader, node, "the key", &KEYS));
    let listed = reader.required(node, what, "values");
    let comparator =
        reader.required(node, what, "comparator").and_then(|node| equality(reader, node, key.unwrap_or("it")));
    let before = reader.problems.len();
    let known: Option<&'static [&'static str]> = match key? {
        "S3_BUCKET_EFFECTIVE_PERMISSION" => Some(&PERMISSIONS),
        "S3_BUCKET_SHARED_ACCESS" => Some(&SHARED),
        _ => None,
    };
    let values = values(reader, listed?, "a value");
    if let (Some(known), Some(unknown)) =
        (known, values.iter().find(|value| known.is_some_and(|known| !known.contains(&value.as_str()))))
    {
        reader.problem(listed?.at, format!("{unknown:?} is none of {}", known.join(", ")));
    }
    let property = match key? {
        "ACCOUNT_ID" => BucketProperty::Account,
        "S3_BUCKET_NAME" => BucketProperty::Name,
        _ => BucketProperty::Access,
    };
    let negated = comparator? == "NE";
    (reader.problems.len() == before).then_some(BucketTerm { property, negated, values })
}

fn tag_term(reader: &mut Reader, node: &Node) -> Option<BucketTerm> {
    let what = "a tagCriterion";
    reader.members(node, what, &["comparator", "tagValues"])?;
    let negated = tag_comparator(reader, node, what)? == "NE";
    Some(BucketTerm { property: BucketProperty::Tag, negated, values: Vec::new() })
}

fn account(reader: &mut Reader, node: &Node) -> Option<String> {
    let text = reader.text(node, "accountId")?;
    let good = text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
    let rule = if good { Ok(()) } else { Err(format!("{text:?} is no account; an AWS account id has twelve digits")) };
    reader.rule(node.at, text, rule)
}
