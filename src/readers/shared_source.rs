//! A content that several readers jump about in, each with a position of its own.

use super::source::Source;
use std::io::{self, Read, Seek, SeekFrom};
use std::sync::{Arc, Mutex, PoisonError};

/// One reader's view of the content.
#[derive(Debug, Clone)]
pub(super) struct SharedSource {
    source: Arc<Mutex<Source>>,
    position: u64,
    length: u64,
}

impl SharedSource {
    pub(super) fn new(source: Source) -> io::Result<Self> {
        let length = source.length()?;
        Ok(Self { source: Arc::new(Mutex::new(source)), position: 0, length })
    }

    /// Bytes of the content.
    pub(super) fn length(&self) -> u64 {
        self.length
    }

    /// Up to `length` bytes from `start` on; fewer at the end of the content.
    pub(super) fn read_at(&self, start: u64, length: u64) -> io::Result<Vec<u8>> {
        let mut source = self.source.lock().unwrap_or_else(PoisonError::into_inner);
        source.seek(SeekFrom::Start(start))?;
        let mut bytes = Vec::with_capacity(length.min(self.length.saturating_sub(start)) as usize);
        source.by_ref().take(length).read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}

impl Read for SharedSource {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut source = self.source.lock().unwrap_or_else(PoisonError::into_inner);
        source.seek(SeekFrom::Start(self.position))?;
        let read = source.read(buffer)?;
        self.position += read as u64;
        Ok(read)
    }
}

impl Seek for SharedSource {
    fn seek(&mut self, position: SeekFrom) -> io::Result<u64> {
        let target = match position {
            SeekFrom::Start(start) => Some(start),
            SeekFrom::End(offset) => self.length.checked_add_signed(offset),
            SeekFrom::Current(offset) => self.position.checked_add_signed(offset),
        };
        self.position = target.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.position)
    }
}
