//! Those who do not read, do not answer, or do not go on: how long they are waited for.

mod support;

use futures::{SinkExt as _, StreamExt as _};
use signaling::protocol::{ClientMessage, Refusal, ServerMessage};
use std::time::{Duration, Instant};
use support::{Client, Message, Server, join, offer, only_lost_one};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::time::timeout;

#[tokio::test]
async fn a_client_that_never_reads_is_lost() {
    let server = Server::with(|config| {
        config.socket.write_timeout = Duration::from_secs(1);
        config.socket.burst = 1e9;
    })
    .await;
    let room = server.room().await;
    let (mut ana, mut ben) = server.pair(&room).await;
    let mut deaf = server.socket().await;
    let message = serde_json::to_string(&ClientMessage::Join(join(&room))).unwrap();
    deaf.send(Message::text(message)).await.unwrap();
    let mut id = None;
    for bystander in [&mut ana, &mut ben] {
        match bystander.hears().await {
            ServerMessage::Joined(participant) => id = Some(participant.id),
            other => panic!("{other:?}"),
        }
    }
    let id = id.unwrap();
    // More than the system's buffers hold on both sides.
    for _ in 0..700 {
        ana.say(&ClientMessage::Signal { to: id, signal: offer(30_000) }).await;
    }
    only_lost_one(&mut ana, &mut ben, id).await;
    drop(deaf);
}

#[tokio::test]
async fn a_client_that_goes_silent_is_lost() {
    let server = Server::with(|config| {
        config.socket.ping_interval = Duration::from_millis(100);
        config.socket.silence = Duration::from_millis(400);
    })
    .await;
    let room = server.room().await;
    let (mut ana, mut ben) = server.pair(&room).await;
    let mut silent = server.socket().await;
    let message = serde_json::to_string(&ClientMessage::Join(join(&room))).unwrap();
    silent.send(Message::text(message)).await.unwrap();
    let ServerMessage::Joined(participant) = ana.hears().await else { panic!("someone joins") };
    ben.hears().await;
    let began = Instant::now();
    // Nobody reads `silent`, so no ping is answered, as when the network is gone.
    only_lost_one(&mut ana, &mut ben, participant.id).await;
    assert!((Duration::from_millis(300)..Duration::from_secs(2)).contains(&began.elapsed()), "{:?}", began.elapsed());
    drop(silent);
}

#[tokio::test]
async fn nobody_waits_outside_for_ever() {
    let server = Server::with(|config| config.session.join_deadline = Duration::from_millis(200)).await;
    let mut idle = server.client().await;
    idle.is_refused(Refusal::TooLate).await;
}

#[tokio::test]
async fn a_client_that_reads_no_answer_gives_up_its_place() {
    let server = Server::with(|config| {
        config.write_deadline = Duration::from_millis(300);
        config.limits.open_in_all = 1.try_into().unwrap();
    })
    .await;
    // More than the system's buffers hold on both sides.
    server.put_file("large.bin", 32 * 1024 * 1024);
    let mut deaf = tokio::net::TcpStream::connect(server.address).await.unwrap();
    deaf.write_all(b"GET /large.bin HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    let mut first = [0; 12];
    deaf.read_exact(&mut first).await.unwrap();
    assert_eq!(&first, b"HTTP/1.1 200");
    // There is one place, so this is answered once the deaf one has lost it.
    assert_eq!(server.http("GET", "/health", &[]).await.status, 200);
    drop(deaf);
}

#[tokio::test]
async fn an_idle_conversation_outlives_the_patience_with_answers() {
    let server = Server::with(|config| {
        config.write_deadline = Duration::from_millis(100);
        config.socket.ping_interval = Duration::from_millis(300);
    })
    .await;
    let mut socket = server.socket().await;
    for _ in 0..2 {
        let ping = timeout(Duration::from_secs(5), socket.next()).await.expect("a ping in time").unwrap().unwrap();
        assert!(matches!(ping, Message::Ping(_)));
    }
    Client::new(socket).heard_nothing().await;
}
