//! ORC files: stripe after stripe, row after row, as records.
//!
//! Of a stream the chunk that is being read is in memory, and of a column its dictionary; never a stripe.

mod column;
mod runs;
mod stream;
mod tail;

use crate::model::{ContentSink, Coverage, Reason};
use crate::readers::failure::ReadFailure;
use crate::readers::limits::Limits;
use crate::readers::record_path::RecordPath;
use crate::readers::shared_source::SharedSource;
use crate::readers::source::Source;
use column::StripeColumns;
use tail::{Stripe, Tail};

/// Rows between two looks at the limits.
const STEP: u64 = 4096;

/// Reads all records.
pub(super) fn read(input: Source, limits: &Limits, sink: &mut dyn ContentSink) -> Result<(), ReadFailure> {
    let source = SharedSource::new(input)?;
    if source.length() == 0 {
        return Err(ReadFailure::malformed("the file is empty"));
    }
    let tail = Tail::read(&source).map_err(ReadFailure::malformed)?;
    if tail.encrypted {
        sink.gap(Coverage::partial(Reason::InvalidEncryption, "columns are encrypted; what is not was read"));
    }
    let mut path = RecordPath::default();
    let mut first = 0_u64;
    for stripe in &tail.stripes {
        path.record = first;
        path.allow(stripe.length());
        if !read_stripe(&source, &tail, *stripe, &mut path, limits, sink)? {
            path.close_all(sink);
            let detail = "a stripe is damaged; what stands before the damage was read";
            sink.gap(Coverage::partial(Reason::UnableToParseFile, detail));
        }
        first = first.saturating_add(stripe.rows);
    }
    Ok(())
}

/// Reads one stripe. False if that cannot be done to its end.
fn read_stripe(
    source: &SharedSource,
    tail: &Tail,
    stripe: Stripe,
    path: &mut RecordPath,
    limits: &Limits,
    sink: &mut dyn ContentSink,
) -> Result<bool, ReadFailure> {
    let Some(footer) = tail.stripe(source, stripe) else { return Ok(false) };
    let used = vec![false; tail.types.len()];
    let Some(mut root) = (StripeColumns { tail, footer: &footer, source, used }).column(0, 0) else {
        return Ok(false);
    };
    let mut text = Vec::new();
    for row in 0..stripe.rows {
        if row.is_multiple_of(STEP) {
            limits.check()?;
        }
        if !path.is_allowed() || root.give(path, &mut text, sink).is_none() {
            return Ok(false);
        }
        path.record += 1;
    }
    Ok(true)
}
