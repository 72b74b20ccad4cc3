//! What outlives the process: the real program, its state folder, and sudden ends.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use signaling::identity::RoomId;
use signaling::protocol::{Page, Presence, ServerMessage};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use support::{Answer, Server};
use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio::time::sleep;

/// How often the program is killed.
const KILLS: usize = 200;
/// It is killed at some moment of these after it listens.
const LIFE_MS: u64 = 25;

/// The program, with a state folder.
struct Program {
    child: Child,
    address: SocketAddr,
}

impl Program {
    async fn start(folder: &Path, state: &Path, before: &str) -> Self {
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let log = std::fs::File::create(folder.join("log")).unwrap();
        let command = format!("{before} exec \"$0\" --listen {address} --site-dir \"$1\" --state-dir \"$2\"");
        let child = Command::new("sh")
            .args(["-c", &command, env!("CARGO_BIN_EXE_parlour")])
            .args([folder, state])
            .stdin(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut program = Self { child, address };
        let deadline = Instant::now() + Duration::from_secs(20);
        while TcpStream::connect(address).await.is_err() {
            assert!(program.child.try_wait().unwrap().is_none(), "it ended: {}", log_of(folder));
            assert!(Instant::now() < deadline, "it does not listen: {}", log_of(folder));
            sleep(Duration::from_millis(1)).await;
        }
        program
    }

    async fn make_room(&self) -> Option<RoomId> {
        let answer = Answer::to(self.address, "POST", "/api/rooms", &[("accept", "application/json")]).await.ok()?;
        let made: serde_json::Value = serde_json::from_str(&answer.body).ok()?;
        RoomId::parse(made["room"].as_str()?).ok()
    }

    async fn knows(&self, room: &RoomId) -> bool {
        let page = format!("/r/{}", room.as_str());
        Answer::to(self.address, "GET", &page, &[]).await.unwrap().status == 200
    }

    fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn log_of(folder: &Path) -> String {
    std::fs::read_to_string(folder.join("log")).unwrap_or_default()
}

fn site() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("state");
    (folder, state)
}

#[tokio::test]
async fn killed_at_any_moment_it_opens_again_and_knows_every_room_it_gave() {
    let (folder, state) = site();
    let mut given: Vec<RoomId> = Vec::new();
    for _ in 0..KILLS {
        let mut program = Program::start(folder.path(), &state, "").await;
        for room in given.iter().rev().take(10) {
            assert!(program.knows(room).await, "a room that was given is gone: {}", log_of(folder.path()));
        }
        let life = Duration::from_micros(getrandom::u64().unwrap() % (LIFE_MS * 1_000));
        let make = async {
            while let Some(room) = program.make_room().await {
                given.push(room);
            }
        };
        let _ = tokio::time::timeout(life, make).await;
        program.kill();
    }
    assert!(given.len() > KILLS, "only {} rooms were given", given.len());
    let program = Program::start(folder.path(), &state, "").await;
    for room in &given {
        assert!(program.knows(room).await, "a room that was given is gone");
    }
    assert!(!log_of(folder.path()).contains("WARN"), "{}", log_of(folder.path()));
}

#[tokio::test]
async fn a_stopped_server_that_comes_back_knows_who_was_inside() {
    let state = tempfile::tempdir().unwrap();
    let begin = || Server::with(|config| config.state_dir = Some(state.path().to_owned()));
    let server = begin().await;
    let room = server.room().await;
    let (ana, ben) = server.pair(&room).await;
    server.stop().await;

    let server = begin().await;
    let mut ben_again = server.client().await.enter(ben.back(&room, Page::Same)).await.unwrap();
    assert_eq!(ben_again.welcome.you, ben.welcome.you);
    assert_eq!(ben_again.welcome.participants[0].id, ana.welcome.you.id);
    assert_eq!(ben_again.welcome.participants[0].presence, Presence::Lost);
    let ana_again = server.client().await.enter(ana.back(&room, Page::Same)).await.unwrap();
    assert_eq!(ana_again.welcome.you, ana.welcome.you);
    assert_eq!(ben_again.hears().await, ServerMessage::Joined(ana.welcome.you.clone()));
    server.stop().await;
}

#[tokio::test]
async fn without_a_folder_that_can_be_used_rooms_live_in_memory_and_that_is_said() {
    let (folder, state) = site();
    std::fs::write(&state, "a file where a folder should be").unwrap();
    let program = Program::start(folder.path(), &state, "").await;
    let room = program.make_room().await.unwrap();
    assert!(program.knows(&room).await);
    assert!(log_of(folder.path()).contains("rooms live in memory"), "{}", log_of(folder.path()));
}

#[tokio::test]
async fn a_disk_that_is_full_costs_nobody_a_room_and_is_said_once() {
    let (folder, state) = site();
    // No file may grow beyond 64 KiB, which is what a full disk looks like from inside.
    let program = Program::start(folder.path(), &state, "trap '' XFSZ; ulimit -f 128;").await;
    let mut given = Vec::new();
    for _ in 0..200 {
        given.push(program.make_room().await.expect("a room, disk or not"));
    }
    for room in &given {
        assert!(program.knows(room).await);
    }
    let said = log_of(folder.path()).matches("cannot be written").count();
    assert_eq!(said, 1, "{}", log_of(folder.path()));
}
