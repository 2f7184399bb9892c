//! What the outputs say about the same reports.

mod samples;

mod scratch;
