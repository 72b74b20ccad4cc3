//! What there is only so much of, and how it ends.

use super::*;

#[test]
fn whoever_does_not_read_is_lost_to_the_others() {
    let table = table_for(8);
    let (mut deaf, mut third) = (table.guest(), table.guest());
    // Each coming and each going is told, and told to those who read is not kept.
    for _ in 0..=limits::OUTBOX_MESSAGES / 2 {
        table.guest().membership.leave();
        third.hears();
    }
    assert_eq!(deaf.hears(), [refused(Refusal::TooSlow)]);
    assert_eq!(table.glance().inside, 1);
    drop(deaf);
    assert_eq!(third.hears(), []);
}

#[test]
fn nobody_gets_another_evicted_by_talking() {
    let table = table_for(8);
    let (flood, mut slow) = (table.guest(), table.guest());
    slow.hears();
    for round in 0..=2 * limits::OUTBOX_MESSAGES {
        flood.membership.signal(slow.id(), ask());
        flood.membership.set_media(MediaState { microphone: round % 2 == 0, camera: false, ..MediaState::default() });
    }
    assert!(!slow.hears().contains(&refused(Refusal::TooSlow)));
    assert_eq!(table.glance().inside, 2);
}

#[test]
fn an_empty_room_is_forgotten_in_time_whether_it_was_used_or_not() {
    let table = table_for(8);
    let unused = table.rooms.create(Rules::default()).unwrap();
    let guest = table.guest();
    table.wait(limits::EMPTY_ROOM);
    assert!(table.rooms.look(&unused).is_none() && table.rooms.look(&table.room).is_some());
    guest.membership.leave();
    table.wait(limits::EMPTY_ROOM - Moment::from_millis(1));
    assert!(table.rooms.look(&table.room).is_some());
    table.wait(Moment::from_millis(1));
    assert!(table.rooms.look(&table.room).is_none());
}

#[test]
fn a_room_that_nobody_entered_gives_way_to_a_new_one() {
    let table = table_for(8);
    let entered = table.guest();
    table.wait(Moment::from_secs(1));
    let older = table.rooms.create(Rules::default()).unwrap();
    table.wait(Moment::from_secs(1));
    let younger = table.rooms.create(Rules::default()).unwrap();
    let newest = table.rooms.create(Rules::default()).unwrap();
    assert!(table.rooms.look(&older).is_none());
    assert!([&younger, &newest, &table.room].iter().all(|room| table.rooms.look(room).is_some()));
    entered.membership.leave();
    for _ in 0..5 {
        table.rooms.create(Rules::default()).unwrap();
    }
    assert!(table.rooms.look(&table.room).is_some(), "it was entered once, and keeps its time");
}

#[test]
fn there_are_no_more_rooms_than_configured() {
    let mut table = table_for(8);
    let mut guests = vec![table.guest()];
    for _ in 1..3 {
        table.room = table.rooms.create(Rules::default()).unwrap();
        guests.push(table.guest());
    }
    assert_eq!(table.rooms.create(Rules::default()), Err(TooManyRooms));
    guests.into_iter().for_each(|guest| guest.membership.leave());
    assert_eq!(table.rooms.create(Rules::default()), Err(TooManyRooms));
    table.wait(limits::EMPTY_ROOM);
    for _ in 0..6 {
        assert!(table.rooms.create(Rules::default()).is_ok());
    }
}

#[test]
fn stopping_is_said_to_all_and_nobody_is_let_in() {
    let table = table_for(8);
    let mut guest = table.guest();
    table.rooms.stop();
    assert_eq!(guest.hears(), [refused(Refusal::Stopping)]);
    assert_eq!(table.enter(&table.request(None)).err(), Some(Refusal::Stopping));
}

#[test]
fn nobody_slips_in_while_the_server_stops() {
    let table = table_for(64);
    let stops = table.rooms.clone();
    let stopped = std::thread::spawn(move || stops.stop());
    let guests: Vec<_> =
        (0..64).map_while(|_| table.rooms.join(table.rooms.connect(), &table.request(None), None).ok()).collect();
    stopped.join().unwrap();
    for (_, mut inbox) in guests {
        let heard: Vec<_> = std::iter::from_fn(|| inbox.try_next()).collect();
        assert_eq!(heard.last(), Some(&refused(Refusal::Stopping)));
    }
}
