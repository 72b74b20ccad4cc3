use super::*;
use crate::signaling::door::Doorkeeper;
use crate::signaling::error::SignalingError::{Closed, TooFast, Unreadable};
use signaling::identity::{ParticipantId, RoomId};
use signaling::protocol::{DisplayName, IceServer, MediaState, Signal, SignalBody};
use signaling::rooms::{RoomsConfig, Rules, World};
use signaling::time::Moment;
use std::sync::Mutex;

type Heard = Result<ClientMessage, SignalingError>;

struct Still(Mutex<u128>);

impl World for Still {
    fn now(&self) -> Moment {
        Moment::ZERO
    }

    fn random(&self) -> u128 {
        let mut drawn = self.0.lock().unwrap();
        *drawn += 1;
        *drawn
    }

    fn ice_servers(&self, _: &RoomId, _: ParticipantId, reached_at: Option<&str>) -> Vec<IceServer> {
        let urls = reached_at.map(|host| ["stun:", host].concat()).into_iter().collect();
        vec![IceServer { urls, username: None, credential: None }]
    }
}

fn rooms() -> (Rooms, RoomId) {
    let rooms = Rooms::new(RoomsConfig { capacity: 2, ..RoomsConfig::default() }, Still(Mutex::new(0)));
    let room = rooms.create(Rules::default()).unwrap();
    (rooms, room)
}

fn join(room: &RoomId) -> ClientMessage {
    let name = DisplayName::new("Ana").unwrap();
    ClientMessage::Join(Join { room: room.clone(), name, media: MediaState::default(), resume: None })
}

fn refused(reason: Refusal) -> ServerMessage {
    ServerMessage::Refused { reason }
}

/// A conversation in which the client says this much and then nothing.
fn conversation(rooms: &Rooms, said: Vec<Heard>) -> impl Stream<Item = ServerMessage> + Send + Unpin {
    let said = stream::iter(said).chain(stream::pending());
    let session = Session::new(said.into(), rooms.clone(), Door::default(), SessionConfig::default());
    session.into_stream().map(Result::unwrap).boxed()
}

/// All that a client hears who says this much and then hangs up.
async fn heard_by_one_who_says(rooms: &Rooms, said: Vec<Heard>) -> Vec<ServerMessage> {
    let session = Session::new(stream::iter(said).into(), rooms.clone(), Door::default(), SessionConfig::default());
    session.into_stream().map(Result::unwrap).collect().await
}

#[tokio::test(start_paused = true)]
async fn joining_is_answered_with_a_welcome() {
    let (rooms, room) = rooms();
    let mut ana = conversation(&rooms, vec![Ok(join(&room))]);
    assert!(matches!(ana.next().await, Some(ServerMessage::Welcome(_))));
    let mut ben = conversation(&rooms, vec![Ok(join(&room))]);
    assert!(matches!(ben.next().await, Some(ServerMessage::Welcome(_))));
    assert!(matches!(ana.next().await, Some(ServerMessage::Joined(_))));
}

#[tokio::test(start_paused = true)]
async fn a_dropped_conversation_is_told_to_the_others() {
    let (rooms, room) = rooms();
    let mut ana = conversation(&rooms, vec![Ok(join(&room))]);
    ana.next().await;
    let mut ben = conversation(&rooms, vec![Ok(join(&room))]);
    ben.next().await;
    ana.next().await;
    drop(ben);
    assert!(matches!(ana.next().await, Some(ServerMessage::Lost { .. })));
}

#[tokio::test(start_paused = true)]
async fn leaving_ends_the_conversation_and_is_told_to_the_others() {
    let (rooms, room) = rooms();
    let mut ana = conversation(&rooms, vec![Ok(join(&room))]);
    ana.next().await;
    let mut ben = conversation(&rooms, vec![Ok(join(&room)), Ok(ClientMessage::Leave)]);
    assert!(matches!(ben.next().await, Some(ServerMessage::Welcome(_))));
    assert_eq!(ben.next().await, None);
    assert!(matches!(ana.next().await, Some(ServerMessage::Joined(_))));
    assert!(matches!(ana.next().await, Some(ServerMessage::Left { .. })));
}

#[tokio::test(start_paused = true)]
async fn what_comes_before_joining_or_joins_twice_is_out_of_order() {
    let (rooms, room) = rooms();
    let signal = Signal { epoch: (1, 1).into(), seq: 0, body: SignalBody::EndOfCandidates };
    for early in
        [ClientMessage::SetMedia(MediaState::default()), ClientMessage::Signal { to: ParticipantId(1), signal }]
    {
        assert_eq!(heard_by_one_who_says(&rooms, vec![Ok(early)]).await, [refused(Refusal::OutOfOrder)]);
    }
    let mut twice = conversation(&rooms, vec![Ok(join(&room)), Ok(join(&room))]);
    assert!(matches!(twice.next().await, Some(ServerMessage::Welcome(_))));
    assert_eq!(twice.next().await, Some(refused(Refusal::OutOfOrder)));
    assert_eq!(twice.next().await, None);
}

#[tokio::test(start_paused = true)]
async fn probes_are_answered_before_and_after_joining() {
    let (rooms, room) = rooms();
    let probe = |nonce| Ok(ClientMessage::Probe { nonce });
    let mut ana = conversation(&rooms, vec![probe(1), Ok(join(&room)), probe(2)]);
    assert_eq!(ana.next().await, Some(ServerMessage::Echo { nonce: 1 }));
    assert!(matches!(ana.next().await, Some(ServerMessage::Welcome(_))));
    assert_eq!(ana.next().await, Some(ServerMessage::Echo { nonce: 2 }));
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_read_is_refused() {
    let (rooms, _) = rooms();
    assert_eq!(heard_by_one_who_says(&rooms, vec![Err(Unreadable)]).await, [refused(Refusal::Malformed)]);
    assert_eq!(heard_by_one_who_says(&rooms, vec![Err(Closed)]).await, []);
}

#[tokio::test(start_paused = true)]
async fn nobody_waits_outside_for_ever() {
    let (rooms, _) = rooms();
    let began = Instant::now();
    assert_eq!(conversation(&rooms, vec![]).collect::<Vec<_>>().await, [refused(Refusal::TooLate)]);
    assert_eq!(began.elapsed().as_secs(), limits::JOIN_DEADLINE.as_secs());
}

#[tokio::test(start_paused = true)]
async fn a_flood_is_refused() {
    let (rooms, room) = rooms();
    let heard = heard_by_one_who_says(&rooms, vec![Ok(join(&room)), Err(TooFast)]).await;
    assert_eq!(heard.last(), Some(&refused(Refusal::TooFast)));
    assert_eq!(rooms.look(&room).unwrap().inside, 0);
}

#[tokio::test(start_paused = true)]
async fn a_closed_door_lets_nobody_in() {
    struct Closed;
    impl Doorkeeper for Closed {
        fn admits(&self) -> bool {
            false
        }
        fn hears(&self, _: usize) -> bool {
            true
        }
    }
    let (rooms, room) = rooms();
    let said = stream::iter([Ok(join(&room))]);
    let session = Session::new(said.into(), rooms, Door::new(Closed), SessionConfig::default());
    let heard: Vec<_> = session.into_stream().collect().await;
    assert_eq!(heard, [Ok(refused(Refusal::TooFast))]);
}

#[tokio::test(start_paused = true)]
async fn ice_servers_are_renewed_while_inside_for_the_host_that_was_reached() {
    struct Hosted;
    impl Doorkeeper for Hosted {
        fn admits(&self) -> bool {
            true
        }
        fn hears(&self, _: usize) -> bool {
            true
        }
        fn reached_at(&self) -> Option<&str> {
            Some("parlour.example")
        }
    }
    let (rooms, room) = rooms();
    let config = SessionConfig { ice_renewal: Some(Duration::from_secs(40)), ..SessionConfig::default() };
    let said = stream::iter([Ok(join(&room))]).chain(stream::pending());
    let session = Session::new(said.into(), rooms.clone(), Door::new(Hosted), config);
    let began = Instant::now();
    let heard: Vec<_> = session.into_stream().map(Result::unwrap).take(3).collect().await;
    let expected = vec![IceServer { urls: vec!["stun:parlour.example".into()], username: None, credential: None }];
    let Some(ServerMessage::Welcome(welcome)) = heard.first() else { panic!("a welcome, not {heard:?}") };
    assert_eq!(welcome.ice_servers, expected);
    assert_eq!(heard[1..], [ServerMessage::IceServers(expected.clone()), ServerMessage::IceServers(expected)]);
    assert_eq!(began.elapsed().as_secs(), 80);
    let mut forever = conversation(&rooms, vec![Ok(join(&room))]);
    forever.next().await;
    let more = tokio::time::timeout(Duration::from_secs(3_600), forever.next()).await;
    assert!(more.is_err(), "nothing to renew: {more:?}");
}
