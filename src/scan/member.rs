//! A file inside an object, scanned on one thread in the way of an object of its own.

use super::coverage::{broken, unreadable};
use super::hands::{Hands, Reading};
use super::merge::Merge;
use super::parts::{PartResult, Parts};
use crate::engine::Costs;
use crate::findings::Tally;
use crate::model::{Coverage, Member, MemberInfo, Reason};
use crate::readers::{LimitReached, Limits, open};
use std::io::{self, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What scanning a file inside an object gave.
#[derive(Default)]
pub(super) struct MemberResult {
    /// The file itself, if there is anything to say of it, and those inside it.
    pub(super) members: Vec<Member>,
    /// Counts of all that was found.
    pub(super) counts: Option<Tally>,
    /// Bytes analysed.
    pub(super) bytes: u64,
    /// What scanning it has cost, as far as that is measured.
    pub(super) costs: Costs,
}

impl MemberResult {
    /// Of a file of which nothing could be read.
    pub(super) fn unread(info: MemberInfo<'_>, coverage: Coverage) -> Self {
        let member = Member {
            path: info.path.to_owned(),
            mime_type: "application/octet-stream".into(),
            size: 0,
            modified: info.modified,
            coverage,
            finding: None,
        };
        Self { members: vec![member], ..Self::default() }
    }
}

/// Scans the file. `around` says what it lies in.
pub(super) fn scan_member(around: Reading<'_>, info: MemberInfo<'_>, content: &mut dyn Read) -> MemberResult {
    let Reading { scanner, engine, limits, levels, .. } = around;
    let mut costs = Costs::default();
    let mut merge = Merge::new(scanner.identifier_count());
    let mut metered = Metered { input: content, limits, bytes: 0 };
    let left = limits.quotas().levels.saturating_sub(levels);
    // A reader that breaks ends this file only; what the parts before gave counts.
    let scan = AssertUnwindSafe(|| match open(info.path, &mut metered, limits, left) {
        Err(error) => merge.coverage.worsen(unreadable(error)),
        Ok(opened) => {
            let inside = opened.compressed.as_ref().map_or(0, |inside| inside.levels);
            // Whoever packed an archive wrote the comments in its files: they are not those of who scans it.
            let reading = Reading { levels: levels + inside, heeded: None, ..around };
            let mut parts = Parts::of((scanner, engine), opened, None, &mut merge).within(limits);
            let mut hands = Hands::default();
            while let Some((sequence, part)) = parts.take() {
                let tally = scanner.tally().after(merge.located());
                let mut result = PartResult::new(tally);
                let scan = AssertUnwindSafe(|| hands.scan(reading, part, &mut result));
                if let Ok(spare) = catch_unwind(scan) {
                    parts.give_back(spare);
                } else {
                    hands = Hands::default();
                    result.coverage.worsen(broken());
                }
                merge.put(sequence, result);
            }
            merge.coverage.worsen(parts.into_coverage());
            costs = hands.take_costs();
        }
    });
    if catch_unwind(scan).is_err() {
        merge.coverage.worsen(broken());
    }
    MemberResult { costs, ..merge.into_member(info, &scanner.counted) }
}

/// The content of a file inside an object, as far as it is read.
struct Metered<'m> {
    input: &'m mut dyn Read,
    limits: &'m Limits,
    bytes: u64,
}

impl Read for Metered<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let most = self.limits.quotas().member_bytes;
        let left = usize::try_from((most - self.bytes.min(most)).max(1)).unwrap_or(usize::MAX);
        let room = left.min(buffer.len());
        let read = self.input.read(&mut buffer[..room])?;
        self.bytes += read as u64;
        self.limits.expand(read as u64)?;
        if self.bytes > most {
            let detail = format!("larger than a file in an archive may be ({most} bytes)");
            return Err(LimitReached { reason: Reason::FileExceedsSizeLimit, detail }.into());
        }
        Ok(read)
    }
}
