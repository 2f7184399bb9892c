//! Whether standard output is coloured.

use crate::args::ColorArg;
use std::io::{self, IsTerminal};

/// Whether to colour standard output, which the option decides and, if that leaves it open, `NO_COLOR` (no-color.org),
/// `CLICOLOR_FORCE` and `CLICOLOR` (bixense.com/clicolors), and whether it is a terminal that can.
pub fn is_on(wanted: ColorArg) -> bool {
    let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    match wanted {
        ColorArg::Always => true,
        ColorArg::Never => false,
        ColorArg::Auto if variable("NO_COLOR").is_some() => false,
        ColorArg::Auto if variable("CLICOLOR_FORCE").is_some_and(|value| value != "0") => true,
        ColorArg::Auto => {
            let able = variable("TERM").is_none_or(|kind| kind != "dumb");
            able && variable("CLICOLOR").is_none_or(|value| value != "0") && io::stdout().is_terminal()
        }
    }
}
