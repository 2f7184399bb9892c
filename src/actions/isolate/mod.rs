//! Moves files into an isolation folder and back, so that no interruption at any point leaves their content in neither place.
//!
//! [`isolate`] takes requests: files with what a scan knows of them, made from findings by [`Found::requests`] or by whoever has
//! scanned. [`restore()`] puts files back. Both finish what an interrupted run has left undone first, and lock the folder against
//! other runs. `docs/isolation.md` has the states that a file goes through, and the guarantees.

#[cfg(not(unix))]
mod elsewhere;
mod encryption;
#[cfg(unix)]
mod entry;
mod error;
#[cfg(unix)]
mod facts;
#[cfg(unix)]
mod folder;
mod found;
#[cfg(unix)]
mod held;
mod hex;
#[cfg(unix)]
mod manifest;
mod outcome;
#[cfg(unix)]
mod path_text;
#[cfg(unix)]
mod place;
mod request;
#[cfg(unix)]
mod restore;
mod seal;
mod settings;
#[cfg(unix)]
mod settle;
#[cfg(unix)]
mod source;
#[cfg(unix)]
mod stored_name;
#[cfg(unix)]
mod transfer;
mod witness;

#[cfg(not(unix))]
pub use elsewhere::{check_apart, finish, isolate, restore};
pub use encryption::{EncryptionError, Identities, Recipients};
pub use error::IsolationError;
pub use found::{Found, FoundError};
pub use outcome::{Fate, Outcome};
pub use request::{FindingRef, Request, Scanned};
#[cfg(unix)]
pub use restore::restore;
pub use settings::{RestoreSettings, Settings};
#[cfg(unix)]
pub use transfer::{check_apart, finish, isolate};
pub use witness::{Step, Witness};
