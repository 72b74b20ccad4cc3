//! What peers say past the server: signs of life, and signals that one carries for others.
//!
//! Separate, because here somebody's word is weighed: all else comes from the server or from the browser.

use super::pair::Pair;
use super::{Action, Mesh};
use crate::identity::{Epoch, ParticipantId};
use crate::negotiation;
use crate::protocol::{PeerMessage, Signal};
use crate::time::Moment;

/// How many connections ahead of ours a carried signal may be.
const CARRIED_AHEAD: u32 = 16;

impl Mesh {
    /// Someone said something over the connection of this epoch itself.
    pub fn told(&mut self, id: ParticipantId, epoch: Epoch, message: PeerMessage, now: Moment) -> Vec<Action> {
        match message {
            PeerMessage::Media(media) => self.media_changed(id, media, now),
            PeerMessage::Beat { frames, answer } => {
                let mut actions = self.pair(id, negotiation::Event::Beat { epoch }, now);
                if let Some(pair) = self.pairs.get_mut(id).filter(|pair| pair.negotiation.epoch() == epoch) {
                    pair.sent_there = frames;
                    actions.extend(answer.then(|| pair.sign(false)));
                }
                actions
            }
            PeerMessage::Carry { to, signal } => self.carry(id, to, signal),
            PeerMessage::Carried { from, signal } => self.carried(from, signal, true, now),
            // Whoever is shown no more has nothing to say.
            PeerMessage::React(reaction) => {
                self.pairs.get(id).map(|_| Action::Reacted(id, reaction)).into_iter().collect()
            }
        }
    }

    /// Passes a signal on, if we reach both ends.
    fn carry(&self, from: ParticipantId, to: ParticipantId, signal: Signal) -> Vec<Action> {
        let reached = to != from && self.pairs.get(to).is_some_and(Pair::works);
        if reached { vec![Action::Tell(to, PeerMessage::Carried { from, signal })] } else { Vec::new() }
    }

    /// Someone is said to have said something. That is a peer's word, so it is taken only for a pair that does not work, and only
    /// where the server could not have brought it, or has not for long; and it can not claim a round so late that no true one
    /// would follow.
    pub(crate) fn carried(&mut self, from: ParticipantId, signal: Signal, online: bool, now: Moment) -> Vec<Action> {
        let Some(pair) = self.pairs.get(from) else { return Vec::new() };
        let needed = !pair.works() && (!online || pair.is_lost() || pair.is_astray());
        let known = pair.negotiation.epoch();
        let counted = if signal.epoch.since == known.since { known.count } else { 0 };
        let plausible = signal.epoch.count <= counted.saturating_add(CARRIED_AHEAD);
        if needed && plausible { self.signal(from, signal, now) } else { Vec::new() }
    }
}
