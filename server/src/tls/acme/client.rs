//! How the authority is reached: HTTPS, believing the public roots and the one that the owner names.
//!
//! Separate, because the roots come with the program: a minimal system may have none.

use super::super::certificates;
use super::super::error::TlsError;
use super::super::files::contents;
use bytes::Bytes;
use core::pin::Pin;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client as HyperClient;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use instant_acme::{BodyWrapper, BytesResponse, Error, HttpClient};
use rustls::crypto::CryptoProvider;
use rustls::{ClientConfig, RootCertStore};
use std::path::Path;
use std::sync::Arc;

/// A client of the authority; clones share its connections.
#[derive(Debug, Clone)]
pub(super) struct Client(HyperClient<HttpsConnector<HttpConnector>, BodyWrapper<Bytes>>);

impl Client {
    pub(super) fn new(root: Option<&Path>, provider: &Arc<CryptoProvider>) -> Result<Self, TlsError> {
        let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        if let Some(path) = root {
            for certificate in certificates::chain(&contents("--acme-root", path)?) {
                roots.add(certificate)?;
            }
            if roots.len() == webpki_roots::TLS_SERVER_ROOTS.len() {
                return Err(TlsError::Root { path: path.to_owned(), error: Box::new(TlsError::NoCertificate) });
            }
        }
        let config = ClientConfig::builder_with_provider(Arc::clone(provider))
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let connector = HttpsConnectorBuilder::new().with_tls_config(config).https_only().enable_http1().build();
        Ok(Self(HyperClient::builder(TokioExecutor::new()).build(connector)))
    }
}

impl HttpClient for Client {
    fn request(
        &self,
        request: http::Request<BodyWrapper<Bytes>>,
    ) -> Pin<Box<dyn Future<Output = Result<BytesResponse, Error>> + Send>> {
        let answer = self.0.request(request);
        Box::pin(async move { answer.await.map(BytesResponse::from).map_err(|error| Error::Other(Box::new(error))) })
    }
}
