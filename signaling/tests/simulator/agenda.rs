//! What will happen, and when: virtual time.
//!
//! Separate, because it is what makes a schedule of minutes run in milliseconds: time jumps from one entry to the next.

use signaling::time::Moment;
use std::cmp::Ordering;
use std::collections::BinaryHeap;

/// The things to come, in the order of time; at the same time, in the order of being noted.
#[derive(Debug)]
pub(crate) struct Agenda<T> {
    now: Moment,
    noted: u64,
    entries: BinaryHeap<Entry<T>>,
}

#[derive(Debug)]
struct Entry<T> {
    at: Moment,
    order: u64,
    what: T,
}

impl<T> Agenda<T> {
    pub(crate) fn new() -> Self {
        Self { now: Moment::ZERO, noted: 0, entries: BinaryHeap::new() }
    }

    pub(crate) fn now(&self) -> Moment {
        self.now
    }

    pub(crate) fn at(&mut self, at: Moment, what: T) {
        self.noted += 1;
        self.entries.push(Entry { at: at.max(self.now), order: self.noted, what });
    }

    pub(crate) fn after(&mut self, delay: Moment, what: T) {
        self.at(self.now + delay, what);
    }

    /// Goes on to the next entry, unless that is later than `until`.
    pub(crate) fn next(&mut self, until: Moment) -> Option<T> {
        if self.entries.peek().is_none_or(|entry| entry.at > until) {
            self.now = until;
            return None;
        }
        let entry = self.entries.pop()?;
        self.now = entry.at;
        Some(entry.what)
    }
}

impl<T> Ord for Entry<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        // The heap gives its greatest first.
        (other.at, other.order).cmp(&(self.at, self.order))
    }
}

impl<T> PartialOrd for Entry<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> PartialEq for Entry<T> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl<T> Eq for Entry<T> {}
