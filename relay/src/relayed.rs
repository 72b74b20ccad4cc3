//! Relayed addresses: names for allocations, and nothing that a packet could be sent to.
//!
//! Separate, because this is where it is decided what such an address looks like, and whose it is.

use super::flow::Flow;
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::collections::HashMap;
use turn_types::AddressFamily;

/// Documentation addresses (RFC 5737, RFC 3849), which no network uses: a browser that tries one directly, because its peer
/// has told it as a candidate, disturbs nobody.
const V4: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));
const V6: IpAddr = IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1));
/// Well-known ports are left out: clients distrust them (RFC 8656 §7.2).
const FIRST_PORT: u16 = 1_024;

/// Whose each relayed address is.
#[derive(Debug)]
pub(crate) struct Relayed {
    flows: HashMap<SocketAddr, Flow>,
    next: u16,
}

impl Relayed {
    pub(crate) fn new() -> Self {
        Self { flows: HashMap::new(), next: FIRST_PORT }
    }

    /// Returns whether an address is one that can be a relayed one.
    pub(crate) fn is_one(address: IpAddr) -> bool {
        address == V4 || address == V6
    }

    /// Returns whose address it is.
    pub(crate) fn flow(&self, address: &SocketAddr) -> Option<Flow> {
        self.flows.get(address).copied()
    }

    /// Gives a free address to a client; `None` when there is none of that family.
    pub(crate) fn give(&mut self, family: AddressFamily, flow: Flow) -> Option<SocketAddr> {
        let ip = match family {
            AddressFamily::IPV4 => V4,
            AddressFamily::IPV6 => V6,
        };
        for _ in FIRST_PORT..=u16::MAX {
            let address = SocketAddr::new(ip, self.next);
            self.next = self.next.checked_add(1).unwrap_or(FIRST_PORT);
            if let std::collections::hash_map::Entry::Vacant(free) = self.flows.entry(address) {
                free.insert(flow);
                return Some(address);
            }
        }
        None
    }

    /// Takes an address back.
    pub(crate) fn take_back(&mut self, address: &SocketAddr) {
        self.flows.remove(address);
    }
}
