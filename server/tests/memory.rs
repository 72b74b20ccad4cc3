//! However it is treated, the process does not grow without end. Measured on the real program, by what Linux says of it.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use futures::{SinkExt as _, StreamExt as _, stream};
use signaling::identity::RoomId;
use signaling::protocol::{ClientMessage, ServerMessage};
use std::net::SocketAddr;
use std::process::Stdio;
use std::time::Duration;
use support::{Client, Message, join, offer};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};
use tokio_tungstenite::WebSocketStream;

struct Program {
    child: Child,
    address: SocketAddr,
    _site: tempfile::TempDir,
}

impl Program {
    async fn start() -> Self {
        Self::with(&[]).await
    }

    async fn with(options: &[&str]) -> Self {
        let site = tempfile::tempdir().unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_parlour"))
            .args(["--listen", "127.0.0.1:0", "--max-rooms", "1000", "--log", "info"])
            .args(options)
            .arg("--site-dir")
            .arg(site.path())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let address = loop {
            let line = lines.next_line().await.unwrap().expect("the address it listens on");
            if let Some((_, address)) = line.split_once("http://") {
                break address.trim().parse().unwrap();
            }
        };
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        Self { child, address, _site: site }
    }

    /// Returns the resident memory, in KiB.
    fn rss(&self) -> usize {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id().unwrap())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        line.trim().trim_end_matches(" kB").parse().unwrap()
    }

    async fn room(&self) -> Option<RoomId> {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        let request = "POST /api/rooms HTTP/1.1\r\nhost: x\r\naccept: application/json\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        let json: serde_json::Value = serde_json::from_str(answer.split("\r\n\r\n").nth(1)?).ok()?;
        RoomId::parse(json["room"].as_str()?).ok()
    }

    async fn socket(&self) -> WebSocketStream<TcpStream> {
        let stream = TcpStream::connect(self.address).await.unwrap();
        let url = format!("ws://{}/api/signaling", self.address);
        tokio_tungstenite::client_async(url, stream).await.unwrap().0
    }

    async fn client(&self) -> Client {
        Client::new(self.socket().await)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn memory_is_bounded() {
    let program = Program::start().await;
    let room = program.room().await.unwrap();
    let round = async |times: usize| {
        // Joins and leaves: sockets and conversations must be given back. (That identities are is tested with the rooms.)
        let visits = stream::iter(0..times).map(|_| async {
            let mut guest = program.client().await.enter(join(&room)).await.ok()?;
            guest.say(&ClientMessage::Leave).await;
            while guest.client.next().await.is_some() {}
            Some(())
        });
        visits.buffer_unordered(4).for_each(|_| async {}).await;
        // Rooms that nobody enters.
        stream::iter(0..times).map(|_| program.room()).buffer_unordered(10).for_each(|_| async {}).await;
        // Rubbish, as large as it may be.
        let rubbish = stream::iter(0..times).map(|_| async {
            let mut client = program.client().await;
            client.say_frame(Message::text("[".repeat(60_000))).await;
            while client.next().await.is_some() {}
        });
        rubbish.buffer_unordered(10).for_each(|()| async {}).await;
    };
    round(600).await;
    let before = program.rss();
    round(600).await;
    let after = program.rss();
    assert!(after < before + 3 * 1024, "from {before} to {after} KiB");
}

#[tokio::test]
async fn what_waits_for_one_who_does_not_read_is_bounded() {
    let program = Program::start().await;
    let room = program.room().await.unwrap();
    let mut ana = program.client().await.enter(join(&room)).await.unwrap();
    let mut deaf = program.socket().await;
    let message = serde_json::to_string(&ClientMessage::Join(join(&room))).unwrap();
    deaf.send(Message::text(message)).await.unwrap();
    let ServerMessage::Joined(participant) = ana.hears().await else { panic!("someone joins") };
    let before = program.rss();
    for _ in 0..10 {
        for _ in 0..39 {
            ana.say(&ClientMessage::Signal { to: participant.id, signal: offer(32_000) }).await;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    assert!(program.rss() < before + 4 * 1024, "from {before} to {} KiB", program.rss());
}

#[tokio::test]
async fn pongs_for_one_who_does_not_read_are_bounded() {
    // Beyond what the number of frames would allow, so that it is the buffer that is tested.
    let program = Program::with(&["--messages-per-second", "10000000"]).await;
    let mut stream = program.socket().await.into_inner();
    // Masked pings of 125 bytes, all zero; nobody ever reads the pongs.
    let ping = [&[0x89, 0x80 | 125][..], &[0; 4 + 125]].concat();
    let many = ping.repeat(1_000);
    stream.write_all(&many).await.unwrap();
    let before = program.rss();
    for _ in 0..200 {
        // The server may have given up by now, and is right.
        if stream.write_all(&many).await.is_err() {
            break;
        }
    }
    // Answered after all that was read of the pings before.
    assert!(program.room().await.is_some());
    let after = program.rss();
    assert!(after < before + 4 * 1024, "from {before} to {after} KiB");
}
