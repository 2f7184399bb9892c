//! The shared test data.

use anyhow::{Context, bail};
use serde::de::DeserializeOwned;
use std::io::Read;
use std::path::{Path, PathBuf};

/// The folder of test data of other hands.
pub struct SharedData {
    folder: PathBuf,
}

impl SharedData {
    /// The folder that `LAKEGATE_SHARED_DATA` names, else `../shared/data` beside the project.
    ///
    /// # Errors
    /// A sentence on what to do when it is not there.
    pub fn find() -> anyhow::Result<Self> {
        let folder = std::env::var_os("LAKEGATE_SHARED_DATA")
            .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data"), PathBuf::from);
        if !folder.is_dir() {
            bail!("there is no test data at {}; set LAKEGATE_SHARED_DATA to its folder", folder.display());
        }
        Ok(Self { folder })
    }

    /// Content of a file, unpacked when its name ends in `.gz`.
    pub fn bytes(&self, file: &str) -> anyhow::Result<Vec<u8>> {
        let path = self.folder.join(file);
        let stored = std::fs::read(&path).with_context(|| format!("reading {}", path.display()))?;
        if path.extension().is_none_or(|end| end != "gz") {
            return Ok(stored);
        }
        let mut plain = Vec::new();
        flate2::read::MultiGzDecoder::new(stored.as_slice())
            .read_to_end(&mut plain)
            .with_context(|| format!("unpacking {}", path.display()))?;
        Ok(plain)
    }

    /// The file as one JSON document.
    pub fn json<T: DeserializeOwned>(&self, file: &str) -> anyhow::Result<T> {
        serde_json::from_slice(&self.bytes(file)?).with_context(|| format!("reading {file}"))
    }

    /// The file as one JSON document a line.
    pub fn lines<T: DeserializeOwned>(&self, file: &str) -> anyhow::Result<Vec<T>> {
        let bytes = self.bytes(file)?;
        let lines = bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
        lines.map(|line| serde_json::from_slice(line).with_context(|| format!("reading {file}"))).collect()
    }
}
