//! What is told of relays, and what a relay asks.

use super::*;

#[test]
fn ice_servers_are_for_the_host_that_the_participant_has_reached() {
    let table = table_for(8);
    let (membership, mut inbox) =
        table.rooms.join(table.rooms.connect(), &table.request(None), Some("parlour.example:8443")).unwrap();
    let urls = |servers: &[IceServer]| servers[0].urls.clone();
    let Some(ServerMessage::Welcome(welcome)) = inbox.try_next() else { panic!("a welcome") };
    assert_eq!(urls(&welcome.ice_servers), ["stun:parlour.example:8443"]);
    membership.renew_ice_servers();
    let Some(ServerMessage::IceServers(servers)) = inbox.try_next() else { panic!("ice servers") };
    assert_eq!(urls(&servers), ["stun:parlour.example:8443"]);
    assert_eq!(servers[0].username, Some(membership.id().to_string()));
}

#[test]
fn new_ice_servers_are_for_one_participant_and_for_a_connection_that_holds_its_seat() {
    let table = table_for(8);
    let (mut left, mut right) = (table.guest(), table.guest());
    left.hears();
    left.membership.renew_ice_servers();
    assert_eq!((left.hears().len(), right.hears()), (1, vec![]));
    let mut again = table.back(&right.welcome.token, Page::Same).unwrap();
    right.membership.renew_ice_servers();
    assert_eq!(again.hears(), []);
}

#[test]
fn whoever_has_a_seat_is_a_member_whether_connected_lost_or_closing() {
    let table = table_for(8);
    let is_member = |id| table.rooms.is_member(&table.room, id);
    let (lost, closing, left) = (table.guest(), table.guest(), table.guest());
    let ids = [lost.id(), closing.id(), left.id()];
    assert_eq!(ids.map(is_member), [true, true, true]);
    drop(lost);
    closing.membership.closing();
    left.membership.leave();
    assert_eq!(ids.map(is_member), [true, true, false]);
    table.wait(limits::CLOSING_SEAT);
    assert_eq!(ids.map(is_member), [true, false, false]);
    table.wait(limits::LOST_SEAT);
    assert_eq!(ids.map(is_member), [false, false, false]);
    let other = table.rooms.create(Rules::default()).unwrap();
    let here = table.guest();
    assert!(is_member(here.id()) && !table.rooms.is_member(&other, here.id()));
}

#[test]
fn a_room_is_made_with_its_rules() {
    let mut table = table_for(8);
    assert!(!table.guest().welcome.room.relay_only);
    table.room = table.rooms.create(Rules { relay_only: true }).unwrap();
    assert!(table.guest().welcome.room.relay_only && table.glance().rules.relay_only);
}
