//! What nobody else may know: keys and shared secrets, made here and kept in the state folder.
//!
//! Separate, so that there is one place where such files are written, readable by their owner only. Without a state folder
//! nothing is kept, and each start makes new ones.

use core::fmt::Write as _;
use std::fs::{self, DirBuilder, OpenOptions, Permissions};
use std::io::{self, ErrorKind, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

/// The folder inside of the state folder.
const FOLDER: &str = "secrets";
/// For folders: nobody but the owner looks in.
const OWNER_ONLY_FOLDER: u32 = 0o700;
/// For files: nobody but the owner reads.
const OWNER_ONLY_FILE: u32 = 0o600;

/// The folder of secrets; without one, nothing is kept.
#[derive(Debug, Clone)]
pub struct Secrets(Option<PathBuf>);

impl Secrets {
    /// Opens the folder inside of this state folder; both are made where they are missing, for their owner only.
    ///
    /// # Errors
    /// The system's, when the folder cannot be made or is not ours to close.
    pub fn open(state_dir: Option<&Path>) -> io::Result<Self> {
        let Some(state_dir) = state_dir else { return Ok(Self(None)) };
        let folder = state_dir.join(FOLDER);
        DirBuilder::new().recursive(true).mode(OWNER_ONLY_FOLDER).create(&folder)?;
        fs::set_permissions(&folder, Permissions::from_mode(OWNER_ONLY_FOLDER))?;
        Ok(Self(Some(folder)))
    }

    /// Keeps nothing.
    pub fn nowhere() -> Self {
        Self(None)
    }

    /// Returns the secret that the relay's credentials are made with: 32 random bytes as 64 hexadecimal digits, made at the
    /// first call and kept.
    ///
    /// # Errors
    /// The system's, when a file that is there cannot be read, or a new one not written.
    pub fn relay_secret(&self) -> io::Result<String> {
        if let Some(kept) = self.read("relay")? {
            let kept = String::from_utf8_lossy(&kept).trim().to_owned();
            if !kept.is_empty() {
                return Ok(kept);
            }
        }
        let secret = random_hex()?;
        self.write("relay", secret.as_bytes())?;
        Ok(secret)
    }

    /// Returns whether anything is kept.
    pub(crate) fn are_kept(&self) -> bool {
        self.0.is_some()
    }

    /// Reads a file, `None` where there is none.
    pub(crate) fn read(&self, name: &str) -> io::Result<Option<Vec<u8>>> {
        let Some(folder) = &self.0 else { return Ok(None) };
        match fs::read(folder.join(name)) {
            Ok(content) => Ok(Some(content)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Writes a file as a whole: whoever reads it finds the old content or the new one.
    pub(crate) fn write(&self, name: &str, content: &[u8]) -> io::Result<()> {
        let Some(folder) = &self.0 else { return Ok(()) };
        let unfinished = folder.join(format!("{name}.new"));
        let _ = fs::remove_file(&unfinished);
        let mut file = OpenOptions::new().write(true).create_new(true).mode(OWNER_ONLY_FILE).open(&unfinished)?;
        file.write_all(content)?;
        file.sync_all()?;
        fs::rename(unfinished, folder.join(name))
    }
}

fn random_hex() -> io::Result<String> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(io::Error::other)?;
    Ok(bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_made_once_and_for_its_owner_only() {
        let state = tempfile::tempdir().unwrap();
        let folder = state.path().join("deep/down");
        let secret = Secrets::open(Some(&folder)).unwrap().relay_secret().unwrap();
        assert_eq!(secret.len(), 64);
        assert_eq!(Secrets::open(Some(&folder)).unwrap().relay_secret().unwrap(), secret);
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&folder), 0o700);
        assert_eq!(mode(&folder.join(FOLDER)), 0o700);
        assert_eq!(mode(&folder.join(FOLDER).join("relay")), 0o600);
    }

    #[test]
    fn a_folder_that_others_could_read_is_closed() {
        let state = tempfile::tempdir().unwrap();
        let folder = state.path().join(FOLDER);
        fs::create_dir(&folder).unwrap();
        fs::set_permissions(&folder, Permissions::from_mode(0o755)).unwrap();
        Secrets::open(Some(state.path())).unwrap();
        assert_eq!(fs::metadata(&folder).unwrap().permissions().mode() & 0o777, 0o700);
    }

    #[test]
    fn without_a_folder_each_secret_is_new() {
        let secrets = Secrets::open(None).unwrap();
        assert_ne!(secrets.relay_secret().unwrap(), secrets.relay_secret().unwrap());
    }
}
