//! Left is us; right joined before us and third after, so we offer to the one and answer the other.

use super::*;
use crate::identity::{Incarnation, JoinNumber};
use crate::negotiation::{Action as PairAction, Event, Transport};
use crate::protocol::{DisplayName, Sdp, SignalBody};

pub(super) const RIGHT: ParticipantId = ParticipantId(71);
pub(super) const LEFT: ParticipantId = ParticipantId(72);
const THIRD: ParticipantId = ParticipantId(73);

pub(super) fn at(seconds: u64) -> Moment {
    Moment::from_secs(seconds)
}

pub(super) fn someone(id: ParticipantId, incarnation: u32) -> Participant {
    Participant {
        id,
        number: JoinNumber(id.0 - 70),
        incarnation: Incarnation(incarnation),
        name: DisplayName::new("Ana").unwrap(),
        media: MediaState::default(),
        presence: Presence::Online,
    }
}

pub(super) fn right() -> Participant {
    someone(RIGHT, 1)
}

pub(super) fn third() -> Participant {
    someone(THIRD, 3)
}

pub(super) fn lost(participant: Participant) -> Participant {
    Participant { presence: Presence::Lost, ..participant }
}

fn mesh() -> Mesh {
    Mesh::new(someone(LEFT, 2), Jitter::new(1))
}

/// A mesh whose pair with right works.
pub(super) fn working() -> Mesh {
    let mut mesh = mesh();
    mesh.welcome(someone(LEFT, 2), vec![right()], at(0));
    let epoch = epoch_of(&mesh, RIGHT);
    let sdp = Sdp::new("v=0").unwrap();
    let events = [
        Event::Described { epoch, seq: 1, sdp: sdp.clone() },
        Event::Signal(Signal { epoch, seq: 1, body: SignalBody::Answer(sdp) }),
        Event::Applied { epoch, seq: 1 },
        Event::Transport { epoch, state: Transport::Connected },
    ];
    events.into_iter().for_each(|event| drop(mesh.pair(RIGHT, event, at(1))));
    assert!(mesh.shown().all(|(_, pair)| pair.is_converged()));
    mesh
}

pub(super) fn epoch_of(mesh: &Mesh, id: ParticipantId) -> Epoch {
    mesh.shown().find(|(participant, _)| participant.id == id).unwrap().1.epoch()
}

fn shown(mesh: &Mesh) -> Vec<ParticipantId> {
    mesh.shown().map(|(participant, _)| participant.id).collect()
}

fn turn(mesh: &mut Mesh, state: Transport, now: Moment) -> Vec<Action> {
    let epoch = epoch_of(mesh, RIGHT);
    mesh.pair(RIGHT, Event::Transport { epoch, state }, now)
}

/// What there is to be done, but for signs of life and explanations.
pub(super) fn done(actions: Vec<Action>) -> Vec<Action> {
    let aside = |action: &Action| matches!(action, Action::Tell(_, PeerMessage::Beat { .. }) | Action::Explained(..));
    actions.into_iter().filter(|action| !aside(action)).collect()
}

pub(super) fn opens(actions: &[Action], who: ParticipantId) -> bool {
    actions.iter().any(|action| matches!(action, Action::Pair(id, PairAction::Open { .. }) if *id == who))
}

#[test]
fn the_newcomer_calls_everyone_present_and_awaits_who_comes_later() {
    let mut mesh = mesh();
    let actions = mesh.welcome(someone(LEFT, 2), vec![right()], at(0));
    assert_eq!(actions[0], Action::Appeared(right()));
    assert!(opens(&actions, RIGHT));
    assert_eq!(mesh.joined(third(), at(1)), [Action::Appeared(third())]);
    assert_eq!(shown(&mesh), [RIGHT, THIRD]);
}

#[test]
fn one_is_not_someone_else() {
    assert_eq!(mesh().joined(someone(LEFT, 2), at(0)), []);
}

#[test]
fn whoever_joins_again_is_shown_once() {
    let mut mesh = working();
    assert_eq!(mesh.joined(right(), at(2)), []);
    assert_eq!(mesh.welcome(someone(LEFT, 2), vec![right()], at(3)), []);
    assert_eq!(shown(&mesh), [RIGHT]);
}

#[test]
fn what_may_be_lost_in_a_gap_is_said_again() {
    let mut mesh = mesh();
    mesh.welcome(someone(LEFT, 2), vec![right()], at(0));
    let (epoch, sdp) = (epoch_of(&mesh, RIGHT), Sdp::new("v=0").unwrap());
    let said = mesh.pair(RIGHT, Event::Described { epoch, seq: 1, sdp }, at(0));
    assert_eq!(said.len(), 1);
    assert_eq!(mesh.joined(right(), at(1)), said);
    assert_eq!(mesh.welcome(someone(LEFT, 2), vec![right()], at(1)), said);
}

#[test]
fn a_reload_replaces_the_connection_and_keeps_the_tile() {
    let mut mesh = working();
    let before = epoch_of(&mesh, RIGHT);
    let actions = mesh.joined(someone(RIGHT, 9), at(2));
    assert_eq!(actions[0], Action::Close(RIGHT));
    assert!(actions.contains(&Action::Changed(someone(RIGHT, 9))));
    assert!(actions.contains(&Action::Linked(RIGHT, Link::Connecting)));
    assert!(!actions.iter().any(|action| matches!(action, Action::Appeared(_) | Action::Disappeared(_))));
    assert!(opens(&actions, RIGHT) && epoch_of(&mesh, RIGHT) > before);
}

#[test]
fn ones_own_new_incarnation_opens_every_pair_anew() {
    let mut mesh = working();
    let before = epoch_of(&mesh, RIGHT);
    let actions = mesh.welcome(someone(LEFT, 9), vec![right()], at(2));
    assert_eq!(actions[0], Action::Close(RIGHT));
    assert!(opens(&actions, RIGHT) && epoch_of(&mesh, RIGHT) > before);
}

#[test]
fn whoever_left_is_gone_at_once() {
    let mut mesh = working();
    assert_eq!(mesh.left(RIGHT), [Action::Close(RIGHT), Action::Disappeared(RIGHT)]);
    assert_eq!(mesh.left(RIGHT), []);
}

#[test]
fn a_lost_participant_stays_while_its_transport_works() {
    let mut mesh = working();
    assert_eq!(mesh.lost(RIGHT, at(2)), []);
    assert_eq!(done(mesh.tick(Server::There, at(3_600))), []);
    turn(&mut mesh, Transport::Disconnected, at(3_600));
    assert_eq!(mesh.tick(Server::There, at(3_604)), []);
    assert_eq!(done(mesh.tick(Server::There, at(3_606))), [Action::Close(RIGHT), Action::Disappeared(RIGHT)]);
}

#[test]
fn whom_the_server_forgot_stays_while_its_transport_works() {
    let mut mesh = working();
    assert_eq!(mesh.welcome(someone(LEFT, 2), vec![], at(2)), []);
    turn(&mut mesh, Transport::Failed, at(10));
    assert_eq!(done(mesh.tick(Server::There, at(16))), [Action::Close(RIGHT), Action::Disappeared(RIGHT)]);
}

#[test]
fn whoever_was_lost_before_one_came_is_not_shown_until_it_is_back() {
    let mut mesh = mesh();
    assert_eq!(mesh.welcome(someone(LEFT, 2), vec![lost(right())], at(0)), []);
    let actions = mesh.joined(right(), at(1));
    assert_eq!(actions[0], Action::Appeared(right()));
    assert!(opens(&actions, RIGHT));
}

#[test]
fn a_pair_that_was_closed_goes_on_counting() {
    let mut mesh = working();
    let before = epoch_of(&mesh, RIGHT);
    mesh.left(RIGHT);
    mesh.joined(right(), at(2));
    assert_eq!(epoch_of(&mesh, RIGHT), before.next());
}

#[test]
fn devices_are_shown_as_they_are_told() {
    let mut mesh = working();
    let media = MediaState { microphone: true, camera: false, ..MediaState::default() };
    assert_eq!(mesh.media_changed(RIGHT, media), [Action::Changed(Participant { media, ..right() })]);
    assert_eq!(mesh.media_changed(THIRD, media), []);
    let back = Participant { media: MediaState::default(), ..right() };
    assert_eq!(mesh.joined(back.clone(), at(2)), [Action::Changed(back)]);
}

#[test]
fn nothing_is_heard_of_strangers() {
    let epoch = Epoch::from((3, 1));
    let body = SignalBody::Offer(Sdp::new("v=0").unwrap());
    assert_eq!(working().signal(THIRD, Signal { epoch, seq: 1, body }, at(2)), []);
}

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
fn leaving_closes_everything() {
    let mut mesh = working();
    mesh.joined(third(), at(2));
    let closed = mesh.close_all();
    assert_eq!(closed.iter().filter(|action| matches!(action, Action::Disappeared(_))).count(), 2);
    assert_eq!(shown(&mesh), []);
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
    assert!(mesh.tick(Server::There, at(3)).contains(&knock));
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

#[test]
fn a_reload_that_others_told_of_first_is_not_taken_for_another_one() {
    let mut mesh = mesh();
    mesh.welcome(someone(LEFT, 2), vec![third()], at(0));
    let offer =
        |since| Signal { epoch: Epoch::from((since, 1)), seq: 1, body: SignalBody::Offer(Sdp::new("v=0").unwrap()) };
    assert!(opens(&mesh.signal(THIRD, offer(3), at(1)), THIRD));
    assert!(opens(&mesh.signal(THIRD, offer(9), at(2)), THIRD), "carried here past the server");
    let reloaded = someone(THIRD, 9);
    let actions = mesh.joined(reloaded.clone(), at(3));
    assert_eq!(actions, [Action::Changed(reloaded)]);
    assert!(mesh.joined(someone(THIRD, 12), at(4)).contains(&Action::Close(THIRD)));
    assert!(!opens(&mesh.signal(THIRD, offer(9), at(5)), THIRD), "that connection is over");
}

#[test]
fn whoever_was_reached_before_being_shown_is_shown_as_reached() {
    let mut mesh = mesh();
    mesh.welcome(someone(LEFT, 2), vec![lost(third())], at(0));
    let offer = Signal { epoch: Epoch::from((3, 1)), seq: 1, body: SignalBody::Offer(Sdp::new("v=0").unwrap()) };
    mesh.signal(THIRD, offer, at(1));
    let epoch = Epoch::from((3, 1));
    mesh.pair(THIRD, Event::Described { epoch, seq: 1, sdp: Sdp::new("v=0").unwrap() }, at(1));
    assert_eq!(mesh.pair(THIRD, Event::Transport { epoch, state: Transport::Connected }, at(2)), []);
    let actions = mesh.joined(third(), at(3));
    assert_eq!(actions, [Action::Appeared(third()), Action::Linked(THIRD, Link::Connected)]);
}

#[test]
fn whoever_was_away_when_we_came_back_as_new_is_met_anew() {
    let mut mesh = working();
    assert_eq!(mesh.welcome(someone(LEFT, 9), vec![], at(2)), [], "what works is not given up for it");
    let actions = mesh.joined(right(), at(3));
    assert!(opens(&actions, RIGHT) && actions.contains(&Action::Close(RIGHT)), "{actions:?}");
    assert_eq!(epoch_of(&mesh, RIGHT), Epoch::from((9, 1)));
}

#[test]
fn whoever_was_silent_for_long_is_given_a_moment_to_come_back_when_the_old_socket_ends() {
    let mut mesh = working();
    turn(&mut mesh, Transport::Disconnected, at(10));
    mesh.tick(Server::There, at(30));
    assert_eq!(mesh.lost(RIGHT, at(30)), []);
    assert_eq!(done(mesh.tick(Server::There, at(32))), []);
    let actions = mesh.joined(right(), at(32));
    assert!(!actions.contains(&Action::Disappeared(RIGHT)), "{actions:?}");
    mesh.lost(RIGHT, at(40));
    let gone = mesh.tick(Server::There, at(43));
    assert!(gone.contains(&Action::Disappeared(RIGHT)), "{gone:?}");
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
