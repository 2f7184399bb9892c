//! The vocabulary that every layer shares. No input or output happens here.

mod category;
mod content;
mod coverage;
mod detection;
mod field;
mod finding;
mod fingerprint;
mod location;
mod member_names;
mod object;
mod occurrence;
mod passage;
mod quotas;
mod severity;
mod text;

pub use category::{Category, FindingType};
pub use content::{ContentSink, MemberInfo, TextPlace};
pub use coverage::{Coverage, Reason, Status};
pub use detection::{ColumnCount, Detection, IdentifierKind, IdentifierRef};
#[cfg(test)]
pub use field::is_quiet;
pub use field::{CellMarks, FieldPath, RecordSink, Row, RowSink, TableStart, TextBlock, bits_from, is_of_quiet};
pub use finding::{Finding, Member, ObjectReport};
pub use fingerprint::Fingerprint;
pub use location::{Location, open_indexes};
pub use member_names::{MemberId, MemberNames, PathStep};
pub use object::{Bucket, ObjectInfo, extension_of};
pub use occurrence::{Column, Ignored, Occurrences};
pub use passage::{Anchor, Mark, MarkKind, Passage};
pub use quotas::{Quotas, StoredBytes, StoredKind};
pub use severity::Severity;
pub use text::decode_value;
