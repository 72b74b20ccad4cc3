//! TLS without a proxy: certificates from files, from an authority, or made here.
//!
//! Separate from the connections, which only ask for a handshake. In reading order: [`options`] is what the owner says, `files`,
//! `acme` and `self_signed` are where certificates come from, `certificates` is which one is served.

mod acme;
mod certificates;
mod error;
mod files;
mod greeting;
pub mod options;
mod self_signed;

pub use error::TlsError;
pub use options::{AcmeSettings, OwnCertificate, TlsOptions, TlsSource};

use super::secrets::Secrets;
use acme::Acme;
use certificates::{ACME_PROTOCOL, Certificates, Facts, is_authority};
use files::Files;
use rustls::ServerConfig;
use rustls::crypto::{CryptoProvider, ring};
use rustls::server::Acceptor;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::LazyConfigAcceptor;
use tokio_rustls::server::TlsStream;

/// What is spoken inside, as clients name it (RFC 7301, RFC 7443). Which one it is, the first byte tells: many clients name none.
const PROTOCOLS: [&[u8]; 3] = [b"http/1.1", b"stun.turn", b"stun.nat-discovery"];

/// The server's end of TLS; clones are the same.
#[derive(Debug, Clone)]
pub struct Tls(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    config: Arc<ServerConfig>,
    /// For the authority, which hears its proof and nothing else (RFC 8737, section 3).
    proving: Arc<ServerConfig>,
    certificates: Arc<Certificates>,
    keeper: Mutex<Option<Keeper>>,
    is_trusted: bool,
    /// Whether it was made here.
    is_own: bool,
}

/// What sees to the certificate while the server runs.
#[derive(Debug)]
enum Keeper {
    Files(Files, Arc<CryptoProvider>),
    Acme(Box<Acme>),
}

impl Tls {
    /// Opens the certificate, or makes it. One from an authority may come only later, by [`Tls::keep`].
    ///
    /// # Errors
    /// [`TlsError`] when what was named cannot be used.
    pub fn open(source: &TlsSource, secrets: &Secrets) -> Result<Self, TlsError> {
        let provider = Arc::new(ring::default_provider());
        let certificates = Arc::new(Certificates::default());
        let (keeper, is_trusted) = match source {
            TlsSource::Files { cert, key } => {
                let (files, certified) = Files::open(cert, key, &provider)?;
                let is_trusted = !Facts::of(certified.end_entity_cert()?)?.is_self_signed;
                certificates.serve(certified);
                (Some(Keeper::Files(files, Arc::clone(&provider))), is_trusted)
            }
            TlsSource::SelfSigned => {
                certificates.serve(self_signed::certificate(secrets, &provider)?);
                (None, false)
            }
            TlsSource::Acme(settings) => {
                let acme = Acme::open(settings, secrets, &provider, &certificates)?;
                (Some(Keeper::Acme(Box::new(acme))), true)
            }
        };
        let config = |protocols: &[&[u8]]| -> Result<_, TlsError> {
            let mut config = ServerConfig::builder_with_provider(Arc::clone(&provider))
                .with_safe_default_protocol_versions()?
                .with_no_client_auth()
                .with_cert_resolver(Arc::clone(&certificates) as _);
            config.alpn_protocols = protocols.iter().map(|protocol| protocol.to_vec()).collect();
            config.ticketer = ring::Ticketer::new()?;
            Ok(Arc::new(config))
        };
        Ok(Self(Arc::new(Inner {
            config: config(&PROTOCOLS)?,
            proving: config(&[ACME_PROTOCOL])?,
            certificates,
            keeper: Mutex::new(keeper),
            is_trusted,
            is_own: *source == TlsSource::SelfSigned,
        })))
    }

    /// Returns whether browsers are to believe the certificate, so that they may be told to come by TLS only.
    pub fn is_trusted(&self) -> bool {
        self.0.is_trusted
    }

    /// Returns the SHA-256 fingerprint of the certificate that is served, as browsers show it: pairs of hexadecimal digits.
    pub fn fingerprint(&self) -> Option<String> {
        self.0.certificates.served().map(|certificate| self_signed::fingerprint(&certificate))
    }

    /// Returns what a terminal shows about a self-signed certificate: addresses, a QR code, and what browsers will say; `None`
    /// for any other.
    pub fn greeting(&self, listening: SocketAddr) -> Option<String> {
        let fingerprint = self.fingerprint().filter(|_| self.0.is_own)?;
        Some(greeting::greeting(&greeting::urls(listening), &fingerprint))
    }

    /// Sees to the certificate for as long as it is polled: reads files again, asks the authority again. To be called once.
    pub(crate) async fn keep(&self) {
        let keeper = self.0.keeper.lock().unwrap_or_else(PoisonError::into_inner).take();
        match keeper {
            Some(Keeper::Files(files, provider)) => files.follow(&self.0.certificates, &provider).await,
            Some(Keeper::Acme(acme)) => acme.keep(&self.0.certificates).await,
            None => core::future::pending().await,
        }
    }

    /// Shakes hands; `None` when it was an authority, which has what it wanted.
    ///
    /// # Errors
    /// The connection's, or `InvalidData` for what is no TLS that can be spoken.
    pub(crate) async fn accept<S>(&self, stream: S) -> io::Result<Option<TlsStream<S>>>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        let start = LazyConfigAcceptor::new(Acceptor::default(), stream).await?;
        if is_authority(&start.client_hello()) {
            start.into_stream(Arc::clone(&self.0.proving)).await?;
            return Ok(None);
        }
        start.into_stream(Arc::clone(&self.0.config)).await.map(Some)
    }
}
