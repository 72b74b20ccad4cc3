//! What the owner of a server can decide about STUN and TURN.
//!
//! Separate from the other options, because they make sense together and to nobody else.

use crate::same_origin::PublicUrl;
use clap::Args;
use core::fmt;
use core::num::NonZeroU32;
use core::str::FromStr;
use core::time::Duration;
use relay::Limits;
use std::net::{IpAddr, SocketAddr};

/// Bytes in a megabit.
const MEGABIT: u32 = 1_000_000 / 8;

/// The relay, and what browsers are told of it.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Relay (STUN and TURN)")]
pub struct RelayOptions {
    /// Address and port of the relay, UDP and TCP, where it is not to be that of the pages; as behind a proxy. [default: as --listen]
    #[arg(long, env = "PARLOUR_RELAY_LISTEN", value_name = "ADDRESS", value_parser = socket_address)]
    pub relay_listen: Option<SocketAddr>,

    /// The name or address, and if it is another one the port, under which browsers reach the relay [default: the host of
    /// --public-url, or else that which the browser asked for, and the port that is listened on]
    #[arg(long, env = "PARLOUR_RELAY_HOST", value_name = "HOST[:PORT]")]
    pub relay_host: Option<RelayHost>,

    /// TURN servers to use instead of the one inside, such as coturn with `use-auth-secret`: URLs like
    /// turn:turn.example.org:3478?transport=udp, separated by commas.
    #[arg(long, env = "PARLOUR_TURN_URLS", value_name = "URLS", value_delimiter = ',')]
    pub turn_urls: Vec<TurnUrl>,

    /// The secret that is shared with them (`static-auth-secret`).
    #[arg(long, env = "PARLOUR_TURN_SECRET", value_name = "SECRET", hide_env_values = true)]
    pub turn_secret: Option<SharedSecret>,

    /// Seconds for which the credentials of a participant allow something new; they are renewed in time, and what is in use
    /// goes on.
    #[arg(long, env = "PARLOUR_RELAY_CREDENTIAL_SECONDS", value_name = "SECONDS", default_value_t = 3_600, value_parser = clap::value_parser!(u64).range(10..=86_400))]
    pub relay_credential_seconds: u64,

    /// Allocations that one participant may have at once: one for each pair, network and protocol.
    #[arg(long, env = "PARLOUR_RELAY_ALLOCATIONS", value_name = "N", default_value_t = NonZeroU32::new(256).expect("not zero"))]
    pub relay_allocations: NonZeroU32,

    /// Megabits a second that one participant may send through the relay; 0 for any number.
    #[arg(long, env = "PARLOUR_RELAY_PARTICIPANT_MBIT", value_name = "MBIT", default_value_t = 40, value_parser = clap::value_parser!(u32).range(0..=10_000))]
    pub relay_participant_mbit: u32,

    /// Megabits a second that one room may send through the relay; 0 for any number.
    #[arg(long, env = "PARLOUR_RELAY_ROOM_MBIT", value_name = "MBIT", default_value_t = 200, value_parser = clap::value_parser!(u32).range(0..=10_000))]
    pub relay_room_mbit: u32,
}

/// What the relay goes by.
#[derive(Debug, Clone)]
pub struct RelayConfig {
    /// Where it listens, if not where the pages are.
    pub listen: Option<SocketAddr>,
    /// Under which name browsers reach it, if not under that of the page.
    pub host: Option<RelayHost>,
    /// Servers to use instead, and the secret that they share.
    pub outside: Option<(Vec<TurnUrl>, SharedSecret)>,
    /// For how long credentials allow something new.
    pub credentials: Duration,
    /// How much there is to have.
    pub limits: Limits,
}

impl RelayConfig {
    /// Returns whether this process is the relay.
    pub(crate) fn is_inside(&self) -> bool {
        self.outside.is_none()
    }
}

impl RelayOptions {
    /// # Errors
    /// [`Halved`] when servers are named and no secret, or the other way round.
    pub(crate) fn into_config(self, public_url: Option<&PublicUrl>) -> Result<RelayConfig, Halved> {
        let outside = match (self.turn_urls, self.turn_secret) {
            (urls, None) if urls.is_empty() => None,
            (urls, Some(secret)) if !urls.is_empty() => Some((urls, secret)),
            _ => return Err(Halved),
        };
        let host_of_pages = public_url.and_then(|url| RelayHost::of_page(url.host()));
        Ok(RelayConfig {
            listen: self.relay_listen,
            host: self.relay_host.or(host_of_pages),
            outside,
            credentials: Duration::from_secs(self.relay_credential_seconds),
            limits: Limits {
                allocations: self.relay_allocations.get() as usize,
                participant_rate: self.relay_participant_mbit * MEGABIT,
                room_rate: self.relay_room_mbit * MEGABIT,
                ..Limits::default()
            },
        })
    }
}

/// One of the two that make sense together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("--turn-urls and --turn-secret need each other: name the servers and the secret that they share, or neither")]
pub struct Halved;

/// A host, and perhaps a port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelayHost {
    /// A name or an address; an IPv6 one in brackets.
    pub name: String,
    /// The port, if it is not the one that is listened on.
    pub port: Option<u16>,
}

impl RelayHost {
    /// Reads what stands in a `Host` header (RFC 9110 §7.2), without its port: that is the page's.
    pub(crate) fn of_page(host: &str) -> Option<Self> {
        let Self { name, .. } = host.parse().ok()?;
        Some(Self { name, port: None })
    }
}

impl FromStr for RelayHost {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const FORM: &str = "not a host like turn.example.org, 203.0.113.7:3478 or [2001:db8::7]";
        let (name, port) = match text.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            Some((address, rest)) => {
                let _: core::net::Ipv6Addr = address.parse().map_err(|_| FORM)?;
                (
                    format!("[{address}]"),
                    rest.strip_prefix(':').map(str::parse).or((!rest.is_empty()).then(|| "-".parse())),
                )
            }
            None => match text.split_once(':') {
                Some((name, port)) => (name.to_owned(), Some(port.parse())),
                None => (text.to_owned(), None),
            },
        };
        let legal = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_');
        if name.is_empty() || !(name.starts_with('[') || name.bytes().all(legal)) {
            return Err(FORM);
        }
        Ok(Self { name, port: port.transpose().map_err(|_: core::num::ParseIntError| FORM)? })
    }
}

impl From<IpAddr> for RelayHost {
    fn from(address: IpAddr) -> Self {
        let name = match address {
            IpAddr::V4(address) => address.to_string(),
            IpAddr::V6(address) => format!("[{address}]"),
        };
        Self { name, port: None }
    }
}

/// The URL of a STUN or TURN server (RFC 7064, RFC 7065).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TurnUrl(pub String);

impl FromStr for TurnUrl {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const FORM: &str = "not a URL like turn:turn.example.org:3478?transport=udp or turns:turn.example.org:443";
        let (scheme, rest) = text.split_once(':').ok_or(FORM)?;
        let (host, query) = rest.split_once('?').map_or((rest, None), |(host, query)| (host, Some(query)));
        let known = matches!(scheme, "stun" | "turn" | "turns") && host.parse::<RelayHost>().is_ok();
        let query = query.is_none_or(|query| matches!(query, "transport=udp" | "transport=tcp"));
        if known && query { Ok(Self(text.into())) } else { Err(FORM) }
    }
}

/// A secret that another server knows too; not to be shown.
#[derive(Clone, PartialEq, Eq)]
pub struct SharedSecret(pub String);

impl FromStr for SharedSecret {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.is_empty() { Err("empty; it must be the one that the TURN server has") } else { Ok(Self(text.into())) }
    }
}

impl fmt::Debug for SharedSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SharedSecret(…)")
    }
}

fn socket_address(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| "not an address and a port like 0.0.0.0:3478 or [::]:3478".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_read_with_and_without_a_port() {
        for (text, name, port) in [
            ("example.org", "example.org", None),
            ("203.0.113.7:3478", "203.0.113.7", Some(3478)),
            ("[2001:db8::7]", "[2001:db8::7]", None),
            ("[2001:db8::7]:443", "[2001:db8::7]", Some(443)),
        ] {
            assert_eq!(text.parse(), Ok(RelayHost { name: name.into(), port }), "{text}");
        }
        for text in
            ["", ":1", "a b", "example.org:", "example.org:99999", "[::1", "[x]", "[::1]x", "a/b", "a?b", "2001:db8::7"]
        {
            assert!(text.parse::<RelayHost>().is_err(), "{text}");
        }
    }

    #[test]
    fn urls_are_those_of_stun_and_turn() {
        for text in ["turn:h", "turns:h:443?transport=tcp", "stun:[::1]:3478", "turn:h:1?transport=udp"] {
            assert!(text.parse::<TurnUrl>().is_ok(), "{text}");
        }
        for text in ["h", "http://h", "turn:", "turn:h?transport=sctp", "turn:h,x"] {
            assert!(text.parse::<TurnUrl>().is_err(), "{text}");
        }
    }
}
