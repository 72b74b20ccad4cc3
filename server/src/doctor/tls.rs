//! TLS as a client that looks before it judges: the handshake goes on with any certificate, and what a browser would have said
//! to it is kept.
//!
//! Separate, because this is the one place that talks to a server which it does not trust; nothing secret is ever sent there.

use super::target::{PATIENCE, Stream, silence};
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use std::io;
use std::sync::{Arc, Mutex};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

/// What this machine takes for true.
#[derive(Debug, Clone)]
pub(crate) struct Tls {
    provider: Arc<CryptoProvider>,
    judge: Arc<WebPkiServerVerifier>,
}

/// A finished handshake.
pub(crate) struct Handshake {
    /// The connection.
    pub(crate) stream: Stream,
    /// The server's own certificate.
    pub(crate) certificate: CertificateDer<'static>,
    /// What a browser says to it.
    pub(crate) verdict: Verdict,
}

/// What a browser would say to a certificate.
#[derive(Debug, Clone)]
pub(crate) enum Verdict {
    /// It is good.
    Trusted,
    /// It is not, for this reason.
    Refused(rustls::Error),
}

impl Tls {
    /// Takes the authorities that browsers bring along, and those of this machine (`SSL_CERT_FILE` and `SSL_CERT_DIR` name
    /// others).
    pub(crate) fn of_this_machine() -> Self {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        let judge = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider)).build();
        Self { provider, judge: judge.expect("there are roots, and no revocations") }
    }

    /// Speaks TLS on a connection.
    ///
    /// # Errors
    /// What went wrong with the handshake; a certificate that is not trusted is none.
    pub(crate) async fn shake_hands(&self, stream: TcpStream, host: &str) -> io::Result<Handshake> {
        let witness = Arc::new(Witness { tls: self.clone(), seen: Mutex::default() });
        let config = ClientConfig::builder_with_provider(Arc::clone(&self.provider))
            .with_safe_default_protocol_versions()
            .map_err(io::Error::other)?
            .dangerous()
            .with_custom_certificate_verifier(Arc::<Witness>::clone(&witness) as Arc<dyn ServerCertVerifier>)
            .with_no_client_auth();
        let name = ServerName::try_from(host.to_owned()).map_err(io::Error::other)?;
        let stream = TlsConnector::from(Arc::new(config)).connect(name, stream);
        let stream = timeout(PATIENCE, stream).await.map_err(|_| silence())??;
        let seen = witness.seen.lock().ok().and_then(|mut seen| seen.take());
        let (certificate, verdict) = seen.ok_or_else(|| io::Error::other("the server showed no certificate"))?;
        Ok(Handshake { stream: Box::new(stream), certificate, verdict })
    }
}

/// Lets every certificate pass, and remembers the last and what is to be said of it.
#[derive(Debug)]
struct Witness {
    tls: Tls,
    seen: Mutex<Option<(CertificateDer<'static>, Verdict)>>,
}

impl ServerCertVerifier for Witness {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let verdict = match self.tls.judge.verify_server_cert(end_entity, intermediates, name, ocsp, now) {
            Ok(_) => Verdict::Trusted,
            Err(reason) => Verdict::Refused(reason),
        };
        if let Ok(mut seen) = self.seen.lock() {
            *seen = Some((end_entity.clone().into_owned(), verdict));
        }
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let schemes = &self.tls.provider.signature_verification_algorithms;
        rustls::crypto::verify_tls12_signature(message, certificate, signature, schemes)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let schemes = &self.tls.provider.signature_verification_algorithms;
        rustls::crypto::verify_tls13_signature(message, certificate, signature, schemes)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.tls.provider.signature_verification_algorithms.supported_schemes()
    }
}
