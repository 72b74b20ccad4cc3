//! Who has the floor: whoever speaks, but not whoever coughs.
//!
//! Separate, because it is a rule, and can be tried without a microphone.

use core::time::Duration;
use signaling::identity::ParticipantId;
use signaling::time::Moment;

/// Somebody has the floor after speaking this long.
const BEGINNING: Duration = Duration::from_millis(400);
/// Between two words one does not lose it.
const PAUSE: Duration = Duration::from_millis(1_200);

/// Speaking, since when and until when.
#[derive(Debug, Clone, Copy)]
struct Speech {
    who: ParticipantId,
    since: Moment,
    until: Moment,
}

/// Who has the floor. Nobody takes it from one who goes on speaking.
#[derive(Debug, Default)]
pub(super) struct Floor {
    holder: Option<Speech>,
    challenger: Option<Speech>,
}

impl Floor {
    /// Somebody speaks now.
    pub(super) fn hear(&mut self, who: ParticipantId, now: Moment) {
        if let Some(holder) = self.holder.as_mut().filter(|holder| holder.who == who) {
            holder.until = now;
            return;
        }
        let goes_on = |speech: &Speech| now < speech.until + PAUSE;
        let before = self.challenger.filter(goes_on);
        match before {
            // One after the other: who began first is first.
            Some(other) if other.who != who => {}
            before => {
                let since = before.map_or(now, |speech| speech.since);
                let speech = Speech { who, since, until: now };
                self.challenger = Some(speech);
                if now >= since + BEGINNING && !self.holder.as_ref().is_some_and(goes_on) {
                    self.holder = Some(speech);
                    self.challenger = None;
                }
            }
        }
    }

    /// Returns who has it; in silence, whoever had it last.
    pub(super) fn holder(&self) -> Option<ParticipantId> {
        self.holder.map(|speech| speech.who)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANA: ParticipantId = ParticipantId(1);
    const BEN: ParticipantId = ParticipantId(2);

    /// Lets people speak from one time to another, in milliseconds, and tells who has the floor then.
    fn floor(speeches: &[(ParticipantId, u64, u64)]) -> Option<ParticipantId> {
        let mut floor = Floor::default();
        for at in (0..20_000).step_by(100) {
            for (who, _, _) in speeches.iter().filter(|(_, from, to)| (*from..*to).contains(&at)) {
                floor.hear(*who, Moment::from_micros(at * 1_000));
            }
        }
        floor.holder()
    }

    #[test]
    fn whoever_speaks_has_the_floor_and_keeps_it_in_silence() {
        assert_eq!(floor(&[]), None);
        assert_eq!(floor(&[(ANA, 0, 1_000)]), Some(ANA));
    }

    #[test]
    fn a_cough_takes_nothing() {
        assert_eq!(floor(&[(ANA, 0, 1_000), (BEN, 5_000, 5_300)]), Some(ANA));
    }

    #[test]
    fn nobody_takes_it_from_one_who_goes_on() {
        assert_eq!(floor(&[(ANA, 0, 9_000), (BEN, 3_000, 9_000)]), Some(ANA));
    }

    #[test]
    fn who_goes_on_after_the_other_ended_takes_it() {
        assert_eq!(floor(&[(ANA, 0, 4_000), (BEN, 3_000, 9_000)]), Some(BEN));
    }

    #[test]
    fn two_who_begin_together_do_not_pass_it_to_and_fro() {
        assert_eq!(floor(&[(ANA, 0, 9_000), (BEN, 0, 9_000)]), Some(ANA));
    }
}
