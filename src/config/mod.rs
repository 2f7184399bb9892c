//! Settings in `lakegate.yaml`, found upwards from the working directory.

mod file;
mod options;
mod section;

pub use file::{Config, FILE_NAMES};
pub use options::{OptionShape, Options, PathPart, Setting, SettingValue, Takes};
