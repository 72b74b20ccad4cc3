//! Which certificate a handshake is answered with.
//!
//! Separate from where certificates come from: those that come later take the place of those that are served, and connections
//! that there are go on.

use super::error::TlsError;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use x509_parser::parse_x509_certificate;

/// The protocol by which an authority asks for the proof that a domain is ours (RFC 8737).
pub(crate) const ACME_PROTOCOL: &[u8] = b"acme-tls/1";

/// What handshakes are answered with; clones of the `Arc` share it. Never awaited under its locks.
#[derive(Debug, Default)]
pub(crate) struct Certificates {
    served: RwLock<Option<Arc<CertifiedKey>>>,
    /// By domain, while an authority asks.
    proofs: RwLock<HashMap<String, Arc<CertifiedKey>>>,
}

impl Certificates {
    /// Answers all that begin from now on with this one.
    pub(crate) fn serve(&self, certificate: CertifiedKey) {
        *self.served.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(certificate));
    }

    /// Returns the one that is served, encoded.
    pub(crate) fn served(&self) -> Option<CertificateDer<'static>> {
        let served = self.served.read().unwrap_or_else(PoisonError::into_inner);
        served.as_ref().and_then(|certified| certified.cert.first().cloned())
    }

    /// Answers the authority that asks for this domain.
    pub(crate) fn prove(&self, domain: &str, certificate: CertifiedKey) {
        let mut proofs = self.proofs.write().unwrap_or_else(PoisonError::into_inner);
        proofs.insert(domain.to_owned(), Arc::new(certificate));
    }

    /// Ends all proofs.
    pub(crate) fn forget_proofs(&self) {
        self.proofs.write().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

impl ResolvesServerCert for Certificates {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        if is_authority(&hello) {
            let domain = hello.server_name()?.to_ascii_lowercase();
            return self.proofs.read().unwrap_or_else(PoisonError::into_inner).get(&domain).cloned();
        }
        self.served.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Returns whether an authority asks for its proof, and nothing else.
pub(crate) fn is_authority(hello: &ClientHello<'_>) -> bool {
    hello.alpn().is_some_and(|mut protocols| protocols.next() == Some(ACME_PROTOCOL) && protocols.next().is_none())
}

/// Reads the certificates of a PEM text.
pub(crate) fn chain(text: &[u8]) -> Vec<CertificateDer<'static>> {
    CertificateDer::pem_slice_iter(text).filter_map(Result::ok).collect()
}

/// Reads a chain of certificates and its key, both PEM.
pub(crate) fn read(text: &[u8], key: &[u8], provider: &CryptoProvider) -> Result<CertifiedKey, TlsError> {
    let chain = chain(text);
    if chain.is_empty() {
        return Err(TlsError::NoCertificate);
    }
    let key = PrivateKeyDer::from_pem_slice(key).map_err(|_| TlsError::NoKey)?;
    CertifiedKey::from_der(chain, key, provider).map_err(|error| match error {
        rustls::Error::InconsistentKeys(_) => TlsError::OtherKey,
        error => TlsError::Unusable(error),
    })
}

/// What is written in a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Facts {
    pub(crate) not_before: SystemTime,
    pub(crate) not_after: SystemTime,
    /// Whether it was signed with its own key, so that no browser knows its maker.
    pub(crate) is_self_signed: bool,
}

impl Facts {
    pub(crate) fn of(certificate: &CertificateDer<'_>) -> Result<Self, TlsError> {
        let (_, read) = parse_x509_certificate(certificate).map_err(|_| TlsError::NoCertificate)?;
        let at = |seconds: i64| UNIX_EPOCH + Duration::from_secs(u64::try_from(seconds).unwrap_or_default());
        Ok(Self {
            not_before: at(read.validity().not_before.timestamp()),
            not_after: at(read.validity().not_after.timestamp()),
            is_self_signed: read.issuer() == read.subject(),
        })
    }
}
