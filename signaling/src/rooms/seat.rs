//! A seat: one participant's place in a room, and what holds it.
//!
//! Separate, because a seat outlives the connection in it: a lost one and a closing one keep theirs for a while.

use super::outbox::Outbox;
use crate::identity::{Incarnation, JoinNumber, ParticipantId, ResumeToken};
use crate::limits;
use crate::protocol::{Participant, Presence};
use crate::time::Moment;

/// Tells one connection from the next, over all rooms; the one opened later is greater. A superseded one no longer matches
/// its seat. The order matters because a client opens a connection only after it has given up the one before: what comes
/// late through that one must not take the seat back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Connection(pub(super) u64);

impl Connection {
    /// Before all of this process.
    pub(super) const NONE: Self = Self(0);
}

/// One participant's place.
#[derive(Debug)]
pub(super) struct Seat {
    pub(super) participant: Participant,
    pub(super) tokens: Tokens,
    /// The last connection that took this seat, whether or not it still holds it.
    pub(super) latest: Connection,
    pub(super) held: Held,
}

/// What holds a seat.
#[derive(Debug)]
pub(super) enum Held {
    /// A connection, and whom it has told to reach.
    Attached { connection: Connection, outbox: Outbox, reaches: Option<Vec<ParticipantId>> },
    /// The hope that the participant of a lost socket comes back; ends without a word.
    Lost { until: Moment },
    /// The hope that a closing page was reloaded; ends in [`crate::protocol::ServerMessage::Left`].
    Closing { until: Moment },
}

/// How a connection ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Departure {
    /// Without a word.
    Lost,
    /// The page closes, perhaps to reload.
    Closing,
    /// For good.
    Left,
}

/// What proves an identity: the token that was given last, and the one that was shown for it, until the new one is shown;
/// the welcome that brought it may have been lost. So a token that was copied is of use once, and soon of none.
#[derive(Debug, Clone)]
pub(super) struct Tokens {
    pub(super) given: ResumeToken,
    pub(super) shown: Option<ResumeToken>,
}

impl Tokens {
    pub(super) fn new(given: ResumeToken) -> Self {
        Self { given, shown: None }
    }

    /// Returns whether this token proves the identity.
    pub(super) fn include(&self, token: &ResumeToken) -> bool {
        self.given == *token || self.shown.as_ref() == Some(token)
    }

    /// Gives a fresh one for one that was shown.
    pub(super) fn renew(shown: ResumeToken, fresh: ResumeToken) -> Self {
        Self { given: fresh, shown: Some(shown) }
    }
}

/// Who someone was, kept after the seat is free.
#[derive(Debug, Clone)]
pub(super) struct Remembered {
    pub(super) id: ParticipantId,
    pub(super) number: JoinNumber,
    pub(super) tokens: Tokens,
    /// The last connection that sat for this participant.
    pub(super) latest: Connection,
    /// What a page that kept its connections goes on with; `None` once the others were told to close theirs.
    pub(super) incarnation: Option<Incarnation>,
}

impl Seat {
    /// Returns the outbox of the connection in this seat.
    pub(super) fn outbox(&self) -> Option<&Outbox> {
        match &self.held {
            Held::Attached { outbox, .. } => Some(outbox),
            Held::Lost { .. } | Held::Closing { .. } => None,
        }
    }

    /// Notes whom the connection in this seat tells to reach, and returns whether that is news.
    pub(super) fn note_reached(&mut self, ids: Vec<ParticipantId>) -> bool {
        let Held::Attached { reaches, .. } = &mut self.held else { return false };
        let known = reaches.as_ref() == Some(&ids);
        *reaches = Some(ids);
        !known
    }

    /// Returns whether the connection in this seat tells to reach someone; `None` where it has told nothing, or there is none.
    pub(super) fn reaches(&self, id: ParticipantId) -> Option<bool> {
        match &self.held {
            Held::Attached { reaches, .. } => reaches.as_ref().map(|ids| ids.contains(&id)),
            Held::Lost { .. } | Held::Closing { .. } => None,
        }
    }

    /// Returns whether this very connection holds the seat.
    pub(super) fn is_held_by(&self, wanted: Connection) -> bool {
        matches!(self.held, Held::Attached { connection, .. } if connection == wanted)
    }

    /// Returns when the seat becomes free, if nobody comes back.
    pub(super) fn deadline(&self) -> Option<Moment> {
        match self.held {
            Held::Attached { .. } => None,
            Held::Lost { until } | Held::Closing { until } => Some(until),
        }
    }

    /// Ends the connection, but keeps the seat for a while.
    pub(super) fn vacate(&mut self, now: Moment, closing: bool) {
        self.participant.presence = Presence::Lost;
        self.held = if closing {
            Held::Closing { until: now + limits::CLOSING_SEAT }
        } else {
            Held::Lost { until: now + limits::LOST_SEAT }
        };
    }

    /// Gives the seat up. `told` says whether the others were told to close their connections.
    pub(super) fn into_remembered(self, told: bool) -> Remembered {
        let Participant { id, number, incarnation, .. } = self.participant;
        Remembered { id, number, tokens: self.tokens, latest: self.latest, incarnation: (!told).then_some(incarnation) }
    }
}
