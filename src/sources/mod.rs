//! Where objects come from.

mod walk;

pub use walk::{Entry, walk};
