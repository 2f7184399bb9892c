//! Names cells as workbooks do.

/// The reference of a cell: `Sheet2!C5`, or `C5` where the sheet has no name because it is the only one. Row and column are
/// 1-based.
pub(super) fn cell_reference(sheet: &str, column: u32, row: u64) -> String {
    let mut letters = Vec::new();
    let mut left = column;
    // Columns are numbers to the base of 26 without a zero: Z is 26, AA is 27.
    while left > 0 {
        let digit = (left - 1) % 26;
        letters.push(char::from(b'A' + digit as u8));
        left = (left - 1 - digit) / 26;
    }
    let letters: String = letters.into_iter().rev().collect();
    if sheet.is_empty() { format!("{letters}{row}") } else { format!("{sheet}!{letters}{row}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_go_from_a_to_z_and_on_with_aa() {
        let columns =
            [(1, "A"), (26, "Z"), (27, "AA"), (52, "AZ"), (53, "BA"), (702, "ZZ"), (703, "AAA"), (16384, "XFD")];
        for (column, letters) in columns {
            assert_eq!(cell_reference("", column, 5), format!("{letters}5"));
        }
        assert_eq!(cell_reference("Sheet2", 3, 5), "Sheet2!C5");
    }
}
