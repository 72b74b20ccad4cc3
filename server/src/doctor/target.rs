//! What is examined, and opening connections to it.
//!
//! Separate, because every check needs it, and none cares whether there is TLS in between.

use super::tls::{Handshake, Tls};
use core::fmt;
use core::str::FromStr;
use core::time::Duration;
use http::Uri;
use std::io;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// How long anything may take to answer before it is called silent.
pub(crate) const PATIENCE: Duration = Duration::from_secs(5);

/// A connection, with or without TLS.
pub(crate) trait Conversation: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Conversation for T {}
/// Any connection.
pub(crate) type Stream = Box<dyn Conversation>;

/// The origin of a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Target {
    /// Whether it is reached by TLS.
    pub(crate) is_secure: bool,
    /// A name or an address, the latter without brackets.
    pub(crate) host: String,
    /// The port.
    pub(crate) port: u16,
}

impl FromStr for Target {
    type Err = String;

    /// Reads what one would paste: `https://example.org`, `example.org`, or the link of a room.
    fn from_str(text: &str) -> Result<Self, String> {
        let refusal = || format!("{text:?} is not an address like https://example.org");
        let (scheme, rest) = text.split_once("://").unwrap_or(("https", text));
        let is_secure = match scheme {
            "https" => true,
            "http" => false,
            _ => return Err(refusal()),
        };
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let uri = authority.parse::<Uri>().map_err(|_| refusal())?;
        let named = uri.authority().filter(|named| named.as_str() == authority && !authority.contains('@'));
        let named = named.ok_or_else(refusal)?;
        let port = match authority.strip_prefix(named.host()) {
            Some("") => Some(if is_secure { 443 } else { 80 }),
            Some(port) => port.strip_prefix(':').and_then(|port| port.parse().ok()),
            None => None,
        };
        let host = named.host().trim_matches(['[', ']']).to_ascii_lowercase();
        Ok(Self { is_secure, host, port: port.ok_or_else(refusal)? })
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", if self.is_secure { "https" } else { "http" }, self.authority())
    }
}

impl Target {
    /// Returns what belongs into a `Host` header: the host in brackets where it is IPv6, the port where it is not the usual.
    pub(crate) fn authority(&self) -> String {
        let host = match self.host.parse::<Ipv6Addr>() {
            Ok(address) => format!("[{address}]"),
            Err(_) => self.host.clone(),
        };
        let usual = if self.is_secure { 443 } else { 80 };
        if self.port == usual { host } else { format!("{host}:{}", self.port) }
    }

    /// Returns the address of its WebSocket at this path.
    pub(crate) fn web_socket(&self, path: &str) -> String {
        format!("{}://{}{path}", if self.is_secure { "wss" } else { "ws" }, self.authority())
    }

    /// Returns whether it can only be this machine itself.
    pub(crate) fn is_loopback(&self) -> bool {
        self.host == "localhost" || self.host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
    }
}

/// A target, and the address of it that answers.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    /// What is examined.
    pub(crate) target: Target,
    /// Where it answers.
    pub(crate) address: SocketAddr,
    /// How TLS is spoken.
    pub(crate) tls: Tls,
}

impl Line {
    /// Opens a connection, with TLS where the target has it; what its certificate is worth is judged elsewhere, once.
    ///
    /// # Errors
    /// What the system says, `TimedOut` where nobody answers.
    pub(crate) async fn open(&self) -> io::Result<Stream> {
        let stream = connect(self.address).await?;
        if !self.target.is_secure {
            return Ok(Box::new(stream));
        }
        let Handshake { stream, .. } = self.tls.shake_hands(stream, &self.target.host).await?;
        Ok(stream)
    }
}

/// Connects within [`PATIENCE`].
///
/// # Errors
/// What the system says, `TimedOut` where nobody answers.
pub(crate) async fn connect(address: SocketAddr) -> io::Result<TcpStream> {
    let stream = timeout(PATIENCE, TcpStream::connect(address)).await.map_err(|_| silence())??;
    stream.set_nodelay(true)?;
    Ok(stream)
}

/// The error of whoever says nothing for [`PATIENCE`].
pub(crate) fn silence() -> io::Error {
    io::Error::new(io::ErrorKind::TimedOut, format!("no answer within {} seconds", PATIENCE.as_secs()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_one_would_paste_is_read() {
        for (text, shown) in [
            ("https://example.org", "https://example.org"),
            ("example.org", "https://example.org"),
            ("https://Example.org/r/abc#k=secret", "https://example.org"),
            ("https://example.org:8443/", "https://example.org:8443"),
            ("http://127.0.0.1:3000", "http://127.0.0.1:3000"),
            ("http://[::1]:3000", "http://[::1]:3000"),
            ("http://example.org:80", "http://example.org"),
        ] {
            assert_eq!(text.parse::<Target>().unwrap().to_string(), shown);
        }
        for text in ["ftp://example.org", "", "https://", "https://a@b.example", "https://example.org:x", "a b"] {
            assert!(text.parse::<Target>().is_err(), "{text}");
        }
    }
}
