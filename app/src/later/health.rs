//! How a connection does, in words before numbers: what two looks at its counters tell.
//!
//! Separate, because it is arithmetic and a judgement, and both can be tried without a browser.

use crate::call::Route;

/// Of a hundred packets so many may be missing before one hears it, in tenths.
const LOSSY: u32 = 30;
/// A way there and back that takes longer makes people talk at the same time, in milliseconds.
const SLOW: u32 = 400;

/// Why less is sent than is captured.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Limit {
    /// No reason.
    #[default]
    None,
    /// The way there carries no more.
    Network,
    /// This machine makes no more.
    Computer,
}

/// What was counted so far in one slot, in one direction.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Counted {
    /// Bytes of sound or picture.
    pub bytes: u64,
    /// The picture's size; none for sound.
    pub size: (u32, u32),
    /// Pictures a second.
    pub rate: u32,
    /// Why it is less than it could be.
    pub limit: Limit,
}

/// One look at the counters of a connection.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Reading {
    /// When, in milliseconds.
    pub at: u32,
    /// Which way packets take.
    pub route: Option<Route>,
    /// There and back, in milliseconds.
    pub round_trip: Option<u32>,
    /// Packets that came, and that did not.
    pub packets: (u32, u32),
    /// What the far end misses of what is sent, in tenths of a percent.
    pub missed_there: u32,
    /// What comes, by slot.
    pub received: [Counted; 4],
    /// What goes.
    pub sent: [Counted; 4],
    /// What the camera gives: the size, and pictures a second.
    pub captured: ((u32, u32), u32),
}

/// What flows in one slot.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Flow {
    /// In kilobits a second.
    pub speed: u32,
    /// The picture's size.
    pub size: (u32, u32),
    /// Pictures a second.
    pub rate: u32,
    /// Why it is less than it could be.
    pub limit: Limit,
}

/// How a connection does.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Health {
    /// Whether it was looked at twice: what flows is known only then.
    pub is_compared: bool,
    /// Which way packets take, once that is known.
    pub route: Option<Route>,
    /// There and back, in milliseconds.
    pub round_trip: Option<u32>,
    /// What does not come, either way, in tenths of a percent.
    pub lost: u32,
    /// What comes, by slot; nothing before the second look.
    pub received: [Flow; 4],
    /// What goes.
    pub sent: [Flow; 4],
    /// What the camera gives.
    pub captured: ((u32, u32), u32),
}

/// What to say of it in one sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Nothing is known yet.
    Unknown,
    /// There is nothing to complain of.
    Good,
    /// Every word is long on its way.
    Slow,
    /// Words and pictures have gaps.
    Lossy,
}

impl Health {
    /// Compares two looks; a connection that was made anew counts from zero, and is not compared with the one before.
    pub(super) fn between(before: Option<&Reading>, now: &Reading) -> Self {
        let before = before.filter(|before| before.at < now.at);
        let flows = |of: fn(&Reading) -> &[Counted; 4]| {
            let mut flows = [Flow::default(); 4];
            for (slot, (flow, counted)) in flows.iter_mut().zip(of(now)).enumerate() {
                let speed = before.map_or(0, |before| {
                    let bits = counted.bytes.saturating_sub(of(before)[slot].bytes) * 8;
                    u32::try_from(bits / u64::from(now.at - before.at)).unwrap_or(u32::MAX)
                });
                // What was seen before it stopped is still told by some browsers.
                let stands = before.is_some_and(|before| of(before)[slot].bytes == counted.bytes);
                let (size, rate) = if stands { ((0, 0), 0) } else { (counted.size, counted.rate) };
                *flow = Flow { speed, size, rate, limit: counted.limit };
            }
            flows
        };
        let since = before.map_or((0, 0), |before| before.packets);
        let (came, missing) = (now.packets.0.saturating_sub(since.0), now.packets.1.saturating_sub(since.1));
        let missed = u64::from(missing) * 1_000 / u64::from(came + missing).max(1);
        Self {
            is_compared: before.is_some(),
            route: now.route,
            round_trip: now.round_trip,
            lost: u32::try_from(missed).unwrap_or(u32::MAX).max(now.missed_there),
            received: flows(|reading| &reading.received),
            sent: flows(|reading| &reading.sent),
            captured: now.captured,
        }
    }

    /// Judges it. What is lost is heard sooner than what is late.
    pub(super) fn verdict(&self) -> Verdict {
        match (self.route, self.round_trip) {
            (None, _) => Verdict::Unknown,
            _ if self.lost >= LOSSY => Verdict::Lossy,
            (_, Some(round_trip)) if round_trip >= SLOW => Verdict::Slow,
            _ => Verdict::Good,
        }
    }
}

/// Writes tenths of a percent as people read them, with the `point` of their language: nothing smaller than a tenth, and no tenths
/// from ten on.
pub(super) fn percent(tenths: u32, point: &str) -> String {
    let whole = (tenths / 10).to_string();
    match tenths % 10 {
        0 => whole,
        _ if tenths >= 100 => whole,
        rest => [&whole, point, &rest.to_string()].concat(),
    }
}

/// Writes seconds as a clock does that has no days.
pub(super) fn clock(seconds: u32) -> String {
    let two = |number: u32| [if number < 10 { "0" } else { "" }, &number.to_string()].concat();
    [(seconds / 3_600).to_string(), two(seconds / 60 % 60), two(seconds % 60)].join(":")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(at: u32, round_trip: u32, packets: (u32, u32)) -> Reading {
        let route = Some(Route::Direct);
        Reading { at, route, round_trip: Some(round_trip), packets, ..Reading::default() }
    }

    fn verdict(round_trip: u32, packets: (u32, u32)) -> Verdict {
        let before = reading(1_000, round_trip, (1_000, 500));
        let now = reading(3_000, round_trip, (before.packets.0 + packets.0, before.packets.1 + packets.1));
        Health::between(Some(&before), &now).verdict()
    }

    #[test]
    fn the_verdict_is_about_now_and_not_about_what_was_lost_long_ago() {
        assert_eq!(verdict(40, (200, 0)), Verdict::Good);
        assert_eq!(verdict(40, (97, 3)), Verdict::Lossy);
        assert_eq!(verdict(40, (98, 2)), Verdict::Good);
    }

    #[test]
    fn late_is_worse_than_good_and_better_than_lost() {
        assert_eq!(verdict(399, (200, 0)), Verdict::Good);
        assert_eq!(verdict(400, (200, 0)), Verdict::Slow);
        assert_eq!(verdict(900, (90, 10)), Verdict::Lossy);
    }

    #[test]
    fn what_the_far_end_misses_counts_as_much() {
        let now = Reading { missed_there: 50, ..reading(3_000, 40, (200, 0)) };
        assert_eq!(Health::between(None, &now).verdict(), Verdict::Lossy);
    }

    #[test]
    fn nothing_is_said_before_anything_is_known() {
        assert_eq!(Health::default().verdict(), Verdict::Unknown);
        let silent = Health { route: Some(Route::Relay), ..Health::default() };
        assert_eq!(silent.verdict(), Verdict::Good);
    }

    fn camera(at: u32, bytes: u64) -> Reading {
        let mut reading = reading(at, 40, (0, 0));
        reading.sent[1] = Counted { bytes, size: (640, 360), rate: 30, limit: Limit::Network };
        reading
    }

    #[test]
    fn speed_is_what_went_since_the_last_look() {
        let health = Health::between(Some(&camera(1_000, 50_000)), &camera(3_000, 175_000));
        assert_eq!(health.sent[1], Flow { speed: 500, size: (640, 360), rate: 30, limit: Limit::Network });
        assert_eq!(health.sent[0], Flow::default());
        let first = Health::between(None, &camera(3_000, 175_000));
        assert_eq!((first.sent[1].speed, first.sent[1].size), (0, (640, 360)));
    }

    #[test]
    fn what_stands_still_has_no_size_and_a_new_connection_no_past() {
        let still = Health::between(Some(&camera(1_000, 50_000)), &camera(3_000, 50_000));
        assert_eq!((still.sent[1].speed, still.sent[1].size), (0, (0, 0)));
        let anew = Health::between(Some(&camera(1_000, 50_000)), &camera(3_000, 400));
        assert_eq!(anew.sent[1].speed, 0);
    }

    #[test]
    fn two_looks_at_one_moment_do_not_divide_by_nothing() {
        assert_eq!(Health::between(Some(&camera(1_000, 0)), &camera(1_000, 9)).sent[1].speed, 0);
    }

    #[test]
    fn numbers_are_written_as_people_read_them() {
        assert_eq!(
            [0, 4, 30, 35, 104, 1_000].map(|tenths| percent(tenths, ".")),
            ["0", "0.4", "3", "3.5", "10", "100"]
        );
        assert_eq!([0, 59, 61, 3_599, 36_000].map(clock), ["0:00:00", "0:00:59", "0:01:01", "0:59:59", "10:00:00"]);
    }
}
