//! The names of the built files, which carry a hash of their content so that browsers may keep them for ever.
//!
//! Separate, because pages and the start script need the same names, and reading them is a matter of the build tool.

use leptos::prelude::LeptosOptions;
use std::sync::OnceLock;

/// Where the built files are found.
#[derive(Debug, Clone)]
pub(super) struct Files {
    /// The stylesheet.
    pub css: String,
    /// The script that loads the wasm.
    pub js: String,
    /// The wasm.
    pub wasm: String,
    /// The part of it that is loaded later; empty where the build has not parted it.
    pub later: String,
}

impl Files {
    /// Returns the names; read once, except while the build tool watches and changes them.
    pub(super) fn of(options: &LeptosOptions) -> Self {
        static ONCE: OnceLock<Files> = OnceLock::new();
        if std::env::var_os("LEPTOS_WATCH").is_some() {
            return Self::named(options, &hashes(options));
        }
        ONCE.get_or_init(|| Self::named(options, &hashes(options))).clone()
    }

    fn named(options: &LeptosOptions, hashes: &str) -> Self {
        let (folder, stem) = (&options.site_pkg_dir, &options.output_name);
        let hashed = |kind: &str| {
            let hash = hashes.lines().find_map(|line| line.trim().strip_prefix(kind)?.strip_prefix(':'))?;
            Some(format!("/{folder}/{stem}.{}.{kind}", hash.trim()))
        };
        let name = |kind: &str| hashed(kind).unwrap_or_else(|| format!("/{folder}/{stem}.{kind}"));
        Self { css: name("css"), js: name("js"), wasm: name("wasm"), later: hashed("later.js").unwrap_or_default() }
    }
}

/// Reads the file of hashes, which lies beside the program; without it the names are plain.
fn hashes(options: &LeptosOptions) -> String {
    if !options.hash_files {
        return String::new();
    }
    let program = std::env::current_exe().unwrap_or_default();
    std::fs::read_to_string(program.with_file_name(options.hash_file.as_ref())).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options() -> LeptosOptions {
        LeptosOptions::builder().output_name("parlour").site_pkg_dir("pkg").build()
    }

    #[test]
    fn names_carry_their_hash() {
        let files = Files::named(&options(), "js: ab1\nwasm: cd2\ncss: ef3\nlater.js: 0a4\n");
        assert_eq!(files.js, "/pkg/parlour.ab1.js");
        assert_eq!(files.wasm, "/pkg/parlour.cd2.wasm");
        assert_eq!(files.css, "/pkg/parlour.ef3.css");
        assert_eq!(files.later, "/pkg/parlour.0a4.later.js");
    }

    #[test]
    fn names_are_plain_without_hashes() {
        assert_eq!(Files::named(&options(), "").wasm, "/pkg/parlour.wasm");
        assert_eq!(Files::named(&options(), "").later, "");
    }
}
