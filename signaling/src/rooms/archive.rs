//! What of the rooms outlives the process: that they exist, and who was inside.
//!
//! Separate, because where that is kept is the business of the process. A record says no more than a restarted server needs so
//! that nobody notices: no signal and no word of a conversation ever is in one.

use super::seat::{Connection, Held, Remembered, Seat, Tokens};
use crate::identity::{Incarnation, JoinNumber, ParticipantId, ResumeToken, RoomId};
use crate::limits;
use crate::protocol::{Participant, Presence};
use crate::time::Moment;
use serde::{Deserialize, Serialize};

/// Where records are kept. Every method is called while the rooms are locked, so it only notes what is to be done, and the
/// order of the calls is the order of what happened.
pub trait Archive: Send + Sync + 'static {
    /// Keeps what there is of a room now, in place of what was kept before.
    fn keep(&self, room: &RoomId, record: RoomRecord);

    /// Forgets a room.
    fn forget(&self, room: &RoomId);

    /// Calls back as soon as everything said until now is kept, or can not be kept.
    fn settle(&self, settled: Box<dyn FnOnce() + Send>);
}

/// Keeps nothing.
#[derive(Debug, Clone, Copy)]
pub struct Nowhere;

impl Archive for Nowhere {
    fn keep(&self, _: &RoomId, _: RoomRecord) {}

    fn forget(&self, _: &RoomId) {}

    fn settle(&self, settled: Box<dyn FnOnce() + Send>) {
        settled();
    }
}

/// One room, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomRecord {
    pub(super) made: Moment,
    pub(super) empty_since: Moment,
    pub(super) counter: u32,
    /// Not in the records of older servers, which had no such rooms.
    #[serde(default)]
    pub(super) relay_only: bool,
    pub(super) seats: Vec<SeatRecord>,
    pub(super) remembered: Vec<IdentityRecord>,
}

impl RoomRecord {
    /// Returns the latest moment that it tells of. The clock of the process that reads it must not be before that.
    pub fn written(&self) -> Moment {
        self.made.max(self.empty_since)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct SeatRecord {
    participant: Participant,
    given: ResumeToken,
    shown: Option<ResumeToken>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct IdentityRecord {
    id: ParticipantId,
    number: JoinNumber,
    given: ResumeToken,
    shown: Option<ResumeToken>,
    incarnation: Option<Incarnation>,
}

impl From<&Seat> for SeatRecord {
    fn from(seat: &Seat) -> Self {
        let Tokens { given, shown } = seat.tokens.clone();
        Self { participant: seat.participant.clone(), given, shown }
    }
}

impl SeatRecord {
    /// Puts the participant back. Whoever sat there has lost its socket with the process, and is given the time to come back.
    pub(super) fn into_seat(self, now: Moment) -> Seat {
        let Self { participant, given, shown } = self;
        Seat {
            participant: Participant { presence: Presence::Lost, ..participant },
            tokens: Tokens { given, shown },
            latest: Connection::NONE,
            held: Held::Lost { until: now + limits::LOST_SEAT },
        }
    }
}

impl From<&Remembered> for IdentityRecord {
    fn from(remembered: &Remembered) -> Self {
        let Remembered { id, number, ref tokens, incarnation, .. } = *remembered;
        let Tokens { given, shown } = tokens.clone();
        Self { id, number, given, shown, incarnation }
    }
}

impl From<IdentityRecord> for Remembered {
    fn from(record: IdentityRecord) -> Self {
        let IdentityRecord { id, number, given, shown, incarnation } = record;
        Self { id, number, tokens: Tokens { given, shown }, latest: Connection::NONE, incarnation }
    }
}
