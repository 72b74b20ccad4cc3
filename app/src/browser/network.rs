//! What connections are told of the network, and what may be told of it to others.
//!
//! Separate from the [connections](super::peer_connection), because it is one for all of them, and changes while they live.

use signaling::protocol::IceServer;
use std::cell::RefCell;
use std::rc::Rc;

/// What connections are told of the network.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Network {
    /// Where to ask for candidates.
    pub servers: Vec<IceServer>,
    /// Whether one's own addresses are hidden: packets go through relays, and of candidates only relays' are told.
    pub relay_only: bool,
    /// Whether that is the room's rule, and nobody's choice.
    pub ruled: bool,
    /// How many people there are.
    pub people: usize,
}

/// The one network of a page.
pub type SharedNetwork = Rc<RefCell<Network>>;

impl Network {
    /// Hides one's own addresses, or shows them where the room lets one, and returns whether they were hidden before.
    pub fn hide(&mut self, hidden: bool) -> bool {
        core::mem::replace(&mut self.relay_only, hidden || self.ruled)
    }

    /// Returns whether addresses are to be hidden and nothing is there that could.
    pub fn leads_nowhere(&self) -> bool {
        let relays = |server: &IceServer| server.urls.iter().any(|url| url.starts_with("turn"));
        self.relay_only && !self.servers.iter().any(relays)
    }
}

/// Returns what may be told of a candidate (RFC 8839 §5.1) when addresses are hidden: of a relay's, all but for whom it
/// relays; of any other, nothing. A browser that was told to use relays only gives no other, but what does harm is not left to
/// one line of defence.
pub(super) fn hide_candidate(line: &str) -> Option<String> {
    let (mut told, mut before, mut of_relay) = (String::new(), "", false);
    for word in line.split(' ') {
        of_relay |= (before, word) == ("typ", "relay");
        told.push_str(match before {
            "raddr" => "0.0.0.0",
            "rport" => "0",
            _ => word,
        });
        told.push(' ');
        before = word;
    }
    told.pop();
    of_relay.then_some(told)
}

/// Returns a description without the candidates that it repeats, which are told one by one, and without the address that a
/// browser makes the default (RFC 8839 §4.2.1.1, RFC 3605), which nobody needs who is told candidates.
pub(super) fn hide_candidates(sdp: &str) -> String {
    let told = |line| match line {
        candidate if str::starts_with(candidate, "a=candidate:") => "",
        address if address.starts_with("c=") => "c=IN IP4 0.0.0.0\r\n",
        address if address.starts_with("a=rtcp:") => "a=rtcp:9 IN IP4 0.0.0.0\r\n",
        other => other,
    };
    sdp.split_inclusive('\n').map(told).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const RELAY: &str = "candidate:7 1 udp 41885439 198.51.100.7 5002 typ relay";

    #[test]
    fn of_hidden_candidates_only_relays_are_told_and_not_for_whom() {
        let line = format!("{RELAY} raddr 192.168.1.5 rport 51234 generation 0 ufrag abcd network-id 1");
        let told = format!("{RELAY} raddr 0.0.0.0 rport 0 generation 0 ufrag abcd network-id 1");
        assert_eq!(hide_candidate(&line), Some(told));
        assert_eq!(hide_candidate(RELAY).as_deref(), Some(RELAY));
        for line in [
            "candidate:1 1 udp 2113937151 7ae1.local 51234 typ host generation 0",
            "candidate:2 1 udp 1677729535 203.0.113.9 51234 typ srflx raddr 192.168.1.5 rport 51234",
            "candidate:3 1 tcp 1518280447 192.168.1.5 9 typ host tcptype active",
        ] {
            assert_eq!(hide_candidate(line), None, "{line}");
        }
    }

    #[test]
    fn a_hidden_description_repeats_no_candidate() {
        let sdp = "v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=candidate:1 1 udp 1 192.0.2.1 9 typ host\r\na=mid:0\r\n";
        assert_eq!(hide_candidates(sdp), "v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\n");
    }

    #[test]
    fn a_hidden_description_names_no_address_that_would_be_the_default() {
        let sdp = |connection: &str, rtcp: &str| {
            format!("m=audio 9 UDP 0\r\nc={connection}\r\na=rtcp:{rtcp}\r\na=rtcp-mux\r\n")
        };
        let hidden = sdp("IN IP4 0.0.0.0", "9 IN IP4 0.0.0.0");
        assert_eq!(hide_candidates(&sdp("IN IP4 192.168.1.5", "51235 IN IP4 192.168.1.5")), hidden);
        assert_eq!(hide_candidates(&sdp("IN IP6 2001:db8::7", "51235 IN IP6 2001:db8::7")), hidden);
        assert_eq!(hide_candidates(&hidden), hidden);
    }

    #[test]
    fn where_the_room_hides_everybody_nobody_chooses() {
        let mut network = Network::default();
        assert!(!network.hide(true) && network.hide(false) && !network.relay_only);
        network.ruled = true;
        network.hide(false);
        assert!(network.relay_only);
    }

    #[test]
    fn hidden_addresses_need_a_relay() {
        let server = |url: &str| IceServer { urls: vec![url.to_owned()], username: None, credential: None };
        let network = |relay_only, urls: &[&str]| Network {
            servers: urls.iter().copied().map(server).collect(),
            relay_only,
            ruled: false,
            people: 2,
        };
        assert!(!network(false, &[]).leads_nowhere());
        assert!(network(true, &[]).leads_nowhere());
        assert!(network(true, &["stun:here"]).leads_nowhere());
        assert!(!network(true, &["stun:here", "turns:here?transport=tcp"]).leads_nowhere());
    }
}
