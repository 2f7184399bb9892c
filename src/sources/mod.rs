//! Where objects come from.

mod blob;
mod git;
mod large_file_pointer;
mod object_names;
mod root_name;
mod staged;
mod walk;

pub use git::GitError;
pub use large_file_pointer::is_large_file_pointer;
pub use object_names::ObjectNames;
pub use staged::{Staged, StagedContent, StagedFile};
pub use walk::{Entry, walk};
