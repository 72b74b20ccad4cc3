//! What the server is told of our pairs.
//!
//! Separate, because it is one rule: what is new is told, and not more often than once a second.

use crate::identity::ParticipantId;
use crate::mesh::Mesh;
use crate::time::Moment;
use core::time::Duration;

/// Between two reports.
const SPACING: Duration = Duration::from_secs(1);

/// What was told through the present socket.
#[derive(Debug, Clone, Default)]
pub(super) struct Health {
    told: Option<Vec<ParticipantId>>,
    told_at: Option<Moment>,
}

impl Health {
    /// Returns with whom our connections work, if that is to be told now. Nobody is told that one is alone.
    pub(super) fn news(&mut self, mesh: &Mesh, now: Moment) -> Option<Vec<ParticipantId>> {
        let told_at = *self.told_at.get_or_insert(now);
        if now < told_at + SPACING || mesh.is_empty() {
            return None;
        }
        let reached: Vec<_> = mesh.reached().collect();
        if self.told.as_ref() == Some(&reached) {
            return None;
        }
        (self.told, self.told_at) = (Some(reached.clone()), Some(now));
        Some(reached)
    }
}
