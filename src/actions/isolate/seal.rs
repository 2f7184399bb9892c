//! What a copy is recognised by: digests of bytes as they pass, and what of them may be written down.

use super::hex;
use hmac::{Hmac, Mac};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use sha2::{Digest, Sha256};
use std::io::{self, Read, Write};

/// A SHA-256 digest. It is not printable: that of a small file gives the file away.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Sum(pub [u8; 32]);

/// The secret of an isolation folder, which makes digests of its files useless to anybody without it.
pub(super) struct FolderKey(pub [u8; 32]);

impl FolderKey {
    /// A key that nobody can guess.
    pub(super) fn random() -> io::Result<Self> {
        let mut key = [0; 32];
        getrandom::fill(&mut key).map_err(io::Error::other)?;
        Ok(Self(key))
    }

    /// The seal of content with this digest.
    pub(super) fn seal(&self, content: Sum) -> Seal {
        // HMAC takes keys of any length.
        let mac = Hmac::<Sha256>::new_from_slice(&self.0).map(|mac| mac.chain_update(content.0).finalize());
        Seal::Content(mac.map(|mac| mac.into_bytes().into()).unwrap_or_default())
    }
}

/// What the manifest keeps of a copy's digest.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Seal {
    /// HMAC-SHA256 (RFC 2104) of the SHA-256 of the content, with the folder's key.
    Content([u8; 32]),
    /// SHA-256 of an encrypted copy as it is stored. Encryption is randomised, so this tells nothing of the content; and of
    /// the content there is no digest, which whoever has the folder and its key could search for.
    Ciphertext([u8; 32]),
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Written {
    ContentHmac(String),
    CiphertextSha256(String),
}

impl Serialize for Seal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Content(bytes) => Written::ContentHmac(hex::encode(bytes)),
            Self::Ciphertext(bytes) => Written::CiphertextSha256(hex::encode(bytes)),
        }
        .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Seal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let bytes = |text: &str| {
            let bytes = hex::decode(text).and_then(|bytes| bytes.try_into().ok());
            bytes.ok_or_else(|| D::Error::custom("a digest has 64 hexadecimal digits"))
        };
        Ok(match Written::deserialize(deserializer)? {
            Written::ContentHmac(text) => Self::Content(bytes(&text)?),
            Written::CiphertextSha256(text) => Self::Ciphertext(bytes(&text)?),
        })
    }
}

/// Passes bytes on and digests them.
pub(super) struct Hashing<T> {
    inner: T,
    hash: Sha256,
}

impl<T> Hashing<T> {
    pub(super) fn new(inner: T) -> Self {
        Self { inner, hash: Sha256::new() }
    }

    /// The digest of what has passed.
    pub(super) fn sum(self) -> Sum {
        Sum(self.hash.finalize().into())
    }
}

impl<R: Read> Read for Hashing<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.hash.update(&buffer[..read]);
        Ok(read)
    }
}

impl<W: Write> Write for Hashing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.hash.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// Which end of a copy failed.
pub(super) enum CopyError {
    Reading(io::Error),
    Writing(io::Error),
}

/// What was copied.
pub(super) struct Copied {
    pub bytes: u64,
    pub sum: Sum,
    /// Digest of as many of the first bytes as were asked for; `None` if there were fewer.
    pub beginning: Option<Sum>,
}

/// Copies everything, with digests of all and of the first `beginning` bytes.
pub(super) fn copy(from: &mut impl Read, to: &mut impl Write, beginning: u64) -> Result<Copied, CopyError> {
    let mut buffer = vec![0; 128 * 1024];
    let mut hash = Sha256::new();
    let mut bytes = 0;
    let mut first = (beginning == 0).then(|| Sum(Sha256::new().finalize().into()));
    loop {
        let read = match from.read(&mut buffer) {
            Ok(0) => break,
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(CopyError::Reading(error)),
        };
        let block = &buffer[..read];
        to.write_all(block).map_err(CopyError::Writing)?;
        let end = bytes + read as u64;
        if first.is_none() && end >= beginning {
            let mut part = hash.clone();
            part.update(&block[..usize::try_from(beginning - bytes).unwrap_or(read)]);
            first = Some(Sum(part.finalize().into()));
        }
        hash.update(block);
        bytes = end;
    }
    Ok(Copied { bytes, sum: Sum(hash.finalize().into()), beginning: first })
}

/// The digest of all that can be read.
pub(super) fn digest(from: &mut impl Read) -> io::Result<Sum> {
    match copy(from, &mut io::sink(), 0) {
        Ok(copied) => Ok(copied.sum),
        Err(CopyError::Reading(error) | CopyError::Writing(error)) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_copy_is_whole_and_its_beginning_is_digested_apart(
            content in prop::collection::vec(any::<u8>(), 0..300_000),
            beginning in 0_u64..300_000,
        ) {
            let mut copy_of = Vec::new();
            let Ok(copied) = copy(&mut content.as_slice(), &mut copy_of, beginning) else {
                return Err(TestCaseError::fail("memory can be copied"));
            };
            prop_assert_eq!(copied.bytes, content.len() as u64);
            prop_assert!(copied.sum == digest(&mut content.as_slice()).expect("memory can be read"));
            let first = content.get(..usize::try_from(beginning).expect("a length"));
            let expected = first.map(|mut bytes| digest(&mut bytes).expect("memory can be read"));
            prop_assert!(copied.beginning == expected);
            prop_assert_eq!(copy_of, content);
        }
    }

    #[test]
    fn seals_of_equal_content_differ_between_folders() {
        let sum = digest(&mut b"219-45-3456".as_slice()).expect("memory can be read");
        let (one, other) = (FolderKey([1; 32]), FolderKey([2; 32]));
        assert!(one.seal(sum) == one.seal(sum) && one.seal(sum) != other.seal(sum));
    }
}
