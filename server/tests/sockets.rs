//! Sockets that are handed over as systemd does it, and outlive the process that serves on them.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

#[path = "support/skip.rs"]
mod skip;

use rustix::net::sockopt::set_socket_recv_buffer_size_force;
use socket2::SockRef;
use std::net::{SocketAddr, TcpListener, UdpSocket};
use std::os::fd::OwnedFd;
use std::process::Stdio;
use std::time::Duration;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};
use tokio::time::timeout;

const PATIENCE: Duration = Duration::from_secs(20);
/// A shell puts the sockets where `sd_listen_fds(3)` has them, and the program in its own place.
const HAND_OVER: &str = r#"exec 3<&0 4<&1 </dev/null >/dev/null
LISTEN_PID=$$ LISTEN_FDS=2 LISTEN_FDNAMES=http:relay exec "$@""#;

/// What systemd would keep open.
struct Sockets {
    tcp: TcpListener,
    udp: UdpSocket,
    site: TempDir,
}

impl Sockets {
    fn open() -> Self {
        loop {
            let tcp = TcpListener::bind("127.0.0.1:0").unwrap();
            if let Ok(udp) = UdpSocket::bind(tcp.local_addr().unwrap()) {
                return Self { tcp, udp, site: tempfile::tempdir().unwrap() };
            }
        }
    }

    fn address(&self) -> SocketAddr {
        self.tcp.local_addr().unwrap()
    }

    fn start(&self) -> Child {
        let tcp = OwnedFd::from(self.tcp.try_clone().unwrap());
        let udp = OwnedFd::from(self.udp.try_clone().unwrap());
        let mut program = Command::new("sh");
        program.args(["-c", HAND_OVER, "sh", env!("CARGO_BIN_EXE_parlour"), "--listen", "127.0.0.1:1"]);
        program.arg("--site-dir").arg(self.site.path());
        program.stdin(Stdio::from(tcp)).stdout(Stdio::from(udp)).kill_on_drop(true).spawn().unwrap()
    }
}

/// Asks for the health on a connection that is there already.
async fn is_well(stream: &mut TcpStream) -> bool {
    let mut answer = String::new();
    timeout(PATIENCE, stream.read_to_string(&mut answer)).await.expect("an answer in time").unwrap();
    answer.starts_with("HTTP/1.1 200")
}

async fn ask(address: SocketAddr) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(b"GET /health HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").await.unwrap();
    stream
}

#[tokio::test]
async fn handed_sockets_serve_pages_and_relay() {
    let sockets = Sockets::open();
    let _server = sockets.start();
    assert!(is_well(&mut ask(sockets.address()).await).await);
    let mut doctor = Command::new(env!("CARGO_BIN_EXE_parlour"));
    let said = doctor.args(["doctor", &format!("http://{}", sockets.address())]).output().await.unwrap();
    let text = String::from_utf8_lossy(&said.stdout);
    assert!(said.status.success() && text.contains("✓ Relay, UDP") && text.contains("✓ Relay, TCP"), "{text}");
}

#[tokio::test]
async fn who_comes_while_nobody_serves_is_served_by_the_next() {
    let sockets = Sockets::open();
    let mut server = sockets.start();
    assert!(is_well(&mut ask(sockets.address()).await).await);
    server.kill().await.unwrap();
    let mut waiting = ask(sockets.address()).await;
    let _server = sockets.start();
    assert!(is_well(&mut waiting).await);
}

#[tokio::test]
async fn buffers_grow_and_what_was_given_beyond_stays() {
    let (small, large) = (Sockets::open(), Sockets::open());
    // What a program may ask for itself at most, and twice that, as only root may.
    let most = SockRef::from(&large.udp);
    most.set_recv_buffer_size(64 << 20).unwrap();
    let most = most.recv_buffer_size().unwrap();
    let before = SockRef::from(&small.udp).recv_buffer_size().unwrap();
    let is_root = set_socket_recv_buffer_size_force(&large.udp, most).is_ok();
    let given = SockRef::from(&large.udp).recv_buffer_size().unwrap();
    for sockets in [&small, &large] {
        let _server = sockets.start();
        assert!(is_well(&mut ask(sockets.address()).await).await);
    }
    let after = SockRef::from(&small.udp).recv_buffer_size().unwrap();
    assert!(after > before || before >= most, "{before} became {after} of {most}");
    if is_root {
        assert_eq!(SockRef::from(&large.udp).recv_buffer_size().unwrap(), given);
    } else {
        skip::skip("only root can give a socket more than it may ask for");
    }
}
