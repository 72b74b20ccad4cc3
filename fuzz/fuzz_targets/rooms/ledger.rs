//! What was promised to whom: the rooms that were made, and the people who were let in.
//!
//! Separate from the steps, because it is a yardstick: a second and simpler account, which never asks the registry. Where it
//! cannot know (whoever does not read may have been evicted meanwhile) it claims nothing.

use crate::person::{Attempt, Person};
use crate::script::{Entry, Pick, Proof};
use signaling::identity::{ParticipantId, ResumeToken, RoomId};
use signaling::limits;
use signaling::protocol::{Refusal, Welcome};
use signaling::rooms::RoomGlance;
use signaling::time::Moment;

/// All rooms that ever were.
#[derive(Debug, Default)]
pub(crate) struct Ledger(pub(crate) Vec<Account>);

impl Ledger {
    /// Returns which room an entry leads to, and the token that it shows there; `None` if there is no such thing yet.
    pub(crate) fn claim(&self, entry: &Entry) -> Option<(usize, Option<ResumeToken>)> {
        let room = entry.room.of(self.0.len())?;
        let Some(proof) = entry.proof else { return Some((room, None)) };
        let (room, token) = match proof {
            Proof::Given(whose) => self.token(whose, |person| person.tokens.len() - 1)?,
            Proof::Shown(whose) => self.token(whose, |person| person.shown.unwrap_or(0))?,
            Proof::Stale { whose, age } => self.token(whose, |person| age.of(person.tokens.len()).unwrap_or(0))?,
            Proof::Astray(whose) => (room, self.token(whose, |person| person.tokens.len() - 1)?.1),
            Proof::Invented(byte) => (room, ResumeToken::from_bytes([byte; 16])),
        };
        Some((room, Some(token)))
    }

    fn token(&self, whose: Pick, which: impl Fn(&Person) -> usize) -> Option<(usize, ResumeToken)> {
        let people =
            || self.0.iter().enumerate().flat_map(|(room, account)| account.people.iter().map(move |p| (room, p)));
        let (room, person) = people().nth(whose.of(people().count())?)?;
        Some((room, person.tokens[which(person)].clone()))
    }
}

/// All that is known of a room.
#[derive(Debug)]
pub(crate) struct Account {
    pub(crate) id: RoomId,
    capacity: usize,
    pub(crate) made: Moment,
    /// Whether anybody ever came in.
    pub(crate) entered: bool,
    /// Whether it is known to be no more.
    pub(crate) gone: bool,
    /// When somebody was there last, or may have been.
    touched: Moment,
    /// When it was first seen after that with no seat held.
    quiet_since: Option<Moment>,
    /// The greatest number that was seen.
    drawn: u32,
    /// Everybody who ever was let in, in this order.
    pub(crate) people: Vec<Person>,
}

impl Account {
    pub(crate) fn new(id: RoomId, capacity: usize, now: Moment) -> Self {
        Self {
            id,
            capacity,
            made: now,
            entered: false,
            gone: false,
            touched: now,
            quiet_since: None,
            drawn: 0,
            people: Vec::new(),
        }
    }

    /// Returns whether the room must exist, or must not; `None` where both are right.
    fn must_exist(&self, now: Moment) -> Option<bool> {
        let held_until = self.people.iter().map(|person| person.held_until).max().unwrap_or(self.made);
        if self.gone {
            Some(false)
        } else if now < held_until + limits::EMPTY_ROOM {
            Some(true)
        } else if !self.entered || self.quiet_since.is_some_and(|since| now >= since + limits::EMPTY_ROOM) {
            Some(false)
        } else {
            None
        }
    }

    /// Checks what is seen from outside. `present` people at the most are inside.
    pub(crate) fn observe(&mut self, glance: Option<RoomGlance>, present: usize, now: Moment) {
        if present > 0 {
            self.touch(now);
        } else if now >= self.touched + limits::LOST_SEAT {
            self.quiet_since = self.quiet_since.or(Some(now));
        }
        let must = self.must_exist(now);
        assert!(must.is_none_or(|must| must == glance.is_some()), "a room exists: {glance:?}; it should: {must:?}");
        self.gone = glance.is_none();
        let Some(glance) = glance else { return };
        let held = self.people.iter().filter(|person| person.is_held(now)).count();
        assert_eq!(glance.capacity, self.capacity);
        assert!(glance.inside <= present && glance.inside <= self.capacity, "{glance:?}, and {present} are present");
        assert!(
            held <= self.capacity && (held < self.capacity || glance.full),
            "{glance:?}, and {held} seats are held"
        );
    }

    /// Checks that someone was rightly let in, and returns who it is.
    pub(crate) fn admit(&mut self, attempt: &Attempt<'_>, welcome: &Welcome) -> usize {
        let Attempt { join, now, .. } = *attempt;
        assert!(attempt.glance.is_some(), "there is no such room");
        let person = match &join.resume {
            Some(resume) => {
                let person = self.proved_by(&resume.token).expect("nobody is let in by a token that proves nothing");
                self.people[person].come_back(attempt, resume, welcome, self.drawn);
                person
            }
            None => self.welcome_newcomer(attempt, welcome),
        };
        let you = &self.people[person].you;
        assert_eq!((&you.name, you.media), (&join.name, join.media));
        self.drawn = self.drawn.max(you.number.0).max(you.incarnation.0);
        self.entered = true;
        self.touch(now);
        self.check_others(person, welcome, now);
        person
    }

    fn welcome_newcomer(&mut self, attempt: &Attempt<'_>, welcome: &Welcome) -> usize {
        let you = &welcome.you;
        assert!(attempt.glance.is_some_and(|glance| !glance.full), "{you:?} has no seat");
        assert!(you.number.0 > self.drawn && you.incarnation.0 > self.drawn, "{you:?} after {}", self.drawn);
        let forgets = self.forgets();
        for other in self.people.iter_mut().filter(|other| other.you.id == you.id) {
            assert!(other.forgotten || (forgets && !other.is_held(attempt.now)), "{you:?} and {:?}", other.you);
            other.forgotten = true;
        }
        self.people.push(Person::new(attempt, welcome));
        self.people.len() - 1
    }

    /// Checks what someone is told of the others.
    fn check_others(&self, person: usize, welcome: &Welcome, now: Moment) {
        assert_eq!(welcome.room.capacity as usize, self.capacity);
        assert!(welcome.participants.len() < self.capacity, "{} others", welcome.participants.len());
        let mut seated = vec![person];
        for one in &welcome.participants {
            let known = self.known(one.id).expect("nobody sits there who was not let in");
            let other = &self.people[known];
            assert!(!seated.contains(&known), "{one:?} is there twice");
            assert!(!other.forgotten && other.is(one), "{one:?} is {:?}", other.you);
            seated.push(known);
        }
        let held = self.people.iter().enumerate().filter(|(_, other)| other.is_held(now));
        held.for_each(|(index, other)| assert!(seated.contains(&index), "{:?} has lost the seat", other.you));
    }

    /// Checks that someone was rightly refused.
    pub(crate) fn refuse(&mut self, attempt: &Attempt<'_>, why: Refusal) {
        let Attempt { connection, join, glance, now } = *attempt;
        let proved = join.resume.as_ref().and_then(|resume| self.proved_by(&resume.token));
        let held = proved.is_some_and(|person| self.people[person].is_held(now));
        match why {
            Refusal::UnknownRoom => assert!(glance.is_none(), "the room is there"),
            Refusal::RoomFull => assert!(glance.is_some_and(|glance| glance.full) && !held, "there is a seat"),
            Refusal::Superseded => {
                assert!(proved.is_some_and(|person| self.people[person].is_past(connection)), "by whom?");
            }
            Refusal::StaleToken => {
                assert!(join.resume.is_some(), "there is no token");
                if let Some(person) = proved {
                    assert!(self.forgets() && !held, "{:?} was forgotten", self.people[person].you);
                    self.people[person].forgotten = true;
                }
            }
            _ => panic!("refused as {why:?}"),
        }
    }

    /// Takes note that a process ended, and another one has begun.
    pub(crate) fn survive(&mut self, ended: Moment, now: Moment) {
        self.touch(now);
        self.people.iter_mut().for_each(|person| person.survive(ended, now));
    }

    fn touch(&mut self, now: Moment) {
        (self.touched, self.quiet_since) = (now, None);
    }

    /// Returns whether there ever were more people than a room must remember.
    fn forgets(&self) -> bool {
        self.people.len() > limits::REMEMBERED_IDENTITIES
    }

    fn proved_by(&self, token: &ResumeToken) -> Option<usize> {
        self.people.iter().position(|person| person.is_proved_by(token))
    }

    /// Returns the last one who had this id.
    pub(crate) fn known(&self, id: ParticipantId) -> Option<usize> {
        self.people.iter().rposition(|person| person.you.id == id)
    }
}
