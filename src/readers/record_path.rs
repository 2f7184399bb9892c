//! The path from the root of a record to its present value, for readers whose records are trees of named values.

use crate::model::{ContentSink, FieldPath, MemberId, PathStep};

/// Where a reader of records stands. Gives objects and values to a sink under the right path.
#[derive(Debug)]
pub(super) struct RecordPath {
    /// 0-based record of the file.
    pub(super) record: u64,
    /// One step per open object (to its present member) or list (to its present element).
    steps: Vec<PathStep>,
    /// The members at which the objects and lists of `steps` stand.
    bases: Vec<MemberId>,
    /// The member that the present value belongs to.
    here: MemberId,
    /// Counts how often the sink has forgotten its members.
    generation: u32,
    /// Values that may still be given.
    allowed: u64,
}

/// Values that a few bytes may stand for, by runs and the like.
const ALWAYS_ALLOWED: u64 = 64 * 1024 * 1024;
/// Values that a byte may stand for beyond that.
const ALLOWED_A_BYTE: u64 = 64;

/// A member name whose id is remembered, for names that come again in every record.
#[derive(Debug, Clone, Copy)]
pub(super) struct Known {
    base: MemberId,
    generation: u32,
    member: MemberId,
}

impl Default for Known {
    fn default() -> Self {
        Self { base: MemberId::ROOT, generation: 0, member: MemberId::ROOT }
    }
}

impl Default for RecordPath {
    fn default() -> Self {
        Self {
            record: 0,
            steps: Vec::new(),
            bases: Vec::new(),
            here: MemberId::ROOT,
            generation: 1,
            allowed: ALWAYS_ALLOWED,
        }
    }
}

impl RecordPath {
    /// Allows for the values that so many bytes may stand for. A file of little more than claims must not
    /// keep a reader busy for hours.
    pub(super) fn allow(&mut self, stored: u64) {
        self.allowed = self.allowed.saturating_add(stored.saturating_mul(ALLOWED_A_BYTE));
    }

    /// Counts one more value (or element, or row). False if there are more than can be meant.
    #[inline]
    pub(super) fn is_allowed(&mut self) -> bool {
        self.allowed = self.allowed.saturating_sub(1);
        self.allowed > 0
    }

    /// An object begins at the present place.
    pub(super) fn open_object(&mut self, sink: &mut dyn ContentSink) {
        self.deepen(PathStep::Member(MemberId::ROOT));
        sink.open_object();
    }

    /// The innermost object or list ends.
    pub(super) fn close(&mut self, sink: &mut dyn ContentSink) {
        if let Some(PathStep::Member(_)) = self.steps.pop() {
            sink.close_object();
        }
        self.here = self.bases.pop().unwrap_or(MemberId::ROOT);
    }

    /// Ends whatever is open: a record that broke.
    pub(super) fn close_all(&mut self, sink: &mut dyn ContentSink) {
        while !self.steps.is_empty() {
            self.close(sink);
        }
    }

    /// A list begins at the present place.
    pub(super) fn open_list(&mut self) {
        self.deepen(PathStep::Index(0));
    }

    /// Goes on to that 0-based element of the innermost list.
    pub(super) fn element(&mut self, index: u64) {
        if let Some(step) = self.steps.last_mut() {
            *step = PathStep::Index(index);
        }
    }

    /// Goes on to the member of the innermost object that has this name.
    pub(super) fn member(&mut self, name: &[u8], sink: &mut dyn ContentSink) {
        let Some(&base) = self.bases.last() else { return };
        let base = if sink.names().is_full() { self.start_afresh(sink) } else { base };
        let Some(PathStep::Member(step)) = self.steps.last_mut() else { return };
        *step = sink.names().member(base, *step, name);
        self.here = *step;
    }

    /// The same for a name that comes again at this place: `known` remembers it.
    #[inline]
    pub(super) fn known_member(&mut self, name: &[u8], known: &mut Known, sink: &mut dyn ContentSink) {
        let Some(&base) = self.bases.last() else { return };
        if known.generation == self.generation && known.base == base {
            self.here = known.member;
            if let Some(PathStep::Member(step)) = self.steps.last_mut() {
                *step = known.member;
            }
            return;
        }
        self.member(name, sink);
        let base = self.bases.last().copied().unwrap_or(MemberId::ROOT);
        *known = Known { base, generation: self.generation, member: self.here };
    }

    /// Gives the value at the present place.
    #[inline]
    pub(super) fn value(&self, bytes: &[u8], sink: &mut dyn ContentSink) {
        sink.value(FieldPath { record: self.record, member: self.here, steps: &self.steps }, bytes);
    }

    /// Gives the key of a map at its value's place, if it may be more than a name: somebody's number or address.
    pub(super) fn key(&self, key: &[u8], sink: &mut dyn ContentSink) {
        if key.iter().any(|byte| byte.is_ascii_digit() || matches!(byte, b'@' | b' ')) {
            self.value(key, sink);
        }
    }

    fn deepen(&mut self, step: PathStep) {
        self.steps.push(step);
        self.bases.push(self.here);
    }

    /// Lets the sink forget its members, and follows the new ids. Returns the new base of the innermost object.
    #[cold]
    fn start_afresh(&mut self, sink: &mut dyn ContentSink) -> MemberId {
        sink.forget_names(&mut self.steps);
        self.generation += 1;
        self.here = MemberId::ROOT;
        for (base, step) in self.bases.iter_mut().zip(&self.steps) {
            *base = self.here;
            if let PathStep::Member(member) = step {
                self.here = *member;
            }
        }
        self.bases.last().copied().unwrap_or(MemberId::ROOT)
    }
}
