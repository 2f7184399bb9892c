//! What a reader gives whose format knows its own structure: tables, records, pages, text, and files inside files.

use super::{Coverage, RecordSink, Row, TableStart};
use std::io::{self, Read};

/// What is known of a file inside an object before it is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MemberInfo<'a> {
    /// Its path inside the object that holds it, parts joined by `/`, as it is stored there: nothing is ever written to it.
    pub path: &'a str,
    /// Last modification, in seconds since the Unix epoch, where that is stored.
    pub modified: Option<i64>,
}

/// Takes the content of an object whose reader knows its structure, in file order.
///
/// Values, objects and running text come as for any [`RecordSink`].
pub trait ContentSink: RecordSink {
    /// A table begins: a worksheet, a table of a database. Its rows follow. `sheet` is its name where the object can hold
    /// several (`None`: the reference of a cell has nothing in front). `first_row` is the 1-based number of its first row of
    /// data.
    fn start_table(&mut self, start: &TableStart, sheet: Option<&str>, first_row: u64);

    /// The next row of the table that began last.
    fn row(&mut self, row: Row<'_>);

    /// Text of the page of that 1-based number. A page may come in several pieces, each searched on its own.
    fn page(&mut self, number: u64, text: &str);

    /// A file inside the object: an archive's member, an attachment. It is looked at and scanned like an object of its own.
    ///
    /// That its content cannot be read is noted as that member's gap and is no error here. An error says that the whole
    /// object is at a limit: the reader gives it back at once.
    fn member(&mut self, member: MemberInfo<'_>, content: &mut dyn Read) -> io::Result<()>;

    /// A file inside the object that cannot be read, and why.
    fn unread_member(&mut self, member: MemberInfo<'_>, why: Coverage) -> io::Result<()>;

    /// Something that could not be read. Reading goes on.
    fn gap(&mut self, coverage: Coverage);
}
