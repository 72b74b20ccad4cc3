//! TURN on a stream, in the clear or in TLS.
//!
//! Separate from [`udp`](super::udp), because a stream has to be cut into datagrams, and one that is not read must hold up
//! nobody.

use super::service::Service;
use core::net::SocketAddr;
use core::time::Duration;
use relay::framing::{DATAGRAM_BYTES, HEADER_BYTES, lengths, pad};
use relay::{Flow, Road};
use std::io;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::sync::mpsc::{self, Receiver};
use tokio::time::timeout;

/// How long a stream may be silent without having anything allocated.
const SILENCE: Duration = Duration::from_secs(30);
/// Datagrams that wait for a stream to take them; more are lost, as on any road that is too narrow. Some 0.1 s of a call.
const WAITING: usize = 128;
/// What is written in one go, at most.
const WRITTEN: usize = 64 * 1024;

/// Serves a client until its stream ends.
pub(super) async fn serve<S>(service: &Service, stream: S, remote: SocketAddr, secure: bool)
where
    S: AsyncRead + AsyncWrite + Send + Unpin,
{
    let (queue, waiting) = mpsc::channel(WAITING);
    let number = service.enter(queue);
    let flow = Flow { road: if secure { Road::Tls(number) } else { Road::Tcp(number) }, remote };
    let (reader, writer) = tokio::io::split(stream);
    tokio::select! {
        _ = read(service, reader, flow) => {}
        _ = write(writer, waiting) => {}
    }
    service.leave(&flow, number);
}

async fn read(service: &Service, mut stream: impl AsyncRead + Unpin, flow: Flow) -> io::Result<()> {
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
        service.receive(flow, &datagram[..length]);
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
