//! Any bytes, to all that read the wire: the server, which reads a client, and the page, which reads a server and its peers.
//!
//! None of them may panic. What they take must be within every limit, and must be the same when it is written and read again.

#![no_main]

use core::fmt::Debug;
use libfuzzer_sys::fuzz_target;
use serde::Serialize;
use serde::de::DeserializeOwned;
use signaling::limits;
use signaling::protocol::{
    Candidate, ClientMessage, DisplayName, PeerMessage, ServerMessage, Signal, SignalBody, Tag, read_client_message,
};

fuzz_target!(|bytes: &[u8]| {
    if let Ok(message) = read_client_message(bytes) {
        check_client_message(&message);
        let written = write_and_read(&message);
        // What was written in few characters may take more of them than a frame holds.
        if written.len() <= limits::FRAME_BYTES {
            assert_eq!(read_client_message(&written), Ok(message));
        }
        assert!(bytes.len() <= limits::FRAME_BYTES);
    }
    if let Ok(message) = serde_json::from_slice::<ServerMessage>(bytes) {
        check_server_message(&message);
        write_and_read(&message);
    }
    if let Ok(message) = serde_json::from_slice::<PeerMessage>(bytes) {
        check_peer_message(&message);
        write_and_read(&message);
    }
});

fn write_and_read<M: Serialize + DeserializeOwned + PartialEq + Debug>(message: &M) -> Vec<u8> {
    let written = serde_json::to_vec(message).expect("every message can be written");
    assert_eq!(serde_json::from_slice::<M>(&written).expect("what was written can be read"), *message);
    written
}

fn check_client_message(message: &ClientMessage) {
    match message {
        ClientMessage::Join(join) => check_name(&join.name),
        ClientMessage::Signal { signal, .. } => check_signal(signal),
        ClientMessage::Health { reaches } => assert!(reaches.len() <= limits::ROOM_MOST),
        ClientMessage::SetMedia(_) | ClientMessage::Probe { .. } | ClientMessage::Closing | ClientMessage::Leave => {}
    }
}

/// A page believes its server; only the limits that the types themselves keep are kept here.
fn check_server_message(message: &ServerMessage) {
    match message {
        ServerMessage::Welcome(welcome) => {
            welcome.participants.iter().chain([&welcome.you]).for_each(|one| check_name(&one.name));
        }
        ServerMessage::Joined(participant) => check_name(&participant.name),
        ServerMessage::Signal { signal, .. } => check_signal(signal),
        _ => {}
    }
}

fn check_peer_message(message: &PeerMessage) {
    match message {
        PeerMessage::Carry { signal, .. } | PeerMessage::Carried { signal, .. } => check_signal(signal),
        _ => {}
    }
}

fn check_name(name: &DisplayName) {
    let name = name.as_str();
    assert!((1..=limits::NAME_CHARS).contains(&name.chars().count()), "{name:?}");
    assert!(!name.chars().any(char::is_control), "{name:?}");
    assert!(!name.chars().all(char::is_whitespace) && name.trim() == name, "{name:?}");
}

fn check_signal(signal: &Signal) {
    match &signal.body {
        SignalBody::Offer(sdp) | SignalBody::Answer(sdp) => assert!(sdp.as_str().len() <= limits::SDP_BYTES),
        SignalBody::Candidate(candidate) => check_candidate(candidate),
        SignalBody::EndOfCandidates | SignalBody::Ask(_) => {}
    }
}

fn check_candidate(candidate: &Candidate) {
    let fits = |tag: &Option<Tag>| tag.as_ref().is_none_or(|tag| tag.as_str().len() <= limits::TAG_BYTES);
    assert!(candidate.candidate.as_str().len() <= limits::CANDIDATE_BYTES);
    assert!(fits(&candidate.mid) && fits(&candidate.ufrag));
}
