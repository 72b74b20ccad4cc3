//! `parlour doctor`, the program, against real servers: one with which all is well, and others that lack one thing each.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd};
use serde_json::Value;
use std::ffi::OsStr;
use std::net::{SocketAddr, UdpSocket};
use std::num::NonZeroU32;
use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;
use support::Server;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::Command;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::CertificateDer;

/// What the program said.
struct Said {
    json: Value,
    is_well: bool,
}

impl Said {
    /// Returns a check's outcome, and what it says is to be done.
    fn check(&self, name: &str) -> (&str, String) {
        let checks = self.json["checks"].as_array().unwrap();
        let found = checks.iter().find(|check| check["name"].as_str().unwrap().starts_with(name));
        let found = found.unwrap_or_else(|| panic!("no {name} in {:#}", self.json));
        let (words, fix) = (found["words"].as_str().unwrap(), found["fix"].as_str().unwrap_or_default());
        (found["outcome"].as_str().unwrap(), format!("{words} {fix}"))
    }

    /// Asserts that exactly this check failed, and that what is to be done about it contains this.
    fn fails(&self, name: &str, fix: &str) {
        let checks = self.json["checks"].as_array().unwrap();
        let failed: Vec<_> = checks.iter().filter(|check| check["outcome"] == "failed").collect();
        assert!(!self.is_well && failed.len() == 1, "{:#}", self.json);
        assert!(failed[0]["name"].as_str().unwrap().starts_with(name), "{:#}", self.json);
        assert!(failed[0]["fix"].as_str().unwrap().contains(fix), "{:#}", self.json);
    }
}

fn program() -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_parlour"));
    program.stdin(Stdio::null()).kill_on_drop(true);
    program
}

async fn doctor(url: &str, arguments: &[&str], authorities: Option<&Path>) -> Said {
    let mut program = program();
    program.args(["doctor", "--json", url]).args(arguments);
    program
        .env_remove("SSL_CERT_DIR")
        .env("SSL_CERT_FILE", authorities.map_or(OsStr::new("/dev/null"), Path::as_os_str));
    let output = program.output().await.unwrap();
    let json = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{output:?}"));
    Said { json, is_well: output.status.success() }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_whole_server_passes_and_keeps_nobody_in_its_rooms() {
    let server = Server::start().await;
    let said = doctor(&format!("http://{}", server.address), &[], None).await;
    assert!(said.is_well && said.json["passed"] == true, "{:#}", said.json);
    for name in ["Port", "Page", "Room", "Signaling", "STUN, UDP", "Relay, UDP", "Relay, TCP"] {
        assert_eq!(said.check(name).0, "passed", "{name}: {:#}", said.json);
    }
    let metrics = server.http("GET", "/metrics", &[]).await.body;
    assert!(metrics.contains("presence=\"online\"} 0\n") && metrics.contains("presence=\"lost\"} 0\n"), "{metrics}");
    let left: Vec<_> = metrics.lines().filter(|line| line.starts_with("parlour_relay_allocations{")).collect();
    assert!(left.len() == 3 && left.iter().all(|line| line.ends_with(" 0")), "{left:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn people_get_a_line_for_each_thing() {
    let server = Server::start().await;
    let output = program().args(["doctor", &format!("http://{}", server.address)]).output().await.unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success() && text.ends_with("Everything that is needed works.\n"), "{text}");
    assert!(text.contains("\n✓ Page ") && text.contains("\n– Certificate ") && !text.contains('✗'), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_an_address_the_options_say_which_server_and_this_machine_is_looked_at() {
    let server = Server::start().await;
    let listen = server.address.to_string();
    let output = program().args(["--listen", &listen, "doctor", "--json"]).output().await.unwrap();
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(output.status.success() && json["url"] == format!("http://{listen}"), "{json:#}");
    let public = ["--listen", &listen, "--public-url", "http://no-such-name.invalid", "doctor", "--json"];
    let output = program().args(public).output().await.unwrap();
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    let said = Said { json, is_well: output.status.success() };
    assert!(said.check("This machine").1.contains("--tls self-signed"), "{:#}", said.json);
    said.fails("Name", "A record");
}

/// As on a machine without IPv6, where the system lets a server that wants all addresses have those of IPv4.
#[tokio::test(flavor = "multi_thread")]
async fn a_server_on_all_addresses_is_found_by_the_one_that_opens() {
    let server = Server::start().await;
    let listen = format!("[::]:{}", server.address.port());
    assert!(program().args(["--listen", &listen, "health"]).status().await.unwrap().success());
    let output = program().args(["--listen", &listen, "doctor", "--json"]).output().await.unwrap();
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(output.status.success() && json["url"] == format!("http://{}", server.address), "{json:#}");
}

/// No system has a way for a stream to everybody.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_tried_is_not_well() {
    doctor("http://255.255.255.255:3000", &[], None).await.fails("Way", "IPv4 address");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_does_not_run_is_said_to_be_started() {
    let address = UdpSocket::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    doctor(&format!("http://{address}"), &[], None).await.fails("Port", "systemctl status parlour");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_program_on_the_port_is_told_apart() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = [0; 4096];
            let _ = stream.read(&mut request).await;
            let _ = stream.write_all(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n").await;
        }
    });
    let said = doctor(&format!("http://{address}"), &[], None).await;
    assert!(!said.is_well && said.check("Page").1.contains("--listen"), "{:#}", said.json);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_a_proxy_changed_is_mended_by_the_public_url() {
    let server = Server::with(|config| config.public_url = Some("https://rooms.example".parse().unwrap())).await;
    let url = format!("http://{}", server.address);
    doctor(&url, &[], None).await.fails("Room", &format!("--public-url {url}"));
}

#[tokio::test(flavor = "multi_thread")]
async fn visitors_counted_as_one_are_told_of_the_proxy() {
    let server = Server::with(|config| {
        config.limits.loopback = true;
        config.limits.rooms = server::PerMinute(NonZeroU32::MIN);
    })
    .await;
    let url = format!("http://{}", server.address);
    assert!(doctor(&url, &[], None).await.is_well);
    doctor(&url, &[], None).await.fails("Room", "--trusted-proxy");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_that_is_elsewhere_and_silent_fails_with_its_port() {
    let silent = UdpSocket::bind("127.0.0.1:0").unwrap();
    let port = silent.local_addr().unwrap().port();
    let server = Server::with(|config| {
        let url = format!("turn:127.0.0.1:{port}?transport=udp").parse().unwrap();
        config.relay.outside = Some((vec![url], "secret".parse().unwrap()));
    })
    .await;
    let said = doctor(&format!("http://{}", server.address), &[], None).await;
    assert!(said.check("Relay, UDP").1.contains(&format!("ufw allow {port}/udp")), "{:#}", said.json);
    assert!(!said.is_well);
}

#[tokio::test(flavor = "multi_thread")]
async fn health_is_a_matter_of_the_exit_code() {
    let server = Server::start().await;
    let listen = server.address.to_string();
    let health = async || program().args(["--listen", &listen, "health"]).output().await.unwrap().status.success();
    assert!(health().await);
    server.stop().await;
    assert!(!health().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trusted_certificate_passes() {
    let authority = Authority::new();
    let server = Server::start().await;
    let url = authority.before(&server, "localhost", 2099).await;
    let said = doctor(&url, &[], Some(&authority.file)).await;
    assert!(said.is_well, "{:#}", said.json);
    assert!(said.check("Certificate").1.contains("for localhost"), "{:#}", said.json);
    doctor(&url, &[], Some(&Authority::new().file)).await.fails("Certificate", "SSL_CERT_FILE");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expired_certificate_and_another_s_are_told_apart() {
    let authority = Authority::new();
    let server = Server::start().await;
    let expired = authority.before(&server, "localhost", 2001).await;
    doctor(&expired, &[], Some(&authority.file)).await.fails("Certificate", "Renew it");
    let another = authority.before(&server, "rooms.example", 2099).await;
    doctor(&another, &[], Some(&authority.file)).await.fails("Certificate", "Get one for localhost");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_self_signed_certificate_passes_by_its_fingerprint_alone() {
    let authority = Authority::new();
    let server = Server::start().await;
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let url = put_tls_before(server.address, made.cert.der().clone(), &made.signing_key).await;
    let said = doctor(&url, &[], Some(&authority.file)).await;
    said.fails("Certificate", "--fingerprint");
    let words = said.check("Certificate").1;
    let fingerprint = words.split_once("fingerprint is ").unwrap().1.split(' ').next().unwrap();
    assert!(doctor(&url, &["--fingerprint", fingerprint], Some(&authority.file)).await.is_well);
    let other = "00:".repeat(31) + "00";
    assert!(!doctor(&url, &["--fingerprint", &other], Some(&authority.file)).await.is_well);
}

/// A certificate authority of the test's own.
struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    file: std::path::PathBuf,
    _folder: tempfile::TempDir,
}

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::new([]).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, "Test authority");
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("authority.pem");
        std::fs::write(&file, issuer.pem()).unwrap();
        Self { issuer, file, _folder: folder }
    }

    /// Speaks TLS for a server, with a certificate for this name and until this year.
    async fn before(&self, server: &Server, name: &str, until: i32) -> String {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new([name.to_owned()]).unwrap();
        params.distinguished_name.push(DnType::CommonName, name);
        params.not_before = date_time_ymd(2000, 1, 1);
        params.not_after = date_time_ymd(until, 1, 1);
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        put_tls_before(server.address, certificate.der().clone(), &key).await
    }
}

async fn put_tls_before(server: SocketAddr, certificate: CertificateDer<'static>, key: &KeyPair) -> String {
    let config =
        ServerConfig::builder_with_provider(Arc::new(default_provider())).with_safe_default_protocol_versions();
    let key = key.serialize_der().try_into().unwrap();
    let config = config.unwrap().with_no_client_auth().with_single_cert(vec![certificate], key).unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                let Ok(mut inside) = acceptor.accept(stream).await else { return };
                let mut outside = TcpStream::connect(server).await.unwrap();
                let _ = copy_bidirectional(&mut inside, &mut outside).await;
            });
        }
    });
    format!("https://localhost:{port}")
}
