//! The browser's dictionaries of WebRTC, written from the words of our protocol and read into them.
//!
//! Separate from [`peer_connection`](super::peer_connection), because it translates and does nothing.

use super::network::{Network, hide_candidate};
use js_sys::{Array, Object, Reflect};
use signaling::protocol::{Candidate, CandidateLine, IceServer, Sdp, Tag};
use wasm_bindgen::JsValue;
use web_sys::{
    RtcBundlePolicy, RtcConfiguration, RtcIceCandidate, RtcIceCandidateInit, RtcIceServer, RtcIceTransportPolicy,
    RtcSdpType, RtcSessionDescriptionInit,
};

/// How sound is packed for the far end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Packing {
    /// As the browsers agree.
    Usual,
    /// Each piece in two packets: one that is lost is not missed then (RED, RFC 2198).
    Twice,
    /// 60 ms in each packet (`ptime`, RFC 8866 §6.4), because among many what is done for each packet is most of what a machine does.
    Long,
}

/// Writes the far end's session description, and into it how it would have sound: like this, and rather nothing than silence (`usedtx`,
/// RFC 7587 §6.1). Every end takes all of it.
pub(super) fn description(kind: RtcSdpType, sdp: &Sdp, packing: Packing) -> RtcSessionDescriptionInit {
    let description = RtcSessionDescriptionInit::new(kind);
    let long = if packing == Packing::Long { "a=ptime:60\r\n" } else { "" };
    let wish = ["useinbandfec=1;usedtx=1\r\n", long].concat();
    let wished = sdp.as_str().replace("useinbandfec=1\r\n", &wish);
    let ordered = if packing == Packing::Usual { None } else { with_red(&wished, packing == Packing::Twice) };
    description.set_sdp(&ordered.unwrap_or(wished));
    description
}

/// Puts the codec that has each piece of sound in two packets (RED) before all others of the microphone, or after them. Chromium sends so
/// wherever it is listed before the codec it repeats, and not when it is chosen later (`setParameters`); and answers in the order of the
/// offer, so that one end's wish comes back as the other's. `None` where there is nothing to order.
fn with_red(sdp: &str, first: bool) -> Option<String> {
    let (before, _) = sdp.split_once(" red/48000/2\r\n")?;
    let red = before.rsplit(':').next()?;
    // The microphone's section is the first.
    let (head, rest) = sdp.split_once("SAVPF ")?;
    let (payloads, rest) = rest.split_once("\r\n")?;
    let others: Vec<_> = payloads.split(' ').filter(|payload| *payload != red).collect();
    if others.is_empty() || !payloads.split(' ').any(|payload| payload == red) {
        return None;
    }
    let others = others.join(" ");
    let (one, other) = if first { (red, others.as_str()) } else { (others.as_str(), red) };
    Some([head, "SAVPF ", one, " ", other, "\r\n", rest].concat())
}

/// Writes how a picture is to be encoded, as numbers by their names in `RTCRtpEncodingParameters`.
pub fn encoding(numbers: &[(&str, f64)]) -> Object {
    let encoding = Object::new();
    for (name, number) in numbers {
        // An object of ours takes everything.
        let _ = Reflect::set(&encoding, &(*name).into(), &(*number).into());
    }
    encoding
}

/// Writes what a connection is told about the network.
pub(super) fn configuration(network: &Network) -> RtcConfiguration {
    let configuration = RtcConfiguration::new();
    configuration.set_bundle_policy(RtcBundlePolicy::MaxBundle);
    configuration.set_ice_servers(&ice_servers(&network.servers));
    if network.relay_only {
        configuration.set_ice_transport_policy(RtcIceTransportPolicy::Relay);
    }
    configuration
}

fn ice_servers(servers: &[IceServer]) -> Array {
    servers
        .iter()
        .map(|server| {
            let entry = RtcIceServer::new();
            entry.set_urls(&server.urls.iter().map(|url| JsValue::from_str(url)).collect::<Array>());
            if let (Some(username), Some(credential)) = (&server.username, &server.credential) {
                entry.set_username(username);
                entry.set_credential(credential);
            }
            entry
        })
        .collect()
}

/// Writes a candidate.
pub(super) fn candidate_init(candidate: &Candidate) -> RtcIceCandidateInit {
    let init = RtcIceCandidateInit::new(candidate.candidate.as_str());
    init.set_sdp_mid(candidate.mid.as_ref().map(Tag::as_str));
    init.set_sdp_m_line_index(candidate.line);
    if let Some(ufrag) = &candidate.ufrag {
        let _ = Reflect::set(&init, &"usernameFragment".into(), &ufrag.as_str().into());
    }
    init
}

/// Reads what the browser gathered, as far as it may be told. `Some(None)` is the end of candidates, which browsers tell as
/// `null` or as an empty line.
pub(super) fn read_candidate(gathered: Option<RtcIceCandidate>, hidden: bool) -> Option<Option<Candidate>> {
    let Some(gathered) = gathered.filter(|gathered| !gathered.candidate().is_empty()) else { return Some(None) };
    let mut line = gathered.candidate();
    if hidden {
        line = hide_candidate(&line)?;
    }
    let ufrag = Reflect::get(&gathered, &"usernameFragment".into()).ok().and_then(|ufrag| ufrag.as_string());
    Some(Some(Candidate {
        candidate: CandidateLine::new(line).ok()?,
        mid: gathered.sdp_mid().and_then(|mid| Tag::new(mid).ok()),
        line: gathered.sdp_m_line_index(),
        ufrag: ufrag.and_then(|ufrag| Tag::new(ufrag).ok()),
    }))
}

#[cfg(test)]
mod tests {
    use super::with_red;

    fn sdp(payloads: &str, red: &str) -> String {
        let microphone =
            ["m=audio 9 UDP/TLS/RTP/SAVPF ", payloads, "\r\na=mid:0\r\na=rtpmap:111 opus/48000/2\r\n", red];
        let screen = "m=audio 9 UDP/TLS/RTP/SAVPF 111 63\r\na=mid:3\r\na=rtpmap:63 red/48000/2\r\n";
        ["v=0\r\n", &microphone.concat(), screen].concat()
    }

    #[test]
    fn what_repeats_comes_before_what_it_repeats_or_after_it_and_nothing_else_moves() {
        let red = "a=rtpmap:63 red/48000/2\r\na=fmtp:63 111/111\r\n";
        for (listed, first, last) in [
            ("111 63 9 163", "63 111 9 163", "111 9 163 63"),
            ("111 63", "63 111", "111 63"),
            ("63 111", "63 111", "111 63"),
        ] {
            assert_eq!(with_red(&sdp(listed, red), true), Some(sdp(first, red)), "{listed}");
            assert_eq!(with_red(&sdp(listed, red), false), Some(sdp(last, red)), "{listed}");
        }
    }

    #[test]
    fn who_does_not_have_it_is_not_asked_for_it() {
        let red = "a=rtpmap:63 red/48000/2\r\n";
        assert_eq!(with_red(&sdp("111 9", red), true), None, "the microphone's section does not list it");
        assert_eq!(with_red(&sdp("63", red), true), None, "nor anything that it could repeat");
        assert_eq!(with_red("v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=rtpmap:111 opus/48000/2\r\n", true), None);
        assert_eq!(with_red("", true), None);
    }
}
