//! What the rooms promise, with a clock that the test turns.

mod archive;
mod bounds;
mod health;
mod identities;
mod relay;

use super::*;
use crate::identity::{Epoch, Incarnation, JoinNumber, ResumeToken};
use crate::limits;
use crate::protocol::{
    DisplayName, IceServer, MediaState, Page, Participant, Presence, Resume, ServerMessage, Signal, SignalBody, Welcome,
};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

#[derive(Default)]
struct Fixture {
    millis: AtomicU64,
    drawn: AtomicU64,
}

impl World for Arc<Fixture> {
    fn now(&self) -> Moment {
        Moment::from_millis(self.millis.load(Relaxed))
    }

    fn random(&self) -> u128 {
        u128::from(self.drawn.fetch_add(1, Relaxed)).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835)
    }

    fn ice_servers(&self, _: &RoomId, id: ParticipantId, reached_at: Option<&str>) -> Vec<IceServer> {
        let url = format!("stun:{}", reached_at.unwrap_or("here"));
        vec![IceServer { urls: vec![url], username: Some(id.to_string()), credential: None }]
    }
}

struct Table {
    rooms: Rooms,
    room: RoomId,
    world: Arc<Fixture>,
}

/// Someone inside.
struct Guest {
    membership: Membership,
    inbox: Inbox,
    welcome: Welcome,
}

impl Guest {
    fn id(&self) -> ParticipantId {
        self.membership.id()
    }

    fn hears(&mut self) -> Vec<ServerMessage> {
        std::iter::from_fn(|| self.inbox.try_next()).collect()
    }
}

fn table_for(capacity: usize) -> Table {
    let world = Arc::new(Fixture::default());
    let rooms = Rooms::new(RoomsConfig { capacity, rooms: 3, ..RoomsConfig::default() }, Arc::clone(&world));
    Table { room: rooms.create(Rules::default()).unwrap(), rooms, world }
}

impl Table {
    fn wait(&self, duration: Moment) {
        self.world.millis.fetch_add(duration.as_millis() as u64, Relaxed);
        self.rooms.advance();
    }

    fn request(&self, resume: Option<(&ResumeToken, Page)>) -> Join {
        Join {
            room: self.room.clone(),
            name: DisplayName::new("Ana").unwrap(),
            media: MediaState::default(),
            resume: resume.map(|(token, page)| Resume { token: token.clone(), page }),
        }
    }

    fn enter(&self, join: &Join) -> Result<Guest, Refusal> {
        self.enter_through(self.rooms.connect(), join)
    }

    fn enter_through(&self, connection: Connection, join: &Join) -> Result<Guest, Refusal> {
        let (membership, mut inbox) = self.rooms.join(connection, join, None)?;
        match inbox.try_next() {
            Some(ServerMessage::Welcome(welcome)) => Ok(Guest { membership, inbox, welcome: *welcome }),
            other => panic!("welcome expected, not {other:?}"),
        }
    }

    fn guest(&self) -> Guest {
        self.enter(&self.request(None)).unwrap()
    }

    fn back(&self, token: &ResumeToken, page: Page) -> Result<Guest, Refusal> {
        self.enter(&self.request(Some((token, page))))
    }

    fn glance(&self) -> RoomGlance {
        self.rooms.look(&self.room).unwrap()
    }
}

fn ask() -> Signal {
    Signal { epoch: Epoch::from((1, 1)), seq: 1, body: SignalBody::EndOfCandidates }
}

fn lost(id: ParticipantId) -> ServerMessage {
    ServerMessage::Lost { id }
}

fn left(id: ParticipantId) -> ServerMessage {
    ServerMessage::Left { id }
}

fn refused(reason: Refusal) -> ServerMessage {
    ServerMessage::Refused { reason }
}

#[test]
fn a_room_is_named_by_a_uuid_v4() {
    let table = table_for(8);
    use base64::Engine as _;
    let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(table.room.as_str()).unwrap();
    let uuid = uuid::Uuid::from_slice(&bytes).unwrap();
    assert_eq!(uuid.get_version_num(), 4);
    assert_eq!(RoomId::parse(table.room.as_str()).unwrap(), table.room);
}

#[test]
fn a_newcomer_is_welcomed_with_everyone_and_everyone_is_told() {
    let table = table_for(8);
    let mut left = table.guest();
    let right = table.guest();
    assert_eq!(left.welcome.participants, []);
    assert_eq!(right.welcome.participants, [left.welcome.you.clone()]);
    assert_eq!(left.hears(), [ServerMessage::Joined(right.welcome.you.clone())]);
    assert_eq!((left.welcome.you.number, left.welcome.you.incarnation), (JoinNumber(1), Incarnation(1)));
    assert_eq!((right.welcome.you.number, right.welcome.you.incarnation), (JoinNumber(2), Incarnation(2)));
    assert_eq!(right.welcome.ice_servers[0].username, Some(right.id().to_string()));
    assert_eq!(right.welcome.room.capacity, 8);
}

#[test]
fn a_signal_reaches_its_addressee_alone() {
    let table = table_for(8);
    let (mut left, mut right, mut third) = (table.guest(), table.guest(), table.guest());
    left.hears();
    right.hears();
    left.membership.signal(right.id(), ask());
    assert_eq!(right.hears(), [ServerMessage::Signal { from: left.id(), signal: ask() }]);
    assert_eq!((left.hears(), third.hears()), (vec![], vec![]));
}

#[test]
fn a_signal_never_leaves_the_room() {
    let mut table = table_for(8);
    let mut here = table.guest();
    table.room = table.rooms.create(Rules::default()).unwrap();
    let mut there = table.guest();
    there.membership.signal(here.id(), ask());
    there.membership.signal(there.id(), ask());
    assert_eq!((here.hears(), there.hears()), (vec![], vec![]));
}

#[test]
fn a_signal_to_someone_who_is_not_there_is_dropped() {
    let table = table_for(8);
    let (mut left, gone, lost) = (table.guest(), table.guest(), table.guest());
    let (gone_id, lost_id) = (gone.id(), lost.id());
    gone.membership.leave();
    drop(lost);
    left.hears();
    for id in [gone_id, lost_id, ParticipantId(7)] {
        left.membership.signal(id, ask());
    }
    assert_eq!((left.hears(), table.glance().inside), (vec![], 1));
}

#[test]
fn news_of_devices_is_told_once() {
    let table = table_for(8);
    let (mut left, right) = (table.guest(), table.guest());
    left.hears();
    let media = MediaState { microphone: true, camera: false, ..MediaState::default() };
    right.membership.set_media(media);
    right.membership.set_media(media);
    assert_eq!(left.hears(), [ServerMessage::MediaChanged { id: right.id(), media }]);
    assert_eq!(table.guest().welcome.participants[1].media, media);
}

#[test]
fn a_full_room_refuses_newcomers_but_not_whoever_is_seated() {
    let table = table_for(2);
    let (_left, right) = (table.guest(), table.guest());
    assert_eq!(table.enter(&table.request(None)).err(), Some(Refusal::RoomFull));
    let Guest { membership, welcome, .. } = right;
    drop(membership);
    assert_eq!(table.glance(), RoomGlance { inside: 1, capacity: 2, full: true, rules: Rules::default() });
    assert_eq!(table.enter(&table.request(None)).err(), Some(Refusal::RoomFull));
    assert_eq!(table.back(&welcome.token, Page::Same).unwrap().id(), welcome.you.id);
}

#[test]
fn an_unknown_room_lets_nobody_in() {
    let mut table = table_for(2);
    table.room = RoomId::from_bytes([7; 16]);
    assert_eq!(table.enter(&table.request(None)).err(), Some(Refusal::UnknownRoom));
    assert_eq!(table.rooms.look(&table.room), None);
}

#[test]
fn leaving_is_told_at_once_and_frees_the_seat() {
    let table = table_for(2);
    let (mut left_guest, right) = (table.guest(), table.guest());
    left_guest.hears();
    let id = right.id();
    right.membership.leave();
    assert_eq!(left_guest.hears(), [left(id)]);
    assert!(!table.glance().full);
}

#[test]
fn a_lost_socket_is_told_at_once_and_its_seat_freed_without_a_word() {
    let table = table_for(2);
    let (mut left, right) = (table.guest(), table.guest());
    left.hears();
    let id = right.id();
    drop(right);
    assert_eq!(left.hears(), [lost(id)]);
    table.wait(limits::LOST_SEAT - Moment::from_millis(1));
    assert!(table.glance().full);
    table.wait(Moment::from_millis(1));
    assert!(!table.glance().full);
    assert_eq!(left.hears(), []);
}

#[test]
fn a_welcome_shows_the_lost_as_lost() {
    let table = table_for(8);
    drop(table.guest());
    assert_eq!(table.guest().welcome.participants[0].presence, Presence::Lost);
}

#[test]
fn a_closing_page_is_gone_after_a_moment() {
    let table = table_for(8);
    let (mut left_guest, right) = (table.guest(), table.guest());
    left_guest.hears();
    let id = right.id();
    right.membership.closing();
    table.wait(limits::CLOSING_SEAT - Moment::from_millis(1));
    assert_eq!(left_guest.hears(), []);
    table.wait(Moment::from_millis(1));
    assert_eq!(left_guest.hears(), [left(id)]);
}
