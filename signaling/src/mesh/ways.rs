//! Which way the packets of pairs take, and what is done when that way is gone, or not wanted any more.
//!
//! Separate, because neither is a failure of a connection: nobody has to fall silent first.

use super::{Action, Mesh};
use crate::identity::{Epoch, ParticipantId};
use crate::negotiation::Event;
use crate::time::Moment;

impl Mesh {
    /// Notes whether the packets of a pair go through a relay.
    pub fn note_way(&mut self, id: ParticipantId, epoch: Epoch, relayed: bool) {
        if let Some(pair) = self.pairs.get_mut(id).filter(|pair| pair.negotiation.epoch() == epoch) {
            pair.relayed = relayed;
        }
    }

    /// The relay has forgotten everyone: what goes through it arrives nowhere.
    pub fn relay_gone(&mut self, now: Moment) -> Vec<Action> {
        let mut actions = Vec::new();
        for (_, pair) in self.pairs.iter_mut() {
            pair.act(Event::RelayGone { cut: pair.relayed }, now, &mut actions);
        }
        actions
    }

    /// Has every connection made anew, as soon as the server can carry what that takes. What was gathered for the present ones
    /// is not said from now on.
    pub fn renew(&mut self, now: Moment) -> Vec<Action> {
        let mut actions = Vec::new();
        for (_, pair) in self.pairs.iter_mut() {
            pair.outdated = true;
            pair.act(Event::Outdated, now, &mut actions);
        }
        actions
    }

    /// The server is there: what was to be made anew is.
    pub(super) fn replace_outdated(&mut self, now: Moment, actions: &mut Vec<Action>) {
        let outdated = self.pairs.values().filter(|pair| pair.outdated && !pair.is_lost());
        let outdated: Vec<_> = outdated.map(|pair| pair.participant.clone()).collect();
        outdated.into_iter().for_each(|participant| self.replace(participant, now, actions));
    }
}

#[cfg(test)]
mod tests {
    use crate::mesh::tests::{LEFT, RIGHT, at, done, epoch_of, lost, opens, right, someone, third, working};
    use crate::mesh::{Action, Link, Mesh, Server};
    use crate::negotiation::{self, Event, Transport};
    use crate::protocol::{Candidate, CandidateLine, Sdp, SignalBody};
    use crate::time::Jitter;
    use core::time::Duration;

    /// Repairs are spread over this time.
    const SOON: Duration = Duration::from_millis(200);

    /// A mesh whose pair with right works, and is heard, through a relay or not.
    fn heard(relayed: bool) -> Mesh {
        let mut mesh = working();
        let epoch = epoch_of(&mesh, RIGHT);
        mesh.pair(RIGHT, Event::Beat { epoch }, at(2));
        mesh.note_way(RIGHT, epoch, relayed);
        mesh
    }

    fn restarts(actions: &[Action]) -> bool {
        let restart =
            |action: &Action| matches!(action, Action::Pair(RIGHT, negotiation::Action::Offer { restart: true, .. }));
        actions.iter().any(restart)
    }

    /// A mesh whose pair with right was built while the server was away, and does not work yet.
    fn rebuilt() -> Mesh {
        let mut mesh = heard(true);
        let epoch = epoch_of(&mesh, RIGHT);
        mesh.pair(RIGHT, Event::Transport { epoch, state: Transport::New }, at(2));
        mesh.note_way(RIGHT, epoch, false);
        mesh
    }

    fn gathered(mesh: &Mesh) -> Event {
        let line = CandidateLine::new("candidate:1 1 udp 1 192.168.1.5 9 typ host").unwrap();
        let candidate = Candidate { candidate: line, mid: None, line: Some(0), ufrag: None };
        Event::Gathered { epoch: epoch_of(mesh, RIGHT), candidate: Some(candidate) }
    }

    fn described(mesh: &Mesh) -> Event {
        Event::Described { epoch: epoch_of(mesh, RIGHT), seq: 1, sdp: Sdp::new("v=0").unwrap() }
    }

    /// A mesh that is about to offer, or has offered, a connection to right.
    fn offering(events: &[fn(&Mesh) -> Event]) -> Mesh {
        let mut mesh = Mesh::new(someone(LEFT, 2), Jitter::new(1));
        mesh.welcome(someone(LEFT, 2), vec![right()], at(0));
        for event in events {
            mesh.pair(RIGHT, event(&mesh), at(0));
        }
        mesh
    }

    /// Returns whether something is told that an address could be in.
    fn tells(actions: &[Action]) -> bool {
        actions.iter().any(|action| match action {
            Action::Pair(RIGHT, negotiation::Action::Send(signal)) => !matches!(signal.body, SignalBody::Ask(_)),
            _ => false,
        })
    }

    #[test]
    fn what_was_offered_before_a_change_is_not_said_to_whoever_comes_back_after_it() {
        for welcomed in [false, true] {
            let mut mesh = offering(&[described, gathered]);
            mesh.lost(RIGHT, at(1));
            mesh.renew(at(2));
            assert!(!tells(&mesh.tick(Server::There, at(2))));
            let actions = match welcomed {
                false => mesh.joined(right(), at(3)),
                true => mesh.welcome(someone(LEFT, 2), vec![right()], at(3)),
            };
            assert!(!tells(&actions) && opens(&actions, RIGHT), "{actions:?}");
        }
    }

    #[test]
    fn what_was_gathered_before_a_change_is_not_said_with_what_is_described_after_it() {
        let mut mesh = offering(&[gathered]);
        mesh.renew(at(2));
        for event in [described, gathered] {
            let actions = mesh.pair(RIGHT, event(&mesh), at(1));
            assert!(!tells(&actions), "{actions:?}");
        }
        assert!(!tells(&mesh.welcome(someone(LEFT, 2), vec![lost(right())], at(2))));
        assert!(!tells(&mesh.tick(Server::Away, at(20))));
    }

    #[test]
    fn the_conversation_with_someone_lost_goes_on_until_the_connection_can_be_made_anew() {
        let mut mesh = heard(false);
        mesh.renew(at(2));
        let actions = mesh.welcome(someone(LEFT, 2), vec![lost(right())], at(2));
        assert_eq!(done(actions), [Action::Changed(lost(right()))]);
        assert_eq!(done(mesh.tick(Server::There, at(2))), []);
    }

    #[test]
    fn what_was_built_while_the_relay_was_away_and_does_not_work_is_restarted_too() {
        let mut mesh = rebuilt();
        mesh.relay_gone(at(2));
        mesh.welcome(someone(LEFT, 2), vec![right()], at(2));
        assert!(restarts(&mesh.tick(Server::There, at(2) + SOON)));
    }

    #[test]
    fn what_went_through_a_relay_that_is_gone_is_restarted_at_once() {
        let mut mesh = heard(true);
        let actions = mesh.relay_gone(at(2));
        assert_eq!(actions, [Action::Linked(RIGHT, Link::Repairing)]);
        assert!(!restarts(&mesh.welcome(someone(LEFT, 2), vec![right()], at(2))), "everybody would, at this moment");
        assert!(restarts(&mesh.tick(Server::There, at(2) + SOON)));
        assert!(!restarts(&mesh.tick(Server::There, at(3))), "one repair at a time");
    }

    #[test]
    fn what_went_straight_is_left_alone() {
        let mut mesh = heard(false);
        assert_eq!(mesh.relay_gone(at(2)), []);
        assert_eq!(mesh.welcome(someone(LEFT, 2), vec![right()], at(2)), []);
    }

    #[test]
    fn whoever_comes_back_after_us_is_awaited_with_the_restart() {
        let mut mesh = heard(true);
        mesh.relay_gone(at(2));
        assert!(!restarts(&mesh.welcome(someone(LEFT, 2), vec![lost(right())], at(2))));
        assert!(!restarts(&mesh.tick(Server::There, at(2))));
        assert!(restarts(&mesh.joined(right(), at(3))));
    }

    #[test]
    fn a_pair_that_is_heard_again_was_not_cut_off() {
        let mut mesh = heard(true);
        mesh.relay_gone(at(2));
        let epoch = epoch_of(&mesh, RIGHT);
        let actions = mesh.pair(RIGHT, Event::Beat { epoch }, at(2));
        assert!(actions.contains(&Action::Linked(RIGHT, Link::Connected)), "{actions:?}");
        assert_eq!(done(mesh.welcome(someone(LEFT, 2), vec![right()], at(2))), []);
    }

    #[test]
    fn a_way_is_that_of_one_connection() {
        let mut mesh = heard(false);
        mesh.note_way(RIGHT, epoch_of(&mesh, RIGHT).next(), true);
        assert_eq!(mesh.relay_gone(at(2)), []);
    }

    #[test]
    fn a_connection_is_made_anew_once_the_server_can_carry_that() {
        let mut mesh = heard(false);
        mesh.joined(third(), at(2));
        mesh.renew(at(2));
        for server in [Server::Doubted, Server::Away] {
            assert!(!opens(&mesh.tick(server, at(2)), RIGHT));
        }
        mesh.lost(RIGHT, at(2));
        assert!(!opens(&mesh.tick(Server::There, at(2)), RIGHT));
        let before = epoch_of(&mesh, RIGHT);
        let actions = mesh.joined(right(), at(2));
        assert!(actions.contains(&Action::Close(RIGHT)) && opens(&actions, RIGHT), "{actions:?}");
        assert_eq!(epoch_of(&mesh, RIGHT), before.next());
        assert!(!opens(&mesh.tick(Server::There, at(3)), RIGHT), "made anew once");
        mesh.renew(at(4));
        assert!(opens(&mesh.tick(Server::There, at(4)), RIGHT));
    }
}
