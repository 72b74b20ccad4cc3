//! What clients may try, and that nobody else notices.

mod support;

use futures::{SinkExt as _, StreamExt as _};
use signaling::identity::{ParticipantId, ResumeToken, RoomId};
use signaling::limits;
use signaling::protocol::{ClientMessage, Page, Refusal, Resume, ServerMessage};
use std::time::Duration;
use support::{Client, Guest, Message, Server, are_undisturbed, join, offer, only_lost_one};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::time::timeout;

/// Lets someone into the room where Ana and Ben are, who hear of it.
async fn third(server: &Server, ana: &mut Guest, ben: &mut Guest, room: &RoomId) -> Guest {
    let third = server.guest(room).await;
    for earlier in [ana, ben] {
        assert_eq!(earlier.hears().await, ServerMessage::Joined(third.welcome.you.clone()));
    }
    third
}

#[tokio::test]
async fn what_is_not_of_the_protocol_is_refused_before_joining() {
    let server = Server::start().await;
    let room = server.room().await;
    let (mut ana, mut ben) = server.pair(&room).await;
    let id = room.as_str();
    let media = r#"{"microphone":true,"camera":true}"#;
    let wrong = [
        "".to_owned(),
        "{".to_owned(),
        "null".to_owned(),
        "[]".to_owned(),
        "\"sing\"".to_owned(),
        "{\"join\":{}}".to_owned(),
        format!(r#"{{"join":{{"room":"{id}","name":"Ana","media":{media},"host":true}}}}"#),
        format!(r#"{{"join":{{"room":"{id}","name":"Ana","media":{media}}},"leave":null}}"#),
        format!(
            r#"{{"join":{{"room":"{id}","name":"Ana","media":{{"microphone":true,"camera":true,"theremin":true}}}}}}"#
        ),
        format!(r#"{{"join":{{"room":"{id}","name":"  ","media":{media}}}}}"#),
        format!(r#"{{"join":{{"room":"{id}","name":"{}","media":{media}}}}}"#, "x".repeat(65)),
        format!(r#"{{"join":{{"room":"{id}","name":"a\u202eb","media":{media}}}}}"#),
        format!(r#"{{"join":{{"room":"../../etc/passwd","name":"Ana","media":{media}}}}}"#),
        format!(r#"{{"join":{{"room":"{id}","name":"Ana","media":{media},"resume":{{"token":"x","page":"same"}}}}}}"#),
        "[".repeat(60_000),
    ];
    for text in wrong {
        let mut client = server.client().await;
        client.say_frame(Message::text(text)).await;
        client.is_refused(Refusal::Malformed).await;
    }
    let mut client = server.client().await;
    client.say_frame(Message::binary(vec![0xff; 1_000])).await;
    client.is_refused(Refusal::Malformed).await;
    are_undisturbed(&mut ana, &mut ben).await;
}

#[tokio::test]
async fn what_is_not_of_the_protocol_is_refused_inside() {
    let server = Server::start().await;
    let room = server.room().await;
    let (mut ana, mut ben) = server.pair(&room).await;
    let signal =
        |body: &str| format!(r#"{{"signal":{{"to":{},"signal":{{"epoch":[1,1],"seq":1,"body":{body}}}}}}}"#, 1);
    let sdp = "v".repeat(limits::SDP_BYTES + 1);
    let line = "c".repeat(limits::CANDIDATE_BYTES + 1);
    let wrong = [
        signal(&format!(r#"{{"offer":"{sdp}"}}"#)),
        signal(&format!(r#"{{"candidate":{{"candidate":"{line}"}}}}"#)),
        signal(r#"{"candidate":{"candidate":"c","extra":1}}"#),
        signal(r#"{"sing":"la"}"#),
        r#"{"set_media":{"microphone":1,"camera":true}}"#.to_owned(),
    ];
    for text in wrong {
        let mut rude = third(&server, &mut ana, &mut ben, &room).await;
        rude.client.say_frame(Message::text(text)).await;
        rude.client.is_refused(Refusal::Malformed).await;
        only_lost_one(&mut ana, &mut ben, rude.id()).await;
        // Leaves no seat behind, so that the room does not fill up.
        let back = server.client().await.enter(rude.back(&room, Page::Same)).await.unwrap();
        back.close(tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode::Away).await;
        for bystander in [&mut ana, &mut ben] {
            assert!(matches!(bystander.hears().await, ServerMessage::Joined(_)));
            assert_eq!(bystander.hears().await, ServerMessage::Left { id: rude.id() });
        }
    }
}

#[tokio::test]
async fn the_order_is_kept() {
    let server = Server::start().await;
    let room = server.room().await;
    let (mut ana, mut ben) = server.pair(&room).await;
    for early in
        [ClientMessage::SetMedia(Default::default()), ClientMessage::Signal { to: ana.id(), signal: offer(10) }]
    {
        let mut client = server.client().await;
        client.say(&early).await;
        client.is_refused(Refusal::OutOfOrder).await;
    }
    let mut twice = third(&server, &mut ana, &mut ben, &room).await;
    twice.say(&ClientMessage::Join(join(&room))).await;
    twice.client.is_refused(Refusal::OutOfOrder).await;
    only_lost_one(&mut ana, &mut ben, twice.id()).await;
}

#[tokio::test]
async fn a_huge_frame_is_refused_before_it_is_buffered() {
    let server = Server::start().await;
    let room = server.room().await;
    let (mut ana, mut ben) = server.pair(&room).await;
    let mut stream = server.socket().await.into_inner();
    // The head of a masked text frame of 1 MiB, and not a byte of it.
    stream.write_all(&[0x81, 0x80 | 127, 0, 0, 0, 0, 0, 0x10, 0, 0, 1, 2, 3, 4]).await.unwrap();
    let mut answer = Vec::new();
    timeout(Duration::from_secs(5), stream.read_to_end(&mut answer)).await.expect("closed in time").unwrap();
    let answer = String::from_utf8_lossy(&answer);
    assert!(answer.contains(r#"{"refused":{"reason":"malformed"}}"#), "{answer}");
    are_undisturbed(&mut ana, &mut ben).await;
}

#[tokio::test]
async fn a_huge_message_in_many_small_frames_is_refused() {
    let server = Server::start().await;
    let mut stream = server.socket().await.into_inner();
    // Fragments of 125 bytes that never end.
    let fragment = |first: bool| {
        let mut frame = vec![u8::from(first), 0x80 | 125, 0, 0, 0, 0];
        frame.extend([b' '; 125]);
        frame
    };
    let mut sent = 0;
    let closed = timeout(Duration::from_secs(10), async {
        while sent < 4 * limits::FRAME_BYTES && stream.write_all(&fragment(sent == 0)).await.is_ok() {
            sent += 125;
            if sent % 12_500 == 0 {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        }
    });
    closed.await.expect("refused in time");
    assert!(sent < 4 * limits::FRAME_BYTES, "sent {sent} bytes of one message");
}

#[tokio::test]
async fn a_signal_stays_in_its_room() {
    let server = Server::start().await;
    let (here, there) = (server.room().await, server.room().await);
    let (mut ana, mut ben) = server.pair(&here).await;
    let (mut cy, mut dan) = server.pair(&there).await;
    for forged in [cy.id(), ana.id(), ParticipantId(0), ParticipantId(u32::MAX)] {
        ana.say(&ClientMessage::Signal { to: forged, signal: offer(10) }).await;
        ana.client.heard_nothing().await;
    }
    are_undisturbed(&mut ana, &mut ben).await;
    are_undisturbed(&mut cy, &mut dan).await;
}

#[tokio::test]
async fn a_sender_cannot_claim_to_be_another() {
    let server = Server::start().await;
    let room = server.room().await;
    let (mut ana, mut ben) = server.pair(&room).await;
    let mut forger = third(&server, &mut ana, &mut ben, &room).await;
    let text = serde_json::to_string(&ClientMessage::Signal { to: ben.id(), signal: offer(10) }).unwrap();
    let claim = text.replacen("\"to\"", &format!("\"from\":{},\"to\"", ana.id()), 1);
    forger.client.say_frame(Message::text(claim)).await;
    forger.client.is_refused(Refusal::Malformed).await;
    only_lost_one(&mut ana, &mut ben, forger.id()).await;
}

#[tokio::test]
async fn a_stale_token_and_one_of_another_room_are_refused() {
    let server = Server::start().await;
    let (here, there) = (server.room().await, server.room().await);
    let (mut ana, mut ben) = server.pair(&here).await;
    let stranger = server.guest(&there).await;
    let unknown = Resume { token: ResumeToken::from_bytes([9; 16]), page: Page::Same };
    for resume in [unknown, stranger.back(&here, Page::Same).resume.unwrap()] {
        let mut thief = server.client().await;
        thief.say(&ClientMessage::Join(signaling::protocol::Join { resume: Some(resume), ..join(&here) })).await;
        thief.is_refused(Refusal::StaleToken).await;
    }
    are_undisturbed(&mut ana, &mut ben).await;
}

#[tokio::test]
async fn a_stolen_token_shows_at_once() {
    let server = Server::start().await;
    let room = server.room().await;
    let (mut ana, mut ben) = server.pair(&room).await;
    let thief = server.client().await.enter(ben.back(&room, Page::Reloaded)).await.unwrap();
    // Whoever was robbed is told, and can take the seat back: the thief is told in turn.
    ben.client.is_refused(Refusal::Superseded).await;
    let mut ben = server.client().await.enter(thief.back(&room, Page::Reloaded)).await.unwrap();
    let Guest { mut client, .. } = thief;
    client.is_refused(Refusal::Superseded).await;
    for _ in 0..2 {
        assert!(matches!(ana.hears().await, ServerMessage::Joined(participant) if participant.id == ben.id()));
    }
    are_undisturbed(&mut ana, &mut ben).await;
}

#[tokio::test]
async fn a_flood_of_messages_is_refused() {
    let server = Server::start().await;
    let room = server.room().await;
    let (mut ana, mut ben) = server.pair(&room).await;
    let mut flood = third(&server, &mut ana, &mut ben, &room).await;
    for nonce in 0..2 * limits::MESSAGE_BURST {
        flood.say(&ClientMessage::Probe { nonce }).await;
    }
    let refusal = loop {
        match flood.client.next().await {
            Some(ServerMessage::Echo { .. }) => {}
            other => break other,
        }
    };
    assert_eq!(refusal, Some(ServerMessage::Refused { reason: Refusal::TooFast }));
    only_lost_one(&mut ana, &mut ben, flood.id()).await;
}

#[tokio::test]
async fn half_a_handshake_is_no_conversation() {
    let server = Server::start().await;
    let answer = server.http("GET", "/api/signaling", &[]).await;
    assert_eq!(answer.status, 400);
    let answer = server.http("POST", "/api/signaling", &[]).await;
    assert_eq!(answer.status, 405);
    let room = server.room().await;
    let (mut ana, mut ben) = server.pair(&room).await;
    are_undisturbed(&mut ana, &mut ben).await;
}

#[tokio::test]
async fn a_client_that_only_pings_is_answered_and_does_not_join() {
    let server = Server::start().await;
    let room = server.room().await;
    let (mut ana, mut ben) = server.pair(&room).await;
    let mut socket = server.socket().await;
    for number in 0..100_u8 {
        socket.send(Message::Ping(vec![number; 100].into())).await.unwrap();
        let pong = loop {
            match timeout(Duration::from_secs(5), socket.next()).await.expect("a pong in time").unwrap().unwrap() {
                Message::Ping(_) => {}
                other => break other,
            }
        };
        assert_eq!(pong, Message::Pong(vec![number; 100].into()));
    }
    Client::new(socket).heard_nothing().await;
    are_undisturbed(&mut ana, &mut ben).await;
}
