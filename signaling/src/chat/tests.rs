//! The chat between people who come and go, in whatever order.

use super::*;
use crate::identity::ParticipantId;
use crate::limits;
use crate::text::{ChatText, DisplayName, FileName};
use crate::time::Moment;
use core::time::Duration;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

pub(super) fn text(text: &str) -> Body {
    Body::Text(ChatText::new(text).unwrap())
}

pub(super) fn entry(clock: u32, from: u32, said: &str) -> Entry {
    let name = DisplayName::new("Ana").unwrap();
    Entry { clock, from: ParticipantId(from), at: 1_700_000_000_000, name, body: text(said) }
}

/// Some people with a chat each, and the channels between them: in order, nothing lost, until they close.
#[derive(Default)]
struct Room {
    chats: BTreeMap<u32, Chat>,
    channels: BTreeMap<(u32, u32), VecDeque<Message>>,
    now: Moment,
    said: u64,
    /// How many entries went over channels as history.
    past: usize,
}

impl Room {
    fn feed(&mut self, who: u32, event: Event) {
        let actions = self.chats.entry(who).or_default().handle(event, self.now);
        for action in actions {
            if let Action::Send(to, message) = action {
                assert!(serde_json::to_string(&message).unwrap().len() <= 2 * limits::CHAT_MESSAGE_BYTES);
                if let Message::Past { entries, .. } = &message {
                    self.past += entries.len();
                }
                self.channels.get_mut(&(who, to.0)).expect("a channel").push_back(message);
            }
        }
    }

    fn write(&mut self, who: u32, body: Body) {
        self.said += 1;
        let name = DisplayName::new("Ana").unwrap();
        self.feed(who, Event::Write { from: ParticipantId(who), name, at: self.said, body });
    }

    fn connect(&mut self, one: u32, other: u32) {
        if one != other && !self.channels.contains_key(&(one, other)) {
            for (from, to) in [(one, other), (other, one)] {
                self.channels.insert((from, to), VecDeque::new());
            }
            for (from, to) in [(one, other), (other, one)] {
                self.feed(from, Event::Opened(ParticipantId(to)));
            }
        }
    }

    fn part(&mut self, one: u32, other: u32) {
        for (from, to) in [(one, other), (other, one)] {
            if self.channels.remove(&(from, to)).is_some() {
                self.feed(from, Event::Closed(ParticipantId(to)));
            }
        }
    }

    fn leave(&mut self, who: u32) {
        for other in 0..5 {
            self.part(who, other);
        }
        self.chats.remove(&who);
    }

    fn deliver(&mut self, from: u32, to: u32) -> bool {
        let Some(message) = self.channels.get_mut(&(from, to)).and_then(VecDeque::pop_front) else { return false };
        self.feed(to, Event::Received(ParticipantId(from), message));
        true
    }

    /// Lets everything arrive, and time pass, until nobody says anything any more.
    fn settle(&mut self) {
        for _ in 0..20 {
            let keys: Vec<_> = self.channels.keys().copied().collect();
            for (from, to) in keys {
                while self.deliver(from, to) {}
            }
            self.now += Duration::from_millis(1_500);
            let everyone: Vec<_> = self.chats.keys().copied().collect();
            everyone.into_iter().for_each(|who| self.feed(who, Event::Tick));
        }
        assert!(self.channels.values().all(VecDeque::is_empty), "the chat does not come to rest");
    }

    fn texts(&self, who: u32) -> Vec<Entry> {
        self.chats[&who].log().entries().cloned().collect()
    }
}

#[test]
fn what_is_written_reaches_everyone_in_the_same_order() {
    let mut room = Room::default();
    room.connect(0, 1);
    room.connect(1, 2);
    room.connect(0, 2);
    room.write(0, text("question"));
    room.settle();
    room.write(1, text("answer"));
    room.settle();
    for who in 0..3 {
        assert_eq!(
            room.texts(who).iter().map(|entry| &entry.body).collect::<Vec<_>>(),
            [&text("question"), &text("answer")]
        );
    }
}

#[test]
fn whoever_comes_late_gets_the_past_once() {
    let mut room = Room::default();
    for (one, other) in [(0, 1), (0, 2), (1, 2)] {
        room.connect(one, other);
    }
    for number in 0..100 {
        room.write(number % 3, text("x"));
    }
    room.settle();
    room.past = 0;
    (0..3).for_each(|other| room.connect(3, other));
    room.settle();
    assert_eq!((room.texts(3).len(), room.past), (100, 100));
    assert_eq!(room.texts(3), room.texts(0));
}

#[test]
fn the_past_outlives_whoever_wrote_it() {
    let mut room = Room::default();
    room.connect(0, 1);
    room.write(0, text("remember me"));
    room.settle();
    room.leave(0);
    room.connect(1, 2);
    room.settle();
    assert_eq!(room.texts(2)[0].body, text("remember me"));
}

#[test]
fn a_pair_that_is_broken_is_made_up_for_by_the_others() {
    let mut room = Room::default();
    room.connect(0, 1);
    room.connect(1, 2);
    room.write(0, text("over there"));
    room.settle();
    assert_eq!(room.texts(2), room.texts(0));
}

#[test]
fn nobody_writes_in_anothers_name() {
    let mut chat = Chat::default();
    let (ana, ben) = (ParticipantId(1), 2);
    chat.handle(Event::Opened(ana), Moment::ZERO);
    chat.handle(Event::Received(ana, Message::Said(entry(0, ben, "I am Ben"))), Moment::ZERO);
    assert!(chat.log().is_empty());
    let unasked = Message::Past { entries: vec![entry(0, ben, "I am Ben")], more: false };
    chat.handle(Event::Received(ana, unasked), Moment::ZERO);
    assert!(chat.log().is_empty());
}

#[test]
fn whoever_asks_all_the_time_is_answered_now_and_then() {
    let mut chat = Chat::default();
    let ana = ParticipantId(1);
    chat.handle(Event::Opened(ana), Moment::ZERO);
    let name = DisplayName::new("Ben").unwrap();
    chat.handle(Event::Write { from: ParticipantId(2), name, at: 1, body: text("hi") }, Moment::ZERO);
    let answers = (0..100).map(|_| {
        let actions = chat.handle(Event::Received(ana, Message::Want(Vec::new())), Moment::ZERO);
        actions.iter().filter(|action| matches!(action, Action::Send(_, Message::Past { .. }))).count()
    });
    assert_eq!(answers.sum::<usize>(), 1);
}

#[test]
fn a_log_has_an_end_and_keeps_the_last() {
    let mut log = Log::default();
    for clock in 0..2_000 {
        log.insert(entry(clock, 1, "x"));
    }
    assert_eq!(log.entries().count(), limits::CHAT_ENTRIES);
    assert_eq!(log.entries().last().unwrap().clock, 1_999);
    assert!(!log.insert(entry(0, 1, "too late")));
}

#[test]
fn marks_and_messages_are_as_documented() {
    let said = entry(3, 7, "hi");
    assert_eq!(said.mark(), Mark(1_427_817_885_831_407));
    let texts = [
        r#"{"said":{"clock":3,"from":7,"at":1700000000000,"name":"Ana","body":{"text":"hi"}}}"#,
        r#"{"have":12}"#,
        r#"{"want":[12,13]}"#,
        r#"{"past":{"entries":[{"clock":0,"from":7,"at":1,"name":"Ana","body":{"file":{"key":5,"name":"a.txt","size":9}}}],"more":true}}"#,
    ];
    for text in texts {
        let message: Message = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&message).unwrap(), text);
    }
    let offer = Offer { key: 5, name: FileName::new("a.txt").unwrap(), size: 9 };
    assert_ne!(Entry { body: Body::File(offer), ..said.clone() }.mark(), said.mark());
}

#[derive(Debug, Clone)]
enum Step {
    Write(u32),
    Long(u32),
    Connect(u32, u32),
    Part(u32, u32),
    Leave(u32),
    Deliver(u32, u32),
    Wait,
}

fn step() -> impl Strategy<Value = Step> {
    let who = 0..5_u32;
    prop_oneof![
        6 => who.clone().prop_map(Step::Write),
        1 => who.clone().prop_map(Step::Long),
        4 => (who.clone(), who.clone()).prop_map(|(one, other)| Step::Connect(one, other)),
        2 => (who.clone(), who.clone()).prop_map(|(one, other)| Step::Part(one, other)),
        1 => who.clone().prop_map(Step::Leave),
        12 => (who.clone(), who).prop_map(|(from, to)| Step::Deliver(from, to)),
        1 => Just(Step::Wait),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    /// What a full log keeps does not depend on the order in which things came, nor on what was forgotten meanwhile.
    #[test]
    fn a_full_log_keeps_the_same_whatever_came_first(mut clocks in prop::collection::vec(0..2_000_u32, 0..1_200), cut in 0..1_200_usize) {
        let log = |clocks: &[u32]| {
            let mut log = Log::default();
            clocks.iter().for_each(|clock| { log.insert(entry(*clock, 1, "x")); });
            log
        };
        let whole = log(&clocks);
        let (one, other) = clocks.split_at(cut.min(clocks.len()));
        let (mut merged, other) = (log(other), log(one));
        other.entries().for_each(|entry| { merged.insert(entry.clone()); });
        clocks.reverse();
        prop_assert_eq!(whole.marks(), merged.marks());
        prop_assert_eq!(whole.digest(), log(&clocks).digest());
    }

    /// However people came and went: once everyone reaches everyone, everyone has the same.
    #[test]
    fn everyone_has_the_same_in_the_end(steps in prop::collection::vec(step(), 0..120)) {
        let mut room = Room::default();
        for step in steps {
            match step {
                Step::Write(who) => room.write(who, text("word")),
                Step::Long(who) => room.write(who, text(&"long\n".repeat(800))),
                Step::Connect(one, other) => room.connect(one, other),
                Step::Part(one, other) => room.part(one, other),
                Step::Leave(who) => room.leave(who),
                Step::Deliver(from, to) => { room.deliver(from, to); }
                Step::Wait => {
                    room.now += Duration::from_millis(700);
                    let everyone: Vec<_> = room.chats.keys().copied().collect();
                    everyone.into_iter().for_each(|who| room.feed(who, Event::Tick));
                }
            }
        }
        let before: BTreeSet<Entry> = room.chats.values().flat_map(|chat| chat.log().entries().cloned()).collect();
        // A ring reaches everyone, too.
        for who in 0..5 { room.connect(who, (who + 1) % 5); }
        room.settle();
        let all: BTreeSet<Entry> = room.texts(0).into_iter().collect();
        for who in 1..5 { prop_assert_eq!(room.texts(who), room.texts(0)); }
        prop_assert!(before.is_subset(&all), "something that somebody had is lost");
    }
}
