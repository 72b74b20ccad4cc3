//! `parlour health`: whether the server that these options describe answers, for whoever watches a process without being able to
//! run anything else beside it (a container has no shell).
//!
//! Separate from the doctor, which asks whether a call works, takes seconds and makes a room.

use crate::reach::from_here;
use core::time::Duration;
use std::io;
use std::net::SocketAddr;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// A server that is well answers in milliseconds.
const PATIENCE: Duration = Duration::from_secs(5);
/// As much of the answer as matters: its first line.
const FIRST_LINE: usize = 15;

/// Asks the server that listens here.
///
/// # Errors
/// What is wrong with it.
pub async fn ask(listen: SocketAddr) -> io::Result<()> {
    let exchange = async {
        let mut stream = connect(listen).await?;
        stream.write_all(b"GET /health HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").await?;
        let mut first_line = [0; FIRST_LINE];
        stream.read_exact(&mut first_line).await?;
        Ok::<_, io::Error>(first_line)
    };
    let answer = timeout(PATIENCE, exchange).await.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))??;
    // With TLS on, plain HTTP is answered by the way to it: that, too, is an answer.
    match &answer[..10] {
        b"HTTP/1.1 2" | b"HTTP/1.1 3" => Ok(()),
        _ => Err(io::Error::other(String::from_utf8_lossy(&answer).into_owned())),
    }
}

/// Connects by the first address that lets anybody in.
async fn connect(listen: SocketAddr) -> io::Result<TcpStream> {
    let mut refused = None;
    for address in from_here(listen) {
        match TcpStream::connect(address).await {
            Ok(stream) => return Ok(stream),
            Err(error) => refused = refused.or(Some(error)),
        }
    }
    Err(refused.unwrap_or_else(|| io::ErrorKind::AddrNotAvailable.into()))
}
