//! The relay over real sockets, by people whose credentials come from a real welcome.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;
#[path = "support/turn.rs"]
mod turn;

use core::time::Duration;
use relay::framing::DATAGRAM_BYTES;
use signaling::protocol::{ClientMessage, IceServer};
use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream, UdpSocket};
use std::time::Instant;
use support::{Guest, Server};
use turn::{Trouble, TurnClient, Wire, frame};

const CHANNEL: u16 = 0x4000;
/// When nothing is to come, it would come sooner than this.
const NOTHING: Duration = Duration::from_millis(300);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Road {
    Udp,
    Tcp,
}

/// A client with somebody's credentials, and nothing else yet.
fn client(server: &Server, road: Road, guest: &Guest) -> TurnClient {
    let turn = guest.welcome.ice_servers.iter().find(|server| server.credential.is_some()).expect("a TURN server");
    let IceServer { username: Some(username), credential: Some(credential), .. } = turn else { panic!("{turn:?}") };
    TurnClient::new(wire(server, road), username, credential)
}

fn wire(server: &Server, road: Road) -> Wire {
    match road {
        Road::Udp => Wire::udp(server.address),
        Road::Tcp => Wire::tcp(server.address),
    }
    .unwrap()
}

/// Two clients of one room, each with a channel to the other.
fn joined(server: &Server, roads: [Road; 2], guests: [&Guest; 2]) -> [TurnClient; 2] {
    let [mut ana, mut ben] = [0, 1].map(|one| client(server, roads[one], guests[one]));
    let (ana_at, ben_at) = (ana.allocate().unwrap(), ben.allocate().unwrap());
    ana.bind(CHANNEL, ben_at).unwrap();
    ben.bind(CHANNEL, ana_at).unwrap();
    [ana, ben]
}

fn assert_joined(ana: &mut TurnClient, ben: &mut TurnClient) {
    ana.say(CHANNEL, b"there").unwrap();
    assert_eq!(ben.hear(CHANNEL).unwrap(), b"there");
    ben.say(CHANNEL, b"back").unwrap();
    assert_eq!(ana.hear(CHANNEL).unwrap(), b"back");
}

fn hears_nothing(client: &mut TurnClient) {
    client.wire.set_patience(NOTHING).unwrap();
    let heard = client.wire.receive();
    assert!(matches!(heard, Err(ref error) if is_silence(error)), "{heard:?}");
    client.wire.set_patience(Duration::from_secs(5)).unwrap();
}

fn is_silence(error: &std::io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut)
}

/// Asserts that the server ends a stream.
fn assert_ended(mut stream: TcpStream) {
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    match stream.read(&mut [0; 64]) {
        Ok(0) => {}
        Err(error) if error.kind() == ErrorKind::ConnectionReset => {}
        other => panic!("it goes on: {other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_of_a_room_are_relayed_on_every_road() {
    let server = Server::start().await;
    let room = server.room().await;
    let (ana, ben) = server.pair(&room).await;
    for roads in [[Road::Udp; 2], [Road::Tcp; 2], [Road::Udp, Road::Tcp]] {
        let [mut one, mut other] = joined(&server, roads, [&ana, &ben]);
        assert_joined(&mut one, &mut other);
        // Odd lengths are filled up on a stream, and a whole packet fits.
        for length in [0, 1, 5, 1_200] {
            let data = vec![7; length];
            one.say(CHANNEL, &data).unwrap();
            assert_eq!(other.hear(CHANNEL).unwrap(), data, "{roads:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn everyone_is_told_where_they_come_from() {
    let server = Server::start().await;
    let room = server.room().await;
    let ana = server.guest(&room).await;
    for road in [Road::Udp, Road::Tcp] {
        let mut client = client(&server, road, &ana);
        let told = client.mapped().unwrap();
        assert_eq!(told.port(), client.wire.local().unwrap().port());
        assert!(told.ip().is_loopback() && told.is_ipv4(), "{told}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_room_moves_nothing() {
    let server = Server::start().await;
    let (room, elsewhere) = (server.room().await, server.room().await);
    let (ana, ben) = server.pair(&room).await;
    let eve = server.guest(&elsewhere).await;
    let [mut ana, mut ben] = joined(&server, [Road::Udp, Road::Tcp], [&ana, &ben]);
    for road in [Road::Udp, Road::Tcp] {
        let mut eve = client(&server, road, &eve);
        let eve_at = eve.allocate().unwrap();
        let own: SocketAddr = ([192, 0, 2, 1], 1_024).into();
        for peer in [own, (own.ip(), 1_025).into(), server.address, ([10, 0, 0, 1], 80).into()] {
            assert!(matches!(eve.bind(CHANNEL, peer), Err(Trouble::Refused(403))), "{peer}");
            let _ = eve.permit(peer);
            eve.indicate(peer, b"x").unwrap();
        }
        ana.indicate(eve_at, b"x").unwrap();
        hears_nothing(&mut eve);
    }
    assert_joined(&mut ana, &mut ben);
    hears_nothing(&mut ana);
    hears_nothing(&mut ben);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_does_not_read_holds_nobody_up() {
    let server = Server::start().await;
    let room = server.room().await;
    let (ana, ben) = server.pair(&room).await;
    let cy = server.guest(&room).await;
    let [mut sender, mut slow] = joined(&server, [Road::Udp, Road::Tcp], [&ana, &ben]);
    let [mut one, mut other] = joined(&server, [Road::Tcp, Road::Udp], [&ana, &cy]);
    // More than the sockets and the queue on the way take.
    let began = Instant::now();
    for _ in 0..40 {
        for _ in 0..200 {
            sender.say(CHANNEL, &[7; 1_200]).unwrap();
        }
        assert_joined(&mut one, &mut other);
    }
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
    // What had its place comes whole, and then goes on.
    assert_eq!(slow.hear(CHANNEL).unwrap(), [7; 1_200]);
}

#[tokio::test(flavor = "multi_thread")]
async fn half_a_datagram_ends_with_its_stream() {
    let server = Server::start().await;
    let room = server.room().await;
    let (ana, ben) = server.pair(&room).await;
    let [one, mut other] = joined(&server, [Road::Tcp, Road::Udp], [&ana, &ben]);
    let Wire::Tcp(mut stream) = one.wire else { panic!("a stream") };
    let datagram = frame(CHANNEL, &[7; 100]);
    stream.write_all(&datagram[..50]).unwrap();
    drop(stream);
    hears_nothing(&mut other);
    let [mut one, mut another] = joined(&server, [Road::Tcp, Road::Udp], [&ana, &ben]);
    assert_joined(&mut one, &mut another);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_datagram_may_come_in_pieces() {
    let server = Server::start().await;
    let room = server.room().await;
    let (ana, ben) = server.pair(&room).await;
    let [mut one, mut other] = joined(&server, [Road::Tcp, Road::Udp], [&ana, &ben]);
    let Wire::Tcp(stream) = &mut one.wire else { panic!("a stream") };
    for byte in frame(CHANNEL, b"byte by byte") {
        stream.write_all(&[byte]).unwrap();
    }
    assert_eq!(other.hear(CHANNEL).unwrap(), b"byte by byte");
}

#[tokio::test(flavor = "multi_thread")]
async fn garbage_ends_a_stream() {
    let server = Server::start().await;
    let room = server.room().await;
    let ana = server.guest(&room).await;
    let too_long = [&[0x40, 0, 0xff, 0xff][..], &[0; 64]].concat();
    for garbage in [&[0xff; 64][..], b"GET / HTTP/1.1\r\n\r\n", &too_long, &[0, 1, 0, 7, 0]] {
        let mut client = client(&server, Road::Tcp, &ana);
        client.allocate().unwrap();
        let Wire::Tcp(mut stream) = client.wire else { panic!("a stream") };
        stream.write_all(garbage).unwrap();
        assert_ended(stream);
    }
    let mut stream = TcpStream::connect(server.address).unwrap();
    stream.write_all(&[0, 1, 0, 7]).unwrap();
    assert_ended(stream);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_ends_with_its_allocation() {
    let server = Server::start().await;
    let room = server.room().await;
    let ana = server.guest(&room).await;
    let mut client = client(&server, Road::Tcp, &ana);
    client.allocate().unwrap();
    client.mapped().unwrap();
    client.refresh(0).unwrap();
    let Wire::Tcp(stream) = client.wire else { unreachable!("it is on TCP") };
    assert_ended(stream);
}

#[tokio::test(flavor = "multi_thread")]
async fn garbage_on_udp_is_not_answered() {
    let server = Server::start().await;
    let room = server.room().await;
    let ana = server.guest(&room).await;
    let mut client = client(&server, Road::Udp, &ana);
    client.allocate().unwrap();
    for garbage in [&[][..], &[0], &[0xff; 1_200], b"GET / HTTP/1.1\r\n\r\n", &[0x40; DATAGRAM_BYTES + 9]] {
        client.wire.send(garbage).unwrap();
    }
    hears_nothing(&mut client);
    client.refresh(600).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_proved_nothing_is_answered_sparingly() {
    let server = Server::start().await;
    server.room().await; // It listens.
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    socket.connect(server.address).unwrap();
    let (mut answers, mut buffer) = (0, [0; 2_048]);
    let knock = TurnClient::knock();
    let wait = |time| socket.set_read_timeout(Some(time)).unwrap();
    // A few at a time, so that nothing is lost on the way.
    for _ in 0..200 {
        for _ in 0..50 {
            socket.send(&knock).unwrap();
        }
        wait(Duration::from_millis(if answers < 6_000 { 200 } else { 5 }));
        for _ in 0..50 {
            match socket.recv(&mut buffer) {
                Ok(_) => answers += 1,
                Err(error) => {
                    assert!(is_silence(&error), "{error}");
                    break;
                }
            }
        }
    }
    wait(NOTHING);
    while socket.recv(&mut buffer).is_ok() {
        answers += 1;
    }
    // Six thousand at once, and a hundred for each second that this takes.
    assert!((5_500..9_000).contains(&answers), "{answers} of 10,000");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_leaves_the_room_has_no_allocation_soon() {
    let server = Server::start().await;
    let room = server.room().await;
    let (ana, mut ben) = server.pair(&room).await;
    let [mut one, mut other] = joined(&server, [Road::Udp, Road::Udp], [&ana, &ben]);
    let mut again = client(&server, Road::Udp, &ben);
    assert_joined(&mut one, &mut other);
    ben.say(&ClientMessage::Leave).await;
    assert_eq!(ben.client.next().await, None);
    let began = Instant::now();
    one.wire.set_patience(Duration::from_millis(50)).unwrap();
    // Until one that was said is not heard; on one machine nothing else is lost.
    loop {
        other.say(CHANNEL, b"still here?").unwrap();
        match one.hear(CHANNEL) {
            Ok(_) => assert!(began.elapsed() < Duration::from_secs(4), "the allocation stays"),
            Err(error) => break assert!(is_silence(&error), "{error}"),
        }
    }
    assert!(again.allocate().is_err(), "the credentials are no good any more");
}
