//! Whether bytes of a field without a type are text that a person can read.

/// True for bytes that a person can read: UTF-8, or bytes of another encoding; without control characters.
pub(super) fn is_text(bytes: &[u8]) -> bool {
    bytes.iter().all(|byte| *byte >= b' ' || matches!(byte, b'\t' | b'\n' | b'\r'))
}
