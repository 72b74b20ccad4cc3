//! The program itself, speaking TLS.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::net::SocketAddr;
use std::process::Stdio;
use support::PATIENCE;
use support::tls::{Authority, Pair, Trust, eventually};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader};
use tokio::process::{Child, Command};
use tokio::time::timeout;

struct Parlour {
    program: Child,
    address: SocketAddr,
}

impl Parlour {
    async fn start(arguments: &[&str]) -> Self {
        let site = env!("CARGO_MANIFEST_DIR");
        let mut program = Command::new(env!("CARGO_BIN_EXE_parlour"))
            .args(["--site-dir", site, "--listen", "127.0.0.1:0", "--log", "info"])
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(program.stderr.take().unwrap()).lines();
        let address = loop {
            let line = timeout(PATIENCE, lines.next_line()).await.expect("a word in time").unwrap().unwrap();
            if let Some((_, address)) = line.split_once("listening on https://") {
                break address.parse().unwrap();
            }
        };
        // It goes on writing.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        Self { program, address }
    }

    async fn signal(&self, name: &str) {
        let pid = self.program.id().unwrap().to_string();
        assert!(Command::new("kill").args(["-s", name, &pid]).status().await.unwrap().success());
    }

    /// Ends it as a service manager does, and returns what it printed.
    async fn stop(mut self) -> String {
        self.signal("TERM").await;
        assert!(timeout(PATIENCE, self.program.wait()).await.expect("an end in time").unwrap().success());
        let mut printed = String::new();
        self.program.stdout.take().unwrap().read_to_string(&mut printed).await.unwrap();
        printed
    }
}

#[tokio::test]
async fn it_shows_what_browsers_are_going_to_show() {
    let state = tempfile::tempdir().unwrap();
    let arguments = ["--tls", "self-signed", "--state-dir", state.path().to_str().unwrap()];
    let parlour = Parlour::start(&arguments).await;
    let trust = Trust::pem(&std::fs::read_to_string(state.path().join("secrets/self-signed.pem")).unwrap());
    let address = parlour.address;
    let first = trust.sees(address, "localhost").await.unwrap();
    let printed = parlour.stop().await;
    let digest = ring::digest::digest(&ring::digest::SHA256, &first);
    let fingerprint: Vec<_> = digest.as_ref().iter().map(|byte| format!("{byte:02X}")).collect();
    for half in fingerprint.chunks(16) {
        assert!(printed.contains(&half.join(":")), "{printed}");
    }
    assert!(printed.contains(&format!("https://{address}/")) && printed.contains('█'), "{printed}");
    // It is the same after a restart.
    let parlour = Parlour::start(&arguments).await;
    assert_eq!(trust.sees(parlour.address, "localhost").await.unwrap(), first);
    parlour.stop().await;
}

#[tokio::test]
async fn a_signal_makes_it_read_its_certificate_again() {
    let authority = Authority::new();
    let pair = Pair::new(&authority.issue(&["parlour.test"]));
    let (cert, key) = (pair.cert.to_str().unwrap(), pair.key.to_str().unwrap());
    let parlour = Parlour::start(&["--tls-cert", cert, "--tls-key", key]).await;
    let trust = authority.trust();
    let first = trust.sees(parlour.address, "parlour.test").await.unwrap();
    let mut ana = trust.client(parlour.address, "parlour.test").await;
    let (cert, key) = authority.issue(&["parlour.test"]);
    pair.write(&cert, &key);
    parlour.signal("HUP").await;
    eventually("the new certificate", async || trust.sees(parlour.address, "parlour.test").await.unwrap() != first)
        .await;
    ana.heard_nothing().await;
    parlour.stop().await;
}
