//! When to tell others how large their pictures are shown here: at once where somebody waits for it, and else once it has settled.
//!
//! Separate from what is [sent](crate::sending), because it is the other end of it: the one who looks.

use crate::few::Few;
use crate::identity::ParticipantId;
use crate::protocol::View;
use crate::time::Moment;
use core::time::Duration;

/// What is shown smaller, or no more, is told after it has been so for this long: whoever glances at another tab, or drags the
/// edge of a window, comes back to a picture that never stopped. Well below the three seconds after which a hidden page is to
/// receive nothing.
pub const SETTLING: Duration = Duration::from_millis(800);
/// What is shown larger is told at once, but not more often than this: each time, the far end begins a picture anew.
pub const PACE: Duration = Duration::from_millis(300);

/// What was told, and since when something else is true.
#[derive(Debug, Clone, Copy)]
struct Told {
    view: View,
    at: Moment,
    differs_since: Option<Moment>,
}

/// What everyone was told of how they are shown.
#[derive(Debug, Clone, Default)]
pub struct Viewer {
    told: Few<ParticipantId, Told>,
}

impl Viewer {
    /// Takes how somebody is shown now. Returns whether to tell them.
    pub fn look(&mut self, at: ParticipantId, view: View, now: Moment) -> bool {
        let Some(told) = self.told.get_mut(at) else {
            self.told.insert(at, Told { view, at: now, differs_since: None });
            return true;
        };
        if !told.view.differs(&view) {
            told.differs_since = None;
            return false;
        }
        let since = *told.differs_since.get_or_insert(now);
        let due = if told.view.covers(&view) { since + SETTLING } else { told.at + PACE };
        let is_due = now >= due;
        if is_due {
            *told = Told { view, at: now, differs_since: None };
        }
        is_due
    }

    /// Returns whether something is different from what was told, and has yet to last.
    pub fn waits(&self) -> bool {
        self.told.values().any(|told| told.differs_since.is_some())
    }

    /// Forgets somebody: their connection is gone, or new, and knows nothing.
    pub fn forget(&mut self, id: ParticipantId) {
        self.told.remove(id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANA: ParticipantId = ParticipantId(1);

    fn view(camera: Option<(u16, u16)>) -> View {
        View { camera, ..View::default() }
    }

    /// Looks every 100 ms at what is shown then; returns what was told, and when.
    fn tell(shows: impl Fn(u64) -> Option<(u16, u16)>) -> Vec<(u64, Option<(u16, u16)>)> {
        let mut viewer = Viewer::default();
        let at = |time| (time, shows(time));
        let told = |(time, camera): &(u64, _)| viewer.look(ANA, view(*camera), Moment::from_millis(*time));
        (0..10_000).step_by(100).map(at).filter(told).collect()
    }

    #[test]
    fn what_is_shown_is_told_once() {
        assert_eq!(tell(|_| Some((320, 180))), [(0, Some((320, 180)))]);
    }

    #[test]
    fn what_is_hidden_is_told_when_it_has_lasted_and_what_is_back_at_once() {
        let hidden = |time| !(3_000..7_000).contains(&time);
        let told = tell(|time| hidden(time).then_some((320, 180)));
        assert_eq!(told[1..], [(3_800, None), (7_000, Some((320, 180)))]);
    }

    #[test]
    fn it_waits_until_what_is_hidden_has_lasted_or_is_back() {
        let mut viewer = Viewer::default();
        let mut looks = |shown: Option<(u16, u16)>, time| {
            viewer.look(ANA, view(shown), Moment::from_millis(time));
            viewer.waits()
        };
        let shown = Some((320, 180));
        assert_eq!([looks(shown, 0), looks(None, 100), looks(None, 800), looks(None, 900)], [false, true, true, false]);
        assert_eq!([looks(shown, 2_000), looks(None, 3_000), looks(shown, 3_100)], [false, true, false]);
    }

    #[test]
    fn a_glance_elsewhere_is_not_told() {
        assert_eq!(tell(|time| (!(3_000..3_700).contains(&time)).then_some((320, 180))).len(), 1);
    }

    #[test]
    fn a_window_that_is_being_dragged_larger_is_told_of_now_and_then_and_at_its_end() {
        let told = tell(|time| {
            let width = 320 + 32 * (time.clamp(2_000, 4_000) - 2_000) as u16 / 100;
            Some((width, width / 2))
        });
        assert!(told.len() <= 8, "{told:?}");
        let last = told.last().and_then(|(_, size)| *size).unwrap();
        assert!(last.0 > 860, "{told:?}");
    }

    #[test]
    fn a_size_that_hardly_changes_is_not_told() {
        assert_eq!(tell(|time| Some((320 + (time / 100 % 30) as u16, 180))).len(), 1);
    }

    #[test]
    fn a_new_connection_is_told_anew() {
        let mut viewer = Viewer::default();
        let shown = view(Some((320, 180)));
        assert!(viewer.look(ANA, shown, Moment::from_secs(1)));
        viewer.forget(ANA);
        assert!(viewer.look(ANA, shown, Moment::from_secs(2)));
    }
}
