//! The pages of a SQLite database and the trees that they make up (sqlite.org/fileformat2.html, sections 1.3 to 1.6).

use super::Encoding;
use super::record::varint;
use crate::readers::failure::ReadFailure;
use crate::readers::source::Source;
use std::io::{Read, Seek, SeekFrom};

/// Levels of a tree. Twenty hold more rows than there are row numbers.
const DEEPEST: usize = 40;
/// Longest payload of a row that is kept, in bytes.
const LONGEST_ROW: usize = 32 * 1024 * 1024;

/// A database file.
pub(super) struct Database {
    input: Source,
    page_size: usize,
    /// Bytes of a page that hold anything.
    usable: usize,
    pages: u32,
    pub(super) encoding: Encoding,
    /// One bit for each page that has been read.
    read: Vec<u64>,
}

impl Database {
    /// Reads the header.
    pub(super) fn open(mut input: Source) -> Result<Self, ReadFailure> {
        const SHORT: &str = "its header is cut off";
        let length = input.length()?;
        let mut header = [0; 100];
        input.rewind()?;
        input.read_exact(&mut header).map_err(|_| ReadFailure::malformed(SHORT))?;
        let page_size = match u16::from_be_bytes([header[16], header[17]]) {
            1 => 65_536,
            size => usize::from(size),
        };
        let usable = page_size.saturating_sub(usize::from(header[20]));
        if !page_size.is_power_of_two() || page_size < 512 || usable < 480 {
            return Err(ReadFailure::malformed("its header is damaged"));
        }
        let encoding = match u32::from_be_bytes([header[56], header[57], header[58], header[59]]) {
            2 => Encoding::Utf16Le,
            3 => Encoding::Utf16Be,
            _ => Encoding::Utf8,
        };
        let pages = u32::try_from(length.div_ceil(page_size as u64)).unwrap_or(u32::MAX);
        let read = vec![0; pages as usize / 64 + 1];
        Ok(Self { input, page_size, usable, pages, encoding, read })
    }

    /// Reads a page; `None` if it is not there, cannot be read, or has been read before.
    fn page(&mut self, number: u32) -> Option<Vec<u8>> {
        if number == 0 || number > self.pages {
            return None;
        }
        let (word, bit) = (number as usize / 64, 1 << (number % 64));
        if self.read[word] & bit != 0 {
            return None;
        }
        self.read[word] |= bit;
        let start = u64::from(number - 1) * self.page_size as u64;
        self.input.seek(SeekFrom::Start(start)).ok()?;
        let mut page = Vec::with_capacity(self.page_size);
        self.input.by_ref().take(self.page_size as u64).read_to_end(&mut page).ok()?;
        page.resize(self.page_size, 0);
        page.truncate(self.usable);
        Some(page)
    }
}

/// One row as it is stored.
pub(super) struct Row<'r> {
    /// Number of the row, in a table that has them.
    pub(super) rowid: Option<i64>,
    pub(super) payload: &'r [u8],
    /// The payload is not all there.
    pub(super) cut: bool,
    pub(super) encoding: Encoding,
}

/// A page of the tree on the way to the present row.
struct Node {
    page: Vec<u8>,
    kind: Kind,
    /// Offset of its header in the page: 100 in the first page of the file.
    start: usize,
    cells: usize,
    next: usize,
    /// In an inner page: the tree left of the next cell has been read.
    descended: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    InnerIndex,
    InnerTable,
    LeafIndex,
    LeafTable,
}

/// The rows of one tree, in order.
pub(super) struct Btree {
    root: Option<u32>,
    path: Vec<Node>,
    payload: Vec<u8>,
    /// Some of the tree could not be read.
    pub(super) gap: bool,
}

impl Btree {
    /// The tree whose root is that 1-based page.
    pub(super) fn new(root: u32) -> Self {
        Self { root: Some(root), path: Vec::new(), payload: Vec::new(), gap: false }
    }

    /// The next row.
    pub(super) fn next_row(&mut self, database: &mut Database) -> Result<Option<Row<'_>>, ReadFailure> {
        if let Some(root) = self.root.take() {
            self.descend(root, database);
        }
        loop {
            let Some(node) = self.path.last_mut() else { return Ok(None) };
            let inner = matches!(node.kind, Kind::InnerIndex | Kind::InnerTable);
            if inner && !node.descended {
                node.descended = true;
                match node.child() {
                    Some(child) => self.descend(child, database),
                    None => self.gap = true,
                }
                continue;
            }
            if node.next >= node.cells {
                self.path.pop();
                continue;
            }
            node.descended = false;
            let (kind, cell) = (node.kind, node.cell_start());
            node.next += 1;
            if kind == Kind::InnerTable {
                continue;
            }
            let page = std::mem::take(&mut node.page);
            let payload = cell.and_then(|start| page.get(start..)).and_then(|cell| self.payload(kind, cell, database));
            if let Some(node) = self.path.last_mut() {
                node.page = page;
            }
            match payload {
                Some((rowid, cut)) => {
                    return Ok(Some(Row { rowid, payload: &self.payload, cut, encoding: database.encoding }));
                }
                None => self.gap = true,
            }
        }
    }

    fn descend(&mut self, number: u32, database: &mut Database) {
        let node = if self.path.len() < DEEPEST { database.page(number) } else { None };
        match node.and_then(|page| Node::new(page, if number == 1 { 100 } else { 0 })) {
            Some(node) => self.path.push(node),
            None => self.gap = true,
        }
    }

    /// Puts the payload of a cell together. Its row number, and whether something is missing; `None` if the cell is damaged.
    fn payload(&mut self, kind: Kind, mut cell: &[u8], database: &mut Database) -> Option<(Option<i64>, bool)> {
        if kind == Kind::InnerIndex {
            cell = cell.get(4..)?;
        }
        let length = usize::try_from(varint(&mut cell)?).ok()?;
        let rowid = if kind == Kind::LeafTable { Some(varint(&mut cell)?.cast_signed()) } else { None };
        let usable = database.usable;
        let most = if kind == Kind::LeafTable { usable - 35 } else { (usable - 12) * 64 / 255 - 23 };
        let local = if length <= most {
            length
        } else {
            let least = (usable - 12) * 32 / 255 - 23;
            let wanted = least + (length - least) % (usable - 4);
            if wanted <= most { wanted } else { least }
        };
        let kept = length.min(LONGEST_ROW);
        self.payload.clear();
        self.payload.extend_from_slice(cell.get(..local)?);
        let mut next = cell.get(local..)?.first_chunk().map_or(0, |next| u32::from_be_bytes(*next));
        while self.payload.len() < kept {
            let Some(page) = database.page(next) else { break };
            let (head, content) = page.split_at(4);
            next = u32::from_be_bytes([head[0], head[1], head[2], head[3]]);
            self.payload.extend_from_slice(&content[..content.len().min(kept - self.payload.len())]);
        }
        Some((rowid, self.payload.len() < length))
    }
}

impl Node {
    fn new(page: Vec<u8>, start: usize) -> Option<Self> {
        let kind = match page.get(start)? {
            2 => Kind::InnerIndex,
            5 => Kind::InnerTable,
            10 => Kind::LeafIndex,
            13 => Kind::LeafTable,
            _ => return None,
        };
        let cells = u16::from_be_bytes([*page.get(start + 3)?, *page.get(start + 4)?]);
        Some(Self { page, kind, start, cells: cells.into(), next: 0, descended: false })
    }

    /// Offset of the next cell in the page.
    fn cell_start(&self) -> Option<usize> {
        let header = if matches!(self.kind, Kind::InnerIndex | Kind::InnerTable) { 12 } else { 8 };
        let pointer = self.page.get(self.start + header + 2 * self.next..)?.first_chunk()?;
        Some(u16::from_be_bytes(*pointer).into())
    }

    /// The number of the page below, left of the next cell or right of them all.
    fn child(&self) -> Option<u32> {
        let start = if self.next < self.cells { self.cell_start()? } else { self.start + 8 };
        self.page.get(start..)?.first_chunk().map(|child| u32::from_be_bytes(*child))
    }
}
