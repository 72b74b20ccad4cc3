//! One pair of the mesh: who the far end is, the signs of life, and what is shown of it.
//!
//! Separate from the [negotiation](crate::negotiation), which knows of a connection and not of a participant.

use super::surroundings::{Surroundings, Trouble};
use super::{Action, Link};
use crate::identity::Incarnation;
use crate::negotiation::{self, Negotiation, Transport};
use crate::protocol::{MediaState, Participant, PeerMessage, Presence};
use crate::time::{Moment, Pace};
use core::time::Duration;

/// A lost participant's transport may be silent this long before its pair closes.
const LOST_SILENCE: Duration = Duration::from_secs(6);
/// And this long after the server has said so: a network that comes back brings the end of the old socket first, and the new one
/// a moment later.
const LOST_GRACE: Duration = Duration::from_secs(3);
/// After this long without a connection, one says that it does not work yet.
const FAILED_AFTER: Duration = Duration::from_secs(15);
/// After this long, one says why.
const EXPLAINED_AFTER: Duration = Duration::from_secs(5);
/// Between two signs of life.
const BEAT: Duration = Duration::from_millis(500);

/// One end of a pair.
#[derive(Debug, Clone)]
pub(super) struct Pair {
    pub(super) participant: Participant,
    pub(super) negotiation: Negotiation,
    /// What its devices do, where that is not shown yet; and how often it may be.
    pub(super) media: Option<MediaState>,
    pace: Pace,
    link: Link,
    trouble: Option<Trouble>,
    /// Our incarnation and theirs when it was made.
    made_between: (Incarnation, Incarnation),
    pub(super) shown: bool,
    /// Since when the server has lost it.
    lost_since: Option<Moment>,
    worked: bool,
    beat_at: Moment,
    /// Pictures sent over the present connection, at both ends.
    pub(super) sent: u32,
    pub(super) sent_there: u32,
    /// Whether packets go through a relay, as far as is known.
    pub(super) relayed: bool,
    /// Whether the present connection is to be replaced, though it may work.
    pub(super) outdated: bool,
    /// Since when the transport does not work.
    silent_since: Option<Moment>,
}

impl Pair {
    pub(super) fn new(participant: Participant, negotiation: Negotiation, ours: Incarnation, now: Moment) -> Self {
        Self {
            made_between: (ours, participant.incarnation),
            lost_since: (participant.presence == Presence::Lost).then_some(now),
            participant,
            negotiation,
            media: None,
            pace: Pace::default(),
            link: Link::Connecting,
            trouble: None,
            shown: false,
            worked: false,
            beat_at: now,
            sent: 0,
            sent_there: 0,
            relayed: false,
            outdated: false,
            silent_since: Some(now),
        }
    }

    /// Shows it, unless it is shown.
    pub(super) fn show(&mut self, actions: &mut Vec<Action>) {
        if !self.shown {
            self.shown = true;
            let id = self.participant.id;
            actions.push(Action::Appeared(self.participant.clone()));
            // Others may have carried the signals of someone whom the server had lost when we came.
            if self.link != Link::Connecting {
                actions.push(Action::Linked(id, self.link));
            }
            if self.trouble.is_some() {
                actions.push(Action::Explained(id, self.trouble));
            }
        }
    }

    /// Shows what its devices do, if that is news and not too much of it.
    pub(super) fn show_media(&mut self, now: Moment, actions: &mut Vec<Action>) {
        if let Some(media) = self.media
            && media != self.participant.media
            && self.pace.allows(now)
        {
            self.participant.media = media;
            if self.shown {
                actions.push(Action::Changed(self.participant.clone()));
            }
        }
    }

    /// Returns whether neither the server nor its own transport reaches it.
    pub(super) fn is_gone(&self, now: Moment) -> bool {
        self.lost_since.is_some_and(|since| now >= since + LOST_GRACE)
            && self.silent_since.is_some_and(|since| now >= since + LOST_SILENCE)
    }

    /// Returns whether the server has lost it.
    pub(super) fn is_lost(&self) -> bool {
        self.participant.presence == Presence::Lost
    }

    /// Returns whether it has not been heard for so long that one says why.
    pub(super) fn is_astray(&self) -> bool {
        self.trouble.is_some()
    }

    /// The server has lost it.
    pub(super) fn lose(&mut self, now: Moment) {
        self.participant.presence = Presence::Lost;
        self.lost_since.get_or_insert(now);
    }

    /// The server tells anew who it is.
    pub(super) fn identify(&mut self, participant: Participant, now: Moment) {
        self.participant = participant;
        self.media = None;
        match self.participant.presence {
            Presence::Online => self.lost_since = None,
            Presence::Lost => self.lose(now),
        }
    }

    /// Returns whether the connection is one between these incarnations, ours and theirs: it was made as such, or others have
    /// carried its signals here before the server told of the later one.
    pub(super) fn lives_on(&self, ours: Incarnation, theirs: Incarnation) -> bool {
        let (made, since, latest) = (self.made_between, self.negotiation.epoch().since, ours.max(theirs));
        let carried_here = made.0 <= ours && made.1 <= theirs && since == latest;
        // One that begins later than the server knows of was made up by somebody.
        since <= latest && (made == (ours, theirs) || carried_here)
    }

    /// Lets something happen to the connection.
    pub(super) fn act(&mut self, event: negotiation::Event, now: Moment, actions: &mut Vec<Action>) {
        let id = self.participant.id;
        for action in self.negotiation.handle(event, now) {
            if let negotiation::Action::Open { .. } = action {
                (self.sent, self.sent_there) = (0, 0);
                (self.relayed, self.outdated) = (false, false);
            }
            if let negotiation::Action::Knock { .. } = action {
                actions.push(self.sign(true));
            }
            actions.push(Action::Pair(id, action));
        }
        self.observe(now, actions);
    }

    /// Returns whether something is being heard of it.
    pub(super) fn works(&self) -> bool {
        self.negotiation.transport() == Transport::Connected
    }

    /// Gives a sign of life when it is time. A browser that is not connected would keep them for later, when they are none.
    pub(super) fn beat(&mut self, now: Moment, actions: &mut Vec<Action>) {
        if now >= self.beat_at && self.negotiation.is_reported_connected() {
            self.beat_at = now + BEAT;
            actions.push(self.sign(false));
        }
    }

    /// Returns a sign of life, which may ask for one.
    pub(super) fn sign(&self, answer: bool) -> Action {
        Action::Tell(self.participant.id, PeerMessage::Beat { frames: self.sent, answer })
    }

    /// Says why it is not heard, once that has lasted.
    pub(super) fn explain(&mut self, surroundings: Surroundings, now: Moment, actions: &mut Vec<Action>) {
        let lasts = self.silent_since.is_some_and(|since| now >= since + EXPLAINED_AFTER);
        let trouble = lasts.then(|| surroundings.trouble(self.participant.presence));
        if trouble != self.trouble {
            self.trouble = trouble;
            if self.shown {
                actions.push(Action::Explained(self.participant.id, trouble));
            }
        }
    }

    /// Draws the conclusions for the tile from the state of the transport.
    pub(super) fn observe(&mut self, now: Moment, actions: &mut Vec<Action>) {
        if self.works() {
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
            if self.shown {
                actions.push(Action::Linked(self.participant.id, link));
            }
        }
    }
}
