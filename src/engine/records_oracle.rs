//! The scanner of records as it reads in the simplest way: every value is judged on its own. What is fast is held to it.

use super::Engine;
use super::address_role::{AddressRole, address_role};
use super::judge::Judge;
use super::name_role::{NameRole, name_role, names_things, says_name};
use super::person_name::{is_family_name, is_given_name, is_name_part_shape};
use super::plan::{FieldPlan, NameUse, is_numbered, sensitive_name};
use super::postal_code::is_postal_code;
use super::running_text::TextScanner;
use super::street::is_street_line;
use crate::model::{Location, Occurrences, TextBlock};
use crate::readers::json_oracle::{PathElement, PlainPath, PlainSink};
use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::Arc;

/// Scans record values; keeps the plans of the paths it has met.
pub(super) struct PlainScanner<'e> {
    engine: &'e Engine,
    judge: Judge,
    text: TextScanner<'e>,
    nodes: Vec<Node>,
    objects: Vec<Parts>,
}

/// One member name below its parents, array indices left out.
#[derive(Default)]
struct Node {
    children: HashMap<String, usize>,
    plan: Option<Box<PathPlan>>,
}

struct PathPlan {
    field: FieldPlan,
    name_role: NameRole,
    says_name: bool,
    address_role: AddressRole,
    shown: bool,
}

/// Distinct paths that are remembered; a file of ever new member names must not fill the memory.
const MOST_PATHS: usize = 20_000;

/// The parts of a name and of an address that one JSON object has held so far.
#[derive(Default)]
struct Parts {
    given: Option<Location>,
    family: Option<Location>,
    known_name: bool,
    said: [bool; 2],
    street: Option<Location>,
    city: bool,
    postal: bool,
}

impl<'e> PlainScanner<'e> {
    /// A scanner for records.
    pub(super) fn new(engine: &'e Engine) -> Self {
        let text = TextScanner::new(engine);
        Self { engine, judge: Judge::default(), text, nodes: vec![Node::default()], objects: Vec::new() }
    }

    /// A sink that scans values and adds what it finds to `occurrences`.
    pub(super) fn sink<'s, O: Occurrences>(&'s mut self, occurrences: &'s mut O) -> PlainSinkOf<'s, 'e, O> {
        self.objects.clear();
        PlainSinkOf { scanner: self, occurrences }
    }

    fn node(&mut self, elements: &[PathElement]) -> usize {
        let mut node = 0;
        for element in elements {
            let PathElement::Name(name) = element else { continue };
            let known = self.nodes[node].children.get(name.as_str()).copied();
            node = known.unwrap_or_else(|| {
                self.nodes.push(Node::default());
                let child = self.nodes.len() - 1;
                self.nodes[node].children.insert(name.clone(), child);
                child
            });
        }
        node
    }

    fn value(&mut self, path: PlainPath<'_>, text: &str, occurrences: &mut impl Occurrences) {
        if text.is_empty() {
            return;
        }
        if self.nodes.len() > MOST_PATHS {
            self.nodes = vec![Node::default()];
        }
        let node = self.node(path.elements);
        let plan = match self.nodes[node].plan.take() {
            Some(plan) => plan,
            None => Box::new(PathPlan::new(self.engine, path.elements)),
        };
        let field = &plan.field;
        if !field.named.is_empty() || field.custom_named.contains(&true) || !self.engine.is_inert(text.as_bytes()) {
            let verdict = self.judge.value(self.engine, field, text.as_bytes());
            for &identifier in verdict.identifiers.iter().flat_map(|found| found.iter()) {
                occurrences.add(usize::from(identifier), None, &mut || place(path, plan.shown));
            }
        }
        if let Some(parts) = self.objects.last_mut() {
            parts.note(&plan, path, text.trim());
        }
        self.nodes[node].plan = Some(plan);
    }

    fn close(&mut self, occurrences: &mut impl Occurrences) {
        let Some(parts) = self.objects.pop() else { return };
        if let (Some(name), Some(given), Some(_), true) =
            (self.engine.managed.full_name(), &parts.given, &parts.family, parts.known_name || parts.said == [true; 2])
        {
            occurrences.add(usize::from(name), None, &mut || given.clone());
        }
        if let (Some(address), Some(street), true, true) =
            (self.engine.managed.mailing_address(), &parts.street, parts.city, parts.postal)
        {
            occurrences.add(usize::from(address), None, &mut || street.clone());
        }
    }
}

impl PathPlan {
    fn new(engine: &Engine, elements: &[PathElement]) -> Self {
        let names: Vec<&str> = elements
            .iter()
            .filter_map(|element| match element {
                PathElement::Name(name) => Some(name.as_str()),
                PathElement::Index(_) => None,
            })
            .collect();
        let mut field = FieldPlan::from_names(engine, &names);
        let last = names.last().copied().unwrap_or_default();
        let name_role = name_role_of(&names);
        field.names = match name_role {
            NameRole::Full => NameUse::Whole,
            NameRole::Given | NameRole::Family | NameRole::Middle | NameRole::Maiden => NameUse::None,
            NameRole::None if names_things(last) => NameUse::None,
            NameRole::None => NameUse::Running,
        };
        field.running_text = true;
        field.full_address = true;
        let shown = names.iter().all(|name| sensitive_name(engine, name).is_empty() && !is_numbered(name));
        Self { field, name_role, says_name: speaks_of_names(&names), address_role: address_role_of(&names), shown }
    }
}

/// What the last name of a path says about names of persons. `family` and `text` are parts of a name below `name`, as in HL7
/// FHIR, and something else elsewhere.
fn name_role_of(names: &[&str]) -> NameRole {
    match names {
        [.., "name" | "names", "family"] => NameRole::Family,
        [.., "name" | "names", "text"] => NameRole::Full,
        [.., last] => name_role(last),
        [] => NameRole::None,
    }
}

/// True if the last name of a path or the one above it speaks of names itself: `last_name`, `name.last`.
fn speaks_of_names(names: &[&str]) -> bool {
    names.iter().rev().take(2).any(|name| says_name(name))
}

/// What the last name of a path says about addresses. The lines of an address are often a list below it
/// (`address.line` in HL7 FHIR), so that `line` means what its parent says.
fn address_role_of(names: &[&str]) -> AddressRole {
    match names {
        [.., parent, last @ ("line" | "lines")] => address_role(&format!("{parent} {last}")),
        [.., last] => address_role(last),
        [] => AddressRole::None,
    }
}

impl Parts {
    fn note(&mut self, plan: &PathPlan, path: PlainPath<'_>, text: &str) {
        match plan.name_role {
            NameRole::Given if is_name_part_shape(text) && self.given.is_none() => {
                self.given = Some(place(path, plan.shown));
                self.known_name |= is_given_name(text);
                self.said[0] = plan.says_name;
            }
            NameRole::Family if is_name_part_shape(text) && self.family.is_none() => {
                self.family = Some(place(path, plan.shown));
                self.known_name |= is_family_name(text);
                self.said[1] = plan.says_name;
            }
            _ => {}
        }
        match plan.address_role {
            AddressRole::Street | AddressRole::Full if is_street_line(text) && self.street.is_none() => {
                self.street = Some(place(path, plan.shown));
            }
            AddressRole::City => self.city = true,
            AddressRole::PostalCode => self.postal |= is_postal_code(text),
            _ => {}
        }
    }
}

fn place(path: PlainPath<'_>, shown: bool) -> Location {
    let json_path = if shown { Arc::from(json_path(path.elements)) } else { Arc::default() };
    Location::Record { index: path.record, json_path }
}

/// The path in the form of Macie's findings: dots for plain names, brackets and quotes for others.
fn json_path(elements: &[PathElement]) -> String {
    let mut path = String::from("$");
    for element in elements {
        let plain = |name: &str| {
            !name.is_empty() && name.chars().all(|character| character.is_alphanumeric() || character == '_')
        };
        match element {
            PathElement::Index(index) => {
                let _ = write!(path, "[{index}]");
            }
            PathElement::Name(name) if plain(name) => {
                path.push('.');
                path.push_str(name);
            }
            PathElement::Name(name) => {
                let _ = write!(path, "['{}']", name.replace('\\', "\\\\").replace('\'', "\\'"));
            }
        }
    }
    path
}

/// Scans record values into an [`Occurrences`].
pub(super) struct PlainSinkOf<'s, 'e, O> {
    scanner: &'s mut PlainScanner<'e>,
    occurrences: &'s mut O,
}

impl<O: Occurrences> PlainSink for PlainSinkOf<'_, '_, O> {
    fn value(&mut self, path: PlainPath<'_>, text: &str) {
        self.scanner.value(path, text, self.occurrences);
    }

    fn open_object(&mut self) {
        self.scanner.objects.push(Parts::default());
    }

    fn close_object(&mut self) {
        self.scanner.close(self.occurrences);
    }

    fn text(&mut self, block: TextBlock<'_>) {
        self.scanner.text.block(block, self.occurrences);
    }
}

mod tests {
    use super::*;
    use crate::engine::RecordScanner;
    use crate::identifiers::builtin;
    use crate::identifiers::custom::{CustomIdentifier, Origin};
    use crate::identifiers::custom_match::CompiledCustom;
    use crate::identifiers::set::ManagedSet;
    use crate::model::{Column, FieldPath, MemberNames, PathStep, RecordSink};
    use crate::readers::json_oracle::{document, lines};
    use crate::readers::json_samples::json_lines;
    use crate::readers::{BlockSizes, Blocks, Chunk, JsonError, JsonReader, LineReader, Splitter};
    use proptest::prelude::*;
    use std::sync::LazyLock;

    fn custom(regex: &str, keywords: &[&str]) -> CompiledCustom {
        let identifier = CustomIdentifier {
            id: "x".into(),
            name: "x".into(),
            description: String::new(),
            regex: regex.into(),
            keywords: keywords.iter().map(ToString::to_string).collect(),
            ignore_words: Vec::new(),
            maximum_match_distance: 50,
            severity_levels: Vec::new(),
            origin: Origin { file: "x.yaml".into(), line: 1 },
        };
        CompiledCustom::new(&identifier).unwrap()
    }

    fn engine(customs: Vec<CompiledCustom>) -> Engine {
        Engine::new(ManagedSet::new(builtin::managed(), |_| true).unwrap(), customs)
    }

    /// One with identifiers that need a keyword, and one with some that need none, so that every value counts.
    static ENGINES: LazyLock<[Engine; 2]> = LazyLock::new(|| {
        let uuid = "[a-z0-9]{8}-[a-z0-9]{4}-[a-z0-9]{4}-[a-z0-9]{4}-[a-z0-9]{12}";
        let keyed = || vec![custom(uuid, &["PATIENT"]), custom("[X]{1}\\d{8}[X]{1}", &["PASSPORT"])];
        let mut free = keyed();
        free.push(custom("\\d{5}", &[]));
        [engine(keyed()), engine(free)]
    });

    #[derive(Default)]
    struct Found(Vec<(usize, Location)>);

    impl Occurrences for Found {
        fn add(&mut self, identifier: usize, _: Option<Column<'_>>, location: &mut dyn FnMut() -> Location) {
            self.0.push((identifier, location()));
        }

        fn needs_location(&self, _: usize) -> bool {
            true
        }

        fn count(&mut self, _: usize, _: Option<Column<'_>>, _: u64) {
            unreachable!("every location is needed");
        }
    }

    /// A sink that must make do with few names.
    struct Forgetful<S>(S);

    impl<S: RecordSink> RecordSink for Forgetful<S> {
        fn names(&mut self) -> &mut MemberNames {
            self.0.names().fill();
            self.0.names()
        }

        fn forget_names(&mut self, path: &mut [PathStep]) {
            self.0.forget_names(path);
        }

        fn value(&mut self, path: FieldPath<'_>, bytes: &[u8]) {
            self.0.value(path, bytes);
        }

        fn open_object(&mut self) {
            self.0.open_object();
        }

        fn close_object(&mut self) {
            self.0.close_object();
        }

        fn text(&mut self, block: TextBlock<'_>) {
            self.0.text(block);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(400))]

        #[test]
        fn records_give_what_the_oracle_finds(
            bytes in json_lines(), size in 16_usize..400, free: bool, forgetful: bool, times in 1_usize..40,
        ) {
            let engine = &ENGINES[usize::from(free)];
            let bytes = bytes.repeat(times);
            let (mut plain, mut fast) = (Found::default(), Found::default());
            let (mut oracle, mut scanner) = (PlainScanner::new(engine), RecordScanner::new(engine));
            let mut splitter = Splitter::with_sizes(bytes.as_slice(), None, size, 1 << 20);
            let (mut reader, mut chunk) = (LineReader::new(), Chunk::default());
            while splitter.next_chunk(&mut chunk).expect("memory can be read") {
                let expected = lines(&chunk, 0, 1, &mut oracle.sink(&mut plain));
                let mut sink = scanner.sink(&mut fast);
                let read = if forgetful {
                    reader.read_lines(&chunk, 0, 1, &mut Forgetful(sink))
                } else {
                    reader.read_lines(&chunk, 0, 1, &mut sink)
                };
                prop_assert_eq!(read, expected);
            }
            prop_assert_eq!(&fast.0, &plain.0);
        }

        #[test]
        fn documents_give_what_the_oracle_finds(bytes in json_lines(), free: bool) {
            let engine = &ENGINES[usize::from(free)];
            let (mut plain, mut fast) = (Found::default(), Found::default());
            let (mut oracle, mut scanner) = (PlainScanner::new(engine), RecordScanner::new(engine));
            let _ = document(bytes.as_slice(), &mut oracle.sink(&mut plain));
            let mut reader = JsonReader::new(bytes.as_slice());
            if let Err(JsonError::Malformed { place, .. }) = reader.read_all(&mut scanner.sink(&mut fast)) {
                let blocks = Blocks::new(reader.into_rest(), BlockSizes::default()).starting_at(place);
                blocks.read_all(&mut scanner.sink(&mut fast)).expect("memory can be read");
            }
            prop_assert_eq!(&fast.0, &plain.0);
        }
    }
}
