//! What the clients send, at a given rate however much comes back, and what they hear.
//!
//! Separate from the clients, because this is what is measured, and must itself cost little.

use super::Result;
use super::pairs::{CHANNEL, Pairs, Sender};
use super::subject::Subject;
use super::turn::frame;
use core::sync::atomic::{AtomicU64, Ordering};
use quinn_udp::{RecvMeta, Transmit, UdpSocketState};
use std::io::{self, ErrorKind, IoSliceMut, Write as _};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::thread::sleep;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt as _, BufReader, Interest};
use tokio::net::{TcpStream, UdpSocket};

/// What a media packet has.
const DATA_BYTES: usize = 1_200;
/// A channel's header.
const HEADER_BYTES: usize = 4;
/// What comes this late is lost.
const LATE: Duration = Duration::from_millis(300);
const TICK: Duration = Duration::from_micros(500);
/// What may wait for a stream, at most.
const STREAM_BYTES: usize = 256 * 1024;

static BEGAN: LazyLock<Instant> = LazyLock::new(Instant::now);

/// How much is sent.
#[derive(Clone, Copy)]
pub(crate) struct Load {
    /// Datagrams a second, of all clients.
    pub(crate) rate: u64,
    /// How many a client sends in one go.
    pub(crate) burst: usize,
    pub(crate) length: Duration,
}

/// What became of it.
pub(crate) struct Sample {
    pub(crate) sent: u64,
    /// How long each took that arrived, sorted.
    pub(crate) delays: Vec<Duration>,
    pub(crate) cpu: Duration,
    pub(crate) took: Duration,
}

impl Sample {
    pub(crate) fn loss(&self) -> f64 {
        1.0 - self.delays.len() as f64 / self.sent.max(1) as f64
    }

    pub(crate) fn per_second(&self) -> f64 {
        self.delays.len() as f64 / self.took.as_secs_f64()
    }

    /// Datagrams carried in a second of processor time.
    pub(crate) fn per_core(&self) -> f64 {
        self.delays.len() as f64 / self.cpu.as_secs_f64()
    }

    /// Returns how long this share of them took at most, in µs.
    pub(crate) fn delay(&self, share: f64) -> f64 {
        let at = (self.delays.len() as f64 * share) as usize;
        self.delays.get(at).map_or(f64::NAN, |delay| delay.as_secs_f64() * 1e6)
    }
}

/// What was heard of the load that is on.
#[derive(Default)]
pub(crate) struct Heard {
    load: AtomicU64,
    delays: Mutex<Vec<Duration>>,
}

impl Heard {
    /// Notes datagrams that came together.
    fn note<'a>(&self, datagrams: impl Iterator<Item = &'a [u8]>) {
        let now = BEGAN.elapsed();
        let load = self.load.load(Ordering::Relaxed);
        let mut delays = self.delays.lock().unwrap_or_else(PoisonError::into_inner);
        delays.extend(datagrams.filter_map(|datagram| {
            let number = |at: usize| Some(u64::from_be_bytes(datagram.get(at..at + 8)?.try_into().ok()?));
            let sent = Duration::from_nanos(number(HEADER_BYTES + 8)?);
            (number(HEADER_BYTES)? == load).then(|| now.saturating_sub(sent))
        }));
    }

    fn take(&self) -> Vec<Duration> {
        core::mem::take(&mut *self.delays.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Pairs {
    /// Sends, listens until it is too late, and sums up.
    pub(crate) fn run(&self, load: &Load, subject: &Subject) -> Result<Sample> {
        self.heard.take();
        let number = self.heard.load.fetch_add(1, Ordering::Relaxed) + 1;
        let mut waiting = vec![Vec::new(); self.senders.len()];
        let cpu = subject.cpu()?;
        let began = Instant::now();
        let (mut sent, mut turn) = (0, 0);
        while began.elapsed() < load.length {
            let due = (began.elapsed().as_secs_f64() * load.rate as f64) as u64;
            if due < sent + load.burst as u64 {
                sleep(TICK);
                continue;
            }
            turn = (turn + 1) % self.senders.len();
            let bytes = burst(number, load.burst);
            if self.senders[turn].send(&bytes, &mut waiting[turn])? {
                sent += load.burst as u64;
            }
        }
        let took = began.elapsed();
        sleep(LATE);
        let cpu = subject.cpu()? - cpu;
        let mut delays = self.heard.take();
        delays.sort_unstable();
        Ok(Sample { sent, delays, cpu, took })
    }
}

impl Sender {
    /// Sends; returns whether that was possible. What a stream does not take at once waits for the next time.
    fn send(&self, bytes: &[u8], waiting: &mut Vec<u8>) -> io::Result<bool> {
        match self {
            Self::Udp(socket, state) => {
                let segment_size = Some(HEADER_BYTES + DATA_BYTES);
                let destination = socket.peer_addr()?;
                let transmit = Transmit { destination, ecn: None, contents: bytes, segment_size, src_ip: None };
                would_block(state.try_send(socket.into(), &transmit).map(|()| true), false)
            }
            Self::Tcp(stream) => {
                let fits = waiting.len() < STREAM_BYTES;
                if fits {
                    waiting.extend_from_slice(bytes);
                }
                let mut stream = stream;
                let written = would_block(stream.write(waiting), 0)?;
                waiting.drain(..written);
                Ok(fits)
            }
        }
    }
}

fn would_block<T>(done: io::Result<T>, otherwise: T) -> io::Result<T> {
    match done {
        Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(otherwise),
        done => done,
    }
}

fn burst(load: u64, count: usize) -> Vec<u8> {
    let mut data = [0; DATA_BYTES];
    let nanos = u64::try_from(BEGAN.elapsed().as_nanos()).unwrap_or(u64::MAX);
    data[..8].copy_from_slice(&load.to_be_bytes());
    data[8..16].copy_from_slice(&nanos.to_be_bytes());
    frame(CHANNEL, &data).repeat(count)
}

/// Hears what comes to a client, for ever.
pub(crate) async fn listen_udp(socket: UdpSocket, state: UdpSocketState, heard: Arc<Heard>) {
    let mut buffers = vec![[0_u8; 64 * 1024]; 8];
    let mut metas = vec![RecvMeta::default(); buffers.len()];
    while socket.readable().await.is_ok() {
        let mut slices: Vec<_> = buffers.iter_mut().map(|buffer| IoSliceMut::new(buffer)).collect();
        let received = socket.try_io(Interest::READABLE, || state.recv((&socket).into(), &mut slices, &mut metas));
        let Ok(count) = received else { continue };
        let batch = buffers.iter().zip(&metas).take(count);
        heard.note(batch.flat_map(|(buffer, meta)| buffer[..meta.len].chunks(meta.stride.max(1))));
    }
}

/// Likewise, on a stream, where every datagram has one length.
pub(crate) async fn listen_stream(stream: TcpStream, heard: Arc<Heard>) {
    let mut stream = BufReader::with_capacity(64 * 1024, stream);
    let mut datagram = [0; HEADER_BYTES + DATA_BYTES];
    while stream.read_exact(&mut datagram).await.is_ok() {
        heard.note([datagram.as_slice()].into_iter());
    }
}
