//! How long to wait before more is tried: longer each time that it did not last, so that nothing flaps.
//!
//! Separate, because network and processor are tried alike.

use crate::time::Moment;
use core::time::Duration;

/// What is waited for, and what was tried last.
#[derive(Debug, Clone)]
pub(super) struct Backoff {
    least: Duration,
    most: Duration,
    /// After so long, it has lasted.
    proof: Duration,
    wait: Duration,
    tried: Option<Moment>,
}

impl Backoff {
    pub(super) fn new(least: Duration, most: Duration, proof: Duration) -> Self {
        Self { least, most, proof, wait: least, tried: None }
    }

    /// Returns how long to wait now.
    pub(super) fn wait(&self) -> Duration {
        self.wait
    }

    /// More is tried.
    pub(super) fn tries(&mut self, now: Moment) {
        self.tried = Some(now);
    }

    /// It is too much. Returns whether that is so because of the last try; a second time after the same one says nothing new about it.
    pub(super) fn fails(&mut self, now: Moment) -> bool {
        let Some(tried) = self.tried.take() else { return false };
        let is_relapse = now < tried + self.proof;
        self.wait = if is_relapse { (self.wait * 2).min(self.most) } else { self.least };
        is_relapse
    }
}
