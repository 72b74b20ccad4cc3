//! What is known of the options and the machine.
//!
//! Separate from what follows from it, because this asks the system and the DNS.

use crate::config::Options;
use crate::reach::{is_of_this_machine, is_private};
use crate::same_origin::PublicUrl;
use core::time::Duration;
use std::fs;
use std::net::{IpAddr, SocketAddr};
use tokio::net::lookup_host;
use tokio::time::timeout;

/// How long the name of the public address may take to be found.
const LOOK_UP: Duration = Duration::from_secs(5);
/// What is known of the options and the machine.
#[derive(Debug, Clone)]
pub struct Facts {
    /// Where visitors reach the server, if that is said.
    pub(crate) public_url: Option<PublicUrl>,
    /// What the name in it leads to, and whether this machine has that address; nothing where it was not asked.
    pub(crate) found: Option<Vec<(IpAddr, bool)>>,
    /// Where the server listens.
    pub(crate) listen: SocketAddr,
    /// Where the relay does, unless others are used instead.
    pub(crate) relay: Option<SocketAddr>,
    /// Where browsers are told that the relay is, if that is said, and what it leads to.
    pub(crate) relay_host: Option<(String, Vec<IpAddr>)>,
    /// Whether rooms outlive the process.
    pub(crate) keeps_rooms: bool,
    /// How many files may be open, where that is known.
    pub(crate) open_files: Option<u64>,
    /// The largest receive buffer that the system gives, in bytes, where that is known.
    pub(crate) receive_buffer: Option<u64>,
}

impl Facts {
    /// Looks around; the name of the public address may take seconds to be found.
    pub async fn gather(options: &Options) -> Self {
        let relay = &options.relay;
        let public_url = options.visitors();
        let found = match &public_url {
            Some(url) if !url.is_loopback() => {
                let found = look_up(url.host_and_port().0).await;
                Some(found.into_iter().map(|address| (address, is_of_this_machine(address))).collect())
            }
            _ => None,
        };
        let relay_host = match &relay.relay_host {
            Some(host) => Some((host.name.clone(), look_up(&host.name).await)),
            None => None,
        };
        Self {
            public_url,
            found,
            listen: options.address(),
            relay: relay.turn_urls.is_empty().then(|| relay.relay_listen.unwrap_or(options.address())),
            relay_host,
            keeps_rooms: options.state_dir.is_some() || !options.tls.domain.is_empty(),
            open_files: rlimit::getrlimit(rlimit::Resource::NOFILE).ok().map(|(soft, _)| soft),
            receive_buffer: receive_buffer(),
        }
    }

    /// Returns whether visitors come from anywhere.
    pub(crate) fn is_on_the_internet(&self) -> bool {
        let found = self.found.iter().flatten().map(|(address, _)| *address);
        found.chain([self.listen.ip()]).any(|address| !is_private(address))
    }

    /// Returns whether others than this machine come here.
    pub(crate) fn is_public(&self) -> bool {
        !self.listen.ip().is_loopback() || self.public_url.as_ref().is_some_and(|url| !url.is_loopback())
    }
}

/// Returns what a name leads to, or the address that it is; nothing where that is not found in time.
async fn look_up(host: &str) -> Vec<IpAddr> {
    match timeout(LOOK_UP, lookup_host((host.trim_matches(['[', ']']), 0))).await {
        Ok(Ok(found)) => found.map(|address| address.ip()).collect(),
        _ => Vec::new(),
    }
}

/// Only Linux says it in a file; elsewhere nothing is said of it.
fn receive_buffer() -> Option<u64> {
    fs::read_to_string("/proc/sys/net/core/rmem_max").ok()?.trim().parse().ok()
}
