//! Whatever bytes come, the decoder holds.

use proptest::prelude::*;
use signaling::identity::{Epoch, ParticipantId, ResumeToken, RoomId};
use signaling::limits;
use signaling::protocol::{
    Ask, Candidate, CandidateLine, ClientMessage, DisplayName, Join, MediaState, Page, Resume, Sdp, Signal, SignalBody,
    Tag, read_client_message,
};

fn name() -> impl Strategy<Value = DisplayName> {
    "\\PC{1,64}".prop_filter_map("a name that can be shown", |text| DisplayName::new(text).ok())
}

fn media() -> impl Strategy<Value = MediaState> {
    any::<[bool; 4]>().prop_map(|[microphone, camera, screen, hand]| MediaState { microphone, camera, screen, hand })
}

fn resume() -> impl Strategy<Value = Resume> {
    (any::<[u8; 16]>(), prop_oneof![Just(Page::Same), Just(Page::Reloaded)])
        .prop_map(|(token, page)| Resume { token: ResumeToken::from_bytes(token), page })
}

fn join() -> impl Strategy<Value = Join> {
    (any::<[u8; 16]>(), name(), media(), proptest::option::of(resume())).prop_map(|(room, name, media, resume)| Join {
        room: RoomId::from_bytes(room),
        name,
        media,
        resume,
    })
}

fn tag() -> impl Strategy<Value = Option<Tag>> {
    proptest::option::of("[a-zA-Z0-9+/]{0,256}".prop_map(|text| Tag::new(text).expect("within the limit")))
}

fn candidate() -> impl Strategy<Value = Candidate> {
    let line = "\\PC{0,512}".prop_map(|text| CandidateLine::new(text).expect("within the limit"));
    (line, tag(), any::<Option<u16>>(), tag()).prop_map(|(candidate, mid, line, ufrag)| Candidate {
        candidate,
        mid,
        line,
        ufrag,
    })
}

fn body() -> impl Strategy<Value = SignalBody> {
    let sdp = || "(v=0\r\n)?(\\PC|[\r\n\t\"\\\\]){0,2000}".prop_map(|text| Sdp::new(text).expect("within the limit"));
    prop_oneof![
        sdp().prop_map(SignalBody::Offer),
        sdp().prop_map(SignalBody::Answer),
        candidate().prop_map(SignalBody::Candidate),
        Just(SignalBody::EndOfCandidates),
        prop_oneof![Just(Ask::Restart), Just(Ask::Rebuild)].prop_map(SignalBody::Ask),
    ]
}

fn message() -> impl Strategy<Value = ClientMessage> {
    let signal = (any::<(u32, u32)>(), any::<u32>(), body()).prop_map(|(epoch, seq, body)| Signal {
        epoch: Epoch::from(epoch),
        seq,
        body,
    });
    prop_oneof![
        join().prop_map(ClientMessage::Join),
        (any::<u32>(), signal).prop_map(|(to, signal)| ClientMessage::Signal { to: ParticipantId(to), signal }),
        media().prop_map(ClientMessage::SetMedia),
        any::<u32>().prop_map(|nonce| ClientMessage::Probe { nonce }),
        Just(ClientMessage::Closing),
        Just(ClientMessage::Leave),
    ]
}

/// Asserts the limits once more, by hand.
fn keeps_the_limits(message: &ClientMessage) {
    match message {
        ClientMessage::Join(join) => {
            let name = join.name.as_str();
            assert!((1..=limits::NAME_CHARS).contains(&name.chars().count()));
            assert!(name.trim() == name && !name.chars().any(char::is_control));
            assert_eq!(join.room.as_str().len(), RoomId::LENGTH);
        }
        ClientMessage::Signal { signal, .. } => match &signal.body {
            SignalBody::Offer(sdp) | SignalBody::Answer(sdp) => assert!(sdp.as_str().len() <= limits::SDP_BYTES),
            SignalBody::Candidate(candidate) => {
                assert!(candidate.candidate.as_str().len() <= limits::CANDIDATE_BYTES);
                for tag in [&candidate.mid, &candidate.ufrag].into_iter().flatten() {
                    assert!(tag.as_str().len() <= limits::TAG_BYTES);
                }
            }
            SignalBody::EndOfCandidates | SignalBody::Ask(_) => {}
        },
        _ => {}
    }
}

fn is_sound(bytes: &[u8]) {
    if let Ok(message) = read_client_message(bytes) {
        assert!(bytes.len() <= limits::FRAME_BYTES);
        keeps_the_limits(&message);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2_000) })]

    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..2_000)) {
        is_sound(&bytes);
    }

    #[test]
    fn what_is_written_is_read(message in message()) {
        let bytes = serde_json::to_vec(&message).unwrap();
        prop_assert_eq!(read_client_message(&bytes), Ok(message));
    }

    #[test]
    fn a_damaged_message_is_read_or_refused(
        message in message(), at in any::<prop::sample::Index>(), damage in proptest::collection::vec(any::<u8>(), 0..8),
    ) {
        let mut bytes = serde_json::to_vec(&message).unwrap();
        let at = at.index(bytes.len());
        let end = (at + damage.len() / 2).min(bytes.len());
        bytes.splice(at..end, damage);
        is_sound(&bytes);
    }

    #[test]
    fn an_unknown_field_is_refused(message in join(), field in "[a-z_]{1,12}") {
        let mut json = serde_json::to_value(ClientMessage::Join(message)).unwrap();
        let join = json["join"].as_object_mut().unwrap();
        prop_assume!(!["room", "name", "media", "resume"].contains(&field.as_str()));
        join.insert(field, serde_json::Value::Null);
        prop_assert!(read_client_message(json.to_string().as_bytes()).is_err());
    }
}

#[test]
fn what_is_longer_than_a_frame_is_not_even_parsed() {
    let long = [b" ".repeat(limits::FRAME_BYTES), b"\"leave\"".to_vec()].concat();
    assert!(read_client_message(&long).is_err());
    assert!(read_client_message(&long[10..]).is_ok());
}
