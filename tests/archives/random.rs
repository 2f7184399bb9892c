//! Random archives in archives, with values planted in tables and records of their members.

use crate::write::{Codec, Kind};
use crate::{SSN, count, scan};
use lakegate::model::{Location, ObjectReport};
use proptest::prelude::*;

/// A file, perhaps with files inside.
#[derive(Debug, Clone)]
enum Node {
    /// A table; true where a row holds a number.
    Table(Vec<bool>),
    /// Records; true where one holds a number.
    Records(Vec<bool>),
    Archive(Kind, Vec<Node>),
    Compressed(Codec, Box<Node>),
}

/// Number, row or record, and column of an occurrence.
type Place = (bool, u64, u32);

impl Node {
    fn name(&self, stem: &str) -> String {
        match self {
            Self::Table(_) => format!("{stem}.csv"),
            Self::Records(_) => format!("{stem}.jsonl"),
            Self::Archive(kind, _) => format!("{stem}.{}", kind.extension()),
            Self::Compressed(codec, inside) => format!("{}.{}", inside.name(stem), codec.extension()),
        }
    }

    fn bytes(&self) -> Vec<u8> {
        match self {
            Self::Table(rows) => {
                let row = |(number, planted): (usize, &bool)| {
                    let ssn = if *planted { "219-09-4821" } else { "none" };
                    format!("{number},\"a, \"\"note\"\"\",{ssn}\n")
                };
                let rows: String = rows.iter().enumerate().map(row).collect();
                format!("id,note,ssn\n{rows}").into_bytes()
            }
            Self::Records(records) => {
                let line = |planted: &bool| {
                    let ssn = if *planted { "219-09-4821" } else { "none" };
                    format!("{{\"note\": [1, 2], \"ssn\": \"{ssn}\"}}\n")
                };
                records.iter().map(line).collect::<String>().into_bytes()
            }
            Self::Archive(kind, members) => kind.write(&members_of(members)),
            Self::Compressed(codec, inside) => codec.write(&inside.bytes()),
        }
    }

    /// Where the planted values stand: path of the file, row or record.
    fn expected(&self, path: &str, found: &mut Vec<(String, Vec<Place>)>) {
        let places = |planted: &[bool], table: bool| -> Vec<Place> {
            let numbered = (0_u64..).zip(planted).filter(|(_, planted)| **planted);
            numbered.map(|(number, _)| if table { (true, number + 2, 3) } else { (false, number, 0) }).collect()
        };
        match self {
            Self::Table(rows) => found.push((path.to_owned(), places(rows, true))),
            Self::Records(records) => found.push((path.to_owned(), places(records, false))),
            Self::Archive(_, members) => {
                for (index, member) in members.iter().enumerate() {
                    let name = member.name(&format!("in/{index}"));
                    let path = if path.is_empty() { name } else { format!("{path}!/{name}") };
                    member.expected(&path, found);
                }
            }
            Self::Compressed(_, inside) => {
                // What is compressed is a file inside, but for an archive: the files inside that are.
                let mut innermost = inside;
                while let Self::Compressed(_, inside) = &**innermost {
                    innermost = inside;
                }
                if matches!(**innermost, Self::Archive(..)) {
                    innermost.expected(path, found);
                    return;
                }
                let outer = path.rsplit("!/").next().unwrap_or_default();
                let stem = outer.rsplit('/').next().unwrap_or_default().split('.').next().unwrap_or_default();
                let name = innermost.name(if stem.is_empty() { "top" } else { stem });
                innermost.expected(&if path.is_empty() { name } else { format!("{path}!/{name}") }, found);
            }
        }
    }
}

fn members_of(members: &[Node]) -> Vec<(String, Vec<u8>)> {
    let named = members.iter().enumerate();
    named.map(|(index, member)| (member.name(&format!("in/{index}")), member.bytes())).collect()
}

fn found(report: &ObjectReport) -> Vec<(String, Vec<Place>)> {
    let places = |locations: &[Location]| -> Vec<Place> {
        let place = |location: &Location| match location {
            Location::Cell { row, column, sheet: None, .. } => (true, *row, *column),
            Location::Record { index, json_path } if &**json_path == "$.ssn" => (false, *index, 0),
            other => panic!("{other:?}"),
        };
        locations.iter().map(place).collect()
    };
    let member = |member: &lakegate::model::Member| {
        let detections = member.finding.iter().flat_map(|finding| &finding.detections);
        (member.path.clone(), detections.flat_map(|detection| places(&detection.occurrences)).collect())
    };
    report.members.iter().map(member).collect()
}

fn node() -> impl Strategy<Value = Node> {
    let planted = || prop::collection::vec(prop::bool::weighted(0.4), 3..40);
    let leaf = prop_oneof![planted().prop_map(Node::Table), planted().prop_map(Node::Records)];
    leaf.prop_recursive(3, 20, 4, |inner| {
        prop_oneof![
            3 => (prop::sample::select(Kind::ALL.to_vec()), prop::collection::vec(inner.clone(), 1..5))
                .prop_map(|(kind, members)| Node::Archive(kind, members)),
            1 => (prop::sample::select(Codec::ALL.to_vec()), inner)
                .prop_map(|(codec, inside)| Node::Compressed(codec, Box::new(inside))),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn every_value_in_every_file_of_an_archive_is_found_where_it_stands(
        kind in prop::sample::select(Kind::ALL.to_vec()),
        members in prop::collection::vec(node(), 1..5),
        codec in prop::option::of(prop::sample::select(Codec::ALL.to_vec())),
    ) {
        let archive = Node::Archive(kind, members);
        let whole = match codec {
            Some(codec) => Node::Compressed(codec, Box::new(archive)),
            None => archive,
        };
        let mut expected = Vec::new();
        whole.expected("", &mut expected);
        let report = scan(&whole.name("drop/top"), &whole.bytes());
        prop_assert_eq!(&report.coverage.detail, "");
        let found = found(&report);
        prop_assert_eq!(&found, &expected);
        let all: usize = expected.iter().map(|(_, places)| places.len()).sum();
        prop_assert_eq!(count(&report), all as u64);
        for detection in report.finding.iter().flat_map(|finding| &finding.detections) {
            prop_assert_eq!(&detection.identifier.id, SSN);
            prop_assert!(detection.occurrences.is_empty());
        }
    }
}
