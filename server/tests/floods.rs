//! Too much of what is allowed: what is cut short, and that nobody else notices.

mod support;

use futures::{StreamExt as _, stream};
use signaling::identity::RoomId;
use signaling::limits;
use signaling::protocol::{ClientMessage, Refusal, ServerMessage};
use std::num::NonZeroU32;
use std::time::{Duration, Instant};
use support::{Guest, Message, Server, are_undisturbed, join};

/// Everybody at once, fifty sockets at a time.
async fn storm(server: &Server, room: &RoomId, times: usize) -> Vec<Result<Guest, Refusal>> {
    let attempts = stream::iter(0..times).map(|_| async { server.client().await.enter(join(room)).await });
    attempts.buffer_unordered(50).collect().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_storm_of_joins_leaves_a_room_in_order() {
    let server = Server::start().await;
    let (quiet, stormy) = (server.room().await, server.room().await);
    let (mut ana, mut ben) = server.pair(&quiet).await;
    let began = Instant::now();
    let outcomes = storm(&server, &stormy, 1_000).await;
    let took = began.elapsed();
    let inside: Vec<_> = outcomes.iter().filter_map(|outcome| outcome.as_ref().ok()).collect();
    assert_eq!(inside.len(), limits::ROOM_PARTICIPANTS);
    assert!(outcomes.iter().all(|outcome| !matches!(outcome, Err(reason) if *reason != Refusal::RoomFull)));
    are_undisturbed(&mut ana, &mut ben).await;
    // A thousand a second and more on an idle machine, optimized; a tenth of it must do anywhere.
    assert!(took < Duration::from_secs(10), "{took:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_storm_of_joins_from_one_address_is_cut_short() {
    let allowed = 100;
    let server = Server::with(|config| {
        config.limits.loopback = true;
        config.limits.joins.0 = NonZeroU32::new(allowed).unwrap();
        config.limits.connections.0 = NonZeroU32::new(10_000).unwrap();
    })
    .await;
    let (quiet, stormy) = (server.room().await, server.room().await);
    let (mut ana, mut ben) = server.pair(&quiet).await;
    let began = Instant::now();
    let outcomes = storm(&server, &stormy, 1_000).await;
    let count = |reason| outcomes.iter().filter(|outcome| outcome.as_ref().err() == Some(&reason)).count();
    let inside = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
    assert_eq!(inside, limits::ROOM_PARTICIPANTS);
    assert_eq!(inside + count(Refusal::RoomFull) + count(Refusal::TooFast), outcomes.len());
    // What one address may in one go, and what comes back meanwhile.
    let most = f64::from(allowed) * (1.0 + began.elapsed().as_secs_f64() / 60.0);
    assert!((inside + count(Refusal::RoomFull)) as f64 <= most, "{} let through", count(Refusal::RoomFull));
    are_undisturbed(&mut ana, &mut ben).await;
}

#[tokio::test]
async fn too_many_joins_of_one_address_are_refused_and_so_are_connections() {
    let server = Server::with(|config| {
        config.limits.loopback = true;
        config.limits.joins.0 = NonZeroU32::new(10).unwrap();
        config.limits.connections.0 = NonZeroU32::new(20).unwrap();
    })
    .await;
    let room = server.room().await;
    let (mut ana, mut ben) = server.pair(&room).await;
    for _ in 2..10 {
        assert_eq!(
            server.client().await.enter(join(&RoomId::from_bytes([1; 16]))).await.err(),
            Some(Refusal::UnknownRoom)
        );
    }
    for _ in 10..20 {
        assert_eq!(server.client().await.enter(join(&room)).await.err(), Some(Refusal::TooFast));
    }
    let upgrade =
        [("upgrade", "websocket"), ("sec-websocket-version", "13"), ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==")];
    let answer = server.http("GET", "/api/signaling", &upgrade).await;
    assert_eq!((answer.status, answer.header("retry-after").is_some()), (429, true));
    are_undisturbed(&mut ana, &mut ben).await;
}

#[tokio::test]
async fn pings_count_like_messages() {
    let server = Server::start().await;
    for frame in [Message::Ping(Vec::new().into()), Message::Pong(vec![1; 100].into())] {
        let mut client = server.client().await;
        for _ in 0..2 * limits::MESSAGE_BURST {
            client.say_frame(frame.clone()).await;
        }
        client.is_refused(Refusal::TooFast).await;
    }
}

#[tokio::test]
async fn messages_of_one_address_are_counted_together() {
    let server = Server::with(|config| {
        config.limits.loopback = true;
        config.limits.messages.0 = NonZeroU32::new(100).unwrap();
    })
    .await;
    let (mut ana, mut ben) = (server.client().await, server.client().await);
    // Not all hundred: answers to the server's own pings count, too.
    for nonce in 0..45 {
        for client in [&mut ana, &mut ben] {
            client.say(&ClientMessage::Probe { nonce }).await;
            assert_eq!(client.hears().await, ServerMessage::Echo { nonce });
        }
    }
    // Some have come back by now.
    for nonce in 0..100 {
        ana.say(&ClientMessage::Probe { nonce }).await;
    }
    let refusal = loop {
        match ana.next().await {
            Some(ServerMessage::Echo { .. }) => {}
            other => break other,
        }
    };
    assert_eq!(refusal, Some(ServerMessage::Refused { reason: Refusal::TooFast }));
}

#[tokio::test]
async fn bytes_of_one_address_are_counted_together() {
    let server = Server::with(|config| {
        config.limits.loopback = true;
        config.limits.bytes.0 = NonZeroU32::new(100_000).unwrap();
    })
    .await;
    let rubbish = Message::binary(vec![b' '; 60_000]);
    for refusal in [Refusal::Malformed, Refusal::TooFast] {
        let mut client = server.client().await;
        client.say_frame(rubbish.clone()).await;
        client.is_refused(refusal).await;
    }
}
