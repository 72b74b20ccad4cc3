//! The chat among people of whom one means harm.

use super::tests::{entry, text};
use super::*;
use crate::identity::ParticipantId;
use crate::limits;
use crate::text::DisplayName;
use crate::time::Moment;
use core::time::Duration;

const ANA: ParticipantId = ParticipantId(1);
const START: Moment = Moment::ZERO;

fn with_ana() -> Chat {
    let mut chat = Chat::default();
    chat.handle(Event::Opened(ANA), START);
    chat
}

fn hear(chat: &mut Chat, message: Message, now: Moment) -> Vec<Action> {
    chat.handle(Event::Received(ANA, message), now)
}

fn write(chat: &mut Chat) -> Vec<Action> {
    let name = DisplayName::new("Ben").unwrap();
    chat.handle(Event::Write { from: ParticipantId(2), name, at: 1, body: text("hi") }, START)
}

fn wants(actions: &[Action]) -> bool {
    actions.iter().any(|action| matches!(action, Action::Send(_, Message::Want(_))))
}

fn past(clocks: impl IntoIterator<Item = u32>) -> Message {
    Message::Past { entries: clocks.into_iter().map(|clock| entry(clock, 3, "past")).collect(), more: false }
}

#[test]
fn nobody_says_anything_of_a_far_future() {
    let mut chat = with_ana();
    write(&mut chat);
    hear(&mut chat, Message::Said(entry(u32::MAX, 1, "the end")), START);
    hear(&mut chat, Message::Said(entry(502, 1, "too far")), START);
    assert_eq!(chat.log().next_clock(), 1);
    hear(&mut chat, Message::Said(entry(501, 1, "we lost some")), START);
    assert_eq!(chat.log().next_clock(), 502);
}

#[test]
fn a_made_up_past_does_not_use_up_the_clock() {
    let mut chat = with_ana();
    hear(&mut chat, Message::Said(entry(0, 1, "hi")), START);
    assert!(wants(&hear(&mut chat, Message::Have(Mark(1)), START)));
    // In steps, neither.
    hear(&mut chat, past((0..500).map(|step| step * 262_144).chain([u32::MAX])), START);
    assert_eq!(chat.log().next_clock(), 262_145);
}

#[test]
fn a_first_past_leaves_room_for_more() {
    let mut chat = with_ana();
    // One's own words are no past.
    write(&mut chat);
    hear(&mut chat, Message::Have(Mark(1)), START);
    hear(&mut chat, past([5_000_000, u32::MAX]), START);
    assert_eq!(chat.log().next_clock(), 5_000_001);
}

#[test]
fn what_is_said_too_fast_is_dropped_and_made_up_for() {
    let mut chat = with_ana();
    let mut say = |clock, now| hear(&mut chat, Message::Said(entry(clock, 1, "x")), now).len();
    assert_eq!((0..100).map(|clock| say(clock, START)).sum::<usize>(), 20);
    assert_eq!((100..200).map(|clock| say(clock, START + Duration::from_secs(1))).sum::<usize>(), 5);
    let later = START + Duration::from_secs(60);
    assert_eq!((200..300).map(|clock| say(clock, later)).sum::<usize>(), 20);
    assert!(wants(&hear(&mut chat, Message::Have(Mark(1)), later)));
}

#[test]
fn whoever_wants_with_more_marks_than_there_can_be_is_not_answered() {
    let mut chat = with_ana();
    write(&mut chat);
    assert!(hear(&mut chat, Message::Want(vec![Mark(0); limits::CHAT_ENTRIES + 1]), START).is_empty());
    assert_eq!(hear(&mut chat, Message::Want(vec![Mark(0); limits::CHAT_ENTRIES]), START).len(), 1);
}

#[test]
fn of_two_entries_with_one_mark_the_same_stays_whichever_came_first() {
    let put = |clocks: &mut dyn Iterator<Item = u32>| {
        let mut log = Log::default();
        // Two neighbours have each mark.
        clocks.for_each(|clock| {
            log.put(entry(clock, 1, "x"), Mark((clock / 2).into()));
        });
        log
    };
    let (up, down) = (put(&mut (0..1_400)), put(&mut (0..1_400).rev()));
    assert!(up.entries().eq(down.entries()));
    assert!(up.entries().map(|entry| entry.clock).eq((401..1_400).step_by(2)));
    let shuffled = put(&mut (0..1_400).map(|clock| clock * 37 % 1_400));
    assert!(up.entries().eq(shuffled.entries()));
}

#[test]
fn the_same_one_is_asked_again_only_after_a_while() {
    let mut chat = with_ana();
    assert!(wants(&hear(&mut chat, Message::Have(Mark(1)), START)));
    assert!(!wants(&hear(&mut chat, past([0]), START)));
    assert!(!wants(&hear(&mut chat, Message::Have(Mark(2)), START + Duration::from_millis(999))));
    assert!(wants(&chat.handle(Event::Tick, START + Duration::from_secs(1))));
}
