//! What the owner should know at the start: things that are no mistake to the program, and yet spoil calls.
//!
//! Separate from what they are about, because each follows from several options and from the machine together. [`Facts`] are
//! gathered once; [`warnings`] is a pure function of them.

mod facts;

pub use facts::Facts;

use super::config::Options;
use super::reach::is_private;
use std::net::IpAddr;

/// A room of eight is eight sockets and a server has many rooms; the usual limit of a shell is 1,024.
const OPEN_FILES: u64 = 4096;
/// What a relay receives while it is busy for some milliseconds; most systems give 208 KiB.
const RECEIVE_BUFFER: u64 = 1024 * 1024;

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// What is so.
    pub words: String,
    /// What to do about it.
    pub fix: String,
}

/// Says all that is amiss, the gravest first.
pub fn warnings(facts: &Facts) -> Vec<Warning> {
    let checks = [
        no_tls,
        unknown_name,
        private_name,
        foreign_name,
        relay_out_of_reach,
        private_relay,
        forgets_rooms,
        few_files,
        small_buffer,
    ];
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

fn private_relay(facts: &Facts) -> Words {
    let (host, addresses) = facts.relay_host.as_ref().filter(|_| facts.relay.is_some())?;
    let is_private = !addresses.is_empty() && addresses.iter().all(|address| is_private(*address));
    let is_loopback = addresses.iter().any(IpAddr::is_loopback) && facts.is_public();
    (is_private && (is_loopback || facts.is_on_the_internet())).then(|| {
        (
            format!("Browsers are told that the relay is at {host}, where nobody reaches it from elsewhere."),
            "Name the server's public name or address: --relay-host rooms.example.org; without that option, it is the one that \
             visitors type."
                .into(),
        )
    })
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
            relay_host: None,
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
            relay_host: None,
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
    fn a_relay_announced_at_a_private_address_serves_its_own_network_only() {
        let told = |host: &str| Some((host.to_owned(), vec![host.parse().unwrap()]));
        for host in ["192.168.1.9", "127.0.0.1", "fd00::9"] {
            assert!(only(&Facts { relay_host: told(host), ..facts() }).contains("--relay-host"), "{host}");
        }
        assert_eq!(warnings(&Facts { relay_host: told("198.51.100.1"), ..facts() }), []);
        assert_eq!(warnings(&Facts { relay_host: told("192.168.1.9"), relay: None, ..facts() }), [], "others are used");
        let lan = Facts { public_url: None, found: None, relay_host: told("192.168.1.9"), ..facts() };
        assert_eq!(warnings(&lan), []);
        assert!(only(&Facts { relay_host: told("127.0.0.1"), ..lan }).contains("--relay-host"));
    }

    #[tokio::test]
    async fn the_options_tell_where_the_relay_is_announced() {
        let options = ["parlour", "--listen", "0.0.0.0:3000", "--relay-host", "127.0.0.1:3478"];
        let facts = Facts::gather(&Options::read(options).unwrap()).await;
        assert_eq!(facts.relay_host, Some(("127.0.0.1".into(), vec!["127.0.0.1".parse().unwrap()])));
    }

    #[test]
    fn what_the_machine_lacks_is_said_with_the_command() {
        assert!(only(&Facts { keeps_rooms: false, ..facts() }).contains("--state-dir"));
        assert!(only(&Facts { open_files: Some(1024), ..facts() }).contains("LimitNOFILE=65536"));
        assert!(only(&Facts { receive_buffer: Some(212_992), ..facts() }).contains("net.core.rmem_max=4194304"));
    }
}
