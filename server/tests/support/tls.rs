//! An authority of one's own, and clients that believe it.
#![allow(dead_code, unreachable_pub, reason = "each test file uses a part of it")]
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use super::{Answer, Client, PATIENCE};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use rustls::crypto::ring::default_provider;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// Signs certificates.
pub struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    pub fn new() -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, "the tests' authority");
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    pub fn pem(&self) -> String {
        self.0.pem()
    }

    /// A certificate for these names and its key, as PEM.
    pub fn issue(&self, names: &[&str]) -> (String, String) {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(names.iter().map(ToString::to_string).collect::<Vec<_>>()).unwrap();
        params.distinguished_name.push(DnType::CommonName, "a server of the tests");
        (params.signed_by(&key, &self.0).unwrap().pem(), key.serialize_pem())
    }

    pub fn trust(&self) -> Trust {
        Trust::pem(&self.pem())
    }
}

/// A certificate's two files, in a folder of their own.
pub struct Pair {
    folder: TempDir,
    pub cert: PathBuf,
    pub key: PathBuf,
}

impl Pair {
    pub fn new((cert, key): &(String, String)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let pair = Self { cert: folder.path().join("cert.pem"), key: folder.path().join("key.pem"), folder };
        pair.write(cert, key);
        pair
    }

    pub fn write(&self, cert: &str, key: &str) {
        std::fs::write(&self.cert, cert).unwrap();
        std::fs::write(&self.key, key).unwrap();
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }
}

/// A client that believes what its root certificates say.
#[derive(Clone)]
pub struct Trust(ClientConfig);

impl Trust {
    pub fn pem(pem: &str) -> Self {
        let mut roots = RootCertStore::empty();
        for root in CertificateDer::pem_slice_iter(pem.as_bytes()) {
            roots.add(root.unwrap()).unwrap();
        }
        let config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        Self(config)
    }

    /// Names what it wants to speak.
    pub fn speaking(&self, protocols: &[&str]) -> Self {
        let mut config = self.0.clone();
        config.alpn_protocols = protocols.iter().map(|protocol| protocol.as_bytes().to_vec()).collect();
        Self(config)
    }

    pub async fn connect(&self, address: SocketAddr, name: &str) -> io::Result<TlsStream<TcpStream>> {
        self.secure(TcpStream::connect(address).await?, name).await
    }

    pub async fn secure(&self, stream: TcpStream, name: &str) -> io::Result<TlsStream<TcpStream>> {
        let connector = TlsConnector::from(Arc::new(self.0.clone()));
        let name = ServerName::try_from(name.to_owned()).unwrap();
        timeout(PATIENCE, connector.connect(name, stream)).await.expect("a handshake in time")
    }

    /// The certificate that is served.
    pub async fn sees(&self, address: SocketAddr, name: &str) -> io::Result<CertificateDer<'static>> {
        let stream = self.connect(address, name).await?;
        Ok(stream.get_ref().1.peer_certificates().unwrap()[0].clone().into_owned())
    }

    pub async fn http(
        &self,
        address: SocketAddr,
        host: &str,
        request: (&str, &str),
        headers: &[(&str, &str)],
    ) -> Answer {
        let stream = self.connect(address, host.rsplit_once(':').map_or(host, |(name, _)| name)).await.unwrap();
        let headers: Vec<_> = [("host", host)].into_iter().chain(headers.iter().copied()).collect();
        Answer::on(stream, request.0, request.1, &headers).await.unwrap()
    }

    pub async fn client(&self, address: SocketAddr, name: &str) -> Client {
        let stream = self.connect(address, name).await.unwrap();
        let url = format!("wss://{name}/api/signaling");
        Client::new(tokio_tungstenite::client_async(url, stream).await.unwrap().0)
    }
}

/// Looks again until it is so.
pub async fn eventually(what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    let looking = async {
        while !is_so().await {
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    };
    timeout(PATIENCE * 3, looking).await.unwrap_or_else(|_| panic!("{what} in time"));
}
