//! A certificate that somebody else renews: two files, read again when they change.
//!
//! Separate, because here the server only looks.

use super::certificates::{Certificates, Facts, read};
use super::error::TlsError;
use rustls::crypto::CryptoProvider;
use rustls::sign::CertifiedKey;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::time::sleep;

/// Between two looks at the files. They are small, and what renews them may do it by links, copies or mounts, so it is their
/// content that is compared.
const LOOK: Duration = Duration::from_secs(2);

/// The two files, and what was in them.
#[derive(Debug)]
pub(crate) struct Files {
    cert: PathBuf,
    key: PathBuf,
    seen: Content,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Content {
    cert: Vec<u8>,
    key: Vec<u8>,
}

impl Files {
    /// Reads the files for the first time.
    pub(crate) fn open(cert: &Path, key: &Path, provider: &CryptoProvider) -> Result<(Self, CertifiedKey), TlsError> {
        let seen = Content { cert: contents("--tls-cert", cert)?, key: contents("--tls-key", key)? };
        let files = Self { cert: cert.to_owned(), key: key.to_owned(), seen };
        let certified = files.certified(&files.seen, provider)?;
        Ok((files, certified))
    }

    /// Looks again and again, and at once when the process is told so by SIGHUP. Files that cannot be used leave the old
    /// certificate where it is, and are said once; not at the first look, which may fall between the writing of the two.
    pub(crate) async fn follow(mut self, certificates: &Certificates, provider: &Arc<CryptoProvider>) {
        let mut told = signal(SignalKind::hangup()).ok();
        let (mut doubtful, mut said) = (None, None);
        loop {
            let at_once = tokio::select! {
                () = sleep(LOOK) => false,
                () = heard(&mut told) => true,
            };
            match self.look(provider) {
                Ok(None) => {}
                Ok(Some(certified)) => {
                    certificates.serve(certified);
                    tracing::info!("the certificate in {} is new: it is served from now on", self.cert.display());
                }
                Err(error) => {
                    let error = Some(error.to_string());
                    if (at_once || doubtful == error) && said != error {
                        let reason = error.as_deref().unwrap_or_default();
                        tracing::warn!("the new certificate is not used, and the old one stays: {reason}");
                        said.clone_from(&error);
                    }
                    doubtful = error;
                    continue;
                }
            }
            (doubtful, said) = (None, None);
        }
    }

    /// Returns what is new in the files.
    fn look(&mut self, provider: &CryptoProvider) -> Result<Option<CertifiedKey>, TlsError> {
        let now = Content { cert: contents("--tls-cert", &self.cert)?, key: contents("--tls-key", &self.key)? };
        if now == self.seen {
            return Ok(None);
        }
        let certified = self.certified(&now, provider)?;
        self.seen = now;
        Ok(Some(certified))
    }

    fn certified(&self, content: &Content, provider: &CryptoProvider) -> Result<CertifiedKey, TlsError> {
        let certified = read(&content.cert, &content.key, provider).and_then(|certified| {
            if Facts::of(certified.end_entity_cert()?)?.not_after < SystemTime::now() {
                tracing::warn!("the certificate in {} has expired: browsers will refuse it", self.cert.display());
            }
            Ok(certified)
        });
        certified.map_err(|error| TlsError::Pair {
            cert: self.cert.clone(),
            key: self.key.clone(),
            error: Box::new(error),
        })
    }
}

async fn heard(told: &mut Option<Signal>) {
    let came = match told {
        Some(told) => told.recv().await,
        None => None,
    };
    if came.is_none() {
        core::future::pending::<()>().await;
    }
}

pub(super) fn contents(what: &'static str, path: &Path) -> Result<Vec<u8>, TlsError> {
    fs::read(path).map_err(|error| TlsError::File { what, path: path.to_owned(), error })
}
