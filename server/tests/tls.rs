//! TLS by the server itself: one port for everything, and certificates that come and go.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use server::tls::{Tls, TlsSource};
use server::{Config, Secrets};
use std::time::Duration;
use support::tls::{Authority, Pair, Trust, eventually};
use support::{Answer, PATIENCE, Server, are_undisturbed, join};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

fn files(pair: &Pair) -> TlsSource {
    TlsSource::Files { cert: pair.cert.clone(), key: pair.key.clone() }
}

fn open(source: &TlsSource) -> Tls {
    Tls::open(source, &Secrets::nowhere()).unwrap()
}

async fn secured(pair: &Pair, change: impl FnOnce(&mut Config)) -> Server {
    Server::with(|config| {
        config.tls = Some(open(&files(pair)));
        change(config);
    })
    .await
}

#[tokio::test]
async fn pages_and_conversations_go_over_the_one_port() {
    let authority = Authority::new();
    let pair = Pair::new(&authority.issue(&["parlour.test"]));
    let server = secured(&pair, |_| {}).await;
    let trust = authority.trust();
    let host = format!("parlour.test:{}", server.address.port());
    let page = trust.http(server.address, &host, ("GET", "/"), &[]).await;
    assert_eq!((page.status, page.header("strict-transport-security")), (200, Some("max-age=31536000")));
    let origin = format!("https://{host}");
    let headers = [("origin", origin.as_str()), ("accept", "application/json")];
    let room = trust.http(server.address, &host, ("POST", "/api/rooms"), &headers).await.room();
    let mut ana = trust.client(server.address, "parlour.test").await.enter(join(&room)).await.unwrap();
    let ben = trust.speaking(&["h2", "http/1.1"]).client(server.address, "parlour.test").await;
    let mut ben = ben.enter(join(&room)).await.unwrap();
    ana.hears().await;
    are_undisturbed(&mut ana, &mut ben).await;
}

#[tokio::test]
async fn a_page_that_came_in_the_clear_has_no_say() {
    let authority = Authority::new();
    let pair = Pair::new(&authority.issue(&["parlour.test"]));
    let server = secured(&pair, |_| {}).await;
    let host = "parlour.test";
    for (origin, status) in [("http://parlour.test", 403), ("https://parlour.test", 303)] {
        let answer = authority.trust().http(server.address, host, ("POST", "/api/rooms"), &[("origin", origin)]).await;
        assert_eq!(answer.status, status, "{origin}");
    }
}

#[tokio::test]
async fn what_comes_in_the_clear_is_sent_on() {
    let authority = Authority::new();
    let pair = Pair::new(&authority.issue(&["parlour.test"]));
    let server = secured(&pair, |_| {}).await;
    let port = server.address.port();
    for (host, path, to) in [
        (format!("parlour.test:{port}"), "/r/abc?join=1", format!("https://parlour.test:{port}/r/abc?join=1")),
        ("parlour.test".to_owned(), "/", "https://parlour.test/".to_owned()),
        ("parlour.test".to_owned(), "//evil.example/", "https://parlour.test//evil.example/".to_owned()),
    ] {
        let answer = server.http("GET", path, &[("host", &host)]).await;
        assert_eq!((answer.status, answer.header("location")), (308, Some(to.as_str())));
    }
    assert_eq!(server.http("POST", "/api/rooms", &[]).await.status, 308);
    for forged in ["evil.example/x", "a@evil.example", ""] {
        assert_eq!(server.http("GET", "/", &[("host", forged)]).await.status, 400, "{forged}");
    }
    assert_eq!(server.http("GET", "/health", &[]).await.status, 200);
    assert_eq!(server.http("GET", "/metrics", &[]).await.status, 200);
}

#[tokio::test]
async fn a_public_address_is_where_everybody_is_sent() {
    let authority = Authority::new();
    let pair = Pair::new(&authority.issue(&["parlour.test"]));
    let server = secured(&pair, |config| config.public_url = Some("https://parlour.test".parse().unwrap())).await;
    let answer = server.http("GET", "/r/abc", &[("host", "evil.example")]).await;
    assert_eq!(answer.header("location"), Some("https://parlour.test/r/abc"));
}

#[tokio::test]
async fn a_new_certificate_is_served_and_conversations_go_on() {
    let authority = Authority::new();
    let (old, new) = (authority.issue(&["parlour.test"]), authority.issue(&["parlour.test"]));
    let pair = Pair::new(&old);
    let server = secured(&pair, |_| {}).await;
    let trust = authority.trust();
    let mut ana = trust.client(server.address, "parlour.test").await;
    let before = trust.sees(server.address, "parlour.test").await.unwrap();
    // Half of it is there: the old one stays.
    pair.write(&new.0, &old.1);
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert_eq!(trust.sees(server.address, "parlour.test").await.unwrap(), before);
    pair.write("rubbish", "rubbish");
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert_eq!(trust.sees(server.address, "parlour.test").await.unwrap(), before);
    pair.write(&new.0, &new.1);
    eventually("the new certificate", async || trust.sees(server.address, "parlour.test").await.unwrap() != before)
        .await;
    ana.heard_nothing().await;
}

#[tokio::test]
async fn a_self_signed_certificate_has_the_fingerprint_that_was_shown() {
    let state = tempfile::tempdir().unwrap();
    let secrets = Secrets::open(Some(state.path())).unwrap();
    let tls = Tls::open(&TlsSource::SelfSigned, &secrets).unwrap();
    let shown = tls.fingerprint().unwrap();
    let server = Server::with(|config| config.tls = Some(tls.clone())).await;
    let trust = Trust::pem(&std::fs::read_to_string(state.path().join("secrets/self-signed.pem")).unwrap());
    let served = trust.sees(server.address, "127.0.0.1").await.unwrap();
    let digest = ring::digest::digest(&ring::digest::SHA256, &served);
    let pairs: Vec<_> = digest.as_ref().iter().map(|byte| format!("{byte:02X}")).collect();
    assert_eq!(pairs.join(":"), shown);
    let greeting = tls.greeting(server.address).unwrap();
    assert!(greeting.contains(&format!("https://{}/", server.address)), "{greeting}");
    assert!(shown.split(':').all(|pair| greeting.contains(pair)), "{greeting}");
    let page = trust.http(server.address, "localhost", ("GET", "/"), &[]).await;
    assert_eq!((page.status, page.header("strict-transport-security")), (200, None));
    let mut ana = trust.client(server.address, "localhost").await;
    ana.heard_nothing().await;
}

#[tokio::test]
async fn rubbish_and_half_handshakes_give_their_places_up() {
    let authority = Authority::new();
    let pair = Pair::new(&authority.issue(&["parlour.test"]));
    // One place: whoever comes next is answered once the one before has lost it.
    let server = secured(&pair, |config| config.limits.open_in_all = 1.try_into().unwrap()).await;
    let trust = authority.trust();
    let rubbish: [&[u8]; 7] = [
        &[0x16],
        &[0x16, 3, 1, 0xff, 0xff],
        &[0x16, 3, 1, 0, 5, 1, 0, 0, 1, 0],
        &[0x16; 600],
        &[0x16, 0, 0, 0, 0],
        &[0xff; 600],
        &[0x80; 16],
    ];
    for bytes in rubbish {
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        stream.write_all(bytes).await.unwrap();
        stream.shutdown().await.unwrap();
        let mut answer = Vec::new();
        let _ = timeout(PATIENCE, stream.read_to_end(&mut answer)).await.expect("an end in time");
        assert_eq!(server.http("GET", "/health", &[]).await.status, 200, "after {bytes:?}");
    }
    let page = trust.http(server.address, "parlour.test", ("GET", "/health"), &[]).await;
    assert_eq!(page.status, 200);
}

#[tokio::test]
async fn a_handshake_that_stands_still_is_given_up() {
    let authority = Authority::new();
    let pair = Pair::new(&authority.issue(&["parlour.test"]));
    let server = secured(&pair, |config| config.limits.open_in_all = 1.try_into().unwrap()).await;
    let mut slow = TcpStream::connect(server.address).await.unwrap();
    slow.write_all(&[0x16, 3, 1, 2, 0, 1]).await.unwrap();
    let mut answer = Vec::new();
    let _ = timeout(PATIENCE * 2, slow.read_to_end(&mut answer)).await.expect("the server gives up");
    assert_eq!(server.http("GET", "/health", &[]).await.status, 200);
}

#[tokio::test]
async fn bytes_that_come_one_by_one_are_understood() {
    let authority = Authority::new();
    let pair = Pair::new(&authority.issue(&["parlour.test"]));
    let server = secured(&pair, |_| {}).await;
    let mut clear = TcpStream::connect(server.address).await.unwrap();
    let mut secure = authority.trust().connect(server.address, "parlour.test").await.unwrap();
    clear.set_nodelay(true).unwrap();
    for byte in b"GET /health HTTP/1.1\r\nhost: parlour.test\r\nconnection: close\r\n\r\n" {
        clear.write_all(&[*byte]).await.unwrap();
        secure.write_all(&[*byte]).await.unwrap();
        secure.flush().await.unwrap();
    }
    for answer in [read_all(&mut clear).await, read_all(&mut secure).await] {
        assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("ok"), "{answer}");
    }
}

async fn read_all(stream: &mut (impl tokio::io::AsyncRead + Unpin)) -> String {
    let mut answer = String::new();
    timeout(PATIENCE, stream.read_to_string(&mut answer)).await.expect("an answer in time").unwrap();
    answer
}

#[tokio::test]
async fn only_protocols_that_are_spoken_are_agreed_on() {
    let authority = Authority::new();
    let pair = Pair::new(&authority.issue(&["parlour.test"]));
    let server = secured(&pair, |_| {}).await;
    for (offered, agreed) in [
        (&["h2"][..], None),
        (&["h2", "http/1.1"], Some("http/1.1")),
        (&["stun.turn"], Some("stun.turn")),
        (&["acme-tls/1"], None),
    ] {
        let stream = authority.trust().speaking(offered).connect(server.address, "parlour.test").await;
        let spoken = stream.ok().and_then(|stream| stream.get_ref().1.alpn_protocol().map(<[u8]>::to_vec));
        assert_eq!(spoken.as_deref(), agreed.map(str::as_bytes), "{offered:?}");
    }
    assert_eq!(server.http("GET", "/health", &[]).await.status, 200);
}

#[tokio::test]
async fn without_tls_a_handshake_is_no_request() {
    let server = Server::start().await;
    let authority = Authority::new();
    assert!(authority.trust().connect(server.address, "parlour.test").await.is_err());
    assert_eq!(server.http("GET", "/health", &[]).await.status, 200);
}

#[tokio::test]
async fn several_listeners_are_served_alike() {
    let authority = Authority::new();
    let pair = Pair::new(&authority.issue(&["parlour.test"]));
    let spare = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let site = tempfile::tempdir().unwrap();
    let mut config = Config::for_site(server::Site::at(site.path()));
    config.tls = Some(open(&files(&pair)));
    config.listen = "127.0.0.1:0".parse().unwrap();
    config.redirect = Some(server::config::Redirect { address: spare, is_wanted: true });
    let listeners = server::Listeners::bind(&config, server::sockets::Handed::default()).unwrap();
    let address = listeners.address().unwrap();
    let running = tokio::spawn(server::run(listeners, config, std::future::pending()));
    for address in [address, spare] {
        let answer = Answer::to(address, "GET", "/", &[("host", "parlour.test")]).await.unwrap();
        assert_eq!(answer.header("location"), Some("https://parlour.test/"));
        assert_eq!(authority.trust().http(address, "parlour.test", ("GET", "/health"), &[]).await.status, 200);
    }
    running.abort();
}

#[test]
fn files_that_cannot_be_used_are_refused_with_the_reason() {
    let authority = Authority::new();
    let (one, other) = (authority.issue(&["parlour.test"]), authority.issue(&["parlour.test"]));
    let refusal = |cert: &str, key: &str| {
        let pair = Pair::new(&(cert.to_owned(), key.to_owned()));
        Tls::open(&files(&pair), &Secrets::nowhere()).unwrap_err().to_string()
    };
    for (cert, key, reason) in [
        (one.0.as_str(), other.1.as_str(), "the private key belongs to another certificate"),
        ("rubbish", one.1.as_str(), "holds no certificate; it must be PEM text"),
        (one.0.as_str(), "rubbish", "holds no private key; it must be PEM text"),
    ] {
        let refusal = refusal(cert, key);
        assert!(refusal.contains(reason) && refusal.contains("cert.pem"), "{refusal}");
    }
    let missing = TlsSource::Files { cert: "/no/cert.pem".into(), key: "/no/key.pem".into() };
    let refusal = Tls::open(&missing, &Secrets::nowhere()).unwrap_err().to_string();
    assert!(refusal.starts_with("--tls-cert /no/cert.pem cannot be read: "), "{refusal}");
}
