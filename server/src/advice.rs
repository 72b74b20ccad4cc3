//! What the owner should know at the start: things that are no mistake to the program, and yet spoil calls.
//!
//! Separate from what they are about, because each follows from several options and from the machine together. [`Facts`] are
//! gathered once; [`warnings`] is a pure function of them.

use super::config::Options;
use super::reach::{is_of_this_machine, is_private};
use super::same_origin::PublicUrl;
use core::time::Duration;
use std::fs;
use std::net::{IpAddr, SocketAddr};
use tokio::net::lookup_host;
use tokio::time::timeout;

/// How long the name of the public address may take to be found.
const LOOK_UP: Duration = Duration::from_secs(5);
/// A room of eight is eight sockets and a server has many rooms; the usual limit of a shell is 1,024.
const OPEN_FILES: u64 = 4096;
/// What a relay receives while it is busy for some milliseconds; most systems give 208 KiB.
const RECEIVE_BUFFER: u64 = 1024 * 1024;

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
    /// Whether rooms outlive the process.
    pub(crate) keeps_rooms: bool,
    /// How many files may be open, where that is known.
    pub(crate) open_files: Option<u64>,
    /// The largest receive buffer that the system gives, in bytes, where that is known.
    pub(crate) receive_buffer: Option<u64>,
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// What is so.
    pub words: String,
    /// What to do about it.
    pub fix: String,
}

impl Facts {
    /// Looks around; the name of the public address may take seconds to be found.
    pub async fn gather(options: &Options) -> Self {
        let relay = &options.relay;
        let public_url = options.visitors();
        let found = match &public_url {
            Some(url) if !url.is_loopback() => Some(look_up(url).await),
            _ => None,
        };
        Self {
            public_url,
            found,
            listen: options.address(),
            relay: relay.turn_urls.is_empty().then(|| relay.relay_listen.unwrap_or(options.address())),
            keeps_rooms: options.state_dir.is_some() || !options.tls.domain.is_empty(),
            open_files: rlimit::getrlimit(rlimit::Resource::NOFILE).ok().map(|(soft, _)| soft),
            receive_buffer: receive_buffer(),
        }
    }

    /// Returns whether others than this machine come here.
    fn is_public(&self) -> bool {
        !self.listen.ip().is_loopback() || self.public_url.as_ref().is_some_and(|url| !url.is_loopback())
    }
}

async fn look_up(url: &PublicUrl) -> Vec<(IpAddr, bool)> {
    let (host, port) = url.host_and_port();
    match timeout(LOOK_UP, lookup_host((host, port))).await {
        Ok(Ok(found)) => found.map(|address| (address.ip(), is_of_this_machine(address.ip()))).collect(),
        _ => Vec::new(),
    }
}

/// Only Linux says it in a file; elsewhere nothing is said of it.
fn receive_buffer() -> Option<u64> {
    fs::read_to_string("/proc/sys/net/core/rmem_max").ok()?.trim().parse().ok()
}

/// Says all that is amiss, the gravest first.
pub fn warnings(facts: &Facts) -> Vec<Warning> {
    let checks =
        [no_tls, unknown_name, private_name, foreign_name, relay_out_of_reach, forgets_rooms, few_files, small_buffer];
    checks.iter().filter_map(|check| check(facts)).map(|(words, fix)| Warning { words, fix }).collect()
}

/// Looks around, and writes what is amiss to the log.
pub async fn warn(options: Options) {
    for Warning { words, fix } in warnings(&Facts::gather(&options).await) {
        tracing::warn!("{words} {fix}");
    }
}

type Words = Option<(String, String)>;

fn no_tls(facts: &Facts) -> Words {
    let url = facts.public_url.as_ref().filter(|url| !url.is_secure() && !url.is_loopback())?;
    Some((
        format!("Visitors come to {url} without TLS: their browsers will give neither camera nor microphone."),
        "Give the server a name and --domain, or on a network without one --tls self-signed; behind a proxy that speaks TLS \
         say https:// in --public-url."
            .into(),
    ))
}

fn unknown_name(facts: &Facts) -> Words {
    let url = facts.public_url.as_ref()?;
    facts.found.as_ref().filter(|found| found.is_empty())?;
    Some((
        format!("The name {} is not known: nobody finds the server by it.", url.host_and_port().0),
        "At whoever keeps the domain, make an A record with the server's IPv4 address, and an AAAA record if it has IPv6."
            .into(),
    ))
}

fn private_name(facts: &Facts) -> Words {
    let (url, found) = (facts.public_url.as_ref()?, facts.found.as_ref()?);
    let is_named = url.host_and_port().0.parse::<IpAddr>().is_err();
    let is_private = !found.is_empty() && found.iter().all(|(address, _)| is_private(*address));
    (is_named && is_private).then(|| {
        (
            format!(
                "The name {} leads to {}, which only machines of the same network reach.",
                url.host_and_port().0,
                listed(found)
            ),
            "Where visitors come from the internet, let the name lead to the server's public address; on a network of your \
             own all is well."
                .into(),
        )
    })
}

fn foreign_name(facts: &Facts) -> Words {
    let (url, found) = (facts.public_url.as_ref()?, facts.found.as_ref()?);
    // On loopback only a proxy can be in front, and that may be anywhere.
    let is_behind_proxy = facts.listen.ip().is_loopback();
    let is_foreign = !found.is_empty() && found.iter().all(|(address, is_ours)| !is_ours && !is_private(*address));
    (is_foreign && !is_behind_proxy).then(|| {
        (
            format!("The name {} leads to {}, which is no address of this machine.", url.host_and_port().0, listed(found)),
            "If a router or the provider sends that on to here, all is well; if not, correct the DNS record. `parlour doctor` \
             with the address, run elsewhere, tells."
                .into(),
        )
    })
}

fn relay_out_of_reach(facts: &Facts) -> Words {
    let relay = facts.relay.filter(|relay| relay.ip().is_loopback())?;
    let url = facts.public_url.as_ref().filter(|url| !url.is_loopback())?;
    Some((
        format!("Visitors of {url} cannot reach the relay, which listens on {relay}, this machine alone."),
        "Give it an address of its own, past the proxy: --relay-listen 0.0.0.0:3478 (or [::]:3478), and let UDP and TCP port \
         3478 in."
            .into(),
    ))
}

fn forgets_rooms(facts: &Facts) -> Words {
    (facts.is_public() && !facts.keeps_rooms).then(|| {
        (
            "Rooms live in memory: every link that was sent ends with this process.".into(),
            "Name a folder for them: --state-dir /var/lib/parlour.".into(),
        )
    })
}

fn few_files(facts: &Facts) -> Words {
    let limit = facts.open_files.filter(|limit| *limit < OPEN_FILES && facts.is_public())?;
    Some((
        format!("This process may open {limit} files only, and every visitor is one."),
        "Raise the limit: `ulimit -n 65536`, or LimitNOFILE=65536 in its systemd unit.".into(),
    ))
}

fn small_buffer(facts: &Facts) -> Words {
    let most = facts.receive_buffer.filter(|most| *most < RECEIVE_BUFFER)?;
    facts.relay.filter(|relay| !relay.ip().is_loopback())?;
    Some((
        format!(
            "The system gives a socket {} KiB to receive in: with many calls on the relay, packets will be lost.",
            most / 1024
        ),
        "`sysctl -w net.core.rmem_max=4194304`, and the same line in /etc/sysctl.d/parlour.conf.".into(),
    ))
}

fn listed(found: &[(IpAddr, bool)]) -> String {
    found.iter().map(|(address, _)| address.to_string()).collect::<Vec<_>>().join(" and ")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A server on a machine of its own with which all is well.
    fn facts() -> Facts {
        Facts {
            public_url: Some("https://example.org".parse().unwrap()),
            found: Some(vec![("203.0.113.7".parse().unwrap(), true)]),
            listen: "0.0.0.0:443".parse().unwrap(),
            relay: Some("0.0.0.0:443".parse().unwrap()),
            keeps_rooms: true,
            open_files: Some(65_536),
            receive_buffer: Some(4 * 1024 * 1024),
        }
    }

    /// The one warning that there is.
    fn only(facts: &Facts) -> String {
        let found = warnings(facts);
        assert_eq!(found.len(), 1, "{found:?}");
        format!("{} {}", found[0].words, found[0].fix)
    }

    fn found(address: &str, is_ours: bool) -> Option<Vec<(IpAddr, bool)>> {
        Some(vec![(address.parse().unwrap(), is_ours)])
    }

    #[test]
    fn a_sound_server_is_left_in_peace() {
        assert_eq!(warnings(&facts()), []);
    }

    #[test]
    fn one_on_this_machine_alone_is_too() {
        let here = Facts {
            public_url: None,
            found: None,
            listen: "127.0.0.1:3000".parse().unwrap(),
            relay: Some("127.0.0.1:3000".parse().unwrap()),
            keeps_rooms: false,
            open_files: Some(1024),
            receive_buffer: Some(212_992),
        };
        assert_eq!(warnings(&here), []);
    }

    #[test]
    fn a_public_page_without_tls_has_no_camera() {
        let facts = Facts { public_url: Some("http://example.org".parse().unwrap()), ..facts() };
        assert!(only(&facts).contains("--domain"));
    }

    #[test]
    fn a_name_must_lead_here() {
        assert!(only(&Facts { found: Some(vec![]), ..facts() }).contains("A record"));
        assert!(only(&Facts { found: found("192.168.1.9", true), ..facts() }).contains("same network"));
        assert!(only(&Facts { found: found("127.0.1.1", true), ..facts() }).contains("same network"));
        assert!(only(&Facts { found: found("198.51.100.1", false), ..facts() }).contains("no address of this machine"));
    }

    #[test]
    fn behind_a_proxy_the_name_may_lead_elsewhere_but_the_relay_needs_an_address() {
        let proxied = Facts {
            found: found("198.51.100.1", false),
            listen: "127.0.0.1:3000".parse().unwrap(),
            relay: Some("0.0.0.0:3478".parse().unwrap()),
            ..facts()
        };
        assert_eq!(warnings(&proxied), []);
        assert!(only(&Facts { relay: Some("127.0.0.1:3000".parse().unwrap()), ..proxied }).contains("--relay-listen"));
    }

    #[test]
    fn what_the_machine_lacks_is_said_with_the_command() {
        assert!(only(&Facts { keeps_rooms: false, ..facts() }).contains("--state-dir"));
        assert!(only(&Facts { open_files: Some(1024), ..facts() }).contains("LimitNOFILE=65536"));
        assert!(only(&Facts { receive_buffer: Some(212_992), ..facts() }).contains("net.core.rmem_max=4194304"));
    }
}
