//! A path as the manifest writes it.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// A path of any bytes: a string in JSON if it is UTF-8, else `{"hex": "..."}` with two digits a byte.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct PathText(pub PathBuf);

impl std::ops::Deref for PathText {
    type Target = Path;

    fn deref(&self) -> &Path {
        &self.0
    }
}

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Written {
    Text(String),
    Bytes { hex: String },
}

impl Serialize for PathText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let written = match self.0.to_str() {
            Some(text) => Written::Text(text.to_owned()),
            None => Written::Bytes { hex: super::hex::encode(self.0.as_os_str().as_bytes()) },
        };
        written.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for PathText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Written::deserialize(deserializer)? {
            Written::Text(text) => Ok(Self(text.into())),
            Written::Bytes { hex } => match super::hex::decode(&hex) {
                Some(bytes) => Ok(Self(OsStr::from_bytes(&bytes).into())),
                None => Err(D::Error::custom("a path's bytes are pairs of hexadecimal digits")),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn any_path_is_read_as_it_was_written(bytes in prop::collection::vec(1_u8.., 0..40)) {
            let path = PathText(OsStr::from_bytes(&bytes).into());
            let text = serde_json::to_string(&path).expect("a path can be written");
            prop_assert_eq!(serde_json::from_str::<PathText>(&text).expect("a path can be read"), path);
        }
    }
}
