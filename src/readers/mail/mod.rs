//! E-mail: messages (RFC 5322 and MIME, RFC 2045 to 2047) and mailboxes of them (RFC 4155).
//!
//! Headers and text bodies are located by the lines of the source; attachments are files inside the message.

mod body;
mod header;
mod lines;
mod message;
mod relocated;
mod transfer;

pub use message::{read, read_mailbox};

#[cfg(test)]
mod tests;
