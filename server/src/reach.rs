//! How far an address reaches: the whole internet, or one network only.
//!
//! Separate, because both what is said at the start and what `parlour doctor` says depend on it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};

/// Returns whether only machines of the same network (or this one) can reach it: RFC 1918, RFC 6598, RFC 4193, link-local
/// and loopback.
pub(crate) fn is_private(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(v4) => {
            let [first, second, ..] = v4.octets();
            let is_shared = first == 100 && second & 0xc0 == 64;
            v4.is_private() || v4.is_loopback() || v4.is_link_local() || v4.is_unspecified() || is_shared
        }
        IpAddr::V6(v6) => v6.is_loopback() || v6.is_unspecified() || v6.is_unique_local() || v6.is_unicast_link_local(),
    }
}

/// Returns whether this machine has the address: only then the system lets a socket be bound to it. Nothing is sent.
pub(crate) fn is_of_this_machine(address: IpAddr) -> bool {
    UdpSocket::bind((address, 0)).is_ok()
}

/// Returns where a server that listens there is reached from this machine itself, the likeliest first. One that listens on `[::]`
/// mostly takes IPv4 along, and a machine can lack either.
pub(crate) fn from_here(listen: SocketAddr) -> Vec<SocketAddr> {
    let (v4, v6) = (IpAddr::from(Ipv4Addr::LOCALHOST), IpAddr::from(Ipv6Addr::LOCALHOST));
    let addresses = match listen.ip() {
        IpAddr::V4(address) if address.is_unspecified() => vec![v4],
        IpAddr::V6(address) if address.is_unspecified() => vec![v4, v6],
        address => vec![address],
    };
    addresses.into_iter().map(|address| SocketAddr::new(address, listen.port())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_listens_everywhere_is_reached_here_whatever_this_machine_lacks() {
        let from_here = |listen: &str| {
            let found = super::from_here(listen.parse().unwrap());
            found.iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        assert_eq!(from_here("[::]:443"), ["127.0.0.1:443", "[::1]:443"]);
        assert_eq!(from_here("0.0.0.0:443"), ["127.0.0.1:443"]);
        assert_eq!(from_here("192.168.1.9:443"), ["192.168.1.9:443"]);
    }

    #[test]
    fn addresses_of_one_network_are_private() {
        for address in ["10.0.0.1", "172.16.9.9", "192.168.1.2", "127.0.0.1", "169.254.1.1", "100.64.0.1", "0.0.0.0"] {
            assert!(is_private(address.parse().unwrap()), "{address}");
        }
        for address in ["::1", "fd00::1", "fe80::1", "::ffff:10.0.0.1"] {
            assert!(is_private(address.parse().unwrap()), "{address}");
        }
        for address in ["203.0.113.7", "100.128.0.1", "172.32.0.1", "2001:db8::1", "::ffff:203.0.113.7"] {
            assert!(!is_private(address.parse().unwrap()), "{address}");
        }
    }

    #[test]
    fn loopback_is_of_this_machine_and_a_documentation_address_is_not() {
        assert!(is_of_this_machine("127.0.0.1".parse().unwrap()));
        assert!(!is_of_this_machine("203.0.113.7".parse().unwrap()));
    }
}
