//! Where the built site lies.
//!
//! Separate, because the program runs from anywhere: what belongs to it is found from its own place, not from where it was
//! started.

use leptos::prelude::LeptosOptions;
use std::env;
use std::path::{Path, PathBuf};

/// The name of the list of hashes that the build leaves beside the program.
const HASHES: &str = "hash.txt";

/// A built site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    folder: PathBuf,
    hashes: Option<PathBuf>,
}

/// There is no site.
#[derive(Debug, thiserror::Error)]
#[error("no site in {}; `make build` makes one, and --site-dir says where it is", .tried.iter().map(|p| p.display().to_string()).collect::<Vec<_>>().join(" or "))]
pub struct NoSite {
    tried: Vec<PathBuf>,
}

impl Site {
    /// Finds the site in the folder that was named, or else beside the program, or where `cargo leptos` puts it.
    ///
    /// # Errors
    /// [`NoSite`] when there is no such folder.
    pub fn find(named: Option<&Path>) -> Result<Self, NoSite> {
        let beside = program_folder().join("site");
        let tried = named.map_or_else(|| vec![beside, PathBuf::from("target/site")], |named| vec![named.to_owned()]);
        match tried.iter().find(|folder| folder.is_dir()) {
            Some(folder) => Ok(Self::at(folder)),
            None => Err(NoSite { tried }),
        }
    }

    /// Takes the site in this folder, whatever is there.
    pub fn at(folder: &Path) -> Self {
        let places = [program_folder().join(HASHES), folder.with_file_name(HASHES), folder.join(HASHES)];
        let hashes = places.into_iter().find(|file| file.is_file()).and_then(|file| file.canonicalize().ok());
        Self { folder: folder.to_owned(), hashes }
    }

    /// Returns the folder.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Describes the site to Leptos. The file of hashes is looked up relative to the program, so an absolute path stays what
    /// it is.
    pub(crate) fn options(&self) -> LeptosOptions {
        let options = LeptosOptions::builder()
            .output_name("parlour")
            .site_root(self.folder.to_string_lossy().into_owned())
            .site_pkg_dir("pkg")
            .hash_files(self.hashes.is_some());
        match &self.hashes {
            Some(file) => options.hash_file(file.to_string_lossy().as_ref().into()).build(),
            None => options.build(),
        }
    }
}

fn program_folder() -> PathBuf {
    let program = env::current_exe().unwrap_or_default();
    program.parent().map(Path::to_owned).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_site_is_said_plainly() {
        let missing = Site::find(Some(Path::new("/no/such/folder"))).unwrap_err();
        assert!(missing.to_string().starts_with("no site in /no/such/folder; "));
    }

    #[test]
    fn hashes_are_found_beside_the_site() {
        let folder = tempfile::tempdir().unwrap();
        let site = folder.path().join("site");
        std::fs::create_dir(&site).unwrap();
        assert!(!Site::at(&site).options().hash_files || program_folder().join(HASHES).exists());
        std::fs::write(folder.path().join(HASHES), "js: abc").unwrap();
        let options = Site::at(&site).options();
        assert!(options.hash_files && Path::new(options.hash_file.as_ref()).is_absolute());
    }
}
