//! Behind a real nginx, configured by the very lines that the documentation gives.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::fs;
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::process::Stdio;
use support::programs::{Program, find, free_port};
use support::tls::{Authority, Trust};
use support::{Answer, Server, are_undisturbed, join};
use tempfile::TempDir;
use tokio::net::TcpSocket;
use tokio::process::Command;

const HOST: &str = "rooms.example.org";

/// The documentation's lines, with what differs here put in their place.
fn documented(replace: &[(&str, &str)]) -> String {
    let text = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/proxies.md")).unwrap();
    let mut lines = text.split("```nginx\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap().to_owned();
    for (written, here) in replace {
        assert!(lines.contains(written), "the documentation says {written}");
        lines = lines.replace(written, here);
    }
    lines
}

struct Nginx {
    _program: Program,
    _folder: TempDir,
    address: SocketAddr,
    plain: SocketAddr,
    trust: Trust,
}

impl Nginx {
    /// Starts one in front of this server; `None` where there is none.
    async fn before(server: &Server) -> Option<Self> {
        let program = find("nginx")?;
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
        let authority = Authority::new();
        let (cert, key) = authority.issue(&[HOST]);
        fs::write(file("cert.pem"), cert).unwrap();
        fs::write(file("key.pem"), key).unwrap();
        let [address, plain] = [(); 2].map(|()| SocketAddr::from(([127, 0, 0, 1], free_port())));
        let lines = documented(&[
            ("listen 443 ssl;", &format!("listen {address} ssl;")),
            ("listen [::]:443 ssl;", ""),
            ("listen 80;", &format!("listen {plain};")),
            ("listen [::]:80;", ""),
            ("/etc/letsencrypt/live/rooms.example.org/fullchain.pem", &file("cert.pem")),
            ("/etc/letsencrypt/live/rooms.example.org/privkey.pem", &file("key.pem")),
            ("http://127.0.0.1:3000", &format!("http://{}", server.address)),
        ]);
        let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .map(|kind| format!("{kind}_temp_path {};\n", file(kind)))
            .concat();
        let config = format!(
            "daemon off; master_process off; pid {}; error_log {};\nevents {{}}\nhttp {{\naccess_log off;\n{temporary}\
             {lines}\n}}\n",
            file("pid"),
            file("error.log")
        );
        fs::write(file("nginx.conf"), config).unwrap();
        let mut command = Command::new(program);
        command.args(["-p", &file(""), "-c", &file("nginx.conf"), "-e", &file("error.log")]);
        let mut program = Program::start(command.stdout(Stdio::null()).stderr(Stdio::inherit()));
        program.listens(address).await;
        Some(Self { _program: program, _folder: folder, address, plain, trust: authority.trust() })
    }
}

/// One room a minute for each address; the proxy comes from `127.0.0.1`, and nobody else is one.
fn one_room_a_minute(config: &mut server::Config) {
    config.public_url = Some(format!("https://{HOST}").parse().unwrap());
    config.limits.rooms.0 = NonZeroU32::new(1).unwrap();
    config.limits.proxies.networks = vec!["127.0.0.1".parse().unwrap()];
}

impl Nginx {
    /// Asks for a room from one of this machine's many addresses.
    async fn room(&self, from: &str, headers: &[(&str, &str)]) -> u16 {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind(format!("{from}:0").parse().unwrap()).unwrap();
        let stream = self.trust.secure(socket.connect(self.address).await.unwrap(), HOST).await.unwrap();
        let headers: Vec<_> = [("host", HOST)].into_iter().chain(headers.iter().copied()).collect();
        Answer::on(stream, "POST", "/api/rooms", &headers).await.unwrap().status
    }
}

#[tokio::test]
async fn pages_and_conversations_go_through() {
    let server = Server::with(|config| config.public_url = Some(format!("https://{HOST}").parse().unwrap())).await;
    let Some(nginx) = Nginx::before(&server).await else { return };
    let page = nginx.trust.http(nginx.address, HOST, ("GET", "/"), &[]).await;
    assert_eq!((page.status, page.header("strict-transport-security").is_some()), (200, true));
    let origin = format!("https://{HOST}");
    let headers = [("origin", origin.as_str()), ("accept", "application/json")];
    let room = nginx.trust.http(nginx.address, HOST, ("POST", "/api/rooms"), &headers).await.room();
    let foreign = [("origin", "https://evil.example")];
    assert_eq!(nginx.trust.http(nginx.address, HOST, ("POST", "/api/rooms"), &foreign).await.status, 403);
    let mut ana = nginx.trust.client(nginx.address, HOST).await.enter(join(&room)).await.unwrap();
    let mut ben = nginx.trust.client(nginx.address, HOST).await.enter(join(&room)).await.unwrap();
    ana.hears().await;
    are_undisturbed(&mut ana, &mut ben).await;
    let sent_on = Answer::to(nginx.plain, "GET", "/r/abc", &[("host", HOST)]).await.unwrap();
    assert_eq!((sent_on.status, sent_on.header("location")), (301, Some("https://rooms.example.org/r/abc")));
}

#[cfg(target_os = "linux")] // elsewhere, the machine has no such addresses
#[tokio::test]
async fn each_client_is_counted_by_its_own_address_whatever_it_says() {
    let server = Server::with(one_room_a_minute).await;
    let Some(nginx) = Nginx::before(&server).await else { return };
    for (from, status) in [("127.0.0.2", 303), ("127.0.0.2", 429), ("127.0.0.3", 303), ("127.0.0.3", 429)] {
        assert_eq!(nginx.room(from, &[]).await, status, "{from}");
    }
    for forged in ["203.0.113.2", "127.0.0.1", "203.0.113.3, 127.0.0.1", "unknown", ""] {
        let headers = [("x-forwarded-for", forged), ("forwarded", "for=203.0.113.9"), ("x-real-ip", forged)];
        assert_eq!(nginx.room("127.0.0.2", &headers).await, 429, "{forged}");
    }
    // A program on this machine that comes without the proxy is not counted.
    assert_eq!(server.http("POST", "/api/rooms", &[]).await.status, 303);
    let figures = nginx.trust.http(nginx.address, HOST, ("GET", "/metrics"), &[]).await;
    assert_eq!(figures.status, 404, "they are for programs on the same machine");
}
