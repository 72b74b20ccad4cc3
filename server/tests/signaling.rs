//! A conversation as the protocol describes it, over real sockets.

mod support;

use signaling::limits;
use signaling::protocol::{ClientMessage, MediaState, Page, Presence, Refusal, ServerMessage};
use std::time::{Duration, Instant};
use support::{Message, Server, a_moment, are_undisturbed, join, offer};
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;

#[tokio::test]
async fn everyone_meets_everyone() {
    let server = Server::start().await;
    let room = server.room().await;
    let (mut ana, mut ben) = server.pair(&room).await;
    let cy = server.guest(&room).await;
    assert_eq!(cy.welcome.participants, [ana.welcome.you.clone(), ben.welcome.you.clone()]);
    for earlier in [&mut ana, &mut ben] {
        assert_eq!(earlier.hears().await, ServerMessage::Joined(cy.welcome.you.clone()));
    }
    are_undisturbed(&mut ana, &mut ben).await;
    let media = MediaState { microphone: false, camera: true, ..MediaState::default() };
    ben.say(&ClientMessage::SetMedia(media)).await;
    assert_eq!(ana.hears().await, ServerMessage::MediaChanged { id: ben.id(), media });
}

#[tokio::test]
async fn binary_frames_are_read_too() {
    let server = Server::start().await;
    let room = server.room().await;
    let mut client = server.client().await;
    let message = serde_json::to_vec(&ClientMessage::Join(join(&room))).unwrap();
    client.say_frame(Message::binary(message)).await;
    assert!(matches!(client.hears().await, ServerMessage::Welcome(_)));
}

#[tokio::test]
async fn leaving_is_heard_at_once() {
    let server = Server::start().await;
    let room = server.room().await;
    let (mut ana, mut ben) = server.pair(&room).await;
    let began = Instant::now();
    ben.say(&ClientMessage::Leave).await;
    assert_eq!(ana.hears().await, ServerMessage::Left { id: ben.id() });
    assert!(began.elapsed() < Duration::from_secs(1));
    assert_eq!(ben.client.next().await, None);
}

#[tokio::test]
async fn a_lost_socket_is_heard_at_once_and_comes_back_as_it_was() {
    let server = Server::start().await;
    let room = server.room().await;
    let (mut ana, ben) = server.pair(&room).await;
    let (you, back) = (ben.welcome.you.clone(), ben.back(&room, Page::Same));
    ben.client.vanish();
    assert_eq!(ana.hears().await, ServerMessage::Lost { id: you.id });
    let mut ben = server.client().await.enter(back).await.unwrap();
    assert_eq!(ben.welcome.you, you);
    assert_eq!(ana.hears().await, ServerMessage::Joined(you));
    are_undisturbed(&mut ana, &mut ben).await;
}

#[tokio::test]
async fn a_closed_tab_is_gone_within_two_seconds() {
    let server = Server::start().await;
    let room = server.room().await;
    let (mut ana, mut ben) = server.pair(&room).await;
    let cy = server.guest(&room).await;
    let cy_id = cy.id();
    ana.hears().await;
    ben.hears().await;
    let began = Instant::now();
    // One says so, the other's browser does, by its close code.
    ben.say(&ClientMessage::Closing).await;
    cy.close(CloseCode::Away).await;
    let gone = [ana.hears().await, ana.hears().await];
    assert!(gone.contains(&ServerMessage::Left { id: ben.id() }) && gone.contains(&ServerMessage::Left { id: cy_id }));
    assert!((limits::CLOSING_SEAT..Duration::from_secs(2)).contains(&began.elapsed()), "{:?}", began.elapsed());
}

#[tokio::test]
async fn a_reload_keeps_the_identity() {
    let server = Server::start().await;
    let room = server.room().await;
    let (mut ana, ben) = server.pair(&room).await;
    let (before, back) = (ben.welcome.you.clone(), ben.back(&room, Page::Reloaded));
    ben.close(CloseCode::Away).await;
    let mut ben = server.client().await.enter(back).await.unwrap();
    let now = ben.welcome.you.clone();
    assert_eq!((now.id, now.number), (before.id, before.number));
    assert!(now.incarnation > before.incarnation);
    assert_eq!(ana.hears().await, ServerMessage::Joined(now));
    tokio::time::sleep(limits::CLOSING_SEAT + Duration::from_millis(300)).await;
    are_undisturbed(&mut ana, &mut ben).await;
}

#[tokio::test]
async fn a_full_room_lets_nobody_in_but_those_who_have_a_seat() {
    let server = Server::with(|config| config.rooms.capacity = 2).await;
    let room = server.room().await;
    let (mut ana, ben) = server.pair(&room).await;
    assert_eq!(server.client().await.enter(join(&room)).await.err(), Some(Refusal::RoomFull));
    let (id, back) = (ben.id(), ben.back(&room, Page::Same));
    ben.client.vanish();
    assert_eq!(ana.hears().await, ServerMessage::Lost { id });
    assert_eq!(server.client().await.enter(join(&room)).await.err(), Some(Refusal::RoomFull));
    assert!(server.client().await.enter(back).await.is_ok());
}

#[tokio::test]
async fn a_newcomer_sees_who_is_lost() {
    let server = Server::start().await;
    let room = server.room().await;
    let (mut ana, ben) = server.pair(&room).await;
    ben.client.vanish();
    ana.hears().await;
    let cy = server.guest(&room).await;
    let presences: Vec<_> = cy.welcome.participants.iter().map(|participant| participant.presence).collect();
    assert_eq!(presences, [Presence::Online, Presence::Lost]);
}

#[tokio::test]
async fn a_stopping_server_says_so() {
    let server = Server::start().await;
    let room = server.room().await;
    let (mut ana, mut ben) = server.pair(&room).await;
    let address = server.address;
    server.stop().await;
    ana.client.is_refused(Refusal::Stopping).await;
    ben.client.is_refused(Refusal::Stopping).await;
    assert!(tokio::net::TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn a_healthy_client_is_kept_however_quiet() {
    let server = Server::with(|config| {
        config.socket.ping_interval = Duration::from_millis(50);
        config.socket.silence = Duration::from_millis(200);
    })
    .await;
    let room = server.room().await;
    let (mut ana, mut ben) = server.pair(&room).await;
    a_moment().await;
    a_moment().await;
    are_undisturbed(&mut ana, &mut ben).await;
}

#[tokio::test]
async fn the_largest_description_passes() {
    let server = Server::start().await;
    let room = server.room().await;
    let (mut ana, mut ben) = server.pair(&room).await;
    let signal = offer(limits::SDP_BYTES);
    ana.say(&ClientMessage::Signal { to: ben.id(), signal: signal.clone() }).await;
    assert_eq!(ben.hears().await, ServerMessage::Signal { from: ana.id(), signal });
}

#[tokio::test]
async fn a_pair_that_one_end_does_not_believe_in_is_ordered_to_be_repaired_and_counted() {
    let server = Server::start().await;
    let room = server.room().await;
    let (mut ana, mut ben) = server.pair(&room).await;
    ana.say(&ClientMessage::Health { reaches: vec![ben.id()] }).await;
    ben.say(&ClientMessage::Health { reaches: vec![] }).await;
    let began = Instant::now();
    assert_eq!(ben.hears().await, ServerMessage::Repair { with: ana.id() });
    assert!(began.elapsed() >= limits::PAIR_PATIENCE);
    let metrics = server.http("GET", "/metrics", &[]).await;
    assert!(metrics.body.contains("parlour_pairs{health=\"one_sided\"} 1\n"), "{}", metrics.body);
    assert!(metrics.body.contains("parlour_repairs_ordered 1\n"), "{}", metrics.body);
    let elsewhere = server.http("GET", "/metrics", &[("x-forwarded-for", "203.0.113.7")]).await;
    assert_eq!(elsewhere.status, 404);
}
