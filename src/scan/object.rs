//! One object while it is scanned: where its parts come from, and where their results are put in order.

use super::Progress;
use super::coverage::{cut_short, unreadable};
use crate::engine::{Engine, TablePlan};
use crate::findings::{Counted, Tally, build};
use crate::model::{Coverage, ObjectInfo, ObjectReport, Reason};
use crate::readers::{Block, BlockSizes, Blocks, Content, JsonLinesSplitter, Kind, Opened, SplitError, Splitter};
use crate::sources::Entry;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Where an object's bytes come from.
enum Origin<'r> {
    File(PathBuf),
    Reader(Box<dyn Read + Send + 'r>),
    /// Known to be unreadable before it was opened.
    Problem(Coverage),
}

/// An object of a scan.
pub(super) struct Object<'r> {
    info: ObjectInfo,
    source: Mutex<Source<'r>>,
    merge: Mutex<Merge>,
}

/// A part of an object that can be scanned on its own.
pub(super) enum Part<'r> {
    /// Whole records of a table, and the table's plan.
    Rows(Vec<u8>, Arc<TablePlan>, u8),
    /// Whole lines of JSON.
    Lines(Vec<u8>),
    /// Running text.
    Text(Box<Block>),
    /// A whole JSON document.
    Document(Box<dyn Read + Send + 'r>),
}

/// What scanning a part gave.
pub(super) struct PartResult {
    /// Occurrences.
    pub tally: Tally,
    /// Rows or records in the part, by which later parts are moved.
    pub records: u64,
    /// Gaps.
    pub coverage: Coverage,
}

struct Source<'r> {
    state: State<'r>,
    sequence: u64,
    spare: Vec<Vec<u8>>,
}

type Input<'r> = Box<dyn Read + Send + 'r>;

enum State<'r> {
    Closed(Origin<'r>),
    Table { splitter: Splitter<Input<'r>>, plan: Arc<TablePlan>, delimiter: u8, line: u64 },
    Lines { splitter: JsonLinesSplitter<Input<'r>>, line: u64 },
    Text(Blocks<Input<'r>>),
    Document(Input<'r>),
    Done,
}

struct Merge {
    tally: Option<Tally>,
    next: u64,
    pending: BTreeMap<u64, PartResult>,
    records: u64,
    coverage: Coverage,
    mime_type: String,
    size_classified: u64,
}
