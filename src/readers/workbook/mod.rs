//! Spreadsheets of Excel and of LibreOffice: every sheet as a table, and what stands beside its cells as text.

mod cell;
mod notes;
mod ods;
mod parts;
mod sheet;
mod xls;
mod xlsx;

pub(super) use ods::read as read_ods;
pub(super) use xls::read as read_xls;
pub(super) use xlsx::read as read_xlsx;
