//! The addresses of STUN and TURN servers, as browsers read them (RFC 7064, RFC 7065).
//!
//! Separate, because it is a small language of its own.

use core::fmt;
use core::str::FromStr;
use std::net::Ipv6Addr;

/// How one speaks with the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Road {
    /// Datagrams.
    Udp,
    /// A stream.
    Tcp,
    /// A stream in TLS.
    Tls,
}

/// What one asks of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Service {
    /// One's own address.
    Stun,
    /// To be a relay.
    Turn,
}

/// One address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct IceUrl {
    /// What is there.
    pub(crate) service: Service,
    /// How to speak to it.
    pub(crate) road: Road,
    /// A name or an address, the latter without brackets.
    pub(crate) host: String,
    /// The port.
    pub(crate) port: u16,
}

impl FromStr for IceUrl {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let refusal = || format!("{text:?} is no address of a STUN or TURN server");
        let (scheme, rest) = text.split_once(':').ok_or_else(refusal)?;
        let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
        let is_stream = match query {
            "transport=tcp" => true,
            "" | "transport=udp" => false,
            _ => return Err(refusal()),
        };
        let (service, road) = match scheme {
            "stun" => (Service::Stun, Road::Udp),
            "turn" => (Service::Turn, if is_stream { Road::Tcp } else { Road::Udp }),
            "turns" => (Service::Turn, Road::Tls),
            _ => return Err(refusal()),
        };
        let (host, port) = match place.strip_prefix('[').and_then(|place| place.split_once(']')) {
            Some((host, "")) => (host, None),
            Some((host, port)) => (host, Some(port.strip_prefix(':').ok_or_else(refusal)?)),
            None => place.split_once(':').map_or((place, None), |(host, port)| (host, Some(port))),
        };
        let usual = if road == Road::Tls { 5349 } else { 3478 };
        let port = port.map_or(Ok(usual), |port| port.parse().map_err(|_| refusal()))?;
        if host.is_empty() {
            return Err(refusal());
        }
        Ok(Self { service, road, host: host.to_owned(), port })
    }
}

impl fmt::Display for IceUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.host.parse::<Ipv6Addr>() {
            Ok(address) => write!(f, "[{address}]:{}", self.port),
            Err(_) => write!(f, "{}:{}", self.host, self.port),
        }
    }
}

impl Road {
    /// Returns its name for people.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Udp => "UDP",
            Self::Tcp => "TCP",
            Self::Tls => "TLS",
        }
    }

    /// Returns what a firewall calls it.
    pub(crate) fn protocol(self) -> &'static str {
        if self == Self::Udp { "udp" } else { "tcp" }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_read() {
        for (text, service, road, shown) in [
            ("stun:example.org", Service::Stun, Road::Udp, "example.org:3478"),
            ("turn:example.org:443?transport=udp", Service::Turn, Road::Udp, "example.org:443"),
            ("turn:[2001:db8::1]:443?transport=tcp", Service::Turn, Road::Tcp, "[2001:db8::1]:443"),
            ("turns:[2001:db8::1]?transport=tcp", Service::Turn, Road::Tls, "[2001:db8::1]:5349"),
            ("turns:203.0.113.7", Service::Turn, Road::Tls, "203.0.113.7:5349"),
        ] {
            let url: IceUrl = text.parse().unwrap();
            assert_eq!((url.service, url.road, url.to_string().as_str()), (service, road, shown));
        }
        for text in ["example.org", "http://example.org", "turn:", "turn:a:b", "turn:a?transport=sctp", "turn:[::1]x"] {
            assert!(text.parse::<IceUrl>().is_err(), "{text}");
        }
    }
}
