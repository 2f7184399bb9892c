//! The progress bar: bytes, files, rate, time left. Only on a terminal.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use lakegate::scan::Progress;
use std::io::IsTerminal;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Shows how far a scan has come.
pub struct Bar {
    shown: ProgressBar,
    files: AtomicU64,
    total_files: u64,
}

impl Bar {
    /// A bar for that much work; hidden when `shown` is false or standard error is no terminal.
    pub fn new(total_bytes: u64, total_files: u64, shown: bool) -> Self {
        let visible = shown && std::io::stderr().is_terminal();
        let target = if visible { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(Some(total_bytes), target);
        let template = "{bar:24} {bytes}/{total_bytes} {msg} {bytes_per_sec} {eta} left";
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        if visible {
            bar.enable_steady_tick(Duration::from_millis(120));
        }
        Self { shown: bar, files: AtomicU64::new(0), total_files }
    }

    /// Removes the bar.
    pub fn finish(&self) {
        self.shown.finish_and_clear();
    }
}

impl Progress for Bar {
    fn bytes(&self, count: u64) {
        self.shown.inc(count);
    }

    fn object_done(&self) {
        let files = self.files.fetch_add(1, Ordering::Relaxed) + 1;
        self.shown.set_message(format!("{files}/{} files", self.total_files));
    }
}
