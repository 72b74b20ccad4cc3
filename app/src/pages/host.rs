//! Under which name the server is reached, and what its owner allows.
//!
//! Separate, because it is a rule about addresses, not about a page.

use std::net::IpAddr;

/// Whom a link may bring into a call without a click (`&join=1`); the server provides it as context.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum AutoJoin {
    /// Nobody: the server is reached under a name of its own.
    Nobody,
    /// Those who sit at this machine, as their requests tell.
    #[default]
    ThisMachine,
    /// Everyone: the owner says so, or nobody else can reach the server.
    Everyone,
}

impl AutoJoin {
    /// Returns whether it may bring this visitor in.
    pub(super) fn allows(self, from_here: bool) -> bool {
        match self {
            Self::Nobody => false,
            Self::ThisMachine => from_here,
            Self::Everyone => true,
        }
    }
}

/// An extension of requests that come from this machine itself, and by no proxy. A `Host` header alone proves nothing: some
/// proxies send the address that they forward to.
#[derive(Debug, Clone, Copy)]
pub struct FromHere;

/// Tells whether a host, with a port or without, names this machine itself.
pub fn is_loopback(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(address) => address.split(']').next(),
        None => host.split(':').next(),
    };
    let name = name.unwrap_or_default();
    name == "localhost"
        || name.ends_with(".localhost")
        || name.parse().is_ok_and(|address: IpAddr| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::is_loopback;

    #[test]
    fn names_of_this_machine_are_loopback() {
        for host in ["localhost", "localhost:3000", "127.0.0.1:80", "127.8.9.1", "[::1]:3000", "a.localhost:1"] {
            assert!(is_loopback(host), "{host}");
        }
    }

    #[test]
    fn other_names_are_not() {
        for host in
            ["", "example.org", "192.168.1.2:3000", "[fe80::1]:3000", "localhost.example.org", "127.0.0.1.example"]
        {
            assert!(!is_loopback(host), "{host}");
        }
    }
}
