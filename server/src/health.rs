//! `parlour health`: whether the server that these options describe answers, for whoever watches a process without being able to
//! run anything else beside it (a container has no shell).
//!
//! Separate from the doctor, which asks whether a call works, takes seconds and makes a room.

use core::time::Duration;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
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
        let mut stream = TcpStream::connect(nearest(listen)).await?;
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

/// A server that listens everywhere is asked here.
fn nearest(listen: SocketAddr) -> SocketAddr {
    let address = match listen.ip() {
        IpAddr::V4(address) if address.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(address) if address.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        address => address,
    };
    SocketAddr::new(address, listen.port())
}
