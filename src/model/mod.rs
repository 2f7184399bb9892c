//! The vocabulary that every layer shares. No input or output happens here.

mod category;
mod coverage;
mod detection;
mod field;
mod finding;
mod location;
mod member_names;
mod object;
mod occurrence;
mod severity;
mod text;

pub use category::{Category, FindingType};
pub use coverage::{Coverage, Reason, Status};
pub use detection::{ColumnCount, Detection, IdentifierKind, IdentifierRef};
#[cfg(test)]
pub use field::is_quiet;
pub use field::{CellMarks, FieldPath, RecordSink, Row, RowSink, TableStart, TextBlock, bits_from};
pub use finding::{Finding, Member, ObjectReport};
pub use location::Location;
pub use member_names::{MemberId, MemberNames, PathStep};
pub use object::{Bucket, ObjectInfo, extension_of};
pub use occurrence::{Column, Occurrences};
pub use severity::Severity;
pub use text::decode_value;
