//! One pair of the mesh: who the far end is, and what is shown of it.
//!
//! Separate from the [negotiation](crate::negotiation), which knows of a connection and not of a participant.

use super::{Action, Link};
use crate::negotiation::{Negotiation, Transport};
use crate::protocol::{Participant, Presence};
use crate::time::Moment;
use core::time::Duration;

/// A lost participant's transport may be silent this long before its pair closes.
const LOST_SILENCE: Duration = Duration::from_secs(6);
/// After this long without a connection, one says that it does not work yet.
const FAILED_AFTER: Duration = Duration::from_secs(15);

/// One end of a pair.
#[derive(Debug, Clone)]
pub(super) struct Pair {
    pub(super) participant: Participant,
    pub(super) negotiation: Negotiation,
    link: Link,
    pub(super) shown: bool,
    worked: bool,
    /// Since when the transport does not work.
    silent_since: Option<Moment>,
}

impl Pair {
    pub(super) fn new(participant: Participant, negotiation: Negotiation, shown: bool, now: Moment) -> Self {
        Self { participant, negotiation, link: Link::Connecting, shown, worked: false, silent_since: Some(now) }
    }

    /// Shows it, unless it is shown.
    pub(super) fn show(&mut self, actions: &mut Vec<Action>) {
        if !self.shown {
            self.shown = true;
            actions.push(Action::Appeared(self.participant.clone()));
        }
    }

    /// Returns whether neither the server nor its own transport reaches it.
    pub(super) fn is_gone(&self, now: Moment) -> bool {
        self.participant.presence == Presence::Lost
            && self.silent_since.is_some_and(|since| now >= since + LOST_SILENCE)
    }

    /// Draws the conclusions for the tile from the state of the transport.
    pub(super) fn observe(&mut self, now: Moment, actions: &mut Vec<Action>) {
        if self.negotiation.transport() == Transport::Connected {
            self.worked = true;
            self.silent_since = None;
        } else {
            self.silent_since.get_or_insert(now);
        }
        let link = match self.silent_since {
            None => Link::Connected,
            Some(since) if now >= since + FAILED_AFTER => Link::Failed,
            Some(_) if self.worked => Link::Repairing,
            Some(_) => Link::Connecting,
        };
        if link != self.link {
            self.link = link;
            actions.push(Action::Linked(self.participant.id, link));
        }
    }
}
