//! Pointers that Git LFS leaves in place of large files.

/// The longest that a pointer may be, in bytes.
pub const LONGEST: u64 = 1023;

/// Whether a content is a pointer of Git LFS: the data itself is elsewhere, and whoever scans this has not seen it.
pub fn is_large_file_pointer(content: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(content) else { return false };
    let mut lines = text.lines();
    let version = lines.next().unwrap_or_default();
    content.len() as u64 <= LONGEST
        && (version.starts_with("version https://git-lfs.github.com/spec/")
            || version == "version http://git-media.io/v/2")
        && lines.any(|line| line.starts_with("oid "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pointer_has_a_version_and_an_oid_and_is_short() {
        let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n";
        assert!(is_large_file_pointer(pointer.as_bytes()));
        for other in ["", "version 2\noid x\n", "version https://git-lfs.github.com/spec/v1\n", "id,version\n1,2\n"] {
            assert!(!is_large_file_pointer(other.as_bytes()), "{other}");
        }
        assert!(!is_large_file_pointer(format!("{pointer}{}", "x".repeat(1000)).as_bytes()));
    }
}
