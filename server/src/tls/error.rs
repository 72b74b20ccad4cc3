//! Why there is no TLS, in words that say what to do.
//!
//! Separate, because every source of certificates can fail in these ways.

use std::io;
use std::path::PathBuf;

/// Why the server cannot speak TLS as it was told to.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// More than one source of certificates was named.
    #[error(
        "--tls self-signed, --tls-cert with --tls-key, and --domain exclude each other: each says where the certificate comes from"
    )]
    TwoSources,
    /// A certificate without a key, or the other way round.
    #[error("--tls-cert and --tls-key go together: one file holds the certificate, the other its private key")]
    HalfPair,
    /// A file cannot be read.
    #[error("{what} {path} cannot be read: {error}", path = path.display())]
    File {
        /// The option that names it.
        what: &'static str,
        /// The file.
        path: PathBuf,
        /// The system's reason.
        error: io::Error,
    },
    /// What should be a certificate is none.
    #[error("holds no certificate; it must be PEM text with -----BEGIN CERTIFICATE-----, as certbot's fullchain.pem")]
    NoCertificate,
    /// What should be a key is none.
    #[error("holds no private key; it must be PEM text with -----BEGIN PRIVATE KEY-----, as certbot's privkey.pem")]
    NoKey,
    /// The key is of another certificate.
    #[error("the private key belongs to another certificate")]
    OtherKey,
    /// The certificate or its key cannot be used.
    #[error("the certificate cannot be used: {0}")]
    Unusable(#[from] rustls::Error),
    /// Something is wrong with files that were named.
    #[error("--tls-cert {cert} with --tls-key {key}: {error}", cert = cert.display(), key = key.display())]
    Pair {
        /// The file of the certificate.
        cert: PathBuf,
        /// The file of its key.
        key: PathBuf,
        /// What is wrong.
        error: Box<TlsError>,
    },
    /// A certificate could not be made.
    #[error("a certificate could not be made: {0}")]
    Making(#[from] rcgen::Error),
    /// Keys cannot be kept.
    #[error("keys cannot be kept in the state folder: {0}; name a folder that this program may write by --state-dir")]
    State(#[from] io::Error),
    /// A root certificate for the authority is none.
    #[error("--acme-root {path} {error}", path = path.display())]
    Root {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        error: Box<TlsError>,
    },
}
