//! How a link is shown, helped and explained.

use super::*;

#[test]
fn no_help_is_tried_that_signaling_could_not_carry() {
    let mut mesh = working();
    turn(&mut mesh, Transport::Failed, at(10));
    assert_eq!(mesh.tick(Server::Away, at(12)), []);
    assert!(mesh.tick(Server::There, at(13)).iter().any(|action| matches!(action, Action::Pair(RIGHT, _))));
}

#[test]
fn the_tile_tells_how_its_link_is() {
    let mut mesh = mesh();
    mesh.welcome(someone(LEFT, 2), vec![right()], at(0));
    assert_eq!(turn(&mut mesh, Transport::Connected, at(1)), [Action::Linked(RIGHT, Link::Connected)]);
    assert_eq!(turn(&mut mesh, Transport::Disconnected, at(2)), [Action::Linked(RIGHT, Link::Repairing)]);
    assert_eq!(done(mesh.tick(Server::Away, at(16))), []);
    assert_eq!(mesh.tick(Server::Away, at(17)), [Action::Linked(RIGHT, Link::Failed)]);
    assert_eq!(turn(&mut mesh, Transport::Connected, at(18)).last(), Some(&Action::Linked(RIGHT, Link::Connected)));
}

#[test]
fn who_is_not_heard_for_long_is_explained() {
    let explained = |mesh: &mut Mesh, server, now| {
        let actions = mesh.tick(server, now);
        actions.into_iter().find_map(|action| if let Action::Explained(_, why) = action { why } else { None })
    };
    let broken = || {
        let mut mesh = working();
        turn(&mut mesh, Transport::Disconnected, at(10));
        mesh
    };
    assert_eq!(explained(&mut broken(), Server::There, at(14)), None);
    assert_eq!(explained(&mut broken(), Server::There, at(15)), Some(Trouble::NoPath));
    assert_eq!(explained(&mut broken(), Server::Away, at(15)), Some(Trouble::OwnNetwork));
    let mut lost = broken();
    lost.lost(RIGHT, at(11));
    assert_eq!(explained(&mut lost, Server::There, at(15)), Some(Trouble::TheirNetwork));
}

#[test]
fn an_explanation_ends_with_what_it_explained() {
    let mut mesh = working();
    turn(&mut mesh, Transport::Disconnected, at(10));
    mesh.tick(Server::There, at(15));
    turn(&mut mesh, Transport::Connected, at(16));
    assert!(mesh.tick(Server::There, at(16)).contains(&Action::Explained(RIGHT, None)));
}
