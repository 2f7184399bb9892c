//! Holds the reader of JSON to its oracle: everything that a sink is told must be the same, in the same order.

use super::json_oracle::{PathElement, PlainPath, PlainSink, document, lines};
use super::{BlockSizes, Blocks, JsonError, LinesRead};
use crate::model::{FieldPath, MemberNames, PathStep, RecordSink, TextBlock, decode_value};
use crate::readers::json_samples::json_lines;
use crate::readers::testing::Trickle;
use crate::readers::{Chunk, JsonReader, LineReader, Splitter};
use proptest::prelude::*;

/// Everything that a sink is told, in order.
#[derive(Debug, Default)]
struct Events {
    told: Vec<String>,
    names: MemberNames,
    forgetful: bool,
}

impl PlainSink for Events {
    fn value(&mut self, path: PlainPath<'_>, text: &str) {
        self.told.push(format!("{} {:?} {text:?}", path.record, path.elements));
    }

    fn open_object(&mut self) {
        self.told.push("{".into());
    }

    fn close_object(&mut self) {
        self.told.push("}".into());
    }

    fn text(&mut self, block: TextBlock<'_>) {
        self.told.push(format!("{block:?}"));
    }
}

impl RecordSink for Events {
    fn names(&mut self) -> &mut MemberNames {
        if self.forgetful {
            self.names.fill();
        }
        &mut self.names
    }

    fn value(&mut self, path: FieldPath<'_>, bytes: &[u8]) {
        let element = |step: &PathStep| match *step {
            PathStep::Member(member) => PathElement::Name(self.names.name(member).into_owned()),
            PathStep::Index(index) => PathElement::Index(index),
        };
        let elements: Vec<PathElement> = path.steps.iter().map(element).collect();
        let names: Vec<_> = self.names.names(path.member).iter().map(ToString::to_string).collect();
        let expected: Vec<_> = elements
            .iter()
            .filter_map(|element| match element {
                PathElement::Name(name) => Some(name.clone()),
                PathElement::Index(_) => None,
            })
            .collect();
        assert_eq!(names, expected, "the member is the one at the end of the path");
        let path = PlainPath { record: path.record, elements: &elements };
        PlainSink::value(self, path, &decode_value(bytes));
    }

    fn open_object(&mut self) {
        PlainSink::open_object(self);
    }

    fn close_object(&mut self) {
        PlainSink::close_object(self);
    }

    fn text(&mut self, block: TextBlock<'_>) {
        PlainSink::text(self, block);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn lines_are_read_as_the_oracle_reads_them(bytes in json_lines(), size in 16_usize..400, forgetful: bool) {
        let (mut plain, mut fast) = (Events::default(), Events { forgetful, ..Events::default() });
        let mut splitter = Splitter::with_sizes(bytes.as_slice(), None, size, 1 << 20);
        let (mut reader, mut chunk) = (LineReader::new(), Chunk::default());
        let (mut expected, mut read) = (LinesRead::default(), LinesRead::default());
        while splitter.next_chunk(&mut chunk).expect("memory can be read") {
            expected.add(lines(&chunk, expected.records, 1 + expected.lines, &mut plain));
            read.add(reader.read_lines(&chunk, read.records, 1 + read.lines, &mut fast));
        }
        prop_assert_eq!(&fast.told, &plain.told);
        prop_assert_eq!(read, expected);
    }

    #[test]
    fn documents_are_read_as_the_oracle_reads_them(bytes in json_lines(), step in 1_usize..200, forgetful: bool) {
        let (mut plain, mut fast) = (Events::default(), Events { forgetful, ..Events::default() });
        let expected = document(Trickle(&bytes, step), &mut plain);
        let mut reader = JsonReader::new(Trickle(&bytes, step));
        let read = reader.read_all(&mut fast);
        if let Err(JsonError::Malformed { place, .. }) = read {
            let blocks = Blocks::new(reader.into_rest(), BlockSizes::default()).starting_at(place);
            blocks.read_all(&mut fast).expect("memory can be read");
        }
        prop_assert_eq!(&fast.told, &plain.told);
        prop_assert_eq!(format!("{read:?}"), format!("{expected:?}"));
    }
}
