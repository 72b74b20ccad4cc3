//! Saying that a test did not run, so that it is seen.
//!
//! Separate, because unit tests of the library take this file alone.

use std::fs::OpenOptions;
use std::io::{self, Write as _};

/// Says why, past the runner, which shows nothing of tests that pass; and writes it into the file that `scripts/test.sh` counts.
pub(crate) fn skip(reason: &str) {
    let _ = writeln!(io::stderr(), "skipped: {reason}");
    let list = std::env::var_os("PARLOUR_SKIPPED").map(|path| OpenOptions::new().append(true).create(true).open(path));
    if let Some(Ok(mut list)) = list {
        // In one piece: tests run side by side.
        let _ = list.write_all(format!("skipped: {reason}\n").as_bytes());
    }
}
