//! What every request passes through, over HTTP.

mod support;

use signaling::limits;
use std::num::NonZeroU32;
use support::{Answer, Server, are_undisturbed};

const UPGRADE: [(&str, &str); 4] = [
    ("upgrade", "websocket"),
    ("connection", "upgrade"),
    ("sec-websocket-version", "13"),
    ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
];

fn with<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    UPGRADE.iter().chain(more).copied().collect()
}

#[tokio::test]
async fn pages_of_other_sites_are_refused() {
    let server = Server::start().await;
    let room = server.room().await;
    let (mut ana, mut ben) = server.pair(&room).await;
    let own = format!("http://{}", server.address);
    let foreign: [&[(&str, &str)]; 6] = [
        &[("origin", "https://evil.example")],
        &[("origin", "null")],
        &[("origin", "http://127.0.0.1:1")],
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site")],
        &[("origin", &own), ("sec-fetch-site", "cross-site")],
    ];
    for headers in foreign {
        assert_eq!(server.http("POST", "/api/rooms", headers).await.status, 403, "{headers:?}");
        assert_eq!(server.http("GET", "/api/signaling", &with(headers)).await.status, 403, "{headers:?}");
        assert_eq!(server.http("GET", "/", headers).await.status, 200, "a link may come from anywhere");
    }
    let ours: [&[(&str, &str)]; 4] = [
        &[],
        &[("origin", &own)],
        &[("origin", &own), ("sec-fetch-site", "same-origin")],
        &[("sec-fetch-site", "none")],
    ];
    for headers in ours {
        assert_eq!(server.http("POST", "/api/rooms", headers).await.status, 303, "{headers:?}");
    }
    are_undisturbed(&mut ana, &mut ben).await;
}

#[tokio::test]
async fn a_configured_address_is_the_only_origin() {
    let server = Server::with(|config| config.public_url = Some("https://example.org".parse().unwrap())).await;
    let own = format!("http://{}", server.address);
    assert_eq!(server.http("POST", "/api/rooms", &[("origin", &own)]).await.status, 403);
    let answer = server.http("POST", "/api/rooms", &[("origin", "https://example.org")]).await;
    assert_eq!(answer.status, 303);
    assert!(answer.header("strict-transport-security").is_some());
    assert!(answer.header("content-security-policy").unwrap().contains("connect-src 'self' wss://example.org:443;"));
}

fn has_common_headers(answer: &Answer) {
    assert_eq!(answer.header("referrer-policy"), Some("same-origin"));
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(answer.header("cross-origin-opener-policy"), Some("same-origin"));
    assert!(answer.header("cache-control").is_some());
}

fn has_all_headers(answer: &Answer) {
    has_common_headers(answer);
    let permissions = answer.header("permissions-policy").expect("a policy");
    assert!(permissions.contains("camera=(self)") && permissions.contains("geolocation=()"));
    let content = answer.header("content-security-policy").expect("a policy");
    assert!(content.starts_with("default-src 'none'; ") && content.ends_with("frame-ancestors 'none'"));
    assert!(!content.contains("unsafe-inline") && !content.contains("'unsafe-eval'"));
}

#[tokio::test]
async fn every_answer_has_the_headers() {
    let server = Server::start().await;
    let room = format!("/r/{}", server.room().await.as_str());
    for (method, path, status) in [
        ("GET", "/", 200),
        ("GET", &room, 200),
        ("GET", "/r/AAAAAAAAAAAAAAAAAAAAAA", 404),
        ("GET", "/no/such/page", 404),
        ("GET", "/pkg/no-such-file.js", 404),
        ("GET", "/pkg/../../etc/passwd", 404),
        ("GET", "/health", 200),
        ("GET", "/api/signaling", 400),
        ("POST", "/api/rooms", 303),
        ("POST", "/", 405),
        ("GET", "/api/rooms", 405),
    ] {
        let answer = server.http(method, path, &[]).await;
        assert_eq!(answer.status, status, "{method} {path}");
        has_all_headers(&answer);
    }
    let foreign = server.http("POST", "/api/rooms", &[("origin", "null")]).await;
    has_all_headers(&foreign);
}

#[tokio::test]
async fn a_file_opened_by_itself_may_do_nothing() {
    let server = Server::start().await;
    for path in ["/pkg/parlour.abc.js", "/favicon.svg"] {
        let answer = server.http("GET", path, &[]).await;
        assert_eq!(answer.status, 200, "{path}");
        has_common_headers(&answer);
        assert_eq!(
            answer.header("content-security-policy"),
            Some("default-src 'none'; frame-ancestors 'none'"),
            "{path}"
        );
    }
}

#[tokio::test]
async fn each_page_has_a_nonce_of_its_own_and_nothing_inline_without_it() {
    let server = Server::start().await;
    let room = format!("/r/{}", server.room().await.as_str());
    let mut seen = Vec::new();
    for path in ["/", "/", &room, "/r/AAAAAAAAAAAAAAAAAAAAAA", "/no/such/page"] {
        let answer = server.http("GET", path, &[]).await;
        let policy = answer.header("content-security-policy").unwrap();
        let nonce = policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).expect("a nonce");
        assert!(policy.contains(&format!("script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval';")));
        assert!(!seen.contains(&nonce.to_owned()), "{path}");
        for script in answer.body.split("<script").skip(1) {
            let tag = script.split('>').next().unwrap();
            assert!(tag.contains(&format!("nonce=\"{nonce}\"")), "{path}: <script{tag}>");
        }
        assert!(!answer.body.contains(" style=") && !answer.body.contains("<style"), "{path}");
        assert!(!answer.body.contains(" onclick="), "{path}");
        seen.push(nonce.to_owned());
    }
}

#[tokio::test]
async fn files_are_kept_for_as_long_as_they_are_the_same() {
    let server = Server::start().await;
    let plain = server.http("GET", "/pkg/parlour.abc.js", &[]).await;
    assert_eq!(plain.header("cache-control"), Some("public, max-age=31536000, immutable"));
    assert_eq!(plain.header("content-encoding"), None);
    let packed = server.http("GET", "/pkg/parlour.abc.js", &[("accept-encoding", "gzip, br")]).await;
    assert_eq!((packed.header("content-encoding"), packed.body.as_str()), (Some("br"), "compressed ahead"));
    assert_eq!(server.http("GET", "/favicon.svg", &[]).await.header("cache-control"), Some("public, max-age=3600"));
    for path in ["/", "/pkg/gone.js"] {
        assert_eq!(server.http("GET", path, &[]).await.header("cache-control"), Some("no-cache"), "{path}");
    }
}

#[tokio::test]
async fn pages_are_compressed() {
    let server = Server::start().await;
    let page = server.http("GET", "/", &[("accept-encoding", "br")]).await;
    assert_eq!(page.header("content-encoding"), Some("br"));
}

#[tokio::test]
async fn rooms_are_made_by_a_form_and_by_an_api() {
    let server = Server::start().await;
    for accept in [None, Some("*/*"), Some("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")] {
        let headers: Vec<_> = accept.map(|accept| ("accept", accept)).into_iter().collect();
        let answer = server.http("POST", "/api/rooms", &headers).await;
        assert_eq!(answer.status, 303, "{accept:?}");
        let link = answer.header("location").unwrap();
        let room = link.strip_prefix("/r/").and_then(|rest| rest.strip_suffix("#new")).expect("a room's link");
        assert_eq!(room.len(), 22);
    }
    let with_referer = [("accept", "text/html"), ("referer", "http://127.0.0.1/")];
    assert!(server.http("POST", "/api/rooms", &with_referer).await.header("location").unwrap().ends_with("#new"));
    let answer = server.http("POST", "/api/rooms", &[("accept", "application/json")]).await;
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/json")));
    let made: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
    let path = made["path"].as_str().unwrap();
    assert_eq!(path, format!("/r/{}", made["room"].as_str().unwrap()));
    assert_eq!(server.http("GET", path, &[]).await.status, 200);
}

#[tokio::test]
async fn what_a_room_is_to_be_is_read_strictly() {
    let server = Server::start().await;
    let make = |body: Vec<u8>| {
        let server = &server;
        async move { server.post("/api/rooms", &[("accept", "application/json")], &body).await.map(|made| made.status) }
    };
    assert_eq!(make(b"{}".to_vec()).await.unwrap(), 200);
    assert_eq!(make(b"relays=true".to_vec()).await.unwrap(), 400);
    assert_eq!(make(vec![0xff; 10]).await.unwrap(), 400, "not even a text");
    // Nobody asks for so much; a server that took it all could be filled with it.
    let long = [vec![b' '; 2 * limits::FRAME_BYTES], b"{}".to_vec()].concat();
    assert_ne!(make(long).await.ok(), Some(200));
}

/// What a browser accepts.
const PAGES: (&str, &str) = ("accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8");

fn is_refusal_page(answer: &Answer, reason: &str) {
    assert_eq!(answer.header("content-type"), Some("text/html; charset=utf-8"), "{}", answer.head);
    assert!(answer.body.contains(&format!("data-reason=\"{reason}\"")), "{}", answer.body);
    assert!(answer.body.contains("data-testid=\"new-room\"") && answer.body.contains("<html"), "{}", answer.body);
    has_all_headers(answer);
}

#[tokio::test]
async fn there_are_only_so_many_rooms() {
    let server = Server::with(|config| config.rooms.rooms = 1).await;
    let room = server.room().await;
    let _pair = server.pair(&room).await;
    let answer = server.http("POST", "/api/rooms", &[("accept", "application/json")]).await;
    assert_eq!((answer.status, answer.body.as_str()), (503, "\"too-many-rooms\""));
    for headers in [&[PAGES][..], &[PAGES, ("referer", "http://127.0.0.1/")]] {
        let answer = server.http("POST", "/api/rooms", headers).await;
        assert_eq!((answer.status, answer.header("location")), (503, None));
        is_refusal_page(&answer, "too-many-rooms");
    }
}

#[tokio::test]
async fn a_full_room_s_page_says_so() {
    let server = Server::with(|config| config.rooms.capacity = 2).await;
    let room = server.room().await;
    let path = format!("/r/{}", room.as_str());
    let _pair = server.pair(&room).await;
    let answer = server.http("GET", &path, &[]).await;
    assert!(answer.body.contains("room-full"), "{}", answer.status);
    assert!(answer.status >= 400);
}

#[tokio::test]
async fn one_address_makes_only_so_many_rooms() {
    let server = Server::with(|config| {
        config.limits.loopback = true;
        config.limits.rooms.0 = NonZeroU32::new(2).unwrap();
    })
    .await;
    for status in [303, 303, 429] {
        assert_eq!(server.http("POST", "/api/rooms", &[]).await.status, status);
    }
    // The proxy on this machine names others, who have not made any.
    for (client, status) in [("192.0.2.1", 303), ("192.0.2.1", 303), ("192.0.2.1", 429), ("192.0.2.2", 303)] {
        let answer = server.http("POST", "/api/rooms", &[("x-forwarded-for", client)]).await;
        assert_eq!(answer.status, status, "{client}");
    }
    assert_eq!(server.http("GET", "/", &[]).await.status, 200);
    let answer = server.http("POST", "/api/rooms", &[PAGES]).await;
    assert_eq!((answer.status, answer.header("retry-after").is_some()), (429, true));
    is_refusal_page(&answer, "too-fast");
}

#[tokio::test]
async fn one_address_holds_only_so_many_connections() {
    let server = Server::with(|config| {
        config.limits.loopback = true;
        config.limits.proxies.networks.clear();
        config.limits.open = 2.try_into().unwrap();
    })
    .await;
    let first = server.client().await;
    let second = server.client().await;
    let mut third = tokio::net::TcpStream::connect(server.address).await.unwrap();
    let mut nothing = [0];
    assert_eq!(tokio::io::AsyncReadExt::read(&mut third, &mut nothing).await.unwrap_or(0), 0, "closed at once");
    first.vanish();
    support::a_moment().await;
    let mut fourth = server.client().await;
    fourth.heard_nothing().await;
    drop(second);
}

#[tokio::test]
async fn only_whoever_sits_at_this_machine_is_brought_in_by_a_link_alone() {
    let joins = async |server: &Server, headers: &[(&str, &str)]| {
        let path = format!("/r/{}?join=1", server.room().await.as_str());
        let body = server.http("GET", &path, headers).await.body;
        let told = |joins| body.contains(&format!("&quot;auto_join&quot;:{joins}"));
        assert!(told(true) || told(false), "the island is told");
        told(true)
    };
    let plain = Server::start().await;
    assert!(joins(&plain, &[]).await);
    assert!(!joins(&plain, &[("host", "rooms.example.org")]).await);
    for header in ["x-forwarded-for", "forwarded", "via", "x-forwarded-proto"] {
        assert!(!joins(&plain, &[(header, "127.0.0.1")]).await, "{header}");
    }
    for (url, expected) in [("https://rooms.example.org", false), ("http://localhost:3000", true)] {
        let named = Server::with(|config| config.public_url = Some(url.parse().unwrap())).await;
        // As from a proxy that names the address it forwards to.
        assert_eq!(joins(&named, &[("host", "127.0.0.1:3000")]).await, expected, "{url}");
    }
    let anywhere = Server::with(|config| config.auto_join_anywhere = true).await;
    assert!(joins(&anywhere, &[("host", "rooms.example.org"), ("x-forwarded-for", "192.0.2.1")]).await);
}

#[tokio::test]
async fn no_header_makes_a_client_one_of_this_machine() {
    let server = Server::with(|config| config.limits.rooms.0 = NonZeroU32::new(1).unwrap()).await;
    for forged in ["\u{e9}", "unknown", "127.0.0.1"] {
        let client = format!("{forged}, 192.0.2.{}", forged.len());
        for status in [303, 429] {
            let answer = server.http("POST", "/api/rooms", &[("x-forwarded-for", &client)]).await;
            assert_eq!(answer.status, status, "{client}");
        }
    }
    // All that name nobody share what their proxy may do.
    for (forged, status) in [("unknown", 303), ("127.0.0.1", 429), ("\u{e9}", 429)] {
        let answer = server.http("POST", "/api/rooms", &[("x-forwarded-for", forged)]).await;
        assert_eq!(answer.status, status, "{forged}");
    }
    assert_eq!(server.http("POST", "/api/rooms", &[]).await.status, 303);
    assert_eq!(server.http("POST", "/api/rooms", &[]).await.status, 303, "a program on this machine is not limited");
}
