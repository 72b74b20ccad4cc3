//! Which pairs of a room do not work for both, by what both ends tell, and when their repair is to be ordered.
//!
//! Separate, because it is one rule. The ends of a dead pair mostly know; those of a pair that only one believes in do not both.

use super::seat::Seat;
use crate::identity::ParticipantId;
use crate::limits;
use crate::time::Moment;
use core::ops::AddAssign;
use std::collections::{BTreeMap, BTreeSet};

/// What two ends tell of their pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PairHealth {
    /// It works for both.
    Whole,
    /// It works for one.
    OneSided,
    /// It works for neither.
    Dead,
    /// Not both have told yet, or the server does not reach both.
    Unknown,
}

/// How many pairs there are of each kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PairCounts {
    /// Pairs that work for both ends.
    pub whole: usize,
    /// Pairs that work for one end only.
    pub one_sided: usize,
    /// Pairs that work for neither.
    pub dead: usize,
    /// Pairs of which not both ends have told.
    pub unknown: usize,
}

impl PairCounts {
    pub(super) fn count(&mut self, health: PairHealth) {
        *match health {
            PairHealth::Whole => &mut self.whole,
            PairHealth::OneSided => &mut self.one_sided,
            PairHealth::Dead => &mut self.dead,
            PairHealth::Unknown => &mut self.unknown,
        } += 1;
    }
}

impl AddAssign for PairCounts {
    fn add_assign(&mut self, more: Self) {
        self.whole += more.whole;
        self.one_sided += more.one_sided;
        self.dead += more.dead;
        self.unknown += more.unknown;
    }
}

/// The pairs that are ill, each with the moment when the next repair is ordered. The later to join is first: it offers.
#[derive(Debug, Default)]
pub(super) struct Ill(BTreeMap<(ParticipantId, ParticipantId), Moment>);

impl Ill {
    /// Takes note of what has changed: who is ill now is given time to recover, who is not any more is forgotten.
    pub(super) fn update(&mut self, seats: &[Seat], now: Moment) {
        if self.0.is_empty() && seats.len() < 2 {
            return;
        }
        let ill: BTreeSet<_> = pairs(seats)
            .filter(|(later, earlier)| matches!(health(later, earlier), PairHealth::OneSided | PairHealth::Dead))
            .map(|(later, earlier)| (later.participant.id, earlier.participant.id))
            .collect();
        self.0.retain(|pair, _| ill.contains(pair));
        for pair in ill {
            self.0.entry(pair).or_insert(now + limits::PAIR_PATIENCE);
        }
    }

    /// Returns when the next repair is to be ordered.
    pub(super) fn next(&self) -> Option<Moment> {
        self.0.values().copied().min()
    }

    /// Returns the pairs whose repair is to be ordered now, of whom and with whom.
    pub(super) fn due(&mut self, now: Moment) -> Vec<(ParticipantId, ParticipantId)> {
        let due = self.0.iter_mut().filter(|(_, at)| **at <= now);
        due.map(|(pair, at)| {
            *at = now + limits::PAIR_PATIENCE;
            *pair
        })
        .collect()
    }
}

/// Returns every pair of seats, the later to join first. Seats are in the order of joining.
pub(super) fn pairs(seats: &[Seat]) -> impl Iterator<Item = (&Seat, &Seat)> {
    seats.iter().enumerate().flat_map(|(index, later)| seats[..index].iter().map(move |earlier| (later, earlier)))
}

/// Returns what two seats tell of their pair.
pub(super) fn health(one: &Seat, other: &Seat) -> PairHealth {
    match (one.reaches(other.participant.id), other.reaches(one.participant.id)) {
        (Some(true), Some(true)) => PairHealth::Whole,
        (Some(false), Some(false)) => PairHealth::Dead,
        (Some(_), Some(_)) => PairHealth::OneSided,
        (None, _) | (_, None) => PairHealth::Unknown,
    }
}
