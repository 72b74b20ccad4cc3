//! How long sound waits before it is played: as long as the browser finds right, and longer where that leaves gaps.
//!
//! Separate from the [sender](crate::sending)'s half of sound, because only the one who hears knows. A browser sizes its jitter buffer
//! so that nearly all packets come in time; what is later than that is made up, and a busy machine or a busy network makes a few of a
//! hundred late, again and again. A tenth of a second more is not noticed in talking (ITU-T G.114: up to 150 ms one way is fine, up to 400
//! acceptable), and a syllable that is missing is.

use crate::backoff::Backoff;
use crate::few::Few;
use crate::identity::ParticipantId;
use crate::time::Moment;
use core::time::Duration;

/// Of what is played, in thousandths, so much may be made up: a twentieth of a second in ten is not heard.
const GAPS: u64 = 5;
/// With more than that, sound waits for so much longer: two packets.
const STEP: Duration = Duration::from_millis(40);
/// It waits no longer than this, since people begin to talk at the same time.
const MOST: Duration = Duration::from_millis(200);
/// After so long without gaps a step less is tried; each try that did not last doubles it, up to the second.
const CALM: Duration = Duration::from_secs(60);
/// See [`CALM`].
const CALM_MOST: Duration = Duration::from_secs(240);
/// A step less has lasted when there were no gaps for so long.
const PROOF: Duration = Duration::from_secs(60);
/// Samples in a packet: 20 ms of Opus, which always has 48,000 a second (RFC 7587 §4.1).
const PACKET: u64 = 960;

/// What was heard of somebody all in all, as browsers count it (W3C WebRTC Statistics, `RTCInboundRtpStreamStats`).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Heard {
    /// Samples that were played (`totalSamplesReceived`).
    pub played: u64,
    /// Those of them that were made up, and not silence (`concealedSamples` without `silentConcealedSamples`).
    pub made_up: u64,
    /// Packets that never came (`packetsLost`): no waiting brings them.
    pub lost: u64,
}

impl Heard {
    /// Returns what was heard since; `None` where the counters began anew.
    fn since(self, before: Self) -> Option<Self> {
        let played = self.played.checked_sub(before.played).filter(|played| *played > 0)?;
        let made_up = self.made_up.checked_sub(before.made_up)?;
        // What was taken for lost may come after all.
        Some(Self { played, made_up, lost: self.lost.saturating_sub(before.lost) })
    }

    fn has_gaps(self) -> bool {
        self.made_up.saturating_sub(self.lost * PACKET) * 1_000 > self.played * GAPS
    }
}

/// How long the sound of one of them waits.
#[derive(Debug, Clone)]
struct Buffer {
    heard: Heard,
    target: Duration,
    since: Moment,
    calm: Backoff,
}

/// Decides how long the sound of each of the others waits.
#[derive(Debug, Clone, Default)]
pub struct JitterBuffers {
    others: Few<ParticipantId, Buffer>,
}

impl JitterBuffers {
    /// Takes what was heard of somebody by now. Returns for how long their sound is to wait at least from now on (`jitterBufferTarget`
    /// of W3C WebRTC Extensions), where that is something new; zero leaves it to the browser.
    pub fn look(&mut self, of: ParticipantId, heard: Heard, now: Moment) -> Option<Duration> {
        let Some(buffer) = self.others.get_mut(of) else {
            let calm = Backoff::new(CALM, CALM_MOST, PROOF);
            self.others.insert(of, Buffer { heard, target: Duration::ZERO, since: now, calm });
            return None;
        };
        let new = heard.since(core::mem::replace(&mut buffer.heard, heard))?;
        let before = buffer.target;
        if new.has_gaps() {
            let _ = buffer.calm.fails(now);
            buffer.since = now;
            buffer.target = (before + STEP).min(MOST);
        } else if now >= buffer.since + buffer.calm.wait() {
            buffer.since = now;
            buffer.target = before.saturating_sub(STEP);
            buffer.calm.tries(now);
        }
        (buffer.target != before).then_some(buffer.target)
    }

    /// Forgets somebody: their connection is gone, or new, and waits as the browser has it.
    pub fn forget(&mut self, id: ParticipantId) {
        self.others.remove(id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANA: ParticipantId = ParticipantId(1);
    const SECOND: u64 = 48_000;

    /// Hears somebody for so many seconds, looking once in each. `gaps` tells, by second and by how long sound waits in milliseconds, how
    /// many samples are made up and how many packets are lost. Returns how long it waited in each second.
    fn hear(seconds: u64, gaps: impl Fn(u64, u128) -> (u64, u64)) -> Vec<u128> {
        let (mut buffers, mut heard, mut target) = (JitterBuffers::default(), Heard::default(), 0);
        let second = |second| {
            let (made_up, lost) = gaps(second, target);
            heard.played += SECOND;
            heard.made_up += made_up;
            heard.lost += lost;
            if let Some(new) = buffers.look(ANA, heard, Moment::from_secs(second)) {
                target = new.as_millis();
            }
            target
        };
        (0..seconds).map(second).collect()
    }

    #[test]
    fn sound_without_gaps_waits_as_the_browser_has_it() {
        assert_eq!(hear(600, |_, _| (SECOND / 1_000, 0)), [0; 600]);
    }

    #[test]
    fn gaps_make_it_wait_until_there_are_none() {
        let waited = hear(15, |_, target| if target < 100 { (1_000, 0) } else { (0, 0) });
        assert_eq!(waited[..5], [0, 40, 80, 120, 120]);
        assert_eq!(waited.last(), Some(&120));
    }

    #[test]
    fn it_never_waits_long() {
        assert_eq!(hear(60, |_, _| (10_000, 0)).into_iter().max(), Some(MOST.as_millis()));
    }

    #[test]
    fn once_there_are_none_any_more_it_waits_less_and_less() {
        let waited = hear(400, |second, _| if second < 10 { (1_000, 0) } else { (0, 0) });
        assert_eq!((waited[20], waited[399]), (200, 0));
    }

    #[test]
    fn where_gaps_come_back_less_is_tried_ever_more_seldom() {
        let waited = hear(3_600, |_, target| if target < 80 { (1_000, 0) } else { (0, 0) });
        let tries: Vec<_> = (10..3_600).filter(|second| waited[*second] < 80).collect();
        let apart: Vec<_> = tries.windows(2).map(|pair| pair[1] - pair[0]).collect();
        assert!(apart.is_sorted() && apart.first() < Some(&130) && apart.last() > Some(&230), "{apart:?}");
    }

    #[test]
    fn what_is_lost_is_not_waited_for() {
        assert_eq!(hear(60, |_, _| (5 * PACKET, 5)), [0; 60]);
    }

    #[test]
    fn counters_that_begin_anew_and_looks_in_which_nothing_is_played_tell_nothing() {
        let mut buffers = JitterBuffers::default();
        let mut look = |played, made_up, second| {
            let heard = Heard { played, made_up, lost: 0 };
            buffers.look(ANA, heard, Moment::from_secs(second))
        };
        let told = [look(90_000, 9_000, 0), look(500, 400, 1), look(500, 400, 2), look(48_500, 400, 3)];
        assert_eq!(told, [None; 4]);
    }

    #[test]
    fn a_new_connection_begins_as_the_browser_has_it() {
        let mut buffers = JitterBuffers::default();
        let heard = |second: u64| Heard { played: second * SECOND, made_up: second * 1_000, lost: 0 };
        let mut look =
            |buffers: &mut JitterBuffers, second| buffers.look(ANA, heard(second), Moment::from_secs(second));
        let _ = look(&mut buffers, 0);
        assert_eq!(look(&mut buffers, 1), Some(STEP));
        buffers.forget(ANA);
        assert_eq!(look(&mut buffers, 2), None);
        assert_eq!(look(&mut buffers, 3), Some(STEP));
    }
}
