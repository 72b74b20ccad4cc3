//! What is heard of others: signs of life, reactions, and signals that others carry.

use super::*;

#[test]
fn nothing_is_heard_of_strangers() {
    let epoch = Epoch::from((3, 1));
    let body = SignalBody::Offer(Sdp::new("v=0").unwrap());
    assert_eq!(working().signal(THIRD, Signal { epoch, seq: 1, body }, at(2)), []);
}

fn beat(mesh: &mut Mesh, answer: bool, now: Moment) -> Vec<Action> {
    let epoch = epoch_of(mesh, RIGHT);
    mesh.told(RIGHT, epoch, PeerMessage::Beat { frames: 0, answer }, now)
}

#[test]
fn signs_of_life_are_given_twice_a_second_and_on_request() {
    let mut mesh = working();
    let sign = Action::Tell(RIGHT, PeerMessage::Beat { frames: 0, answer: false });
    let told = (0..20).filter(|step| mesh.tick(Server::There, Moment::from_millis(2_000 + 100 * step)).contains(&sign));
    assert_eq!(told.count(), 4);
    assert_eq!(beat(&mut mesh, false, at(5)), []);
    assert_eq!(beat(&mut mesh, true, at(5)), [sign]);
}

#[test]
fn whoever_gives_no_sign_of_life_is_asked_for_one_and_then_helped() {
    let mut mesh = working();
    beat(&mut mesh, false, at(2));
    let knock = Action::Tell(RIGHT, PeerMessage::Beat { frames: 0, answer: true });
    let listens = Action::Pair(RIGHT, PairAction::Knock { epoch: epoch_of(&mesh, RIGHT) });
    let actions = mesh.tick(Server::There, at(3));
    assert!(actions.contains(&knock) && actions.contains(&listens), "{actions:?}");
    let actions = mesh.tick(Server::There, at(4));
    assert!(actions.contains(&Action::Linked(RIGHT, Link::Repairing)), "{actions:?}");
    assert!(
        actions.iter().any(|action| matches!(action, Action::Pair(RIGHT, PairAction::Offer { restart: true, .. })))
    );
    let refresh = Action::Pair(RIGHT, PairAction::Refresh { epoch: epoch_of(&mesh, RIGHT) });
    assert_eq!(beat(&mut mesh, false, at(5)), [refresh, Action::Linked(RIGHT, Link::Connected)]);
}

#[test]
fn a_sign_of_life_of_another_connection_is_none() {
    let mut mesh = working();
    beat(&mut mesh, false, at(2));
    mesh.tick(Server::There, at(3));
    mesh.told(RIGHT, Epoch::from((9, 9)), PeerMessage::Beat { frames: 0, answer: true }, at(3));
    assert!(mesh.tick(Server::There, at(4)).contains(&Action::Linked(RIGHT, Link::Repairing)));
}

#[test]
fn what_somebody_says_without_a_word_is_shown_while_they_are() {
    let mut mesh = working();
    let epoch = epoch_of(&mesh, RIGHT);
    let mut react = |id| mesh.told(id, epoch, PeerMessage::React(Reaction::Heart), at(3));
    assert_eq!(react(RIGHT), [Action::Reacted(RIGHT, Reaction::Heart)]);
    assert_eq!(react(ParticipantId(99)), []);
}

#[test]
fn what_is_to_be_carried_is_passed_on_to_whom_one_reaches_and_to_nobody_else() {
    let mut mesh = working();
    mesh.joined(third(), at(2));
    let signal = Signal { epoch: Epoch::from((3, 1)), seq: 1, body: SignalBody::EndOfCandidates };
    let epoch = epoch_of(&mesh, RIGHT);
    let mut carry = |to| {
        let message = PeerMessage::Carry { to, signal: signal.clone() };
        mesh.told(THIRD, epoch, message, at(3))
    };
    let carried = PeerMessage::Carried { from: THIRD, signal: signal.clone() };
    assert_eq!(carry(RIGHT), [Action::Tell(RIGHT, carried)]);
    assert_eq!(carry(THIRD), []);
    assert_eq!(carry(ParticipantId(99)), []);
}

#[test]
fn a_carried_word_is_not_taken_for_a_pair_that_works_or_for_a_round_that_cannot_be() {
    let ask = |since, count| Signal {
        epoch: Epoch::from((since, count)),
        seq: 0,
        body: SignalBody::Ask(crate::protocol::Ask::Rebuild),
    };
    let mut mesh = working();
    assert_eq!(mesh.carried(RIGHT, ask(2, 2), false, at(5)), []);
    turn(&mut mesh, Transport::Failed, at(6));
    assert_eq!(mesh.carried(RIGHT, ask(2, u32::MAX), false, at(7)), []);
    assert_eq!(mesh.carried(RIGHT, ask(u32::MAX, u32::MAX), false, at(7)), []);
    assert_eq!(mesh.carried(RIGHT, ask(2, 2), true, at(7)), [], "the server could have brought it");
    assert!(!mesh.carried(RIGHT, ask(2, 2), false, at(8)).is_empty());
}

#[test]
fn who_is_not_heard_for_long_is_heard_by_others_though_the_server_is_there() {
    let mut mesh = working();
    turn(&mut mesh, Transport::Failed, at(6));
    mesh.tick(Server::There, at(12));
    let ask = Signal { epoch: Epoch::from((2, 1)), seq: 0, body: SignalBody::Ask(crate::protocol::Ask::Rebuild) };
    assert!(!mesh.carried(RIGHT, ask, true, at(14)).is_empty());
}

#[test]
fn a_round_that_somebody_made_up_is_forgotten_when_the_server_speaks() {
    let mut mesh = working();
    turn(&mut mesh, Transport::Failed, at(6));
    let made_up =
        Signal { epoch: Epoch::from((1_000, 3)), seq: 0, body: SignalBody::Ask(crate::protocol::Ask::Rebuild) };
    mesh.carried(RIGHT, made_up, false, at(7));
    assert_eq!(epoch_of(&mesh, RIGHT), Epoch::from((1_000, 4)));
    mesh.welcome(someone(LEFT, 2), vec![right()], at(8));
    assert_eq!(epoch_of(&mesh, RIGHT), Epoch::from((2, 1)));
}
