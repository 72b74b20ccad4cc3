//! The options about TLS.
//!
//! Separate from the others, because together they answer one question: where does the certificate come from?

use super::error::TlsError;
use clap::{Args, ValueEnum};
use std::net::SocketAddr;
use std::path::PathBuf;

/// Where certificates of domains come from, unless told otherwise.
const LETS_ENCRYPT: &str = "https://acme-v02.api.letsencrypt.org/directory";

/// What the owner says about TLS.
#[derive(Debug, Clone, Args)]
pub struct TlsOptions {
    /// The domain under which the server is reached from the internet, as rooms.example.org: its certificate comes from
    /// Let's Encrypt and is renewed by itself. Several are separated by commas.
    #[arg(long, env = "PARLOUR_DOMAIN", value_name = "DOMAINS", value_delimiter = ',', value_parser = domain)]
    pub domain: Vec<String>,

    /// File of the certificate and those above it (PEM), read again when it changes.
    #[arg(long, env = "PARLOUR_TLS_CERT", value_name = "FILE")]
    pub tls_cert: Option<PathBuf>,

    /// File of its private key (PEM).
    #[arg(long, env = "PARLOUR_TLS_KEY", value_name = "FILE")]
    pub tls_key: Option<PathBuf>,

    /// For a local network: a certificate that the server makes itself, and of which browsers warn.
    #[arg(long, env = "PARLOUR_TLS", value_name = "KIND", value_enum)]
    pub tls: Option<OwnCertificate>,

    /// Where plain HTTP is answered by a redirect to https, beside the main address [default: [::]:80 with --domain, if that
    /// port is free].
    #[arg(long, env = "PARLOUR_REDIRECT_LISTEN", value_name = "ADDRESS", value_parser = crate::config::socket_address)]
    pub redirect_listen: Option<SocketAddr>,

    /// Address at which the certificate's authority may write to you.
    #[arg(long, env = "PARLOUR_ACME_CONTACT", value_name = "EMAIL", value_parser = contact)]
    pub acme_contact: Option<String>,

    /// The authority that certificates of domains come from, by ACME (RFC 8555).
    #[arg(long, env = "PARLOUR_ACME_DIRECTORY", value_name = "URL", default_value = LETS_ENCRYPT, value_parser = directory)]
    pub acme_directory: String,

    /// File of a root certificate (PEM) by which the authority's own address is believed, beside the public ones.
    #[arg(long, env = "PARLOUR_ACME_ROOT", value_name = "FILE")]
    pub acme_root: Option<PathBuf>,
}

/// A certificate of one's own making.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum OwnCertificate {
    /// Signed by nobody else.
    SelfSigned,
}

/// Where the certificate comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TlsSource {
    /// From two files.
    Files {
        /// The chain of certificates.
        cert: PathBuf,
        /// The private key.
        key: PathBuf,
    },
    /// Made here.
    SelfSigned,
    /// From an authority.
    Acme(AcmeSettings),
}

/// How an authority is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AcmeSettings {
    /// For what.
    pub domains: Vec<String>,
    /// Where it may write to.
    pub contact: Option<String>,
    /// Where its directory is.
    pub directory: String,
    /// By which further root certificate it is believed.
    pub root: Option<PathBuf>,
}

impl TlsOptions {
    /// Returns where the certificate comes from, `None` without TLS.
    ///
    /// # Errors
    /// [`TlsError`] when the options contradict each other.
    pub fn source(&self) -> Result<Option<TlsSource>, TlsError> {
        let files = match (&self.tls_cert, &self.tls_key) {
            (Some(cert), Some(key)) => Some(TlsSource::Files { cert: cert.clone(), key: key.clone() }),
            (None, None) => None,
            _ => return Err(TlsError::HalfPair),
        };
        let own = self.tls.map(|OwnCertificate::SelfSigned| TlsSource::SelfSigned);
        let acme = (!self.domain.is_empty()).then(|| {
            TlsSource::Acme(AcmeSettings {
                domains: self.domain.clone(),
                contact: self.acme_contact.clone(),
                directory: self.acme_directory.clone(),
                root: self.acme_root.clone(),
            })
        });
        let mut sources = [files, own, acme].into_iter().flatten();
        match (sources.next(), sources.next()) {
            (source, None) => Ok(source),
            _ => Err(TlsError::TwoSources),
        }
    }
}

fn domain(text: &str) -> Result<String, String> {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let name = text.trim().to_ascii_lowercase();
    let is_number = name.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    if name.len() <= 253 && name.contains('.') && !is_number && name.split('.').all(label) {
        Ok(name)
    } else {
        Err("not a domain like rooms.example.org, without https:// and without a port".into())
    }
}

fn contact(text: &str) -> Result<String, String> {
    let address = text.strip_prefix("mailto:").unwrap_or(text);
    let is_address = address.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.'));
    if is_address && !address.contains(char::is_whitespace) {
        Ok(format!("mailto:{address}"))
    } else {
        Err("not an address like you@example.org".into())
    }
}

fn directory(text: &str) -> Result<String, String> {
    let uri = text.parse::<http::Uri>().ok();
    match uri.filter(|uri| uri.scheme_str() == Some("https") && uri.host().is_some()) {
        Some(_) => Ok(text.to_owned()),
        None => Err(format!("not an address like {LETS_ENCRYPT}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_is_a_name_and_nothing_else() {
        assert_eq!(domain("Rooms.Example.org").unwrap(), "rooms.example.org");
        for wrong in ["", "localhost", "https://example.org", "example.org:443", "192.0.2.1", "a..b", "-a.org", "ä.org"]
        {
            assert!(domain(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_contact_is_an_address() {
        assert_eq!(contact("a@example.org").unwrap(), "mailto:a@example.org");
        assert_eq!(contact("mailto:a@example.org").unwrap(), "mailto:a@example.org");
        assert!(contact("example.org").is_err() && contact("a b@example.org").is_err());
    }
}
