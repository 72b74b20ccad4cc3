//! The last epochs of pairs that we closed.
//!
//! Separate, because it outlives the pairs: the far end may have kept its connection, so numbering goes on from there.

use crate::identity::{Epoch, ParticipantId};
use crate::limits;

/// Epochs that are surely over, of as many people as the server remembers.
#[derive(Debug, Clone, Default)]
pub(super) struct Past(Vec<(ParticipantId, Epoch)>);

impl Past {
    /// Notes the epoch that a pair has come to.
    pub(super) fn note(&mut self, id: ParticipantId, epoch: Epoch) {
        self.0.retain(|(known, _)| *known != id);
        if self.0.len() == limits::REMEMBERED_IDENTITIES {
            // Whom the server has forgotten will never come back.
            self.0.remove(0);
        }
        self.0.push((id, epoch));
    }

    /// Returns the last epoch of a pair, or `fresh` if that is later.
    pub(super) fn last(&self, id: ParticipantId, fresh: Epoch) -> Epoch {
        let known = self.0.iter().find(|(known, _)| *known == id);
        known.map_or(fresh, |(_, epoch)| fresh.max(*epoch))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn epoch(count: u32) -> Epoch {
        (1, count).into()
    }

    #[test]
    fn numbering_goes_on_from_the_later_epoch() {
        let (left, right) = (ParticipantId(1), ParticipantId(2));
        let mut past = Past::default();
        past.note(left, epoch(2));
        past.note(left, epoch(3));
        assert_eq!(past.last(left, epoch(0)), epoch(3));
        assert_eq!(past.last(left, (2, 0).into()), (2, 0).into());
        assert_eq!(past.last(right, epoch(0)), epoch(0));
    }

    #[test]
    fn the_oldest_is_forgotten_first() {
        let mut past = Past::default();
        for id in 0..=limits::REMEMBERED_IDENTITIES as u32 {
            past.note(ParticipantId(id), epoch(5));
        }
        assert_eq!(past.last(ParticipantId(0), epoch(0)), epoch(0));
        assert_eq!(past.last(ParticipantId(1), epoch(0)), epoch(5));
    }
}
