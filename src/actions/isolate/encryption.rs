//! Isolated copies that only the holder of an identity can read: the age format, version 1.

use super::seal::{Hashing, Sum};
use age::x25519;
use std::fs::{self, File};
use std::io::{self, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// Whom isolated copies are encrypted to.
#[derive(Debug, Clone, Default)]
pub struct Recipients(Vec<x25519::Recipient>);

/// Why recipients or identities cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum EncryptionError {
    /// Text that is no recipient.
    #[error(
        "{place}: this is no age recipient ({problem}); one looks like age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"
    )]
    NoRecipient {
        /// Where it stands.
        place: String,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// A file without recipients.
    #[error("{}: there is no recipient in the file; put one a line", .0.display())]
    Nobody(PathBuf),
    /// A file that cannot be read, or whose content is refused.
    #[error("reading {}: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

impl Recipients {
    /// Adds the recipient that `text` names (`age1...`).
    pub fn add(&mut self, text: &str) -> Result<(), EncryptionError> {
        self.add_from(text, || "age recipient".to_owned())
    }

    /// Adds the recipients of a file: one a line, empty lines and comments (`#`) apart, as `age -R` takes it.
    pub fn add_file(&mut self, path: &Path) -> Result<(), EncryptionError> {
        let text =
            fs::read_to_string(path).map_err(|source| EncryptionError::Unreadable { path: path.to_owned(), source })?;
        let before = self.0.len();
        for (index, line) in text.lines().enumerate() {
            let line = line.trim();
            if !line.is_empty() && !line.starts_with('#') {
                self.add_from(line, || format!("{}:{}", path.display(), index + 1))?;
            }
        }
        if self.0.len() == before { Err(EncryptionError::Nobody(path.to_owned())) } else { Ok(()) }
    }

    fn add_from(&mut self, text: &str, place: impl Fn() -> String) -> Result<(), EncryptionError> {
        // Neither a secret key given by mistake nor anything else of the text goes into the message.
        if text.to_ascii_uppercase().starts_with("AGE-SECRET-KEY-") {
            let problem = "it is a secret key, which belongs to restore";
            return Err(EncryptionError::NoRecipient { place: place(), problem });
        }
        let recipient = x25519::Recipient::from_str(text)
            .map_err(|problem| EncryptionError::NoRecipient { place: place(), problem })?;
        self.0.push(recipient);
        Ok(())
    }

    /// True when copies are not encrypted.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What encrypts everything that is written to it.
    pub(super) fn encrypt<W: Write>(&self, output: W) -> io::Result<Encrypted<W>> {
        let recipients = self.0.iter().map(|recipient| recipient as &dyn age::Recipient);
        let encryptor = age::Encryptor::with_recipients(recipients).map_err(io::Error::other)?;
        encryptor.wrap_output(Hashing::new(output)).map(Encrypted)
    }
}

/// Encrypts what is written.
pub(super) struct Encrypted<W: Write>(age::stream::StreamWriter<Hashing<W>>);

impl<W: Write> Encrypted<W> {
    /// Ends the stream: the digest of what was written, encrypted.
    pub(super) fn finish(self) -> io::Result<Sum> {
        let mut output = self.0.finish()?;
        output.flush()?;
        Ok(output.sum())
    }
}

impl<W: Write> Write for Encrypted<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// The secret keys that encrypted copies are read with.
#[derive(Default)]
pub struct Identities(Vec<Box<dyn age::Identity + Send + Sync>>);

impl Identities {
    /// Adds the identities of a file, as `age-keygen` writes it.
    pub fn add_file(&mut self, path: &Path) -> Result<(), EncryptionError> {
        let unreadable = |source| EncryptionError::Unreadable { path: path.to_owned(), source };
        let file = File::open(path).map_err(unreadable)?;
        let identities = age::IdentityFile::from_buffer(BufReader::new(file)).map_err(unreadable)?;
        let identities = identities.into_identities().map_err(|error| unreadable(io::Error::other(error)))?;
        self.0.extend(identities);
        Ok(())
    }

    /// True when nothing can be decrypted.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What decrypts while it is read. Content that was tampered with or cut short ends in an error.
    pub(super) fn decrypt<'a, R: Read + 'a>(&self, input: R) -> io::Result<impl Read + 'a> {
        let failed = |error: age::DecryptError| io::Error::new(io::ErrorKind::InvalidData, error);
        let decryptor = age::Decryptor::new_buffered(BufReader::new(input)).map_err(failed)?;
        let identities = self.0.iter().map(|identity| identity.as_ref() as &dyn age::Identity);
        decryptor.decrypt(identities).map_err(failed)
    }
}
