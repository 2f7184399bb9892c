//! One test case an object, in the XML that began with Ant's `JUnit` task and that CI servers read: a finding is a failure, an
//! object that could not be fully analysed an error, one out of scope a skipped test.

use super::context::RunContext;
use super::quantity::things;
use super::sanitize::sanitize;
use super::spot::{Found, name, path};
use crate::model::{Coverage, Finding, ObjectReport, Reason};
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};
use std::io::{self, Write};

/// Writes one suite with a case an object.
pub(super) fn write(out: &mut dyn Write, context: &RunContext, reports: &[&ObjectReport]) -> io::Result<()> {
    let count = |is: fn(&ObjectReport) -> bool| reports.iter().filter(|report| is(report)).count().to_string();
    let failures = count(|report| report.active().is_some());
    let errors = count(|report| report.coverage.incomplete());
    let skipped = count(|report| report.coverage.out_of_scope());
    let tests = reports.len().to_string();
    let started = context.created_at.strftime("%Y-%m-%dT%H:%M:%S").to_string();
    let mut xml = Writer::new_with_indent(&mut *out, b' ', 2);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let totals = [
        ("name", "lakegate"),
        ("tests", &*tests),
        ("failures", &*failures),
        ("errors", &*errors),
        ("skipped", &*skipped),
        ("time", "0"),
    ];
    xml.create_element("testsuites").with_attributes(totals).write_inner_content(|xml| {
        let named = [("name", &*context.bucket)].into_iter().chain(totals.into_iter().skip(1));
        let suite = xml.create_element("testsuite").with_attributes(named).with_attribute(("timestamp", &*started));
        suite.write_inner_content(|xml| reports.iter().try_for_each(|report| case(xml, context, report)))?;
        Ok(())
    })?;
    out.write_all(b"\n")
}

fn case<W: Write>(xml: &mut Writer<W>, context: &RunContext, report: &ObjectReport) -> io::Result<()> {
    let (key, file) = (sanitize(&report.object.key), sanitize(path(report)));
    let attributes =
        [("name", &*key), ("classname", context.bucket_of(&report.object)), ("file", &*file), ("time", "0")];
    let element = xml.create_element("testcase").with_attributes(attributes);
    let coverage = &report.coverage;
    if report.active().is_none() && coverage.reason.is_none() {
        element.write_empty()?;
        return Ok(());
    }
    element.write_inner_content(|xml| {
        if let Some(finding) = report.active() {
            failure(xml, report, finding)?;
        }
        match coverage.reason {
            Some(reason) if coverage.incomplete() => gap(xml, "error", reason, coverage)?,
            Some(reason) => gap(xml, "skipped", reason, coverage)?,
            None => {}
        }
        Ok(())
    })?;
    Ok(())
}

fn failure<W: Write>(xml: &mut Writer<W>, report: &ObjectReport, finding: &Finding) -> io::Result<()> {
    let found = things(finding.detections.len(), "identifier");
    let message = format!("{} finding: {found} found something", finding.severity);
    let lines: Vec<String> = Found::all(&[report])
        .map(|found| format!("{} {}: {}", found.detection.severity, name(found.detection), found.sentence()))
        .collect();
    xml.create_element("failure")
        .with_attributes([("type", finding.finding_type.as_str()), ("message", &*message)])
        .write_text_content(BytesText::new(&lines.join("\n")))?;
    Ok(())
}

fn gap<W: Write>(xml: &mut Writer<W>, element: &str, reason: Reason, coverage: &Coverage) -> io::Result<()> {
    let detail = sanitize(&coverage.detail);
    let separator = if detail.is_empty() { "" } else { ": " };
    let message = format!("{}{separator}{detail}", coverage.status.as_str());
    let element = xml.create_element(element);
    // Only an error has a type.
    let element = if coverage.incomplete() { element.with_attribute(("type", reason.as_str())) } else { element };
    element.with_attribute(("message", &*message)).write_empty()?;
    Ok(())
}
