//! What pairs are told by the server, and by others where it is away.

use super::*;

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
