//! What is loaded: our server, coturn, or an echo, each a process of its own.
//!
//! Separate, because the rest need not know how each is started, and where credentials come from.

use super::Result;
use super::pairs::Road;
use super::turn::{TurnClient, Wire};
use futures::{SinkExt as _, StreamExt as _};
use relay::credentials::Secret;
use serde_json::{Value, json};
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::{SocketAddr, TcpListener, UdpSocket};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;

const COTURN: &str = "/usr/bin/turnserver";
const SECRET: &str = "a secret of the load generator";

/// Which one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Parlour,
    Coturn,
    Echo,
}

impl Kind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Parlour => "Parlour",
            Self::Coturn => "coturn",
            Self::Echo => "echo",
        }
    }

    pub(crate) fn is_here(self) -> bool {
        let here = self != Self::Coturn || Path::new(COTURN).exists();
        if !here {
            println!("coturn is left out: it is not installed (Debian: apt install coturn)");
        }
        here
    }

    pub(crate) fn roads(self) -> &'static [Road] {
        if self == Self::Echo { &[Road::Udp] } else { &[Road::Udp, Road::Tcp] }
    }
}

/// One that runs, and ends with this.
pub(crate) struct Subject {
    kind: Kind,
    child: Child,
    folder: PathBuf,
    pub(crate) address: SocketAddr,
}

impl Subject {
    pub(crate) fn start(kind: Kind, program: Option<&Path>) -> Result<Self> {
        let folder = std::env::temp_dir().join(format!("parlour-relay-load-{}", std::process::id()));
        fs::create_dir_all(&folder)?;
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let mut command = match kind {
            Kind::Parlour => parlour(program, address, &folder)?,
            Kind::Coturn => coturn(address, &folder),
            Kind::Echo => Command::new(std::env::current_exe()?),
        };
        let mut child = command.stdin(Stdio::null()).stderr(Stdio::null());
        if kind == Kind::Echo {
            child = child.arg("--echo").stdout(Stdio::piped());
        } else {
            child = child.stdout(Stdio::null());
        }
        let mut subject = Self { kind, child: child.spawn()?, folder, address };
        subject.await_port()?;
        Ok(subject)
    }

    pub(crate) fn kind(&self) -> Kind {
        self.kind
    }

    fn await_port(&mut self) -> Result<()> {
        if let Some(told) = self.child.stdout.take() {
            let mut line = String::new();
            BufReader::new(told).read_line(&mut line)?;
            self.address = line.trim().parse()?;
            return Ok(());
        }
        let began = Instant::now();
        while !self.listens() {
            if let Some(status) = self.child.try_wait()? {
                return Err(format!("{} ended with {status}", self.kind.name()).into());
            }
            if began.elapsed() > Duration::from_secs(10) {
                return Err(format!("{} does not listen", self.kind.name()).into());
            }
            sleep(Duration::from_millis(5));
        }
        Ok(())
    }

    /// Returns whether it does on every road.
    fn listens(&self) -> bool {
        let answers = |wire: Wire| {
            wire.set_patience(Duration::from_millis(100))?;
            TurnClient::new(wire, "", "").mapped()
        };
        let udp = Wire::udp(self.address).map_err(Into::into).and_then(answers);
        udp.is_ok() && Wire::tcp(self.address).is_ok()
    }

    /// Returns the time that all its threads have run.
    pub(crate) fn cpu(&self) -> Result<Duration> {
        let mut nanos = 0;
        for thread in fs::read_dir(format!("/proc/{}/task", self.child.id()))? {
            let times = fs::read_to_string(thread?.path().join("schedstat"))?;
            nanos += times.split(' ').next().unwrap_or_default().parse::<u64>()?;
        }
        Ok(Duration::from_nanos(nanos))
    }

    /// Returns names and passwords for two who may reach each other, and what must be kept for them to be good.
    pub(crate) async fn two(&self) -> Result<Vec<(String, String, Option<Seat>)>> {
        if self.kind != Kind::Parlour {
            let expires = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs() + 3_600;
            let username = format!("{expires}:load");
            let password = Secret::new(SECRET.as_bytes()).password(&username);
            return Ok(vec![(username.clone(), password.clone(), None), (username, password, None)]);
        }
        let room = self.room().await?;
        Ok(vec![self.join(&room).await?, self.join(&room).await?])
    }

    async fn room(&self) -> Result<String> {
        let mut stream = TcpStream::connect(self.address).await?;
        let head = "POST /api/rooms HTTP/1.1\r\nhost: load\r\naccept: application/json\r\ncontent-length: 0\r\n";
        stream.write_all(format!("{head}connection: close\r\n\r\n").as_bytes()).await?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await?;
        let made: Value = serde_json::from_str(answer.split("\r\n\r\n").nth(1).ok_or("no body")?)?;
        Ok(made["room"].as_str().ok_or("no room")?.to_owned())
    }

    async fn join(&self, room: &str) -> Result<(String, String, Option<Seat>)> {
        let stream = TcpStream::connect(self.address).await?;
        let url = format!("ws://{}/api/signaling", self.address);
        let (mut socket, _) = tokio_tungstenite::client_async(url, stream).await?;
        let media = json!({ "microphone": false, "camera": false });
        let join = json!({ "join": { "room": room, "name": "Load", "media": media } });
        socket.send(Message::text(join.to_string())).await?;
        let said: Value = loop {
            // Pings come too.
            if let Message::Text(text) = socket.next().await.ok_or("the socket closed early")?? {
                break serde_json::from_str(&text)?;
            }
        };
        let servers = said["welcome"]["ice_servers"].as_array().ok_or("no welcome")?;
        let turn = servers.iter().find(|server| server["credential"].is_string()).ok_or("no TURN server")?;
        let text = |name: &str| turn[name].as_str().unwrap_or_default().to_owned();
        Ok((text("username"), text("credential"), Some(socket)))
    }
}

/// A participant's socket, which must stay open.
pub(crate) type Seat = WebSocketStream<TcpStream>;

impl Drop for Subject {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// As installed, but for the limits, which are what is not to be measured.
fn parlour(program: Option<&Path>, address: SocketAddr, folder: &Path) -> Result<Command> {
    let program =
        program.map(Path::to_owned).or_else(release_build).ok_or("no program; build one, or say --program")?;
    let mut command = Command::new(program);
    command.args(["--listen", &address.to_string(), "--relay-participant-mbit", "0", "--relay-room-mbit", "0"]);
    command.arg("--site-dir").arg(folder);
    Ok(command)
}

/// One relay thread, as we have one for the one socket; by default it would take one for each core, for the same packets. And
/// no limits.
fn coturn(address: SocketAddr, folder: &Path) -> Command {
    let mut command = Command::new(COTURN);
    let port = format!("--listening-port={}", address.port());
    command.args([
        "-n",
        "--use-auth-secret",
        "--realm=load",
        "--listening-ip=127.0.0.1",
        "--relay-ip=127.0.0.1",
        &port,
    ]);
    command.args(["--allow-loopback-peers", "--no-cli", "--no-tls", "--no-dtls", "--log-file=stdout", "-m", "1"]);
    command.arg(format!("--static-auth-secret={SECRET}"));
    for (option, file) in [("--userdb", "turndb"), ("--pidfile", "pid")] {
        command.arg(format!("{option}={}", folder.join(file).display()));
    }
    command
}

/// Sends back what comes, for ever.
pub(crate) fn echo() -> Result<()> {
    let socket = UdpSocket::bind("127.0.0.1:0")?;
    println!("{}", socket.local_addr()?);
    let mut buffer = [0; 2_048];
    loop {
        let (length, from) = socket.recv_from(&mut buffer)?;
        socket.send_to(&buffer[..length], from)?;
    }
}

/// Finds the program beside this one.
fn release_build() -> Option<PathBuf> {
    let here = std::env::current_exe().ok()?;
    let built = here.parent()?.parent()?;
    [built.join("parlour"), built.parent()?.join("parlour/parlour")].into_iter().find(|program| program.is_file())
}
