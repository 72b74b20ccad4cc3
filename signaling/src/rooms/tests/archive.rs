//! What a restarted server knows.

use super::*;
use std::collections::BTreeMap;

/// Keeps records as text, as a disk does.
#[derive(Clone, Default)]
struct Shelf(Arc<Mutex<BTreeMap<RoomId, String>>>);

impl Archive for Shelf {
    fn keep(&self, room: &RoomId, record: RoomRecord) {
        self.0.lock().unwrap().insert(room.clone(), serde_json::to_string(&record).unwrap());
    }

    fn forget(&self, room: &RoomId) {
        self.0.lock().unwrap().remove(room);
    }

    fn settle(&self, settled: Box<dyn FnOnce() + Send>) {
        settled();
    }
}

impl Shelf {
    fn records(&self) -> Vec<(RoomId, RoomRecord)> {
        let kept = self.0.lock().unwrap();
        kept.iter().map(|(id, text)| (id.clone(), serde_json::from_str(text).unwrap())).collect()
    }

    fn rooms(&self, world: &Arc<Fixture>) -> Rooms {
        let config = RoomsConfig { rooms: 3, ..RoomsConfig::default() };
        Rooms::restore(config, Arc::clone(world), self.clone(), self.records())
    }
}

fn table() -> (Table, Shelf) {
    let (world, shelf) = (Arc::new(Fixture::default()), Shelf::default());
    let rooms = shelf.rooms(&world);
    (Table { room: rooms.create(Rules::default()).unwrap(), rooms, world }, shelf)
}

/// The process ends without a word, and another one begins.
fn restart(table: &Table, shelf: &Shelf) -> Table {
    Table { rooms: shelf.rooms(&table.world), room: table.room.clone(), world: Arc::clone(&table.world) }
}

#[test]
fn everyone_inside_comes_back_as_who_they_were() {
    let (table, shelf) = table();
    let (ana, ben) = (table.guest(), table.guest());
    let table = restart(&table, &shelf);
    assert_eq!(table.glance().inside, 0);
    let ben_again = table.back(&ben.welcome.token, Page::Same).unwrap();
    assert_eq!(ben_again.welcome.you, ben.welcome.you);
    let lost = Participant { presence: Presence::Lost, ..ana.welcome.you.clone() };
    assert_eq!(ben_again.welcome.participants, [lost], "ana is awaited, and nobody closes what connects her");
    let ana_again = table.back(&ana.welcome.token, Page::Same).unwrap();
    assert_eq!(ana_again.welcome.you, ana.welcome.you);
    let newcomer = table.guest().welcome.you;
    assert_eq!((newcomer.number, newcomer.incarnation), (JoinNumber(3), Incarnation(3)), "numbering goes on");
    assert!(newcomer.id != ana.id() && newcomer.id != ben.id());
}

#[test]
fn restarts_may_follow_each_other() {
    let (mut table, shelf) = table();
    let mut ana = table.guest();
    for _ in 0..50 {
        table = restart(&table, &shelf);
        let again = table.back(&ana.welcome.token, Page::Same).unwrap();
        assert_eq!(again.welcome.you, ana.welcome.you);
        ana = again;
    }
}

#[test]
fn whoever_does_not_come_back_after_a_restart_gives_up_the_seat() {
    let (table, shelf) = table();
    let (_ana, ben) = (table.guest(), table.guest());
    let table = restart(&table, &shelf);
    let ben = table.back(&ben.welcome.token, Page::Same).unwrap();
    table.wait(limits::LOST_SEAT);
    drop(ben);
    let cleo = table.guest();
    assert_eq!(cleo.welcome.participants.len(), 1, "ben, who is lost since a moment");
}

#[test]
fn whoever_left_is_remembered_over_a_restart() {
    let (table, shelf) = table();
    let ana = table.guest();
    ana.membership.leave();
    let table = restart(&table, &shelf);
    assert_eq!(table.back(&ana.welcome.token, Page::Reloaded).unwrap().welcome.you.id, ana.welcome.you.id);
    let nobody = ResumeToken::from_bytes([7; 16]);
    assert_eq!(table.back(&nobody, Page::Same).err(), Some(Refusal::StaleToken));
}

#[test]
fn a_room_that_ended_stays_ended() {
    let (table, shelf) = table();
    table.wait(limits::EMPTY_ROOM);
    assert!(shelf.records().is_empty());
    assert!(restart(&table, &shelf).rooms.look(&table.room).is_none());
}

#[test]
fn an_empty_room_does_not_live_longer_for_a_restart() {
    let (table, shelf) = table();
    table.guest().membership.leave();
    table.wait(limits::EMPTY_ROOM / 2);
    let table = restart(&table, &shelf);
    assert_eq!(table.glance().inside, 0);
    table.wait(limits::EMPTY_ROOM / 2);
    assert!(table.rooms.look(&table.room).is_none());
}

#[test]
fn a_room_that_nobody_entered_still_gives_way() {
    let (table, shelf) = table();
    table.guest();
    let table = restart(&table, &shelf);
    let never = table.rooms.create(Rules::default()).unwrap();
    let table = restart(&table, &shelf);
    for _ in 0..2 {
        table.rooms.create(Rules::default()).unwrap();
    }
    assert!(table.rooms.look(&never).is_none());
    assert!(table.rooms.look(&table.room).is_some());
    assert_eq!(shelf.records().len(), 3);
}

#[test]
fn the_rules_of_a_room_outlive_the_process_and_an_older_record_has_none() {
    let (mut table, shelf) = table();
    assert!(!table.glance().rules.relay_only);
    table.room = table.rooms.create(Rules { relay_only: true }).unwrap();
    let table = restart(&table, &shelf);
    assert!(table.glance().rules.relay_only && table.guest().welcome.room.relay_only);
    let text = shelf.0.lock().unwrap()[&table.room].replace(r#""relay_only":true,"#, "");
    assert!(!text.contains("relay_only"));
    shelf.0.lock().unwrap().insert(table.room.clone(), text);
    assert!(!restart(&table, &shelf).glance().rules.relay_only);
}

#[test]
fn devices_are_no_reason_to_write() {
    let (table, shelf) = table();
    let ana = table.guest();
    let before = shelf.records();
    shelf.0.lock().unwrap().clear();
    ana.membership.set_media(MediaState { microphone: true, camera: true, ..MediaState::default() });
    ana.membership.signal(ParticipantId(7), ask());
    drop(ana);
    assert!(shelf.records().is_empty(), "{before:?} is all there is to know");
}
