//! Reads the request of a job: the body of Macie's `CreateClassificationJob`, in JSON or YAML.

use super::bucket::BucketSelection;
use super::bucket_request;
use super::document::json;
use super::schedule::Schedule;
use super::scope::Scope;
use super::scope_request::scope;
use super::spec::{JobSpec, JobType};
use crate::identifiers::builtin;
use crate::identifiers::custom_limits::length;
use crate::identifiers::custom_request::{Reader, Style};
use crate::identifiers::definition_file::{documents, read};
use crate::identifiers::located::{Node, Value};
use crate::identifiers::problem::{LoadErrors, Place, Problem};
use crate::identifiers::spelling::nearest;
use crate::scan::ManagedSelection;
use jiff::civil::Weekday;
use std::path::Path;

const MEMBERS: [&str; 13] = [
    "name",
    "jobType",
    "s3JobDefinition",
    "clientToken",
    "description",
    "initialRun",
    "scheduleFrequency",
    "samplingPercentage",
    "managedDataIdentifierSelector",
    "managedDataIdentifierIds",
    "customDataIdentifierIds",
    "allowListIds",
    "tags",
];
const SELECTORS: [&str; 5] = ["ALL", "EXCLUDE", "INCLUDE", "NONE", "RECOMMENDED"];
const WEEKDAYS: [&str; 7] = ["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"];
const MOST_CUSTOM: usize = 30;
const MOST_ALLOW_LISTS: usize = 10;
const WHAT: &str = "a job";

/// Loads the request of a job. An error holds all problems, with their places.
pub fn load(file: &Path) -> Result<JobSpec, LoadErrors> {
    let refused =
        |place, message: &str| LoadErrors::of(Problem { file: file.to_path_buf(), place, message: message.to_owned() });
    let documents = read(file).and_then(|text| documents(file, &text)).map_err(LoadErrors::of)?;
    let document = match documents.as_slice() {
        [document] => document,
        [] => return Err(refused(None, "is empty; it should hold the request of a job")),
        [_, second, ..] => return Err(refused(Some(second.at), "a file of a job holds one document")),
    };
    let mut reader = Reader { style: Style::Request, problems: Vec::new() };
    let spec = job(&mut reader, document, file);
    let problem = |(place, message)| Problem { file: file.to_path_buf(), place: Some(place), message };
    let mut problems: Vec<Problem> = reader.problems.into_iter().map(problem).collect();
    problems.sort_by_key(|problem| problem.place);
    LoadErrors::from_problems(problems)?;
    spec.ok_or_else(|| refused(Some(document.at), "this is not the request of a job"))
}

fn job(reader: &mut Reader, node: &Node, file: &Path) -> Option<JobSpec> {
    reader.members(node, WHAT, &MEMBERS)?;
    let name = reader.required(node, WHAT, "name").and_then(|node| {
        let name = reader.text(node, "the name")?;
        reader.rule(node.at, name.clone(), length("the name", "the name of a job", &name, 1..=500))
    });
    if let Some(node) = node.get("description")
        && let Some(text) = reader.text(node, "the description")
    {
        reader.rule(node.at, (), length("the description", "the description of a job", &text, 0..=200));
    }
    if let Some(token) = node.get("clientToken") {
        reader.text(token, "the client token");
    }
    if let Some(tags) = node.get("tags") {
        reader.tags(tags);
    }
    let job_type = job_type(reader, node);
    let initial_run = node.get("initialRun").and_then(|node| truth(reader, node, "initialRun")).unwrap_or(false);
    let sampling_percentage = match node.get("samplingPercentage") {
        Some(node) => reader.whole_number(node, "samplingPercentage").and_then(|percentage| {
            let good = u8::try_from(percentage).ok().filter(|percentage| (1..=100).contains(percentage));
            if good.is_none() {
                reader.problem(node.at, format!("samplingPercentage is {percentage}; it is 1 to 100"));
            }
            good
        }),
        None => Some(100),
    };
    let custom = ids(reader, node, "customDataIdentifierIds", MOST_CUSTOM);
    let allow_lists = ids(reader, node, "allowListIds", MOST_ALLOW_LISTS);
    let selection = managed(reader, node, &custom);
    let definition = reader.required(node, WHAT, "s3JobDefinition").and_then(|node| definition(reader, node));
    let (managed, excluded) = selection?;
    let (buckets, scope) = definition?;
    let job_type = job_type?;
    Some(JobSpec {
        name: name?,
        job_type,
        initial_run: initial_run && job_type != JobType::OneTime,
        sampling_percentage: sampling_percentage?,
        managed,
        excluded,
        buckets,
        scope,
        custom,
        allow_lists,
        file: file.to_path_buf(),
        document: json(node),
    })
}

fn job_type(reader: &mut Reader, node: &Node) -> Option<JobType> {
    let kind = reader.required(node, WHAT, "jobType");
    let kind = kind.and_then(|node| choice(reader, node, "the jobType", &["ONE_TIME", "SCHEDULED"]));
    let frequency = node.get("scheduleFrequency").map(|node| (node, schedule(reader, node)));
    match (kind?, frequency) {
        ("ONE_TIME", None) => Some(JobType::OneTime),
        ("ONE_TIME", Some((node, _))) => {
            reader.problem(node.at, "a one-time job has no scheduleFrequency; leave it out or use SCHEDULED");
            None
        }
        (_, Some((_, schedule))) => Some(JobType::Scheduled(schedule?)),
        (_, None) => {
            reader.problem(node.at, "a job of type SCHEDULED needs the member scheduleFrequency");
            None
        }
    }
}

fn schedule(reader: &mut Reader, node: &Node) -> Option<Schedule> {
    let what = "scheduleFrequency";
    let members = reader.members(node, what, &["dailySchedule", "weeklySchedule", "monthlySchedule"])?;
    let [member] = members else {
        reader.problem(node.at, "scheduleFrequency has one of dailySchedule, weeklySchedule and monthlySchedule");
        return None;
    };
    let value = &member.value;
    match member.name.as_str() {
        "dailySchedule" => reader.members(value, "dailySchedule", &[]).map(|_| Schedule::Daily),
        "weeklySchedule" => {
            reader.members(value, "weeklySchedule", &["dayOfWeek"])?;
            let node = reader.required(value, "weeklySchedule", "dayOfWeek")?;
            let day = choice(reader, node, "dayOfWeek", &WEEKDAYS)?;
            let number = WEEKDAYS.iter().position(|name| *name == day)?;
            Weekday::from_monday_zero_offset(i8::try_from(number).ok()?).ok().map(Schedule::Weekly)
        }
        "monthlySchedule" => {
            reader.members(value, "monthlySchedule", &["dayOfMonth"])?;
            let node = reader.required(value, "monthlySchedule", "dayOfMonth")?;
            let day = reader.whole_number(node, "dayOfMonth")?;
            let good = i8::try_from(day).ok().filter(|day| (1..=31).contains(day));
            if good.is_none() {
                reader.problem(node.at, format!("dayOfMonth is {day}; it is 1 to 31"));
            }
            good.map(Schedule::Monthly)
        }
        _ => None,
    }
}

/// The managed identifiers of the job, and those it leaves out.
fn managed(reader: &mut Reader, node: &Node, custom: &[(String, Place)]) -> Option<(ManagedSelection, Vec<String>)> {
    let selector = match node.get("managedDataIdentifierSelector") {
        Some(node) => choice(reader, node, "managedDataIdentifierSelector", &SELECTORS)?,
        None => "RECOMMENDED",
    };
    let listed = node.get("managedDataIdentifierIds");
    let ids = listed.map(|node| (node, values(reader, node, "the id of a managed data identifier")));
    let takes_ids = matches!(selector, "INCLUDE" | "EXCLUDE");
    match &ids {
        Some((node, _)) if !takes_ids => {
            reader
                .problem(node.at, format!("managedDataIdentifierIds are for INCLUDE and EXCLUDE, not for {selector}"));
            return None;
        }
        None if takes_ids => {
            reader.problem(node.at, format!("the selector {selector} needs the member managedDataIdentifierIds"));
            return None;
        }
        _ => {}
    }
    if let Some((node, ids)) = &ids {
        let items = if let Value::List(items) = &node.value { items.as_slice() } else { &[] };
        let known = || builtin::managed().iter().map(|definition| &*definition.id);
        for (id, item) in ids.iter().zip(items).filter(|(id, _)| !known().any(|known| known == id.as_str())) {
            let hint = nearest(id, known()).map_or_else(
                || "`lakegate identifiers list` shows all".to_owned(),
                |meant| format!("did you mean {meant}?"),
            );
            reader.problem(item.at, format!("there is no managed data identifier {id:?}; {hint}"));
        }
    }
    if selector == "NONE" && custom.is_empty() {
        reader.problem(node.at, "a job without managed data identifiers needs customDataIdentifierIds");
    }
    let ids = ids.map(|(_, ids)| ids).unwrap_or_default();
    Some(match selector {
        "ALL" => (ManagedSelection::All, Vec::new()),
        "EXCLUDE" => (ManagedSelection::All, ids),
        "INCLUDE" => (ManagedSelection::Only(ids), Vec::new()),
        "NONE" => (ManagedSelection::None, Vec::new()),
        _ => (ManagedSelection::Recommended, Vec::new()),
    })
}

fn definition(reader: &mut Reader, node: &Node) -> Option<(BucketSelection, Scope)> {
    let what = "s3JobDefinition";
    reader.members(node, what, &["bucketDefinitions", "bucketCriteria", "scoping"])?;
    let scope = match node.get("scoping") {
        Some(scoping) => scope(reader, scoping),
        None => Some(Scope::default()),
    };
    let buckets = match (node.get("bucketDefinitions"), node.get("bucketCriteria")) {
        (Some(definitions), None) => bucket_request::definitions(reader, definitions),
        (None, Some(criteria)) => bucket_request::criteria(reader, criteria),
        _ => {
            reader.problem(node.at, "s3JobDefinition has either bucketDefinitions or bucketCriteria");
            None
        }
    };
    Some((buckets?, scope?))
}

fn ids(reader: &mut Reader, node: &Node, member: &str, most: usize) -> Vec<(String, Place)> {
    let Some(node) = node.get(member) else { return Vec::new() };
    let items = reader.list(node, member);
    if items.len() > most {
        reader.problem(node.at, format!("there are {} {member}; a job has at most {most}", items.len()));
    }
    items.iter().filter_map(|item| Some((reader.text(item, "an id")?, item.at))).collect()
}

fn truth(reader: &mut Reader, node: &Node, what: &str) -> Option<bool> {
    if let Value::Bool(truth) = node.value {
        return Some(truth);
    }
    reader.problem(node.at, format!("{what} is true or false; this is {}", node.kind()));
    None
}

/// One of a few words.
pub(super) fn choice(reader: &mut Reader, node: &Node, what: &str, words: &[&'static str]) -> Option<&'static str> {
    let written = reader.text(node, what)?;
    if let Some(word) = words.iter().find(|word| **word == written) {
        return Some(word);
    }
    let hint = match nearest(&written, words.iter().copied()) {
        Some(meant) => format!("did you mean {meant}?"),
        None => format!("it is one of {}", words.join(", ")),
    };
    reader.problem(node.at, format!("{what} is {written:?}; {hint}"));
    None
}

/// A list of texts that is not empty.
pub(super) fn values(reader: &mut Reader, node: &Node, each: &str) -> Vec<String> {
    let items = reader.list(node, "the list");
    if matches!(&node.value, Value::List(items) if items.is_empty()) {
        reader.problem(node.at, "this list is empty; it needs at least one value");
    }
    items.iter().filter_map(|item| reader.text(item, each)).collect()
}
