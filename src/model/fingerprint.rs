//! What tells the bytes that were scanned from any others.

/// Length and digest of the bytes of an object that a scan has read. It stays in memory: a digest of a small file gives the
/// file away, so it can be compared, but neither printed nor serialised.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Fingerprint {
    /// Stored bytes that were read, from the first one on; fewer than the object has where a reader stopped early.
    pub bytes: u64,
    /// SHA-256 of these bytes (FIPS 180-4).
    pub sha256: [u8; 32],
}

impl std::fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Fingerprint").field("bytes", &self.bytes).finish_non_exhaustive()
    }
}
