//! Where objects come from.

mod root_name;
mod walk;

pub use walk::{Entry, walk};
