//! A real server on a port of its own, and real WebSocket clients.
#![allow(dead_code, unreachable_pub, reason = "each test file uses a part of it")]
#![allow(clippy::unwrap_used, reason = "a test may panic")]

pub mod programs;
pub mod skip;
pub mod tls;

use futures::channel::mpsc;
use futures::{Sink, SinkExt as _, StreamExt as _};
use server::sockets::Handed;
use server::{Config, Listeners, Site};
use signaling::identity::{ParticipantId, RoomId};
use signaling::protocol::{
    ClientMessage, DisplayName, Join, MediaState, Page, Refusal, Resume, Sdp, ServerMessage, Signal, SignalBody,
    Welcome,
};
use std::net::SocketAddr;
use std::pin::Pin;
use std::time::Duration;
use tempfile::TempDir;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::{self, protocol::CloseFrame};

pub use tokio_tungstenite::tungstenite::Message;

/// Nothing here takes this long, unless it is broken.
pub const PATIENCE: Duration = Duration::from_secs(10);

pub struct Server {
    pub address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    running: JoinHandle<std::io::Result<()>>,
    site: TempDir,
}

impl Server {
    pub async fn start() -> Self {
        Self::with(|_| {}).await
    }

    pub async fn with(change: impl FnOnce(&mut Config)) -> Self {
        let site = tempfile::tempdir().unwrap();
        std::fs::create_dir(site.path().join("pkg")).unwrap();
        std::fs::write(site.path().join("pkg/parlour.abc.js"), "export {};".repeat(20)).unwrap();
        std::fs::write(site.path().join("pkg/parlour.abc.js.br"), "compressed ahead").unwrap();
        std::fs::write(site.path().join("favicon.svg"), "<svg xmlns='http://www.w3.org/2000/svg'/>").unwrap();
        let mut config = Config::for_site(Site::at(site.path()));
        change(&mut config);
        config.listen = "127.0.0.1:0".parse().unwrap();
        let listeners = Listeners::bind(&config, Handed::default()).unwrap();
        let address = listeners.address().unwrap();
        let (stop, stopped) = oneshot::channel();
        let running = tokio::spawn(server::run(listeners, config, async move {
            let _ = stopped.await;
        }));
        Self { address, stop: Some(stop), running, site }
    }

    /// Tells it to stop and waits for the end.
    pub async fn stop(mut self) {
        self.stop.take().unwrap().send(()).unwrap();
        timeout(PATIENCE, &mut self.running).await.expect("the server stops in time").unwrap().unwrap();
    }

    /// Puts a file of this many bytes among those that are served.
    pub fn put_file(&self, name: &str, bytes: usize) {
        std::fs::write(self.site.path().join(name), vec![b'.'; bytes]).unwrap();
    }

    pub async fn room(&self) -> RoomId {
        self.http("POST", "/api/rooms", &[("accept", "application/json")]).await.room()
    }

    /// One request on a connection of its own.
    pub async fn http(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
        Answer::to(self.address, method, path, headers).await.unwrap()
    }

    /// The same for what a body asks; an error where the server ends before it was sent.
    pub async fn post(&self, path: &str, headers: &[(&str, &str)], body: &[u8]) -> std::io::Result<Answer> {
        let host = self.address.to_string();
        let headers = [headers, &[("host", &*host)]].concat();
        Answer::with_body(TcpStream::connect(self.address).await?, "POST", path, &headers, body).await
    }

    pub async fn client(&self) -> Client {
        Client::new(self.socket().await)
    }

    pub async fn socket(&self) -> WebSocketStream<TcpStream> {
        let stream = TcpStream::connect(self.address).await.unwrap();
        let url = format!("ws://{}/api/signaling", self.address);
        tokio_tungstenite::client_async(url, stream).await.unwrap().0
    }

    pub async fn guest(&self, room: &RoomId) -> Guest {
        self.client().await.enter(join(room)).await.unwrap()
    }

    /// Two people in this room, each of whom has heard all about the other.
    pub async fn pair(&self, room: &RoomId) -> (Guest, Guest) {
        let mut ana = self.guest(room).await;
        let ben = self.guest(room).await;
        assert_eq!(ana.hears().await, ServerMessage::Joined(ben.welcome.you.clone()));
        (ana, ben)
    }
}

pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Answer {
    /// One request on a connection of its own; an error where the server ends before the answer.
    pub async fn to(address: SocketAddr, method: &str, path: &str, headers: &[(&str, &str)]) -> std::io::Result<Self> {
        let mut headers = headers.to_vec();
        let host = address.to_string();
        if headers.iter().all(|(name, _)| *name != "host") {
            headers.push(("host", &host));
        }
        Self::on(TcpStream::connect(address).await?, method, path, &headers).await
    }

    /// The last request on a connection.
    pub async fn on(
        stream: impl AsyncRead + AsyncWrite + Unpin,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
    ) -> std::io::Result<Self> {
        Self::with_body(stream, method, path, headers, b"").await
    }

    async fn with_body(
        mut stream: impl AsyncRead + AsyncWrite + Unpin,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> std::io::Result<Self> {
        let length = body.len();
        let mut request = format!("{method} {path} HTTP/1.1\r\nconnection: close\r\ncontent-length: {length}\r\n");
        for (name, value) in headers {
            request += &format!("{name}: {value}\r\n");
        }
        stream.write_all(&[(request + "\r\n").as_bytes(), body].concat()).await?;
        let mut answer = Vec::new();
        timeout(PATIENCE, stream.read_to_end(&mut answer)).await.expect("an answer in time")?;
        Self::parse(&String::from_utf8_lossy(&answer)).ok_or_else(|| std::io::ErrorKind::UnexpectedEof.into())
    }

    fn parse(text: &str) -> Option<Self> {
        let (head, body) = text.split_once("\r\n\r\n")?;
        let status = head.split(' ').nth(1)?.parse().ok()?;
        Some(Self { status, head: head.to_owned(), body: body.to_owned() })
    }

    /// The room that was made, where JSON was asked for.
    pub fn room(&self) -> RoomId {
        let made: serde_json::Value = serde_json::from_str(&self.body).unwrap();
        RoomId::parse(made["room"].as_str().unwrap()).unwrap()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().skip(1).filter_map(|line| line.split_once(": "));
        lines.find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }
}

/// A client that reads all the time, as a browser does.
pub struct Client {
    sink: Pin<Box<dyn Sink<Message, Error = tungstenite::Error> + Send>>,
    heard: mpsc::UnboundedReceiver<Message>,
    reading: JoinHandle<()>,
}

impl Client {
    pub fn new(socket: WebSocketStream<impl AsyncRead + AsyncWrite + Send + Unpin + 'static>) -> Self {
        let (sink, mut frames) = socket.split();
        let (hand_on, heard) = mpsc::unbounded();
        let reading = tokio::spawn(async move {
            while let Some(Ok(frame)) = frames.next().await {
                let _ = hand_on.unbounded_send(frame);
            }
        });
        Self { sink: Box::pin(sink), heard, reading }
    }

    pub async fn say(&mut self, message: &ClientMessage) {
        self.say_frame(Message::text(serde_json::to_string(message).unwrap())).await;
    }

    pub async fn say_frame(&mut self, frame: Message) {
        // The server may have closed already; what it said before is still to be heard.
        let _ = self.sink.send(frame).await;
    }

    /// Returns the next message of the server, or `None` at the end.
    pub async fn next(&mut self) -> Option<ServerMessage> {
        loop {
            match timeout(PATIENCE, self.heard.next()).await.expect("something to hear in time")? {
                Message::Text(text) => return Some(serde_json::from_str(&text).unwrap()),
                Message::Close(_) => return None,
                Message::Ping(_) | Message::Pong(_) => {}
                other => panic!("not a text: {other:?}"),
            }
        }
    }

    pub async fn hears(&mut self) -> ServerMessage {
        self.next().await.expect("a message before the end")
    }

    /// Asserts that this is the last thing the client hears.
    pub async fn is_refused(&mut self, reason: Refusal) {
        assert_eq!(self.next().await, Some(ServerMessage::Refused { reason }));
        assert_eq!(self.next().await, None);
    }

    /// Asserts that nothing was said until now.
    pub async fn heard_nothing(&mut self) {
        self.say(&ClientMessage::Probe { nonce: 4711 }).await;
        assert_eq!(self.hears().await, ServerMessage::Echo { nonce: 4711 });
    }

    pub async fn enter(mut self, join: Join) -> Result<Guest, Refusal> {
        self.say(&ClientMessage::Join(join)).await;
        match self.hears().await {
            ServerMessage::Welcome(welcome) => Ok(Guest { client: self, welcome: *welcome }),
            ServerMessage::Refused { reason } => Err(reason),
            other => panic!("neither welcome nor refusal: {other:?}"),
        }
    }

    /// Goes without a word, as when the process dies.
    pub fn vanish(self) {
        self.reading.abort();
    }
}

/// A client inside a room.
pub struct Guest {
    pub client: Client,
    pub welcome: Welcome,
}

impl Guest {
    pub fn id(&self) -> ParticipantId {
        self.welcome.you.id
    }

    pub async fn say(&mut self, message: &ClientMessage) {
        self.client.say(message).await;
    }

    pub async fn hears(&mut self) -> ServerMessage {
        self.client.hears().await
    }

    /// Closes the socket with this code, as a browser does.
    pub async fn close(mut self, code: CloseCode) {
        self.client.say_frame(Message::Close(Some(CloseFrame { code, reason: "".into() }))).await;
        assert_eq!(self.client.next().await, None);
    }

    pub fn back(&self, room: &RoomId, page: Page) -> Join {
        Join { resume: Some(Resume { token: self.welcome.token.clone(), page }), ..join(room) }
    }
}

/// Asserts that two people in one room have heard nothing, and still reach each other.
pub async fn are_undisturbed(ana: &mut Guest, ben: &mut Guest) {
    for (from, to) in [(0, 1), (1, 0)] {
        let pair = [&mut *ana, &mut *ben];
        let (from_id, to_id) = (pair[from].id(), pair[to].id());
        let message = offer(1_000);
        pair[from].say(&ClientMessage::Signal { to: to_id, signal: message.clone() }).await;
        assert_eq!(pair[to].hears().await, ServerMessage::Signal { from: from_id, signal: message });
    }
}

/// Asserts that Ana and Ben heard of nothing but this one's socket being lost.
pub async fn only_lost_one(ana: &mut Guest, ben: &mut Guest, id: ParticipantId) {
    for bystander in [&mut *ana, &mut *ben] {
        assert_eq!(bystander.hears().await, ServerMessage::Lost { id });
    }
    are_undisturbed(ana, ben).await;
}

pub fn join(room: &RoomId) -> Join {
    Join {
        room: room.clone(),
        name: DisplayName::new("Ana").unwrap(),
        media: MediaState { microphone: true, camera: true, ..MediaState::default() },
        resume: None,
    }
}

pub fn offer(bytes: usize) -> Signal {
    Signal { epoch: (1, 1).into(), seq: 1, body: SignalBody::Offer(Sdp::new("v".repeat(bytes)).unwrap()) }
}

/// Returns once nothing keeps happening for a while; for things that must *not* happen.
pub async fn a_moment() {
    tokio::time::sleep(Duration::from_millis(300)).await;
}
