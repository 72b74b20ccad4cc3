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

/// Writes the far end's session description, and into it how it would have sound: rather nothing than silence (`usedtx`,
/// RFC 7587 §6.1); and among many people, 60 ms in each packet (`ptime`, RFC 8866 §6.4), because there what is done for each packet
/// is most of what a machine does. Every end takes both.
pub(super) fn description(kind: RtcSdpType, sdp: &Sdp, crowded: bool) -> RtcSessionDescriptionInit {
    let description = RtcSessionDescriptionInit::new(kind);
    let long = if crowded { "a=ptime:60\r\n" } else { "" };
    let wish = ["useinbandfec=1;usedtx=1\r\n", long].concat();
    description.set_sdp(&sdp.as_str().replace("useinbandfec=1\r\n", &wish));
    description
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
