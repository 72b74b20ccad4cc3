//! TURN on a stream, in the clear or in TLS.
//!
//! Separate from [`udp`](super::udp), because a stream has to be cut into datagrams, and one that is not read must hold up
//! nobody.

use super::service::Service;
use crate::gate::Peer;
use core::time::Duration;
use relay::framing::{DATAGRAM_BYTES, HEADER_BYTES, lengths, pad};
use relay::{Flow, Road};
use std::io;
use std::pin::pin;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, BufReader};
use tokio::sync::mpsc::{self, Receiver};
use tokio::time::timeout;

/// How long a stream may be silent without having anything allocated.
const SILENCE: Duration = Duration::from_secs(30);
/// What was answered last, to a stream that ends, is to be taken in this time.
const LAST_WORD: Duration = Duration::from_secs(2);
/// Datagrams that wait for a stream to take them; more are lost, as on any road that is too narrow. Some 0.1 s of a call.
const WAITING: usize = 128;
/// What is read in one go, at most.
const READ: usize = 16 * 1024;
/// What is written in one go, at most.
const WRITTEN: usize = 64 * 1024;

/// Serves a client until its stream ends.
pub(super) async fn serve<S>(service: &Service, stream: S, peer: Peer, secure: bool)
where
    S: AsyncRead + AsyncWrite + Send + Unpin,
{
    let (queue, waiting) = mpsc::channel(WAITING);
    let number = service.enter(queue);
    let flow = Flow { road: if secure { Road::Tls(number) } else { Road::Tcp(number) }, remote: peer.address() };
    let leaving = Leaving { service, flow, number };
    let (reader, writer) = tokio::io::split(stream);
    let mut writing = pin!(write(writer, waiting));
    tokio::select! {
        _ = read(service, BufReader::with_capacity(READ, reader), flow, peer) => {
            // Nothing more comes into its queue.
            drop(leaving);
            let _ = timeout(LAST_WORD, writing).await;
        }
        _ = &mut writing => {}
    }
}

/// Takes a stream out of the service, however it ends.
struct Leaving<'a> {
    service: &'a Service,
    flow: Flow,
    number: u64,
}

impl Drop for Leaving<'_> {
    fn drop(&mut self) {
        self.service.leave(&self.flow, self.number);
    }
}

async fn read(service: &Service, mut stream: impl AsyncRead + Unpin, flow: Flow, peer: Peer) -> io::Result<()> {
    let mut place = Some(peer);
    let mut datagram = [0; DATAGRAM_BYTES + 3];
    loop {
        match timeout(SILENCE, stream.read_exact(&mut datagram[..1])).await {
            Ok(first) => first?,
            Err(_) if service.serves(&flow) => continue,
            Err(_) => return Ok(()),
        };
        // What has begun is to be finished soon.
        let padded = timeout(SILENCE, async {
            stream.read_exact(&mut datagram[1..HEADER_BYTES]).await?;
            let header = [datagram[0], datagram[1], datagram[2], datagram[3]];
            let (length, padded) = lengths(header).map_err(io::Error::other)?;
            stream.read_exact(&mut datagram[HEADER_BYTES..padded]).await?;
            io::Result::Ok(length)
        });
        let length = padded.await??;
        if service.receive(flow, &datagram[..length]) {
            continue; // What is carried has an allocation.
        }
        match service.serves(&flow) {
            // From now on it counts as an allocation: people behind one address must not take each other's places for pages.
            true => place = None,
            // And with that it ends: else it counted as nothing any more.
            false if place.is_none() => return Ok(()),
            false => {}
        }
    }
}

async fn write(mut stream: impl AsyncWrite + Unpin, mut waiting: Receiver<Vec<u8>>) -> io::Result<()> {
    let mut together = Vec::new();
    while let Some(datagram) = waiting.recv().await {
        together.clear();
        together.extend_from_slice(&datagram);
        while together.len() < WRITTEN
            && let Ok(datagram) = waiting.try_recv()
        {
            together.extend_from_slice(&datagram);
        }
        stream.write_all(&together).await?;
        stream.flush().await?;
    }
    Ok(())
}

/// Makes a datagram what it is on a stream.
pub(super) fn framed(mut datagram: Vec<u8>) -> Vec<u8> {
    pad(&mut datagram);
    datagram
}
