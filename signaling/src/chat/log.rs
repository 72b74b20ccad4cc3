//! The entries that one participant has.
//!
//! Separate from the [exchange](super::exchange), because it is a set: whatever comes in whichever order, two logs that have
//! seen the same hold the same.

use super::entry::{Entry, Mark};
use crate::limits;

/// A bounded set of entries, in their order. When there are too many the first in the order goes, not the first that came, and
/// a full log stays full, so that what is kept does not depend on who told what when. (A bound of bytes would not do: a
/// long entry makes room for old ones that others have forgotten.) Each mark stands for one entry.
#[derive(Debug, Clone, Default)]
pub struct Log {
    entries: Vec<(Entry, Mark)>,
}

impl Log {
    /// Adds an entry. Returns whether it is new, and stayed.
    pub fn insert(&mut self, entry: Entry) -> bool {
        let mark = entry.mark();
        self.put(entry, mark)
    }

    /// Adds an entry by its mark, of which two can be made to have the same. Then the last in the order stays: it takes
    /// the place of the other, makes room for nothing, and so it does not matter here either which came first.
    pub(super) fn put(&mut self, entry: Entry, mark: Mark) -> bool {
        if let Some(same) = self.entries.iter().position(|(_, known)| *known == mark) {
            if self.entries.get(same).is_some_and(|(known, _)| *known >= entry) {
                return false;
            }
            self.entries.remove(same);
        }
        let Err(place) = self.entries.binary_search_by(|(known, _)| known.cmp(&entry)) else { return false };
        self.entries.insert(place, (entry, mark));
        let full = self.entries.len() > limits::CHAT_ENTRIES;
        if full {
            self.entries.remove(0);
        }
        !full || place > 0
    }

    /// Returns the entries in their order.
    pub fn entries(&self) -> impl DoubleEndedIterator<Item = &Entry> {
        self.entries.iter().map(|(entry, _)| entry)
    }

    /// Returns whether there is none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Returns the clock of an entry that is written now.
    pub fn next_clock(&self) -> u32 {
        self.entries.last().map_or(0, |(entry, _)| entry.clock.saturating_add(1))
    }

    /// Returns the marks of all entries.
    pub fn marks(&self) -> Vec<Mark> {
        self.entries.iter().map(|(_, mark)| *mark).collect()
    }

    /// Returns a mark of the whole: that of all marks together, in whatever order.
    pub fn digest(&self) -> Mark {
        // Spread first, because marks that differ in one entry alone must not cancel each other out.
        let spread =
            |mark: u64| mark.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        Mark(self.entries.iter().fold(0, |all: u64, (_, mark)| all.wrapping_add(spread(mark.0))) >> 11)
    }

    /// Returns the entries that somebody lacks who has these marks, of which there are no more than of entries.
    pub fn missing(&self, marks: &[Mark]) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(|(_, mark)| !marks.contains(mark)).map(|(entry, _)| entry)
    }
}
