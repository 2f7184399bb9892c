//! The `events` format.

use crate::api::schema;
use crate::samples::{context, reports, written};
use lakegate::outputs::{Format, event, macie};
use serde_json::{Value, json};
use std::collections::BTreeSet;

fn events() -> Vec<Value> {
    written(Format::Events, &reports()).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn each_finding_is_one_event_in_eventbridges_envelope() {
    let events = events();
    assert_eq!(events.len(), 6);
    for event in &events {
        let members: Vec<_> = event.as_object().unwrap().keys().map(String::as_str).collect();
        let expected = ["version", "id", "detail-type", "source", "account", "time", "region", "resources", "detail"];
        assert_eq!(members, expected);
        assert_eq!((&event["version"], &event["detail-type"]), (&json!("0"), &json!("Macie Finding")));
        assert_eq!((&event["source"], &event["resources"]), (&json!("aws.macie"), &json!([])));
        assert_eq!(event["account"], event["detail"]["accountId"]);
        assert_eq!(event["region"], event["detail"]["region"]);
        assert_eq!(event["time"], "2025-01-02T03:04:05Z");
    }
    let ids: BTreeSet<_> = events.iter().map(|event| event["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), events.len());
    assert!(ids.iter().all(|id| id.len() == 36 && id.as_bytes()[14] == b'5'), "{ids:?}");
}

#[test]
fn the_detail_of_an_event_follows_the_schema_of_a_finding() {
    let schema = schema();
    for event in events() {
        let errors: Vec<_> = schema.iter_errors(&event["detail"]).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{errors:?}");
    }
}

#[test]
fn the_detail_is_the_finding_except_for_coarser_times_and_a_dashed_id() {
    for report in reports().iter().filter(|report| report.finding.is_some()) {
        let mut finding = macie::finding(&context(), report).unwrap();
        let mut detail = event::event(&context(), report).unwrap()["detail"].take();
        let id = detail["id"].as_str().unwrap();
        assert_eq!(id.split('-').map(str::len).collect::<Vec<_>>(), [8, 4, 4, 4, 12]);
        assert_eq!(id.replace('-', ""), finding["id"]);
        assert_eq!(detail["createdAt"], "2025-01-02T03:04:05Z");
        assert_eq!(detail["resourcesAffected"]["s3Object"]["lastModified"], "2025-01-01T12:00:00Z");
        for value in [&mut finding, &mut detail] {
            for pointer in ["/id", "/createdAt", "/updatedAt", "/resourcesAffected/s3Object/lastModified"] {
                *value.pointer_mut(pointer).unwrap() = Value::Null;
            }
        }
        assert_eq!(detail, finding);
    }
}
