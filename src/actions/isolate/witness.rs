//! Who is told of every step of a move.

/// A step that has just been completed for a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Step {
    /// A temporary file has been opened in the isolation folder; it is empty.
    CopyBegun,
    /// The temporary copy is whole and on disk.
    Copied,
    /// It has been read back and is the same as what was scanned.
    Verified,
    /// The manifest says where it will be.
    CopyRecorded,
    /// It has its name in the isolation folder.
    Placed,
    /// The manifest has its entry.
    PlaceRecorded,
    /// The source has been put aside under a temporary name.
    Claimed,
    /// The source is removed.
    Removed,
    /// The manifest says that the file is isolated.
    Isolated,
    /// The manifest says that the file is about to be put back.
    RestoreRecorded,
    /// A temporary file has been opened where the file was; it is empty.
    ReturnBegun,
    /// It is whole, verified, has its mode and times, and is on disk.
    Returned,
    /// It has its name.
    Replaced,
    /// The manifest says that the file is back.
    ReplaceRecorded,
    /// The copy in the isolation folder is removed.
    Discarded,
    /// The manifest says so.
    Closed,
}

impl Step {
    /// The steps of a move, in order.
    pub const ISOLATE: [Self; 9] = [
        Self::CopyBegun,
        Self::Copied,
        Self::Verified,
        Self::CopyRecorded,
        Self::Placed,
        Self::PlaceRecorded,
        Self::Claimed,
        Self::Removed,
        Self::Isolated,
    ];
    /// The steps of the way back, in order.
    pub const RESTORE: [Self; 7] = [
        Self::RestoreRecorded,
        Self::ReturnBegun,
        Self::Returned,
        Self::Replaced,
        Self::ReplaceRecorded,
        Self::Discarded,
        Self::Closed,
    ];
}

/// Told of every step, from several threads: to show progress, or to see what happens when a run ends there.
pub trait Witness: Sync {
    /// The file with this key has come through `step`.
    fn reached(&self, step: Step, key: &str);
}

/// Nobody.
impl Witness for () {
    fn reached(&self, _: Step, _: &str) {}
}
