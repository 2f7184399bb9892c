//! Findings as Amazon `EventBridge` delivers them: one event a finding.
//!
//! The detail of an event is the finding with the API's member names. Two things follow the sample event of AWS's
//! documentation instead of the API: times have second precision, and the finding's id is written in the dashed form of
//! a UUID (the same 32 digits).

use super::context::RunContext;
use super::identity::{event_id, finding_id};
use super::macie::{self, Form};
use super::stamp::{Precision, Stamp};
use super::wire::Finding;
use crate::model::ObjectReport;
use serde::Serialize;
use uuid::Uuid;

/// The event that announces the finding of an object, or `None` when nothing was found in it or its finding is archived.
pub fn event(context: &RunContext, report: &ObjectReport) -> Option<serde_json::Value> {
    // Names, numbers and strings only: nothing in an event can fail to serialise.
    serde_json::to_value(wire(context, report)?).ok()
}

/// The event of an object, ready to be serialised.
pub(super) fn wire<'a>(context: &'a RunContext, report: &'a ObjectReport) -> Option<Event<'a>> {
    report.active()?;
    Some(Event {
        version: "0",
        id: event_id(&finding_id(context, report)),
        detail_type: "Macie Finding",
        source: "aws.macie",
        account: context.account_of(&report.object),
        time: Stamp::new(context.created_at, Precision::Seconds),
        region: &context.region,
        resources: [],
        detail: macie::wire(context, report, Form::Event)?,
    })
}

#[derive(Serialize)]
pub(super) struct Event<'a> {
    version: &'static str,
    #[serde(serialize_with = "as_text")]
    id: Uuid,
    #[serde(rename = "detail-type")]
    detail_type: &'static str,
    source: &'static str,
    account: &'a str,
    time: Stamp,
    region: &'a str,
    resources: [(); 0],
    detail: Finding<'a>,
}

fn as_text<S: serde::Serializer>(id: &Uuid, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(id)
}
