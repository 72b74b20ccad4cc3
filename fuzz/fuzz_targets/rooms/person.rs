//! One participant, as its room must remember it.
//!
//! Separate from the room's account, because this is about tokens, and that about seats.

use signaling::identity::ResumeToken;
use signaling::limits;
use signaling::protocol::{Join, Page, Participant, Resume, Welcome};
use signaling::rooms::{Connection, RoomGlance};
use signaling::time::Moment;

/// Somebody tries to get in.
#[derive(Debug)]
pub(crate) struct Attempt<'a> {
    pub(crate) connection: Connection,
    pub(crate) join: &'a Join,
    /// What was seen of the room just before.
    pub(crate) glance: Option<RoomGlance>,
    pub(crate) now: Moment,
}

/// What is known of someone who was let in once.
#[derive(Debug)]
pub(crate) struct Person {
    /// What the others are to see.
    pub(crate) you: Participant,
    /// Every token that was given.
    pub(crate) tokens: Vec<ResumeToken>,
    /// Which of them was shown for the last.
    pub(crate) shown: Option<usize>,
    /// The last connection of this process that sat for it.
    latest: Option<Connection>,
    /// Until when, at least, the seat is held.
    pub(crate) held_until: Moment,
    /// Until when a closing page may still be shown as if it were there.
    pub(crate) closing_until: Moment,
    /// Whether it is known to be forgotten.
    pub(crate) forgotten: bool,
}

impl Person {
    pub(crate) fn new(attempt: &Attempt<'_>, welcome: &Welcome) -> Self {
        Self {
            you: welcome.you.clone(),
            tokens: vec![welcome.token.clone()],
            shown: None,
            latest: Some(attempt.connection),
            held_until: attempt.now + limits::LOST_SEAT,
            closing_until: attempt.now,
            forgotten: false,
        }
    }

    /// Returns whether it is this participant, in whatever state.
    pub(crate) fn is(&self, participant: &Participant) -> bool {
        (self.you.id, self.you.number) == (participant.id, participant.number)
    }

    /// Returns whether this token is good, as long as the person is remembered.
    pub(crate) fn is_proved_by(&self, token: &ResumeToken) -> bool {
        self.tokens.last() == Some(token) || self.shown.is_some_and(|shown| self.tokens[shown] == *token)
    }

    /// Returns whether a later connection than this one has sat for the person.
    pub(crate) fn is_past(&self, connection: Connection) -> bool {
        self.latest > Some(connection)
    }

    /// Returns whether the seat is held for certain.
    pub(crate) fn is_held(&self, now: Moment) -> bool {
        now < self.held_until
    }

    /// Sits there now, or did a moment ago: in any case, the seat is held from now on.
    pub(crate) fn sit(&mut self, now: Moment) {
        self.held_until = self.held_until.max(now + limits::LOST_SEAT);
    }

    /// Goes, and the seat is held for so long at most.
    pub(crate) fn go(&mut self, until: Moment) {
        self.held_until = self.held_until.min(until);
    }

    /// Lost the process that knew its connection.
    pub(crate) fn survive(&mut self, ended: Moment, now: Moment) {
        self.latest = None;
        self.closing_until = ended;
        if self.is_held(ended) {
            self.held_until = now + limits::LOST_SEAT;
        }
    }

    /// Came back: checks that it is the same one, and takes note of what it was given. Everything that the room ever drew was
    /// at most `drawn`.
    pub(crate) fn come_back(&mut self, attempt: &Attempt<'_>, resume: &Resume, welcome: &Welcome, drawn: u32) {
        let (before, after) = (&self.you, &welcome.you);
        assert!(!self.forgotten, "{before:?} was forgotten, and is known again");
        assert!(!self.is_past(attempt.connection), "an earlier connection takes the seat of {before:?} back");
        assert_eq!((before.id, before.number), (after.id, after.number), "somebody came back as somebody else");
        let same = before.incarnation == after.incarnation;
        let new = after.incarnation.0 > drawn;
        match resume.page {
            Page::Same if self.is_held(attempt.now) => {
                assert!(same, "{before:?} kept its connections, and is {after:?} now");
            }
            Page::Same => assert!(same || new, "{before:?} is {after:?} now"),
            Page::Reloaded => assert!(new, "{before:?} was loaded anew, and is {after:?} now"),
        }
        assert!(!self.tokens.contains(&welcome.token), "a token is given twice");
        self.shown = self.tokens.iter().position(|token| *token == resume.token);
        self.tokens.push(welcome.token.clone());
        self.you = welcome.you.clone();
        self.latest = Some(attempt.connection);
        self.held_until = attempt.now + limits::LOST_SEAT;
    }
}
