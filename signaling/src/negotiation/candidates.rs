//! The candidates of a pair that wait: ours to be said again, the far end's for their description.
//!
//! Separate, because candidates come at any time and in any order, and which belongs where is one rule.

use crate::identity::Epoch;
use crate::protocol::{Candidate, Sdp, SignalBody};

/// Candidates that wait, of each kind. A browser gathers a dozen; more is a mistake or an attack.
const MOST: usize = 64;

/// A candidate or (`None`) the end of candidates.
pub(super) type Trickle = Option<Candidate>;

/// A round of descriptions: which epoch, and which offer of it.
pub(super) type Round = (Epoch, u32);

/// Both ends' candidates.
#[derive(Debug, Clone, Default)]
pub(super) struct Candidates {
    gathered: Vec<Trickle>,
    held: Vec<(Round, Trickle)>,
    /// The far end's of the present round that were taken: what is said again is taken once.
    taken: Vec<Trickle>,
}

impl Candidates {
    /// Begins a round: ours of the round before are void, and so is what waits for an earlier one.
    pub(super) fn begin(&mut self, present: Round) {
        self.forget_gathered();
        self.taken.clear();
        self.held.retain(|(round, _)| *round >= present);
    }

    /// Drops ours.
    pub(super) fn forget_gathered(&mut self) {
        self.gathered.clear();
    }

    /// Keeps one of ours, to be said again if need be.
    pub(super) fn keep(&mut self, candidate: Trickle) {
        if self.gathered.len() < MOST {
            self.gathered.push(candidate);
        }
    }

    /// Drops those of ours that are of another ICE generation than our description.
    pub(super) fn keep_only_of(&mut self, sdp: &Sdp) {
        self.gathered.retain(|candidate| belongs(candidate.as_ref(), sdp));
    }

    /// Returns ours, as they are said.
    pub(super) fn said(&self) -> impl Iterator<Item = SignalBody> {
        self.gathered.iter().cloned().map(body)
    }

    /// Holds one of the far end's back until its description is in place.
    pub(super) fn hold(&mut self, round: Round, candidate: Trickle) {
        let held = (round, candidate);
        if self.held.len() < MOST && !self.held.contains(&held) {
            self.held.push(held);
        }
    }

    /// Returns how many are kept, of both ends.
    pub(super) fn len(&self) -> usize {
        self.gathered.len() + self.held.len() + self.taken.len()
    }

    /// Returns whether one of the far end's of the present round is to be taken: it is new, and not one too many.
    pub(super) fn take(&mut self, candidate: &Trickle) -> bool {
        let new = self.taken.len() < MOST && !self.taken.contains(candidate);
        if new {
            self.taken.push(candidate.clone());
        }
        new
    }

    /// Takes those of the far end's that belong to the present round.
    pub(super) fn release(&mut self, present: Round) -> Vec<Trickle> {
        let (due, later): (Vec<_>, Vec<_>) =
            core::mem::take(&mut self.held).into_iter().partition(|(round, _)| *round == present);
        self.held = later;
        due.into_iter().map(|(_, candidate)| candidate).filter(|candidate| self.take(candidate)).collect()
    }
}

/// Returns how a candidate is said.
pub(super) fn body(candidate: Trickle) -> SignalBody {
    candidate.map_or(SignalBody::EndOfCandidates, SignalBody::Candidate)
}

/// Returns whether a candidate is of the ICE generation of a description (RFC 8839 §5.4).
pub(super) fn belongs(candidate: Option<&Candidate>, sdp: &Sdp) -> bool {
    let Some(ufrag) = candidate.and_then(|candidate| candidate.ufrag.as_ref()) else { return true };
    sdp.as_str().lines().filter_map(|line| line.strip_prefix("a=ice-ufrag:")).any(|known| known == ufrag.as_str())
}
