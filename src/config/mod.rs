//! Settings in `lakegate.yaml`, found upwards from the working directory.

mod file;

pub use file::{Config, FILE_NAME};
