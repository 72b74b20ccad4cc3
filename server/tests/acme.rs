//! Certificates from an authority: Pebble, Let's Encrypt's own server for tests, with a DNS of its own.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use server::tls::{AcmeSettings, Tls, TlsSource};
use server::{Config, Listeners, Secrets, Site};
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Stdio;
use support::programs::{Program, find, free_port};
use support::tls::{Authority, Trust, eventually};
use support::{Client, PATIENCE};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::Command;
use tokio::task::JoinHandle;
use tokio::time::timeout;

const DOMAINS: [&str; 2] = ["rooms.example.org", "parlour.example.org"];

struct Pebble {
    _authority: Program,
    _dns: Program,
    folder: TempDir,
    address: SocketAddr,
    management: SocketAddr,
    /// Where it looks for proofs.
    tls_port: u16,
    trust: Trust,
}

impl Pebble {
    /// Starts one whose certificates are good for this long; `None` where the programs are missing.
    async fn start(seconds: u32) -> Option<Self> {
        let (pebble, dns) = (find("pebble")?, find("pebble-challtestsrv")?);
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str| folder.path().join(name);
        let authority = Authority::new();
        let (cert, key) = authority.issue(&["localhost", "127.0.0.1"]);
        std::fs::write(file("root.pem"), authority.pem()).unwrap();
        std::fs::write(file("cert.pem"), cert).unwrap();
        std::fs::write(file("key.pem"), key).unwrap();
        let [address, management, names] = [(); 3].map(|()| SocketAddr::from(([127, 0, 0, 1], free_port())));
        let tls_port = free_port();
        let config = serde_json::json!({"pebble": {
            "listenAddress": address.to_string(),
            "managementListenAddress": management.to_string(),
            "certificate": file("cert.pem"),
            "privateKey": file("key.pem"),
            "httpPort": free_port(),
            "tlsPort": tls_port,
            "ocspResponderURL": "",
            "externalAccountBindingRequired": false,
            "certificateValidityPeriod": seconds,
        }});
        std::fs::write(file("pebble.json"), config.to_string()).unwrap();
        let mut command = Command::new(dns);
        command.args(["-http01", "", "-https01", "", "-tlsalpn01", ""]);
        command.args(["-management", &format!("127.0.0.1:{}", free_port())]);
        command.args(["-defaultIPv4", "127.0.0.1", "-defaultIPv6", "", "-dns01", &names.to_string()]);
        let mut dns = Program::start(command.stdout(Stdio::null()).stderr(Stdio::null()));
        dns.listens(names).await;
        let mut command = Command::new(pebble);
        command.args(["-config", file("pebble.json").to_str().unwrap(), "-dnsserver", &names.to_string()]);
        // Without waits and refusals of its own making.
        command.env("PEBBLE_VA_NOSLEEP", "1").env("PEBBLE_WFE_NONCEREJECT", "0");
        let mut pebble = Program::start(command.stdout(Stdio::null()).stderr(Stdio::null()));
        pebble.listens(address).await;
        let trust = authority.trust();
        Some(Self { _authority: pebble, _dns: dns, folder, address, management, tls_port, trust })
    }

    fn source(&self) -> TlsSource {
        TlsSource::Acme(AcmeSettings {
            domains: DOMAINS.map(str::to_owned).to_vec(),
            contact: Some("mailto:owner@example.org".to_owned()),
            directory: format!("https://localhost:{}/dir", self.address.port()),
            root: Some(self.folder.path().join("root.pem")),
        })
    }

    /// A client that believes the certificates it issues.
    async fn visitor(&self) -> Trust {
        let root = self.trust.http(self.management, "localhost", ("GET", "/roots/0"), &[]).await;
        let body = &root.body;
        let (begin, end) = ("-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----");
        let pem = &body[body.find(begin).unwrap()..body.find(end).unwrap() + end.len()];
        Trust::pem(pem)
    }
}

/// A server on the port where the authority looks.
struct Secured {
    address: SocketAddr,
    running: JoinHandle<std::io::Result<()>>,
    _site: TempDir,
}

impl Secured {
    fn start(pebble: &Pebble, state: &Path) -> Self {
        let site = tempfile::tempdir().unwrap();
        let mut config = Config::for_site(Site::at(site.path()));
        config.listen = ([127, 0, 0, 1], pebble.tls_port).into();
        config.tls = Some(Tls::open(&pebble.source(), &Secrets::open(Some(state)).unwrap()).unwrap());
        let listeners = Listeners::bind(&config, server::sockets::Handed::default()).unwrap();
        let address = listeners.address().unwrap();
        let running = tokio::spawn(server::run(listeners, config, std::future::pending()));
        Self { address, running, _site: site }
    }

    async fn stop(self) {
        self.running.abort();
        let _ = self.running.await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_certificate_is_issued_over_the_one_port_and_kept() {
    let Some(pebble) = Pebble::start(60 * 60 * 24).await else { return };
    let state = tempfile::tempdir().unwrap();
    let visitor = pebble.visitor().await;
    let server = Secured::start(&pebble, state.path());
    eventually("a certificate", async || visitor.sees(server.address, DOMAINS[0]).await.is_ok()).await;
    let issued = visitor.sees(server.address, DOMAINS[1]).await.unwrap();
    let answer = visitor.http(server.address, DOMAINS[0], ("GET", "/health"), &[]).await;
    assert_eq!((answer.status, answer.header("strict-transport-security").is_some()), (200, true));
    visitor.client(server.address, DOMAINS[0]).await.heard_nothing().await;
    // Nobody else is told that there is a proof.
    let asked = visitor.speaking(&["acme-tls/1"]).connect(server.address, DOMAINS[0]).await;
    assert!(asked.is_err());
    let kept = || std::fs::read_dir(state.path().join("secrets")).unwrap().map(|file| file.unwrap());
    eventually("account and certificate on disk", async || kept().count() == 2).await;
    assert!(kept().all(|file| file.metadata().unwrap().permissions().mode() & 0o777 == 0o600));
    server.stop().await;
    // The next one has it from the start, and asks for none.
    let server = Secured::start(&pebble, state.path());
    assert_eq!(visitor.sees(server.address, DOMAINS[0]).await.unwrap(), issued);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_certificate_is_renewed_under_a_conversation() {
    let Some(pebble) = Pebble::start(12).await else { return };
    let state = tempfile::tempdir().unwrap();
    let visitor = pebble.visitor().await;
    let server = Secured::start(&pebble, state.path());
    eventually("a certificate", async || visitor.sees(server.address, DOMAINS[0]).await.is_ok()).await;
    let mut ana: Client = visitor.client(server.address, DOMAINS[0]).await;
    let first = visitor.sees(server.address, DOMAINS[0]).await.unwrap();
    eventually("another certificate", async || {
        visitor.sees(server.address, DOMAINS[0]).await.is_ok_and(|served| served != first)
    })
    .await;
    ana.heard_nothing().await;
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_authority_that_does_not_reach_the_server_is_explained() {
    let Some(pebble) = Pebble::start(60 * 60).await else { return };
    let state = tempfile::tempdir().unwrap();
    // It listens elsewhere than where the authority looks.
    let mut parlour = Command::new(env!("CARGO_BIN_EXE_parlour"))
        .args(["--site-dir", env!("CARGO_MANIFEST_DIR"), "--listen", "127.0.0.1:0", "--log", "info"])
        .args(["--redirect-listen", "127.0.0.1:0", "--domain", DOMAINS[0], "--acme-contact", "owner@example.org"])
        .args(["--acme-directory", &format!("https://localhost:{}/dir", pebble.address.port())])
        .args(["--acme-root", pebble.folder.path().join("root.pem").to_str().unwrap()])
        .args(["--state-dir", state.path().to_str().unwrap()])
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(parlour.stderr.take().unwrap()).lines();
    let said = async {
        loop {
            let line = lines.next_line().await.unwrap().unwrap();
            if line.contains("no certificate for") {
                break line;
            }
        }
    };
    let said = timeout(PATIENCE * 3, said).await.expect("a word in time");
    let explained = "this server was not found under the domain; its DNS must name this machine";
    assert!(said.contains(explained) && said.contains("next attempt in 10 s"), "{said}");
    parlour.kill().await.unwrap();
}
