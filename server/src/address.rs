//! Whose request it is: the address behind the proxies that are believed.
//!
//! Separate, because every limit counts by it, and believing the wrong header would undo them all.

use clap::ValueEnum;
use core::fmt;
use core::str::{self, FromStr};
use http::header::{FORWARDED, HeaderMap, HeaderName, VIA};
use ipnet::IpNet;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
/// What proxies add to a request; one of them is enough to show that there was a proxy.
const FORWARDING: [HeaderName; 6] = [
    X_FORWARDED_FOR,
    FORWARDED,
    VIA,
    HeaderName::from_static("x-forwarded-host"),
    HeaderName::from_static("x-forwarded-proto"),
    HeaderName::from_static("x-real-ip"),
];
/// The bits of an IPv6 address that are one subscriber's: providers hand out networks of this size (RIPE-690).
const SUBSCRIBER_BITS: u32 = 56;

/// One network, as `10.0.0.0/8`; a single address is a network of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network(IpNet);

impl FromStr for Network {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let network = text.parse().or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
        network.map(Self).map_err(|_| "not an address like 10.0.0.7, nor a network like 10.0.0.0/8".into())
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The header in which a proxy names its client. One only: beside the one that the proxy writes, a client could send the
/// other.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum ProxyHeader {
    /// `X-Forwarded-For`, which nearly all proxies write.
    #[default]
    XForwardedFor,
    /// `Forwarded` (RFC 7239).
    Forwarded,
}

/// The proxies whose word about a client's address is taken, and where they write it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TrustedProxies {
    /// Where they are.
    pub networks: Vec<Network>,
    /// What they write.
    pub header: ProxyHeader,
}

/// Whose request it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Client {
    /// The address to count by.
    pub(crate) address: IpAddr,
    /// Whether it is a program on this machine, and none that speaks for another.
    pub(crate) is_here: bool,
}

impl TrustedProxies {
    /// Returns whether this is one of them.
    pub(crate) fn contain(&self, address: IpAddr) -> bool {
        self.networks.iter().any(|network| network.0.contains(&address))
    }

    /// Finds the client: the last one in the chain of proxies that is not itself a trusted proxy. Where a proxy names
    /// nobody, or what is no address, it is counted itself.
    pub(crate) fn client(&self, peer: IpAddr, headers: &HeaderMap) -> Client {
        let mut address = canonical(peer);
        // Whatever a header says, it says that this was sent on; so an address of this machine is then a proxy's, not a
        // client's.
        let is_here = address.is_loopback() && !FORWARDING.iter().any(|name| headers.contains_key(name));
        for named in self.header.named(headers) {
            match named {
                Some(named) if self.contain(address) => address = canonical(named),
                _ => break,
            }
        }
        Client { address, is_here }
    }
}

impl ProxyHeader {
    /// Returns the addresses that the proxies wrote down, the nearest first; `None` for what is no address.
    fn named(self, headers: &HeaderMap) -> impl Iterator<Item = Option<IpAddr>> {
        let (name, read): (_, fn(&str) -> Option<IpAddr>) = match self {
            Self::XForwardedFor => (X_FORWARDED_FOR, node),
            Self::Forwarded => (FORWARDED, forwarded),
        };
        let values = headers.get_all(name).into_iter().rev();
        // Bytes, since a client may have begun the list with any: they must not hide what the proxy added.
        let elements = values.flat_map(|value| value.as_bytes().rsplit(|byte| *byte == b','));
        elements.map(move |element| str::from_utf8(element).ok().and_then(read))
    }
}

/// Reads one element of RFC 7239, `for=192.0.2.60;proto=http`.
fn forwarded(element: &str) -> Option<IpAddr> {
    let mut pairs = element.split(';').filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| name.eq_ignore_ascii_case("for")).and_then(|(_, value)| node(value))
}

/// Reads `192.0.2.1`, `192.0.2.1:80`, `2001:db8::1`, `[2001:db8::1]` and `[2001:db8::1]:80`, quoted or not.
fn node(text: &str) -> Option<IpAddr> {
    let text = text.trim().trim_matches('"');
    let socket = || text.parse::<SocketAddr>().ok().map(|socket| socket.ip());
    let bare = || text.strip_prefix('[')?.strip_suffix(']')?.parse().ok();
    text.parse().ok().or_else(socket).or_else(bare)
}

/// Undoes the IPv4-mapped form that a dual-stack socket shows.
fn canonical(address: IpAddr) -> IpAddr {
    address.to_canonical()
}

/// Returns what is counted as one client: an IPv4 address, or the IPv6 network of one subscriber.
pub(crate) fn subscriber(address: IpAddr) -> IpAddr {
    match canonical(address) {
        IpAddr::V6(address) => {
            let others = u128::BITS - SUBSCRIBER_BITS;
            IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() >> others << others))
        }
        address => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(header: ProxyHeader, peer: &str, headers: &[(&'static str, &[u8])]) -> Client {
        let networks = vec!["127.0.0.1".parse().unwrap(), "10.0.0.0/8".parse().unwrap()];
        let headers = headers
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), http::HeaderValue::from_bytes(value).unwrap()));
        TrustedProxies { networks, header }.client(peer.parse().unwrap(), &headers.collect())
    }

    fn client(peer: &str, x_forwarded_for: &str) -> String {
        let headers = [("x-forwarded-for", x_forwarded_for.as_bytes())];
        found(ProxyHeader::XForwardedFor, peer, &headers).address.to_string()
    }

    #[test]
    fn a_stranger_is_not_believed() {
        assert_eq!(client("192.0.2.9", "198.51.100.1"), "192.0.2.9");
    }

    #[test]
    fn the_last_address_that_is_no_trusted_proxy_is_the_client() {
        assert_eq!(client("127.0.0.1", "198.51.100.1"), "198.51.100.1");
        assert_eq!(client("10.1.1.1", "203.0.113.5, 198.51.100.1, 10.2.2.2"), "198.51.100.1");
        assert_eq!(client("::ffff:10.1.1.1", "198.51.100.1"), "198.51.100.1");
    }

    #[test]
    fn what_a_client_wrote_before_does_not_hide_what_the_proxy_added() {
        for forged in ["\u{e9}", "unknown", "127.0.0.1", "\"", "", ",,", "203.0.113.5, \u{ff}"] {
            assert_eq!(client("127.0.0.1", &format!("{forged}, 198.51.100.1")), "198.51.100.1", "{forged}");
        }
        let (forged, added) = (("x-forwarded-for", &b"\xff"[..]), ("x-forwarded-for", &b"198.51.100.1"[..]));
        let found = found(ProxyHeader::XForwardedFor, "127.0.0.1", &[forged, added]);
        assert_eq!(found.address.to_string(), "198.51.100.1");
    }

    #[test]
    fn without_a_readable_address_the_proxy_is_counted() {
        for unreadable in ["unknown", "\u{e9}", "_hidden", ""] {
            assert_eq!(client("127.0.0.1", unreadable), "127.0.0.1", "{unreadable}");
        }
    }

    #[test]
    fn only_a_program_on_this_machine_is_here() {
        let is_here = |peer, headers: &[(&'static str, &[u8])]| found(ProxyHeader::default(), peer, headers).is_here;
        assert!(is_here("127.0.0.1", &[]) && is_here("::1", &[]) && is_here("::ffff:127.0.0.1", &[]));
        assert!(!is_here("10.0.0.1", &[]) && !is_here("192.0.2.1", &[]));
        for name in ["x-forwarded-for", "forwarded", "via", "x-forwarded-proto", "x-forwarded-host", "x-real-ip"] {
            for value in [&b"127.0.0.1"[..], b"unknown", b"\xe9", b""] {
                assert!(!is_here("127.0.0.1", &[(name, value)]), "{name}");
            }
        }
    }

    #[test]
    fn the_standard_header_is_read_where_the_owner_says_so() {
        let standard = |value: &str| {
            let forged = ("x-forwarded-for", &b"203.0.113.5"[..]);
            found(ProxyHeader::Forwarded, "10.0.0.1", &[forged, ("forwarded", value.as_bytes())]).address.to_string()
        };
        assert_eq!(standard("for=\"[2001:db8::7]:4711\";proto=https"), "2001:db8::7");
        assert_eq!(standard("For=192.0.2.60;by=203.0.113.43, for=10.9.9.9"), "192.0.2.60");
        assert_eq!(standard("for=unknown, for=192.0.2.60"), "192.0.2.60");
    }

    #[test]
    fn one_subscriber_is_one_client() {
        let of = |text: &str| subscriber(text.parse().unwrap());
        assert_eq!(of("2001:db8:1:2:3::4"), of("2001:db8:1:ff:ffff::1"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:102::1"));
        assert_eq!(of("::ffff:192.0.2.1"), of("192.0.2.1"));
    }
}
