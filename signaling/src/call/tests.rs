//! Left is a call, and the tests are its server.

use super::*;
use crate::identity::{Epoch, Incarnation, JoinNumber, RelayGeneration, RoomId};
use crate::negotiation::Transport;
use crate::protocol::{Join, Page, Participant, PeerMessage, Presence, Resume, RoomSettings, Signal, Welcome};
use crate::time::{Jitter, Moment};

fn at(seconds: f64) -> Moment {
    Moment::from_secs_f64(seconds)
}

fn room() -> RoomId {
    RoomId::from_bytes([1; 16])
}

fn token(byte: u8) -> ResumeToken {
    ResumeToken::from_bytes([byte; 16])
}

fn name() -> DisplayName {
    DisplayName::new("Ana").unwrap()
}

fn someone(id: u32) -> Participant {
    Participant {
        id: ParticipantId(id),
        number: JoinNumber(id),
        incarnation: Incarnation(id),
        name: name(),
        media: MediaState::default(),
        presence: Presence::Online,
    }
}

fn welcome(own: u32, others: &[u32]) -> ServerMessage {
    ServerMessage::Welcome(Box::new(Welcome {
        you: someone(own),
        token: token(own as u8),
        participants: others.iter().copied().map(someone).collect(),
        ice_servers: Vec::new(),
        relay: None,
        room: RoomSettings { capacity: 8, relay_only: false },
    }))
}

fn refused(reason: Refusal) -> ServerMessage {
    ServerMessage::Refused { reason }
}

fn new_call(token: Option<ResumeToken>) -> Call {
    Call::new(room(), token, Jitter::new(1))
}

fn says_join(media: MediaState, resume: Option<(u8, Page)>) -> Action {
    let resume = resume.map(|(byte, page)| Resume { token: token(byte), page });
    Action::Send(ClientMessage::Join(Join { room: room(), name: name(), media, resume }))
}

fn hears(call: &mut Call, socket: u32, message: ServerMessage, now: f64) -> Vec<Action> {
    call.handle(Event::Received(SocketNumber(socket), message), at(now))
}

/// A call that is about to be welcomed through its first socket.
fn joining() -> Call {
    let mut call = new_call(None);
    call.handle(Event::Join { name: name() }, at(0.0));
    call
}

/// A call that is in, with one other, who joined before.
fn inside() -> Call {
    let mut call = joining();
    hears(&mut call, 1, welcome(2, &[1]), 0.1);
    assert!(call.is_online());
    call
}

/// Ticks ten times a second until something is to be done, and returns when.
fn first_action(call: &mut Call, from: f64) -> (f64, Vec<Action>) {
    for step in 1..1_000 {
        let wait = f64::from(step) / 10.0;
        let actions: Vec<_> = call.handle(Event::Tick, at(from + wait));
        let outside = |action: &Action| !matches!(action, Action::Mesh(_) | Action::Send(ClientMessage::Health { .. }));
        if actions.iter().any(outside) {
            return (wait, actions.into_iter().filter(outside).collect());
        }
    }
    panic!("nothing is done for 100 s");
}

fn shown(actions: &[Action]) -> Vec<Status> {
    actions.iter().filter_map(|action| if let Action::Show(status) = action { Some(*status) } else { None }).collect()
}

#[test]
fn a_prepared_socket_is_used_for_joining() {
    let mut call = new_call(None);
    assert_eq!(call.handle(Event::Prepare, at(0.0)), [Action::Dial(SocketNumber(1))]);
    assert_eq!(call.handle(Event::Prepare, at(0.1)), []);
    let actions = call.handle(Event::Join { name: name() }, at(5.0));
    assert_eq!(actions, [Action::Show(Status::Joining), says_join(MediaState::default(), None)]);
}

#[test]
fn joining_without_a_socket_dials_one() {
    let actions = new_call(None).handle(Event::Join { name: name() }, at(0.0));
    assert_eq!(actions[1..], [Action::Dial(SocketNumber(1)), says_join(MediaState::default(), None)]);
}

#[test]
fn a_welcome_is_the_proof_of_being_in() {
    let mut call = joining();
    assert!(!call.is_online());
    let actions = hears(&mut call, 1, welcome(2, &[1]), 0.1);
    assert_eq!(shown(&actions), [Status::Online(ParticipantId(2))]);
    assert!(actions.contains(&Action::Remember(token(2))));
    assert_eq!(call.mesh().unwrap().shown().count(), 1);
}

#[test]
fn a_welcome_that_nobody_asked_for_is_none() {
    let mut call = new_call(None);
    call.handle(Event::Prepare, at(0.0));
    assert_eq!(hears(&mut call, 1, welcome(2, &[]), 0.1), []);
}

#[test]
fn a_reloaded_page_comes_back_as_who_it_was() {
    let mut call = new_call(Some(token(2)));
    let actions = call.handle(Event::Join { name: name() }, at(0.0));
    assert_eq!(actions[2], says_join(MediaState::default(), Some((2, Page::Reloaded))));
}

#[test]
fn a_lost_socket_is_a_badge_and_no_goodbye() {
    let mut call = inside();
    let actions = call.handle(Event::Closed(SocketNumber(1)), at(1.0));
    assert_eq!(actions, [Action::Show(Status::Away)]);
    assert!(!call.is_online());
    let (waited, actions) = first_action(&mut call, 1.0);
    let again = says_join(MediaState::default(), Some((2, Page::Same)));
    assert_eq!(actions, [Action::Dial(SocketNumber(2)), again]);
    assert!(waited <= 0.3, "{waited}");
    assert_eq!(call.mesh().unwrap().shown().count(), 1);
}

#[test]
fn retries_never_end_and_are_never_far_apart() {
    let mut call = inside();
    let (mut now, mut waits) = (1.0, Vec::new());
    for socket in 1..20 {
        call.handle(Event::Closed(SocketNumber(socket)), at(now));
        let (waited, _) = first_action(&mut call, now);
        (now, _) = (now + waited, waits.push(waited));
    }
    assert!(waits.iter().all(|waited| *waited <= 1.6) && waits[10..].iter().all(|waited| *waited >= 0.7), "{waits:?}");
}

#[test]
fn waking_up_dials_at_once() {
    let mut call = inside();
    call.handle(Event::Closed(SocketNumber(1)), at(1.0));
    assert_eq!(call.handle(Event::Woke, at(1.0))[0], Action::Dial(SocketNumber(2)));
}

#[test]
fn a_doubted_socket_is_asked_and_believed_when_it_answers() {
    let mut call = inside();
    let probe = Action::Send(ClientMessage::Probe { nonce: 1 });
    assert_eq!(call.handle(Event::Woke, at(1.0)), [probe]);
    assert_eq!(call.handle(Event::Woke, at(1.1)), []);
    hears(&mut call, 1, ServerMessage::Echo { nonce: 1 }, 1.2);
    let (waited, _) = first_action(&mut call, 1.2);
    assert!(waited > 3.0, "{waited}");
}

#[test]
fn a_socket_that_does_not_answer_is_given_up() {
    let mut call = inside();
    call.handle(Event::Woke, at(1.0));
    hears(&mut call, 1, ServerMessage::Echo { nonce: 9 }, 1.2);
    let (waited, actions) = first_action(&mut call, 1.0);
    assert_eq!(actions[..2], [Action::Show(Status::Away), Action::Dial(SocketNumber(2))]);
    assert!((0.9..1.2).contains(&waited), "{waited}");
}

#[test]
fn a_server_that_says_nothing_for_long_is_asked() {
    let mut call = inside();
    let (waited, actions) = first_action(&mut call, 0.1);
    assert_eq!(actions, [Action::Send(ClientMessage::Probe { nonce: 1 })]);
    assert!((19.0..21.0).contains(&waited), "{waited}");
}

#[test]
fn a_dead_socket_is_found_in_the_green_room() {
    let mut call = new_call(None);
    call.handle(Event::Prepare, at(100.0));
    let probe = |nonce| Action::Send(ClientMessage::Probe { nonce });
    let (waited, actions) = first_action(&mut call, 100.0);
    assert_eq!(actions, [probe(1)]);
    assert!((19.0..21.0).contains(&waited), "{waited}");
    hears(&mut call, 1, ServerMessage::Echo { nonce: 1 }, 121.0);
    assert_eq!(call.handle(Event::Woke, at(122.0)), [probe(2)]);
    let (waited, actions) = first_action(&mut call, 122.0);
    assert_eq!(actions, [Action::Dial(SocketNumber(2))]);
    assert!((0.9..1.2).contains(&waited), "{waited}");
}

#[test]
fn an_echo_is_no_answer_to_a_join() {
    let mut call = new_call(None);
    call.handle(Event::Prepare, at(0.0));
    call.handle(Event::Woke, at(1.0));
    call.handle(Event::Join { name: name() }, at(1.1));
    hears(&mut call, 1, ServerMessage::Echo { nonce: 1 }, 1.2);
    let (waited, actions) = first_action(&mut call, 1.2);
    assert!(actions.contains(&Action::Dial(SocketNumber(2))) && waited < 4.2, "{waited} {actions:?}");
}

#[test]
fn a_pair_in_trouble_is_a_reason_to_doubt_the_socket() {
    let mut call = inside();
    let epoch = call.mesh().unwrap().shown().next().unwrap().1.epoch();
    let news = |state| Event::Pair(ParticipantId(1), negotiation::Event::Transport { epoch, state });
    let probe = Action::Send(ClientMessage::Probe { nonce: 1 });
    assert!(!call.handle(news(Transport::Connected), at(1.0)).contains(&probe));
    assert!(call.handle(news(Transport::Disconnected), at(2.0)).contains(&probe));
}

#[test]
fn an_offer_without_an_answer_is_a_reason_to_doubt_a_silent_server() {
    let mut call = inside();
    let epoch = call.mesh().unwrap().shown().next().unwrap().1.epoch();
    let sdp = crate::protocol::Sdp::new("v=0").unwrap();
    let described = negotiation::Event::Described { epoch, seq: 1, sdp };
    call.handle(Event::Pair(ParticipantId(1), described), at(0.1));
    let probe = Action::Send(ClientMessage::Probe { nonce: 1 });
    let asked = (1..100).map(|step| f64::from(step) / 10.0);
    let asked = asked.into_iter().find(|now| call.handle(Event::Tick, at(*now)).contains(&probe));
    assert!(asked.is_some_and(|now| (4.0..10.0).contains(&now)), "{asked:?}");
}

#[test]
fn a_refusal_never_ends_a_call_that_runs() {
    use Refusal::*;
    for reason in
        [UnknownRoom, RoomFull, StaleToken, Unknown, Malformed, OutOfOrder, TooFast, TooSlow, TooLate, Stopping]
    {
        let mut call = inside();
        let mut actions = hears(&mut call, 1, refused(reason), 1.0);
        assert_eq!(shown(&actions), [Status::Away], "{reason:?}");
        if !actions.contains(&Action::Dial(SocketNumber(2))) {
            actions = first_action(&mut call, 1.0).1;
        }
        assert!(actions.contains(&Action::Dial(SocketNumber(2))), "{reason:?}");
        assert_eq!(call.mesh().unwrap().shown().count(), 1, "{reason:?}");
    }
}

#[test]
fn a_refusal_at_the_door_is_an_answer() {
    for reason in [Refusal::UnknownRoom, Refusal::RoomFull, Refusal::Unknown] {
        let actions = hears(&mut joining(), 1, refused(reason), 0.1);
        assert_eq!(shown(&actions), [Status::Refused(reason)]);
        assert!(actions.contains(&Action::HangUp));
    }
    for reason in [Refusal::Stopping, Refusal::TooFast] {
        assert_eq!(hears(&mut joining(), 1, refused(reason), 0.1), [], "{reason:?}");
    }
}

#[test]
fn a_token_that_is_not_known_any_more_is_not_shown_again() {
    let mut call = new_call(Some(token(2)));
    call.handle(Event::Join { name: name() }, at(0.0));
    let actions = hears(&mut call, 1, refused(Refusal::StaleToken), 0.1);
    let anew = says_join(MediaState::default(), None);
    assert_eq!(actions, [Action::Forget, Action::Dial(SocketNumber(2)), anew]);
}

#[test]
fn a_superseded_page_stops_and_leaves_the_memory_to_its_successor() {
    let actions = hears(&mut inside(), 1, refused(Refusal::Superseded), 1.0);
    assert_eq!(shown(&actions), [Status::Refused(Refusal::Superseded)]);
    assert!(actions.contains(&Action::HangUp) && !actions.contains(&Action::Forget));
    assert!(actions.contains(&Action::Mesh(mesh::Action::Disappeared(ParticipantId(1)))));
}

#[test]
fn leaving_says_so_forgets_and_hangs_up() {
    let mut call = inside();
    let actions = call.handle(Event::Leave, at(1.0));
    assert_eq!(actions[0], Action::Send(ClientMessage::Leave));
    assert!(actions.contains(&Action::Forget) && actions.contains(&Action::HangUp));
    assert_eq!(shown(&actions), [Status::Left]);
    assert_eq!(call.handle(Event::Tick, at(60.0)), []);
}

#[test]
fn whoever_thinks_better_of_joining_leaves_nobody_behind() {
    for token in [None, Some(token(2))] {
        let mut call = new_call(token);
        call.handle(Event::Prepare, at(0.0));
        call.handle(Event::Join { name: name() }, at(1.0));
        let actions = call.handle(Event::Leave, at(1.1));
        assert_eq!(actions[0], Action::Send(ClientMessage::Leave));
        assert!(actions.contains(&Action::HangUp));
    }
    let mut call = joining();
    call.handle(Event::Closed(SocketNumber(1)), at(0.1));
    assert!(!call.handle(Event::Leave, at(0.2)).contains(&Action::Send(ClientMessage::Leave)));
}

#[test]
fn nothing_is_heard_after_leaving() {
    let mut call = joining();
    call.handle(Event::Leave, at(0.1));
    assert_eq!(hears(&mut call, 1, welcome(2, &[]), 0.2), []);
    assert_eq!(hears(&mut call, 1, refused(Refusal::RoomFull), 0.2), []);
    assert!(!call.is_online());
}

#[test]
fn whoever_left_may_join_again_as_someone_new() {
    let mut call = inside();
    call.handle(Event::Leave, at(1.0));
    let actions = call.handle(Event::Join { name: name() }, at(2.0));
    assert!(actions.contains(&says_join(MediaState::default(), None)));
}

#[test]
fn news_of_an_old_socket_is_no_news() {
    let mut call = inside();
    call.handle(Event::Closed(SocketNumber(1)), at(1.0));
    call.handle(Event::Woke, at(1.0));
    assert_eq!(call.handle(Event::Closed(SocketNumber(1)), at(1.1)), []);
    assert_eq!(call.handle(Event::Woke, at(1.1)), []);
    assert_eq!(hears(&mut call, 1, welcome(2, &[]), 1.1), []);
    assert!(!call.is_online());
}

#[test]
fn a_join_that_was_given_up_leaves_nobody_behind() {
    let (_, actions) = first_action(&mut joining(), 0.0);
    assert_eq!(actions[..2], [Action::Send(ClientMessage::Leave), Action::Dial(SocketNumber(2))]);
    let mut call = new_call(Some(token(2)));
    call.handle(Event::Join { name: name() }, at(0.0));
    assert_eq!(first_action(&mut call, 0.0).1[0], Action::Dial(SocketNumber(2)));
}

#[test]
fn devices_are_announced_as_they_are() {
    let mut call = inside();
    let media = MediaState { microphone: false, camera: true, ..MediaState::default() };
    assert_eq!(call.handle(Event::SetMedia(media), at(1.0)), [Action::Send(ClientMessage::SetMedia(media))]);
    assert_eq!(call.handle(Event::SetMedia(media), at(1.1)), []);
}

#[test]
fn what_devices_did_while_away_is_told_on_return() {
    let mut call = inside();
    call.handle(Event::Closed(SocketNumber(1)), at(1.0));
    call.handle(Event::Woke, at(1.0));
    let media = MediaState { microphone: true, camera: true, ..MediaState::default() };
    assert_eq!(call.handle(Event::SetMedia(media), at(1.1)), []);
    let actions = hears(&mut call, 2, welcome(2, &[1]), 1.2);
    assert_eq!(actions.last(), Some(&Action::Send(ClientMessage::SetMedia(media))));
}

#[test]
fn a_new_identity_begins_a_new_mesh() {
    let mut call = inside();
    call.handle(Event::Closed(SocketNumber(1)), at(1.0));
    call.handle(Event::Woke, at(1.0));
    let actions = hears(&mut call, 2, welcome(5, &[4]), 1.2);
    assert!(actions.contains(&Action::Mesh(mesh::Action::Disappeared(ParticipantId(1)))));
    let shown: Vec<_> = call.mesh().unwrap().shown().map(|(participant, _)| participant.id).collect();
    assert_eq!(shown, [ParticipantId(4)]);
}

#[test]
fn what_pairs_say_is_dropped_while_away() {
    let mut call = inside();
    let epoch = call.mesh().unwrap().shown().next().unwrap().1.epoch();
    call.handle(Event::Closed(SocketNumber(1)), at(1.0));
    let sdp = crate::protocol::Sdp::new("v=0").unwrap();
    let described = negotiation::Event::Described { epoch, seq: 1, sdp };
    assert_eq!(call.handle(Event::Pair(ParticipantId(1), described), at(1.1)), []);
}

/// A call that is in, with two others: the first is heard, the second is not.
fn inside_with_one_heard() -> Call {
    let mut call = joining();
    hears(&mut call, 1, welcome(3, &[1, 2]), 0.1);
    let epoch = epoch_of(&call, 1);
    let sdp = crate::protocol::Sdp::new("v=0").unwrap();
    let body = crate::protocol::SignalBody::Answer(sdp.clone());
    let events = [
        negotiation::Event::Described { epoch, seq: 1, sdp },
        negotiation::Event::Signal(Signal { epoch, seq: 1, body }),
        negotiation::Event::Applied { epoch, seq: 1 },
        negotiation::Event::Transport { epoch, state: Transport::Connected },
    ];
    for event in events {
        call.handle(Event::Pair(ParticipantId(1), event), at(0.2));
    }
    call
}

fn epoch_of(call: &Call, id: u32) -> Epoch {
    call.mesh().unwrap().shown().find(|(participant, _)| participant.id.0 == id).unwrap().1.epoch()
}

fn described(call: &Call, id: u32) -> Event {
    let sdp = crate::protocol::Sdp::new("v=0").unwrap();
    Event::Pair(ParticipantId(id), negotiation::Event::Described { epoch: epoch_of(call, id), seq: 1, sdp })
}

fn carriers(actions: &[Action]) -> Vec<ParticipantId> {
    let carrier = |action: &Action| match action {
        Action::Mesh(mesh::Action::Tell(id, PeerMessage::Carry { .. })) => Some(*id),
        _ => None,
    };
    actions.iter().filter_map(carrier).collect()
}

#[test]
fn without_the_server_signals_go_by_whoever_is_heard() {
    let mut call = inside_with_one_heard();
    call.handle(Event::Closed(SocketNumber(1)), at(1.0));
    let said = call.handle(described(&call, 2), at(1.1));
    assert_eq!(carriers(&said), [ParticipantId(1)]);
}

#[test]
fn with_the_server_they_go_by_the_server() {
    let mut call = inside_with_one_heard();
    let said = call.handle(described(&call, 2), at(1.1));
    assert!(carriers(&said).is_empty() && said.iter().any(|action| matches!(action, Action::Send(_))), "{said:?}");
}

#[test]
fn to_whom_the_server_has_lost_they_go_by_others() {
    let mut call = inside_with_one_heard();
    hears(&mut call, 1, ServerMessage::Lost { id: ParticipantId(2) }, 1.0);
    let said = call.handle(described(&call, 2), at(1.1));
    assert_eq!(carriers(&said), [ParticipantId(1)]);
}

#[test]
fn a_carried_word_is_taken_only_where_the_server_could_not_have_brought_it() {
    let ask = |call: &Call| {
        let body = crate::protocol::SignalBody::Ask(crate::protocol::Ask::Rebuild);
        let signal = Signal { epoch: epoch_of(call, 2), seq: 0, body };
        let from = ParticipantId(2);
        Event::Told(ParticipantId(1), epoch_of(call, 1), PeerMessage::Carried { from, signal })
    };
    let mut call = inside_with_one_heard();
    assert_eq!(call.handle(ask(&call), at(5.0)), []);
    let mut away = inside_with_one_heard();
    away.handle(Event::Closed(SocketNumber(1)), at(4.0));
    assert!(!away.handle(ask(&away), at(5.0)).is_empty());
    let mut lost = inside_with_one_heard();
    hears(&mut lost, 1, ServerMessage::Lost { id: ParticipantId(2) }, 4.0);
    assert!(!lost.handle(ask(&lost), at(5.0)).is_empty());
}

#[test]
fn the_server_is_told_whom_one_reaches_when_that_changes() {
    let mut call = inside_with_one_heard();
    let mut told = Vec::new();
    for step in 1..100 {
        let now = at(0.2 + f64::from(step) / 10.0);
        if step == 50 {
            let epoch = epoch_of(&call, 1);
            call.handle(
                Event::Pair(ParticipantId(1), negotiation::Event::Transport { epoch, state: Transport::Failed }),
                now,
            );
        }
        let health =
            |action| if let Action::Send(ClientMessage::Health { reaches }) = action { Some(reaches) } else { None };
        told.extend(call.handle(Event::Tick, now).into_iter().find_map(health));
    }
    assert_eq!(told, [vec![ParticipantId(1)], vec![]]);
}

#[test]
fn a_repair_that_the_server_orders_is_made() {
    let mut call = inside_with_one_heard();
    let actions = hears(&mut call, 1, ServerMessage::Repair { with: ParticipantId(1) }, 20.0);
    let restarts = |action: &Action| {
        matches!(action, Action::Mesh(mesh::Action::Pair(_, negotiation::Action::Offer { restart: true, .. })))
    };
    assert!(actions.iter().any(restarts), "{actions:?}");
}

#[test]
fn new_ice_servers_are_used_and_nothing_else_happens() {
    let servers = vec![IceServer { urls: vec!["turn:here".into()], username: None, credential: None }];
    let message = ServerMessage::IceServers(servers.clone());
    assert_eq!(hears(&mut joining(), 1, message.clone(), 0.1), [], "nobody is in yet");
    assert_eq!(hears(&mut inside(), 1, message, 20.0), [Action::UseIceServers(servers)]);
}

#[test]
fn a_room_that_hides_everybody_says_so_before_any_connection_is_opened() {
    let ServerMessage::Welcome(mut welcome) = welcome(2, &[1]) else { unreachable!() };
    welcome.room.relay_only = true;
    let actions = hears(&mut joining(), 1, ServerMessage::Welcome(welcome), 0.1);
    let opens =
        |action: &Action| matches!(action, Action::Mesh(mesh::Action::Pair(_, negotiation::Action::Open { .. })));
    let position = |wanted: &dyn Fn(&Action) -> bool| actions.iter().position(wanted).unwrap();
    assert!(position(&|action| *action == Action::HideAddresses) < position(&opens));
    assert!(!hears(&mut joining(), 1, self::welcome(2, &[1]), 0.1).contains(&Action::HideAddresses));
}

fn restarted_with(call: &mut Call, relay: u32, now: f64) -> Vec<ParticipantId> {
    let ServerMessage::Welcome(mut welcome) = welcome(3, &[1, 2]) else { unreachable!() };
    welcome.relay = Some(RelayGeneration(relay));
    let mut actions = hears(call, 1, ServerMessage::Welcome(welcome), now);
    actions.extend(call.handle(Event::Tick, at(now + 0.2)));
    let restarts = |action: &Action| match action {
        Action::Mesh(mesh::Action::Pair(id, negotiation::Action::Offer { restart: true, .. })) => Some(*id),
        _ => None,
    };
    actions.iter().filter_map(restarts).collect()
}

#[test]
fn another_life_of_the_relay_has_exactly_the_relayed_pairs_restarted() {
    let mut call = inside_with_one_heard();
    let (id, epoch) = (ParticipantId(1), epoch_of(&call, 1));
    let beat = |now, call: &mut Call| {
        call.handle(Event::Told(id, epoch, PeerMessage::Beat { frames: 0, answer: false }), at(now));
    };
    let counted = |relayed| Event::Counted { id, epoch, sent: 0, decoded: 0, relayed };
    beat(1.0, &mut call);
    call.handle(counted(false), at(1.0));
    assert_eq!(restarted_with(&mut call, 1, 1.1), [], "straight");
    call.handle(counted(true), at(1.4));
    assert_eq!(restarted_with(&mut call, 1, 1.5), [], "the same life");
    beat(1.8, &mut call);
    assert_eq!(restarted_with(&mut call, 2, 1.9), [id]);
}

#[test]
fn a_repair_waits_for_the_answer_of_a_server_in_doubt() {
    let mut call = inside_with_one_heard();
    call.handle(Event::Tick, at(0.9));
    let epoch = epoch_of(&call, 1);
    call.handle(Event::Told(ParticipantId(1), epoch, PeerMessage::Beat { frames: 0, answer: false }), at(1.0));
    let offers = |actions: &[Action]| {
        actions
            .iter()
            .any(|a| matches!(a, Action::Mesh(mesh::Action::Pair(ParticipantId(1), negotiation::Action::Offer { .. }))))
    };
    assert!(call.handle(Event::Tick, at(2.0)).contains(&Action::Send(ClientMessage::Probe { nonce: 1 })));
    assert!(!offers(&call.handle(Event::Tick, at(2.8))));
    hears(&mut call, 1, ServerMessage::Echo { nonce: 1 }, 2.85);
    assert!(offers(&call.handle(Event::Tick, at(2.9))));
}

#[test]
fn a_clock_that_stood_still_is_a_reason_to_doubt_the_socket() {
    let mut call = inside();
    call.handle(Event::Tick, at(1.0));
    assert!(call.handle(Event::Tick, at(10.0)).contains(&Action::Send(ClientMessage::Probe { nonce: 1 })));
}

#[test]
fn whoever_does_not_want_to_wait_need_not() {
    let mut call = inside_with_one_heard();
    let epoch = epoch_of(&call, 1);
    call.handle(
        Event::Pair(ParticipantId(1), negotiation::Event::Transport { epoch, state: Transport::Disconnected }),
        at(5.0),
    );
    hears(&mut call, 1, ServerMessage::Echo { nonce: 1 }, 5.1);
    let actions = call.handle(Event::Hurry(ParticipantId(1)), at(5.2));
    assert!(actions.iter().any(|action| matches!(action, Action::Mesh(mesh::Action::Pair(..)))), "{actions:?}");
}
