//! Reports of made-up objects that between them use every type of finding and every kind of place.

use Severity::{High, Low, Medium};
use lakegate::findings::{Counted, SeverityRule, Tally, build};
use lakegate::model::{
    Category, Column, Coverage, IdentifierKind, IdentifierRef, Ignored, Location, Member, ObjectInfo, ObjectReport,
    Reason, Severity,
};
use lakegate::outputs::{Format, RunContext, write};
use std::sync::Arc;

pub(crate) const EMPLOYEE_ID: &str = "6f7ad5a4-9f4b-5d25-8a4c-0a1b2c3d4e5f";

/// Indexes into the list of identifiers.
pub(crate) const SSN: usize = 0;
pub(crate) const PASSPORT: usize = 1;
pub(crate) const NAME: usize = 2;
pub(crate) const BIRTH_DATE: usize = 3;
pub(crate) const CARD: usize = 4;
pub(crate) const AWS_KEY: usize = 5;
pub(crate) const TAX: usize = 6;
pub(crate) const EMPLOYEE: usize = 7;

pub(crate) fn context() -> RunContext {
    RunContext {
        account_id: RunContext::ACCOUNT.to_owned(),
        region: RunContext::REGION.to_owned(),
        bucket: "local-synthea".to_owned(),
        created_at: "2025-01-02T03:04:05.678Z".parse().unwrap(),
        job_id: "aaaabbbbccccddddeeeeffff00001111".to_owned(),
    }
}

pub(crate) fn identifiers() -> Vec<Counted> {
    let managed = |id: &str, name: &str, category, severity| Counted {
        identifier: Arc::new(IdentifierRef {
            kind: IdentifierKind::Managed,
            id: id.to_owned(),
            name: name.to_owned(),
            category,
        }),
        severity: SeverityRule::Managed(severity),
    };
    let personal = Category::PersonalInformation;
    vec![
        managed("USA_SOCIAL_SECURITY_NUMBER", "Social Security number (SSN)", personal, [High; 3]),
        managed("USA_PASSPORT_NUMBER", "Passport number", personal, [Medium, High, High]),
        managed("NAME", "Full name", personal, [Low, Medium, High]),
        managed("DATE_OF_BIRTH", "Birth date", personal, [Low, Medium, High]),
        managed("CREDIT_CARD_NUMBER", "Credit card number", Category::FinancialInformation, [High; 3]),
        managed("AWS_CREDENTIALS", "AWS secret access key", Category::Credentials, [High; 3]),
        managed(
            "ARGENTINA_ORGANIZATION_TAX_IDENTIFICATION_NUMBER",
            "Taxpayer identification or reference number",
            personal,
            [Low, Low, Medium],
        ),
        Counted {
            identifier: Arc::new(IdentifierRef {
                kind: IdentifierKind::Custom,
                id: EMPLOYEE_ID.to_owned(),
                name: "Employee number".to_owned(),
                category: Category::CustomIdentifier,
            }),
            severity: SeverityRule::default(),
        },
    ]
}

pub(crate) fn tally() -> Tally {
    let identifiers = identifiers();
    Tally::new(identifiers.iter().map(|counted| counted.identifier.id == "NAME").collect())
}

/// A report of an object that was read to its end.
pub(crate) fn report(key: &str, mime_type: &str, tally: Tally) -> ObjectReport {
    ObjectReport {
        object: ObjectInfo { key: key.to_owned(), size: 2048, modified: Some(1_735_732_800), ..ObjectInfo::default() },
        mime_type: mime_type.to_owned(),
        members: Vec::new(),
        size_classified: 2048,
        coverage: Coverage::complete(),
        ignored: Ignored::default(),
        finding: build(tally, &identifiers()),
    }
}

/// A file inside an object that was read to its end.
pub(crate) fn member(path: &str, tally: &Tally) -> Member {
    let finding = build(tally.clone(), &identifiers()).map(Box::new);
    let coverage = Coverage::complete();
    Member { path: path.to_owned(), mime_type: "text/csv".into(), size: 2048, modified: None, coverage, finding }
}

/// A report of a compressed object that holds one file.
pub(crate) fn compressed(key: &str, path: &str, tally: &Tally) -> ObjectReport {
    ObjectReport { members: vec![member(path, tally)], ..report(key, "application/gzip", tally.counts()) }
}

/// Adds an occurrence in each of the rows.
pub(crate) fn fill(
    tally: &mut Tally,
    identifier: usize,
    column: u32,
    name: Option<&str>,
    rows: std::ops::RangeInclusive<u64>,
) {
    let column_name: Option<Arc<str>> = name.map(Into::into);
    for row in rows {
        tally.add(identifier, Location::Cell { row, column, column_name: column_name.clone(), sheet: None });
    }
}

/// Says how many non-empty values a column has.
pub(crate) fn values(tally: &mut Tally, column: u32, name: Option<&str>, values: u64) {
    let name: Option<Arc<str>> = name.map(Into::into);
    tally.add_non_empty(Column { number: column, name: name.as_ref() }, values);
}

pub(crate) fn lines(start: u64, end: u64, start_column: u64) -> Location {
    Location::Lines { start, end, start_column }
}

pub(crate) fn record(index: u64, json_path: &str) -> Location {
    Location::Record { index, json_path: json_path.into() }
}

/// A drop of files as one meets it: tables, records, text, archives, broken and clean objects; not sorted.
pub(crate) fn reports() -> Vec<ObjectReport> {
    let mut patients = tally();
    for (identifier, column, name, rows) in [
        (SSN, 4, "SSN", 2..=43),
        (PASSPORT, 6, "PASSPORT", 2..=40),
        (NAME, 8, "FIRST", 2..=43),
        (NAME, 10, "MAIDEN", 2..=9),
        (BIRTH_DATE, 2, "BIRTHDATE", 2..=43),
        (TAX, 12, "NOTES", 2..=60),
    ] {
        fill(&mut patients, identifier, column, Some(name), rows);
        values(&mut patients, column, Some(name), if name == "MAIDEN" { 9 } else { 42 });
    }

    let mut payments = tally();
    fill(&mut payments, CARD, 3, None, 1..=1200);
    values(&mut payments, 3, None, 1200);

    let mut people = tally();
    for index in 0..1500 {
        people.add(NAME, record(index, &format!("$.name[{}].given", index % 3)));
    }
    people.add(SSN, record(3, "$['Patient's data'].ssn"));
    people.add(SSN, record(7, ""));
    people.add(EMPLOYEE, record(9, "$.staff[2]['Employee No']"));

    let mut notes = tally();
    notes.add(BIRTH_DATE, lines(12, 12, 9));
    notes.add(BIRTH_DATE, lines(51, 54, 1));

    let mut keys = tally();
    keys.add(AWS_KEY, lines(3, 3, 25));

    let mut staff = tally();
    fill(&mut staff, EMPLOYEE, 1, Some("id"), 2..=4);
    staff.add(EMPLOYEE, lines(90, 90, 1));
    let mut staff = report("hr/staff.csv", "text/csv", staff);
    staff.coverage = Coverage::partial(Reason::UnableToParseFile, "From row 5 on it was read as text.");

    let mut broken = report("logs/app.jsonl.gz", "application/gzip", tally());
    broken.coverage = Coverage::skipped(Reason::MalformedFile, "The compressed data ends early.");
    (broken.size_classified, broken.object.modified) = (0, None);
    let mut image = report("images/Scan.PNG", "", tally());
    image.coverage = Coverage::skipped(Reason::UnsupportedFileType, "");
    image.size_classified = 0;

    vec![
        report("notes/visit", "text/plain", notes),
        report("csv/patients.csv", "text/csv", patients),
        staff,
        report("csv/clean.csv", "text/csv", tally()),
        report("json/people.jsonl", "application/json", people),
        broken,
        report("csv/payments.csv", "text/csv", payments),
        image,
        report("config/deploy.sh", "text/plain", keys),
    ]
}

pub(crate) fn written(format: Format, reports: &[ObjectReport]) -> String {
    let mut out = Vec::new();
    write(format, &mut out, &context(), reports).unwrap();
    String::from_utf8(out).unwrap()
}
