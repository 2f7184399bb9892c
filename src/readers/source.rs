//! Content in which a reader may jump about: a file as it is, or what was spooled of a stream.

use std::fs::File;
use std::io::{self, Cursor, Read, Seek, SeekFrom, Write};

/// The whole content of an object or member.
#[derive(Debug)]
pub enum Source {
    /// A file: the object's own, or an unnamed temporary one.
    File(File),
    /// Content that is short enough to be kept in memory.
    Memory(Cursor<Vec<u8>>),
}

impl Source {
    /// Bytes of a stream that are kept in memory; more go to a temporary file, which has no name and ends with the scan.
    pub const IN_MEMORY: usize = 8 * 1024 * 1024;

    /// Reads `content` to its end. If it fails before, what came until then is the content and the error stands beside it.
    /// The outer error is one of the temporary file.
    pub fn spool(mut content: impl Read) -> io::Result<(Self, Option<io::Error>)> {
        let mut start = Vec::new();
        let failure = content.by_ref().take(Self::IN_MEMORY as u64).read_to_end(&mut start).err();
        if failure.is_some() || start.len() < Self::IN_MEMORY {
            return Ok((Self::Memory(Cursor::new(start)), failure));
        }
        let mut file = tempfile::tempfile()?;
        file.write_all(&start)?;
        let mut piece = start;
        piece.truncate(256 * 1024);
        let failure = loop {
            match content.read(&mut piece) {
                Ok(0) => break None,
                Ok(read) => file.write_all(&piece[..read])?,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => break Some(error),
            }
        };
        file.rewind()?;
        Ok((Self::File(file), failure))
    }

    /// Bytes of the content.
    pub fn length(&self) -> io::Result<u64> {
        match self {
            Self::File(file) => Ok(file.metadata()?.len()),
            Self::Memory(bytes) => Ok(bytes.get_ref().len() as u64),
        }
    }
}

impl Read for Source {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::File(file) => file.read(buffer),
            Self::Memory(bytes) => bytes.read(buffer),
        }
    }
}

impl Seek for Source {
    fn seek(&mut self, position: SeekFrom) -> io::Result<u64> {
        match self {
            Self::File(file) => file.seek(position),
            Self::Memory(bytes) => bytes.seek(position),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_and_long_streams_are_spooled_whole_and_can_be_read_twice() {
        for length in [0, 10, Source::IN_MEMORY - 1, Source::IN_MEMORY, Source::IN_MEMORY + 300_001] {
            let bytes: Vec<u8> = (0..length).map(|index| (index % 251) as u8).collect();
            let (mut source, failure) = Source::spool(bytes.as_slice()).expect("there is room for a temporary file");
            assert!(failure.is_none());
            assert_eq!(source.length().expect("a length"), length as u64);
            for _ in 0..2 {
                let mut read = Vec::new();
                source.read_to_end(&mut read).expect("what was spooled can be read");
                assert!(read == bytes);
                source.rewind().expect("what was spooled can be read again");
            }
        }
    }
}
