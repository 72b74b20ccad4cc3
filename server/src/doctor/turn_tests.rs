//! The TURN client against a TURN server that is not ours: coturn, from Debian.
//!
//! Separate, because these tests start a program.

use super::certificate::Fingerprint;
use super::relay::{Offers, examine};
use super::report::{Outcome, Report};
use super::tls::Tls;
use signaling::protocol::IceServer;
use std::net::{IpAddr, Ipv4Addr, UdpSocket};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

#[path = "../../tests/support/skip.rs"]
mod skip;

const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
/// How long it may take to listen.
const PATIENCE: Duration = Duration::from_secs(60);

/// A TURN server on ports of its own.
struct Coturn {
    program: Child,
    port: u16,
    tls_port: u16,
    fingerprint: Fingerprint,
    _folder: TempDir,
}

impl Coturn {
    /// Starts it, unless there is none that runs here.
    async fn start() -> Option<Self> {
        let Some(mut command) = turnserver() else {
            skip::skip("there is no turnserver; scripts/install-test-servers.sh gets it (Debian: coturn)");
            return None;
        };
        let folder = tempfile::tempdir().unwrap();
        let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
        let (certificate, key) = (folder.path().join("certificate.pem"), folder.path().join("key.pem"));
        std::fs::write(&certificate, made.cert.pem()).unwrap();
        std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();
        let (port, tls_port) = (free_port(), free_port());
        let program = command
            .args(["-n", "--listening-ip=127.0.0.1", "--relay-ip=127.0.0.1", "--realm=test", "--lt-cred-mech"])
            .args(["--user=ana:secret", "--allow-loopback-peers", "--no-cli", "--no-dtls", "--log-file=stdout"])
            .arg(format!("--listening-port={port}"))
            .arg(format!("--tls-listening-port={tls_port}"))
            .arg(format!("--cert={}", certificate.display()))
            .arg(format!("--pkey={}", key.display()))
            .arg(format!("--pidfile={}", folder.path().join("pid").display()))
            .current_dir(folder.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let fingerprint = Fingerprint::of(made.cert.der());
        let mut coturn = Self { program, port, tls_port, fingerprint, _folder: folder };
        timeout(PATIENCE, coturn.listens()).await.expect("coturn listens in time");
        Some(coturn)
    }

    async fn listens(&mut self) {
        for port in [self.port, self.tls_port] {
            while TcpStream::connect(("127.0.0.1", port)).await.is_err() {
                assert!(self.program.try_wait().unwrap().is_none(), "coturn goes on");
                sleep(Duration::from_millis(20)).await;
            }
        }
    }

    fn server(&self, password: &str) -> IceServer {
        let (port, tls_port) = (self.port, self.tls_port);
        IceServer {
            urls: vec![
                format!("stun:127.0.0.1:{port}"),
                format!("turn:127.0.0.1:{port}?transport=udp"),
                format!("turn:127.0.0.1:{port}?transport=tcp"),
                format!("turns:127.0.0.1:{tls_port}?transport=tcp"),
            ],
            username: Some("ana".into()),
            credential: Some(password.into()),
        }
    }
}

impl Drop for Coturn {
    fn drop(&mut self) {
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}

/// The program where Debian puts it, or where `scripts/install-test-servers.sh` does, with the libraries that lie beside it.
fn turnserver() -> Option<Command> {
    let installed = Path::new("/usr/bin/turnserver");
    if installed.is_file() {
        return Some(Command::new(installed));
    }
    let home = || std::env::home_dir().map(|home| home.join(".cache"));
    let cache = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from).or_else(home)?;
    let unpacked = cache.join("parlour/debian/usr");
    let mut libraries = std::ffi::OsString::new();
    for folder in std::fs::read_dir(unpacked.join("lib")).into_iter().flatten().flatten() {
        libraries.push(folder.path());
        libraries.push(":");
    }
    let unpacked = unpacked.join("bin/turnserver");
    let command = || {
        let mut command = Command::new(&unpacked);
        command.env("LD_LIBRARY_PATH", &libraries);
        command
    };
    // Not where a library is missing after all.
    let asked = command().arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    asked.is_ok_and(|status| status.success()).then(command)
}

fn free_port() -> u16 {
    UdpSocket::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

async fn examined(server: IceServer, known: Option<&Fingerprint>) -> Report {
    let servers = [server];
    let mut report = Report::new(String::new(), true);
    let offers = Offers { page: HERE, ana: &servers, ben: &servers };
    examine(&offers, &Tls::of_this_machine(), known, &mut report).await;
    report
}

#[tokio::test(flavor = "multi_thread")]
async fn packets_pass_on_every_road() {
    let Some(coturn) = Coturn::start().await else { return };
    let report = examined(coturn.server("secret"), Some(&coturn.fingerprint)).await;
    let outcomes: Vec<_> = report.checks.iter().map(|check| (check.name.as_str(), check.outcome)).collect();
    let passed = ["STUN, UDP", "Relay, UDP", "Relay, TCP", "Relay, TLS"].map(|name| (name, Outcome::Passed));
    assert_eq!(outcomes, passed, "{report:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_and_an_unknown_certificate_are_said_with_the_fix() {
    let Some(coturn) = Coturn::start().await else { return };
    let report = examined(coturn.server("guess"), None).await;
    let fixes: Vec<_> = report.checks.iter().filter_map(|check| check.fix.as_deref()).collect();
    assert_eq!(fixes.len(), 3, "{report:#?}");
    assert!(fixes[0].contains("--turn-secret") && fixes[1] == fixes[0], "{fixes:?}");
    assert!(fixes[2].contains("--fingerprint"), "{fixes:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_port_is_named_with_its_protocol() {
    let port = free_port();
    let urls = ["udp", "tcp"].map(|transport| format!("turn:127.0.0.1:{port}?transport={transport}"));
    let report = examined(IceServer { urls: urls.into(), username: None, credential: None }, None).await;
    let fixes: Vec<_> = report.checks.iter().filter_map(|check| check.fix.as_deref()).collect();
    assert!(fixes[0].contains(&format!("Let UDP port {port} in")), "{report:#?}");
    assert!(fixes[1].contains(&format!("Let TCP port {port} in")), "{report:#?}");
}

#[tokio::test]
async fn no_relay_at_all_is_a_failure() {
    let mut report = Report::new(String::new(), true);
    examine(&Offers { page: HERE, ana: &[], ben: &[] }, &Tls::of_this_machine(), None, &mut report).await;
    let fix = report.checks[0].fix.as_ref().unwrap();
    assert!(!report.passed && fix.contains("--relay-listen") && fix.contains("--turn-urls"), "{fix}");
}

#[tokio::test]
async fn a_private_address_told_on_a_public_host_is_said() {
    let told = |host: &str| IceServer { urls: vec![format!("turn:{host}")], username: None, credential: None };
    for (page, host) in [("203.0.113.7", "192.168.1.9"), ("203.0.113.7", "127.0.0.1"), ("127.0.0.1", "[::]:3478")] {
        let servers = [told(host)];
        let mut report = Report::new(String::new(), true);
        let offers = Offers { page: page.parse().unwrap(), ana: &servers, ben: &servers };
        examine(&offers, &Tls::of_this_machine(), None, &mut report).await;
        assert!(report.checks[0].fix.as_ref().unwrap().contains("--relay-host"), "{report:#?}");
    }
}
