//! The wire as `PROTOCOL.md` describes it.

use super::*;
use crate::identity::{Incarnation, JoinNumber, ParticipantId};
use crate::limits;

const ROOM: &str = "AAAAAAAAAAAAAAAAAAAAAQ";

fn join(more: &str) -> String {
    format!(
        r#"{{"join":{{"room":"{ROOM}","name":"Ana","media":{{"microphone":true,"camera":false,"screen":false,"hand":true}}{more}}}}}"#
    )
}

fn read(text: &str) -> Result<ClientMessage, Refusal> {
    read_client_message(text.as_bytes())
}

#[test]
fn what_a_client_says_is_written_as_documented() {
    let signal = |body: &str| format!(r#"{{"signal":{{"to":7,"signal":{{"epoch":[3,1],"seq":2,"body":{body}}}}}}}"#);
    let texts = [
        join(""),
        join(r#","resume":{"token":"AAAAAAAAAAAAAAAAAAAAAg","page":"same"}"#),
        join(r#","resume":{"token":"AAAAAAAAAAAAAAAAAAAAAg","page":"reloaded"}"#),
        signal(r#"{"offer":"v=0"}"#),
        signal(r#"{"answer":"v=0"}"#),
        signal(r#"{"candidate":{"candidate":"candidate:1","mid":"0","line":0,"ufrag":"abcd"}}"#),
        signal(r#"{"candidate":{"candidate":""}}"#),
        signal(r#""end_of_candidates""#),
        signal(r#"{"ask":"restart"}"#),
        signal(r#"{"ask":"rebuild"}"#),
        r#"{"set_media":{"microphone":false,"camera":true,"screen":true,"hand":false}}"#.to_owned(),
        r#"{"health":{"reaches":[7,12]}}"#.to_owned(),
        r#"{"probe":{"nonce":9}}"#.to_owned(),
        r#""closing""#.to_owned(),
        r#""leave""#.to_owned(),
    ];
    for text in texts {
        let message = read(&text).unwrap_or_else(|_| panic!("unreadable: {text}"));
        assert_eq!(serde_json::to_string(&message).unwrap(), text);
    }
}

#[test]
fn a_client_that_says_too_much_is_malformed() {
    let media = r#"{"set_media":{"microphone":false,"camera":true,"theremin":true}}"#;
    let signal = |more: &str, body: &str| {
        format!(r#"{{"signal":{{"to":7,"signal":{{"epoch":[3,1],"seq":2,"body":{body}{more}}}}}}}"#)
    };
    assert!(read(&signal("", r#""end_of_candidates""#)).is_ok());
    for text in [
        &join(r#","admin":true"#),
        &join(r#","resume":{"token":"AAAAAAAAAAAAAAAAAAAAAg"}"#),
        &join(r#","resume":{"token":"AAAAAAAAAAAAAAAAAAAAAg","page":"same","force":{"deep":[1]}}"#),
        &signal(r#","more":null"#, r#""end_of_candidates""#),
        &signal("", r#"{"candidate":{"candidate":"c","extra":1}}"#),
        &format!("{} {}", join(""), join("")),
        media,
    ] {
        assert_eq!(read(text), Err(Refusal::Malformed), "{text}");
    }
}

#[test]
fn what_is_no_message_is_malformed() {
    for text in ["", "{", "null", "[]", r#""dance""#, r#"{"probe":{"nonce":-1}}"#, r#"{"probe":{"nonce":4294967296}}"#]
    {
        assert_eq!(read(text), Err(Refusal::Malformed), "{text}");
    }
    assert_eq!(read_client_message(&[0xff, 0xfe]), Err(Refusal::Malformed));
    assert_eq!(read_client_message("[".repeat(60_000).as_bytes()), Err(Refusal::Malformed));
}

#[test]
fn a_message_beyond_the_frame_limit_is_not_read() {
    let padded = |length: usize| r#""leave""#.to_owned() + &" ".repeat(length - 7);
    assert_eq!(read(&padded(limits::FRAME_BYTES)), Ok(ClientMessage::Leave));
    assert_eq!(read(&padded(limits::FRAME_BYTES + 1)), Err(Refusal::Malformed));
}

#[test]
fn the_longest_legal_description_fits_into_a_frame() {
    // Line ends take two bytes each in JSON, and lines are short.
    let sdp = Sdp::new("a=mid:0000\r\n".repeat(limits::SDP_BYTES / 12)).unwrap();
    let signal = Signal { epoch: (u32::MAX, u32::MAX).into(), seq: u32::MAX, body: SignalBody::Offer(sdp) };
    let message = ClientMessage::Signal { to: ParticipantId(u32::MAX), signal };
    assert!(serde_json::to_vec(&message).unwrap().len() <= limits::FRAME_BYTES);
}

#[test]
fn a_page_reads_a_server_that_says_more_than_it_knows() {
    let text = r#"{"left":{"id":7,"because":"bored"}}"#;
    let message: ServerMessage = serde_json::from_str(text).unwrap();
    assert_eq!(message, ServerMessage::Left { id: ParticipantId(7) });
    let text = r#"{"joined":{"id":7,"number":2,"incarnation":3,"name":"Ana","hat":"red","presence":"knocking",
        "media":{"microphone":true,"camera":false,"theremin":true}}}"#;
    let participant = Participant {
        id: ParticipantId(7),
        number: JoinNumber(2),
        incarnation: Incarnation(3),
        name: DisplayName::new("Ana").unwrap(),
        media: MediaState { microphone: true, camera: false, ..MediaState::default() },
        presence: Presence::Lost,
    };
    assert_eq!(serde_json::from_str::<ServerMessage>(text).unwrap(), ServerMessage::Joined(participant));
    let text = r#"{"refused":{"reason":"not-on-sundays"}}"#;
    let message: ServerMessage = serde_json::from_str(text).unwrap();
    assert_eq!(message, ServerMessage::Refused { reason: Refusal::Unknown });
}

#[test]
fn ice_servers_and_what_a_room_allows_are_written_as_documented() {
    for text in [
        r#"{"ice_servers":[{"urls":["stun:here:3000"]},{"urls":["turn:here:3000?transport=udp"],"username":"7:a/1","credential":"c="}]}"#,
        r#"{"ice_servers":[]}"#,
    ] {
        let message: ServerMessage = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&message).unwrap(), text);
    }
    let welcome = |relay: &str, rule: &str| {
        let you = r#"{"id":7,"number":2,"incarnation":3,"name":"Ana","media":{"microphone":true,"camera":false,"screen":false,"hand":false},"presence":"online"}"#;
        format!(
            r#"{{"welcome":{{"you":{you},"token":"AAAAAAAAAAAAAAAAAAAAAg","participants":[],"ice_servers":[]{relay},"room":{{"capacity":8{rule}}}}}}}"#
        )
    };
    let read = |text: &str| serde_json::from_str::<ServerMessage>(text).unwrap();
    let text = welcome(r#","relay":77"#, r#","relay_only":true"#);
    assert_eq!(serde_json::to_string(&read(&text)).unwrap(), text);
    let ServerMessage::Welcome(older) = read(&welcome("", "")) else { panic!("a welcome of an older server") };
    assert!(older.relay.is_none() && !older.room.relay_only);
}

#[test]
fn a_refusal_is_called_the_same_everywhere() {
    use Refusal::*;
    for reason in [
        UnknownRoom,
        RoomFull,
        StaleToken,
        Superseded,
        Malformed,
        OutOfOrder,
        TooFast,
        TooSlow,
        TooLate,
        Stopping,
        Unknown,
    ] {
        assert_eq!(serde_json::to_value(reason).unwrap(), reason.name());
    }
}

#[test]
fn nobody_reaches_more_people_than_a_room_can_hold() {
    let health = |count: usize| format!(r#"{{"health":{{"reaches":{:?}}}}}"#, (0..count).collect::<Vec<_>>());
    assert!(read(&health(limits::ROOM_MOST)).is_ok());
    assert_eq!(read(&health(limits::ROOM_MOST + 1)), Err(Refusal::Malformed));
}

#[test]
fn what_peers_say_past_the_server_is_written_as_documented() {
    let signal = r#"{"epoch":[3,1],"seq":2,"body":"end_of_candidates"}"#;
    for text in [
        r#"{"media":{"microphone":true,"camera":false,"screen":true,"hand":true}}"#.to_owned(),
        r#"{"beat":{"frames":120,"answer":true}}"#.to_owned(),
        format!(r#"{{"carry":{{"to":7,"signal":{signal}}}}}"#),
        format!(r#"{{"carried":{{"from":7,"signal":{signal}}}}}"#),
        r#"{"react":"thumbs_up"}"#.to_owned(),
    ] {
        let message: PeerMessage = serde_json::from_str(&text).unwrap();
        assert_eq!(serde_json::to_string(&message).unwrap(), text);
    }
}

#[test]
fn a_reaction_that_nobody_knows_is_no_message() {
    for name in ["applause", "thumbs_up", "heart", "laughter", "surprise", "party"] {
        let text = format!(r#"{{"react":"{name}"}}"#);
        assert!(serde_json::from_str::<PeerMessage>(&text).is_ok(), "{name}");
    }
    for text in [r#"{"react":"yawn"}"#, r#"{"react":{}}"#, r#"{"react":"\ud83d\udc4f"}"#] {
        assert!(serde_json::from_str::<PeerMessage>(text).is_err(), "{text}");
    }
}
