//! Other programs that tests run: found, started on ports of their own, and ended.
#![allow(dead_code, unreachable_pub, reason = "each test file uses a part of it")]
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use super::skip::skip;
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::process::Stdio;
use tokio::net::TcpStream;
use tokio::process::{Child, Command};

/// Finds a program where Debian puts it, or where `scripts/install-test-servers.sh` does.
pub fn find(name: &str) -> Option<PathBuf> {
    let cache = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let cache = cache.or_else(|| std::env::home_dir().map(|home| home.join(".cache")));
    let unpacked = cache.map(|cache| cache.join("parlour/debian")).unwrap_or_default();
    let folders = ["/usr/bin", "/usr/sbin"].map(PathBuf::from);
    let unpacked = ["usr/bin", "usr/sbin"].map(|folder| unpacked.join(folder));
    let found = folders.into_iter().chain(unpacked).map(|folder| folder.join(name)).find(|program| program.is_file());
    if found.is_none() {
        skip(&format!("there is no {name}; scripts/install-test-servers.sh gets it (Debian)"));
    }
    found
}

/// A port that is free now.
pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// A program that ends with the test.
pub struct Program(Child);

impl Program {
    pub fn start(command: &mut Command) -> Self {
        Self(command.kill_on_drop(true).stdin(Stdio::null()).spawn().unwrap())
    }

    /// Waits until it listens there.
    pub async fn listens(&mut self, address: SocketAddr) {
        super::tls::eventually(&format!("a listener on {address}"), async || {
            assert!(self.0.try_wait().unwrap().is_none(), "the program goes on");
            TcpStream::connect(address).await.is_ok()
        })
        .await;
    }

    /// Ends it as its owner would, and waits.
    pub async fn stop(mut self) {
        let _ = self.0.start_kill();
        let _ = self.0.wait().await;
    }
}
