//! What is spoken on a connection: the first byte tells, once in the clear and once inside of TLS.
//!
//! Separate, because this is all that makes one port out of three (compare RFC 7983, which does the same on UDP).

use super::HEAD_DEADLINE;
use crate::tls::Tls;
use core::pin::Pin;
use core::time::Duration;
use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncWrite, BufReader};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_io_timeout::TimeoutStream;
use tokio_rustls::server::TlsStream;

/// How long a handshake may take: a few round trips, and lost packets.
const HANDSHAKE_DEADLINE: Duration = Duration::from_secs(10);
/// A record of TLS that begins a handshake (RFC 8446, section 5.1).
const TLS_HANDSHAKE: u8 = 0x16;
/// STUN and TURN: the two leading bits of a message are zero, the next six belong to its method, which is small (RFC 8489, section 5).
const STUN: core::ops::RangeInclusive<u8> = 0x00..=0x03;

/// A TCP connection whose writes have a deadline. The reader has room for the one byte that was looked at; whoever reads more goes
/// past it.
pub(super) type Clear = BufReader<Pin<Box<TimeoutStream<TcpStream>>>>;
/// The same inside of TLS.
pub(super) type Secured = BufReader<TlsStream<Clear>>;
/// Either, where which of them matters no more.
pub(crate) type BoxedStream = Box<dyn Duplex>;

/// Something to read and to write.
pub(crate) trait Duplex: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Duplex for T {}

/// A connection from its first byte on.
pub(super) enum Spoken {
    Http(Clear),
    SecureHttp(Box<Secured>),
    Turn { stream: BoxedStream, is_secure: bool },
}

/// Waits for the first byte, and for TLS when it begins that. `None` when there is nobody to go on with: the client said nothing,
/// too late or what is no TLS, or had its answer.
pub(super) async fn open(stream: TcpStream, write: Duration, tls: Option<&Tls>) -> Option<Spoken> {
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(write));
    let mut clear = BufReader::with_capacity(1, Box::pin(stream));
    match (first_byte(&mut clear).await?, tls) {
        (TLS_HANDSHAKE, Some(tls)) => {
            let shaken = timeout(HANDSHAKE_DEADLINE, tls.accept(clear)).await.ok()?;
            let mut secured = BufReader::with_capacity(1, shaken.ok()??);
            if STUN.contains(&first_byte(&mut secured).await?) {
                return Some(Spoken::Turn { stream: Box::new(secured), is_secure: true });
            }
            Some(Spoken::SecureHttp(Box::new(secured)))
        }
        (first, _) if STUN.contains(&first) => Some(Spoken::Turn { stream: Box::new(clear), is_secure: false }),
        _ => Some(Spoken::Http(clear)),
    }
}

/// Looks at the first byte, and leaves it where it is.
async fn first_byte(stream: &mut BufReader<impl AsyncRead + Unpin>) -> Option<u8> {
    timeout(HEAD_DEADLINE, stream.fill_buf()).await.ok()?.ok()?.first().copied()
}
