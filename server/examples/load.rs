//! Loads a server: how soon it listens, what it weighs, how fast it relays.
//!
//! `cargo run --release -p server --example load -- [--program PATH] [--participants N] [--seconds N] [--rate N]`
#![allow(clippy::print_stdout, reason = "what it prints is what it is for")]

use clap::Parser;
use futures::stream::SplitStream;
use futures::{SinkExt as _, StreamExt as _, stream};
use signaling::identity::{ParticipantId, RoomId};
use signaling::protocol::{
    Candidate, CandidateLine, ClientMessage, DisplayName, Join, MediaState, ServerMessage, Signal, SignalBody,
};
use std::error::Error;
use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::time::{MissedTickBehavior, interval, sleep, timeout};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::{Message, protocol::WebSocketConfig};

type Result<T> = core::result::Result<T, Box<dyn Error + Send + Sync>>;
type Socket = WebSocketStream<TcpStream>;

const DEADLINE: Duration = Duration::from_secs(120);

#[derive(Parser)]
struct Options {
    /// The server's program [default: the release build, or else the one in target/parlour].
    #[arg(long, env = "PARLOUR_PROGRAM")]
    program: Option<PathBuf>,
    /// How many people, two to a room.
    #[arg(long, default_value_t = 2_000)]
    participants: usize,
    /// How long to relay.
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// Messages a second.
    #[arg(long, default_value_t = 2_000)]
    rate: u64,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    timeout(DEADLINE, run(Options::parse())).await.map_err(|_| "this took too long")?
}

async fn run(options: Options) -> Result<()> {
    rlimit::increase_nofile_limit(65_536)?;
    let mut server = Server::start(&options)?;
    let opened = server.await_port().await?;
    sleep(Duration::from_secs(1)).await;
    let idle = server.rss()?;
    show("start to open port", opened.as_secs_f64() * 1e3, "ms", "100");
    show("resident, idle", idle / 1024.0, "MiB", "12");

    let began = Instant::now();
    let rooms = stream::iter(0..options.participants / 2).map(|_| server.pair()).buffer_unordered(50);
    let rooms: Vec<_> = rooms.collect::<Vec<_>>().await.into_iter().collect::<Result<_>>()?;
    println!("{} participants in {} rooms joined in {:.1?}", rooms.len() * 2, rooms.len(), began.elapsed());
    sleep(Duration::from_secs(1)).await;
    let joined = server.rss()?;
    let people = (rooms.len() * 2) as f64;
    show("resident, all joined", joined / 1024.0, "MiB", "30 for 1,000");
    show("per participant", (joined - idle) / people, "KiB", "10");

    let busy = server.cpu()?;
    sleep(Duration::from_secs(3)).await;
    show("CPU while all are idle", (server.cpu()? - busy).as_secs_f64() / 3.0 * 1e3, "ms/s", "-");
    relay(&server, rooms, &options).await
}

/// Everyone's pair takes its turn to say something, at a fixed rate however fast the answers come.
async fn relay(server: &Server, rooms: Vec<Pair>, options: &Options) -> Result<()> {
    let total = options.rate * options.seconds;
    let (arrive, mut arrivals) = mpsc::unbounded_channel();
    let mut speakers = Vec::new();
    for Pair { speaker, listener, to } in rooms {
        let (sink, frames) = speaker.split();
        speakers.push((sink, to));
        tokio::spawn(listen(listener.split().1, arrive.clone()));
        tokio::spawn(listen(frames, arrive.clone()));
    }
    drop(arrive);
    let ahead = server.cpu()?;
    let mut sent = Vec::with_capacity(usize::try_from(total)?);
    let began = Instant::now();
    let mut tick = interval(Duration::from_millis(1));
    tick.set_missed_tick_behavior(MissedTickBehavior::Burst);
    while (sent.len() as u64) < total {
        tick.tick().await;
        let due = (began.elapsed().as_secs_f64() * options.rate as f64) as u64;
        while (sent.len() as u64) < due.min(total) {
            let turn = sent.len();
            let count = speakers.len();
            let (sink, to) = &mut speakers[turn % count];
            let frame = Message::text(serde_json::to_string(&candidate(*to, u32::try_from(turn)?))?);
            sent.push(Instant::now());
            sink.send(frame).await?;
        }
    }
    let took = began.elapsed();
    let mut delays = Vec::with_capacity(sent.len());
    while delays.len() < sent.len() {
        let next = timeout(Duration::from_secs(5), arrivals.recv()).await;
        let Ok(Some((number, at))) = next else { break };
        let number: u32 = number;
        delays.push(Instant::duration_since(&at, sent[number as usize]));
    }
    let cpu = server.cpu()? - ahead;
    delays.sort_unstable();
    let at =
        |share: f64| delays.get((delays.len() as f64 * share) as usize).map_or(f64::NAN, |d| d.as_secs_f64() * 1e3);
    println!("{} of {total} messages arrived", delays.len());
    show("relayed", delays.len() as f64 / took.as_secs_f64(), "messages/s", "-");
    show("delay, p50", at(0.5), "ms", "0.1");
    show("delay, p99", at(0.99), "ms", "0.7");
    show("CPU per 1,000 messages", cpu.as_secs_f64() * 1e6 / total as f64, "ms", "10");
    show("resident, after", server.rss()? / 1024.0, "MiB", "-");
    if delays.len() as u64 == total { Ok(()) } else { Err("messages were lost".into()) }
}

async fn listen(mut frames: SplitStream<Socket>, arrive: mpsc::UnboundedSender<(u32, Instant)>) {
    while let Some(Ok(frame)) = frames.next().await {
        let at = Instant::now();
        let Message::Text(text) = frame else { continue };
        if let Ok(ServerMessage::Signal { signal, .. }) = serde_json::from_str(&text) {
            let _ = arrive.send((signal.seq, at));
        }
    }
}

/// Returns the next message of the server, passing over its pings.
async fn said(socket: &mut Socket) -> Result<ServerMessage> {
    loop {
        if let Message::Text(text) = socket.next().await.ok_or("the socket closed early")?? {
            return Ok(serde_json::from_str(&text)?);
        }
    }
}

fn candidate(to: ParticipantId, seq: u32) -> ClientMessage {
    let line = "candidate:842163049 1 udp 1677729535 203.0.113.77 46154 typ srflx raddr 10.0.17.1 rport 46154 \
                generation 0 ufrag EEtu network-id 1 network-cost 10";
    let candidate = CandidateLine::new(line).expect("within the limit");
    let body = SignalBody::Candidate(Candidate { candidate, mid: None, line: Some(0), ufrag: None });
    ClientMessage::Signal { to, signal: Signal { epoch: (2, 1).into(), seq, body } }
}

fn show(what: &str, value: f64, unit: &str, bar: &str) {
    println!("{what:<26}{value:>10.2} {unit:<12} (bar: {bar})");
}

/// Two people in a room of their own.
struct Pair {
    speaker: Socket,
    listener: Socket,
    to: ParticipantId,
}

struct Server {
    child: Child,
    address: SocketAddr,
    began: Instant,
    site: PathBuf,
}

impl Server {
    fn start(options: &Options) -> Result<Self> {
        let program =
            options.program.clone().or_else(release_build).ok_or("no program; build one, or say --program")?;
        let site = std::env::temp_dir().join(format!("parlour-load-{}", std::process::id()));
        fs::create_dir_all(&site)?;
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        println!("{} on {address}", program.display());
        let began = Instant::now();
        let child = Command::new(program)
            .args(["--listen", &address.to_string(), "--log", "warn", "--site-dir"])
            .arg(&site)
            .stdin(Stdio::null())
            .spawn()?;
        Ok(Self { child, address, began, site })
    }

    /// Returns how long it took until the port was open.
    async fn await_port(&mut self) -> Result<Duration> {
        while TcpStream::connect(self.address).await.is_err() {
            if let Some(status) = self.child.try_wait()? {
                return Err(format!("the server ended with {status}").into());
            }
            sleep(Duration::from_millis(1)).await;
        }
        Ok(self.began.elapsed())
    }

    /// Returns the resident memory, in KiB.
    fn rss(&self) -> Result<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or("no VmRSS")?;
        Ok(line.trim().trim_end_matches(" kB").parse()?)
    }

    /// Returns the time that all its threads have run.
    fn cpu(&self) -> Result<Duration> {
        let mut nanos = 0;
        for thread in fs::read_dir(format!("/proc/{}/task", self.child.id()))? {
            let times = fs::read_to_string(thread?.path().join("schedstat"))?;
            nanos += times.split(' ').next().unwrap_or_default().parse::<u64>()?;
        }
        Ok(Duration::from_nanos(nanos))
    }

    async fn pair(&self) -> Result<Pair> {
        let room = self.room().await?;
        let (mut listener, to) = self.join(&room).await?;
        let (speaker, _) = self.join(&room).await?;
        said(&mut listener).await?;
        Ok(Pair { speaker, listener, to })
    }

    async fn room(&self) -> Result<RoomId> {
        let mut stream = TcpStream::connect(self.address).await?;
        let head = "POST /api/rooms HTTP/1.1\r\nhost: load\r\naccept: application/json\r\ncontent-length: 0\r\n";
        stream.write_all(format!("{head}connection: close\r\n\r\n").as_bytes()).await?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await?;
        let body = answer.split("\r\n\r\n").nth(1).ok_or("no body")?;
        let made: serde_json::Value = serde_json::from_str(body)?;
        Ok(RoomId::parse(made["room"].as_str().ok_or("no room")?)?)
    }

    async fn join(&self, room: &RoomId) -> Result<(Socket, ParticipantId)> {
        let stream = TcpStream::connect(self.address).await?;
        stream.set_nodelay(true)?;
        let url = format!("ws://{}/api/signaling", self.address);
        let small = WebSocketConfig::default().read_buffer_size(4096).write_buffer_size(0);
        let (mut socket, _) = tokio_tungstenite::client_async_with_config(url, stream, Some(small)).await?;
        let name = DisplayName::new("Load")?;
        let join = Join { room: room.clone(), name, media: MediaState::default(), resume: None };
        socket.send(Message::text(serde_json::to_string(&ClientMessage::Join(join))?)).await?;
        match said(&mut socket).await? {
            ServerMessage::Welcome(welcome) => Ok((socket, welcome.you.id)),
            other => Err(format!("no welcome, but {other:?}").into()),
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = fs::remove_dir_all(&self.site);
    }
}

/// Finds the program beside this one.
fn release_build() -> Option<PathBuf> {
    let here = std::env::current_exe().ok()?;
    let built = here.parent()?.parent()?;
    [built.join("parlour"), built.parent()?.join("parlour/parlour")].into_iter().find(|program| program.is_file())
}
