//! The socket under a conversation, on the server.
//!
//! Separate from the session, which knows no socket: this one reads and writes frames, pings, notices silence, and gives up
//! on a client that does not read.

use super::allowance::Allowance;
use super::door::Door;
use super::error::SignalingError;
use super::transport::Answers;
use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket, close_code};
use core::time::Duration;
use futures::channel::oneshot;
use futures::stream::{SplitSink, SplitStream};
use futures::{SinkExt as _, Stream, StreamExt as _, stream};
use signaling::limits;
use signaling::protocol::{ClientMessage, Refusal, ServerMessage, read_client_message};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering::Relaxed};
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at, timeout};

/// For how long what a client still says is read and thrown away, so that the last word reaches it: a socket that is
/// closed over unread bytes is reset.
const LINGER: Duration = Duration::from_secs(1);

/// The patience of the server with a socket.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SocketConfig {
    /// Between two pings.
    pub ping_interval: Duration,
    /// Without any frame for this long the client is lost.
    pub silence: Duration,
    /// A frame that the client does not take for this long is the last one.
    pub write_timeout: Duration,
    /// Frames in one go.
    pub burst: f64,
    /// Frames a second, lastingly.
    pub rate: f64,
}

impl Default for SocketConfig {
    fn default() -> Self {
        let (ping_interval, silence, write_timeout) = (limits::PING_INTERVAL, limits::SILENCE, limits::WRITE_PATIENCE);
        let (burst, rate) = (f64::from(limits::MESSAGE_BURST), f64::from(limits::MESSAGES_PER_SECOND));
        Self { ping_interval, silence, write_timeout, burst, rate }
    }
}

/// Hands what is heard on the socket over to the conversation, and says its answers, until they end.
pub(super) async fn serve(
    socket: WebSocket,
    hand_over: oneshot::Sender<Listening>,
    answers: Answers,
    (config, door): (SocketConfig, Door),
) {
    let (sink, frames) = socket.split();
    let heard = Heard::default();
    let (give_back, given_back) = oneshot::channel();
    let allowance = Allowance::new(config.burst, config.rate, door);
    let listening = Listening { frames: Some(frames), heard: heard.clone(), allowance, give_back: Some(give_back) };
    if hand_over.send(listening).is_ok() {
        Speaking { sink, heard, config }.run(answers, given_back).await;
    }
}

/// The reading half of a socket. When it is dropped, the other half gets the frames back.
#[derive(Debug)]
pub(super) struct Listening {
    frames: Option<Frames>,
    heard: Heard,
    allowance: Allowance,
    give_back: Option<oneshot::Sender<Frames>>,
}

type Frames = SplitStream<WebSocket>;

impl Drop for Listening {
    fn drop(&mut self) {
        if let (Some(give_back), Some(frames)) = (self.give_back.take(), self.frames.take()) {
            // Nobody takes it when the socket is dropped as a whole.
            let _ = give_back.send(frames);
        }
    }
}

impl Listening {
    /// Returns the messages in the frames. A page that is being closed says so by its close frame, too.
    pub(super) fn messages(self) -> impl Stream<Item = Result<ClientMessage, SignalingError>> + Send {
        stream::unfold(Some(self), |listening| async move {
            let mut listening = listening?;
            loop {
                let frame = listening.frames.as_mut()?.next().await?;
                listening.heard.touch();
                if !listening.allowance.take(frame.as_ref().map_or(0, length), Instant::now()) {
                    return Some((Err(SignalingError::TooFast), None));
                }
                return match frame {
                    Ok(Message::Text(text)) => Some((read(text.as_bytes()), Some(listening))),
                    Ok(Message::Binary(bytes)) => Some((read(&bytes), Some(listening))),
                    Ok(Message::Ping(_) | Message::Pong(_)) => continue,
                    Ok(Message::Close(Some(frame))) if frame.code == close_code::AWAY => {
                        Some((Ok(ClientMessage::Closing), None))
                    }
                    Ok(Message::Close(_)) => None,
                    Err(error) => Some((Err(cause(&error)), None)),
                };
            }
        })
    }
}

fn length(frame: &Message) -> usize {
    match frame {
        Message::Text(text) => text.len(),
        Message::Binary(bytes) | Message::Ping(bytes) | Message::Pong(bytes) => bytes.len(),
        Message::Close(_) => 0,
    }
}

fn read(bytes: &[u8]) -> Result<ClientMessage, SignalingError> {
    read_client_message(bytes).map_err(|_| SignalingError::Unreadable)
}

/// Tells a client that broke the protocol from one that is gone.
fn cause(error: &axum::Error) -> SignalingError {
    let mut source = std::error::Error::source(error);
    while let Some(error) = source {
        if error.is::<std::io::Error>() {
            return SignalingError::Closed;
        }
        source = error.source();
    }
    SignalingError::Unreadable
}

/// The writing half of a socket.
struct Speaking {
    sink: SplitSink<WebSocket, Message>,
    heard: Heard,
    config: SocketConfig,
}

impl Speaking {
    async fn run(mut self, mut answers: Answers, given_back: oneshot::Receiver<Frames>) {
        let mut pings = pings(self.config.ping_interval);
        let mut goodbye = close_code::NORMAL;
        loop {
            let frame = tokio::select! {
                biased;
                answer = answers.next() => match answer {
                    Some(Ok(message)) => {
                        goodbye = close_code(&message);
                        text(&message)
                    }
                    Some(Err(_)) | None => break,
                },
                _ = pings.tick() => {
                    if self.heard.elapsed() >= self.config.silence {
                        break;
                    }
                    Message::Ping(Vec::new().into())
                }
            };
            if !self.say(frame).await {
                break;
            }
        }
        // The others are told before the socket takes its time to close.
        drop(answers);
        let goodbye = CloseFrame { code: goodbye, reason: Utf8Bytes::default() };
        if self.say(Message::Close(Some(goodbye))).await
            && let Ok(mut frames) = given_back.await
        {
            let _ = timeout(LINGER, async { while let Some(Ok(_)) = frames.next().await {} }).await;
        }
    }

    /// Returns whether the frame was taken in time.
    async fn say(&mut self, frame: Message) -> bool {
        matches!(timeout(self.config.write_timeout, self.sink.send(frame)).await, Ok(Ok(())))
    }
}

fn text(message: &ServerMessage) -> Message {
    Message::Text(serde_json::to_string(message).expect("a message of ours has only string keys").into())
}

/// Returns the code to close with, should this have been the last message.
fn close_code(last: &ServerMessage) -> u16 {
    match last {
        ServerMessage::Refused { reason: Refusal::Stopping } => close_code::RESTART,
        ServerMessage::Refused { .. } => close_code::POLICY,
        _ => close_code::NORMAL,
    }
}

/// Begins to tick at a moment of its own, so that a server full of sockets does not ping them all at once.
fn pings(every: Duration) -> Interval {
    static SOCKETS: AtomicU32 = AtomicU32::new(0);
    // Multiples of the golden ratio fill the interval evenly, however many there are.
    let turn = SOCKETS.fetch_add(1, Relaxed).wrapping_mul(0x9e37_79b9);
    let first = every.mul_f64(f64::from(turn) / f64::from(u32::MAX));
    let mut pings = interval_at(Instant::now() + first, every);
    pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
    pings
}

/// When the client was last heard, known to both halves.
#[derive(Debug, Clone)]
struct Heard(Arc<(Instant, AtomicU64)>);

impl Default for Heard {
    fn default() -> Self {
        Self(Arc::new((Instant::now(), AtomicU64::new(0))))
    }
}

impl Heard {
    fn touch(&self) {
        let millis = self.0.0.elapsed().as_millis();
        self.0.1.store(u64::try_from(millis).unwrap_or(u64::MAX), Relaxed);
    }

    fn elapsed(&self) -> Duration {
        self.0.0.elapsed().saturating_sub(Duration::from_millis(self.0.1.load(Relaxed)))
    }
}
