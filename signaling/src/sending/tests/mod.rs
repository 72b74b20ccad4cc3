//! What each gets, by what they show and what there is.

mod order;
mod simulation;
mod table;
mod world;

use super::*;
use core::time::Duration;

const ANA: ParticipantId = ParticipantId(1);
const BEN: ParticipantId = ParticipantId(2);

/// An ordinary camera.
const CAMERA: Captured = Captured { size: (640, 360), rate: 30 };

fn calm() -> Load {
    Load { kept_up: 1_000, slowness: 1_000, late: 0, encoding: 0, cores: 4 }
}

fn view(width: u16, height: u16) -> View {
    View { camera: Some((width, height)), ..View::default() }
}

fn first(view: View) -> View {
    View { first: true, ..view }
}

fn at(seconds: u64) -> Moment {
    Moment::from_secs(seconds)
}

/// So many others, who have been there for long and show the camera like this, with everything there could be.
fn room(views: &[View]) -> Sender {
    let mut sender = Sender::default();
    sender.captured(Sources { camera: Some(CAMERA), ..Sources::default() });
    for (id, view) in (1..).zip(views) {
        sender.opened(ParticipantId(id), views.len(), views.len() < CROWD, at(0));
        sender.viewed(ParticipantId(id), *view);
    }
    for second in 1..60 {
        sender.settle(at(second));
        let report = Report { available: Some(3_000_000), ..Report::default() };
        let reports: Vec<_> = (1..).zip(views).map(|(id, _)| (ParticipantId(id), report)).collect();
        sender.counted(&reports, calm(), at(second));
    }
    sender.settle(at(60));
    sender
}

fn camera(sender: &Sender, id: ParticipantId) -> Option<Encoding> {
    sender.others.get(id)?.settings?.camera
}

fn pixels(sender: &Sender) -> u64 {
    let each = |encoding: Encoding| {
        let side = |length: u16| u64::from(length) * 100 / u64::from(encoding.scale);
        side(CAMERA.size.0) * side(CAMERA.size.1) * u64::from(encoding.rate.min(CAMERA.rate))
    };
    sender.others.values().filter_map(|other| other.settings?.camera).map(each).sum()
}

#[test]
fn the_only_other_gets_everything_and_no_limit() {
    let sender = room(&[view(1_280, 720)]);
    assert_eq!(camera(&sender, ANA), Some(Encoding { scale: 100, rate: 30, bits: None }));
    assert_eq!(sender.why(ANA, at(61)), Why::Whole);
}

#[test]
fn who_shows_it_small_gets_it_small() {
    for (shown, scale) in [((640, 360), 100), ((410, 232), 200), ((300, 170), 200), ((200, 112), 400), ((112, 63), 400)]
    {
        let sender = room(&[view(shown.0, shown.1)]);
        assert_eq!(camera(&sender, ANA).map(|camera| camera.scale), Some(scale), "{shown:?}");
    }
    assert_eq!(room(&[view(200, 112)]).why(ANA, at(61)), Why::Shown);
}

#[test]
fn who_does_not_show_it_gets_nothing_at_once_and_has_it_back_at_once() {
    let mut sender = room(&[view(640, 360), view(640, 360)]);
    let before = camera(&sender, ANA);
    sender.viewed(ANA, View::default());
    let set = |camera| Settings { camera, ..Settings::default() };
    assert!(sender.settle(at(61)).contains(&Action::Set(ANA, set(None))));
    assert_eq!(sender.why(ANA, at(61)), Why::Hidden);
    sender.viewed(ANA, view(640, 360));
    assert!(sender.settle(at(62)).contains(&Action::Set(ANA, set(before))));
}

#[test]
fn who_tells_without_end_is_heeded_now_and_then_and_the_last_of_it_at_last() {
    let mut sender = room(&[view(640, 360), view(640, 360)]);
    let mut changes = 0;
    for tick in 0..600 {
        sender.viewed(ANA, if tick % 7 < 3 { view(100, 56) } else { first(view(1_000, 562)) });
        let now = at(61) + Duration::from_millis(100 * tick);
        changes += sender.settle(now).iter().filter(|action| matches!(action, Action::Set(..))).count();
    }
    assert!((30..=130).contains(&changes), "{changes} changes in a minute");
    sender.viewed(ANA, View::default());
    sender.settle(at(123));
    assert_eq!(camera(&sender, ANA), None);
}

#[test]
fn however_many_there_are_no_more_than_two_whole_pictures_are_encoded() {
    let whole = 640 * 360 * 30;
    for count in 1..=15 {
        for shown in [view(640, 360), view(420, 236), view(300, 170)] {
            let mut views = vec![shown; count];
            views[0] = first(view(1_000, 562));
            let encoded = pixels(&room(&views));
            assert!(encoded <= 2 * whole, "{count} others: {encoded}");
            assert!(encoded * 2 >= whole / 2, "{count} others: {encoded}");
        }
    }
}

#[test]
fn the_one_that_is_looked_at_is_whole_while_the_others_can_be_smaller() {
    let mut views = vec![view(400, 225); 7];
    views[3] = first(view(1_000, 562));
    let sender = room(&views);
    assert_eq!(camera(&sender, ParticipantId(4)).map(|camera| (camera.scale, camera.rate)), Some((100, 30)));
    assert!((1..=7).all(|id| camera(&sender, ParticipantId(id)).is_some_and(|camera| camera.rate >= 15)));
}

#[test]
fn who_comes_to_several_begins_small_and_who_comes_to_one_does_not() {
    let mut sender = room(&[view(640, 360)]);
    sender.opened(BEN, 2, true, at(60));
    sender.settle(at(60));
    assert_eq!(camera(&sender, BEN).map(|camera| (camera.scale, camera.rate)), Some((200, 16)));
    sender.settle(at(63));
    assert_eq!(camera(&sender, BEN).map(|camera| camera.scale), Some(200), "before they told how they show it");
    sender.viewed(BEN, view(640, 360));
    sender.settle(at(64));
    assert!(camera(&sender, BEN).is_some_and(|camera| camera.scale < 200));

    let mut alone = Sender::default();
    alone.captured(Sources { camera: Some(CAMERA), ..Sources::default() });
    alone.opened(ANA, 1, true, at(0));
    alone.settle(at(0));
    assert_eq!(camera(&alone, ANA).map(|camera| (camera.scale, camera.rate)), Some((100, 30)));
}

#[test]
fn sound_takes_what_was_agreed_upon_with_each() {
    let mut sender = Sender::default();
    let mut sound = Vec::new();
    for (id, twice) in (1..).map(ParticipantId).zip([true, true, false, true, false]) {
        sender.opened(id, sound.len() + 1, twice, at(0));
        sound.push(sender.allowed().sound / 1_000);
    }
    assert_eq!(sound, [88, 176, 232, 320, 376], "kbit/s");
    sender.closed(ParticipantId(1));
    assert_eq!(sender.allowed().sound / 1_000, 288);
}

#[test]
fn a_crowd_is_sent_little_at_first_by_the_light_codec_and_more_when_the_machine_has_shown_that_it_can() {
    let mut sender = Sender::default();
    sender.captured(Sources { camera: Some(CAMERA), ..Sources::default() });
    let mut light = Vec::new();
    for id in (1..=5).map(ParticipantId) {
        sender.opened(id, light.len() + 1, false, at(0));
        sender.viewed(id, view(400, 225));
        sender.settle(at(0));
        light.push(sender.others.values().any(|other| other.settings.is_some_and(|settings| settings.light)));
    }
    assert_eq!(light, [false, false, false, true, true]);
    let mut encoded = Vec::new();
    for second in 3..=60 {
        let reports: Vec<_> = (1..=5).map(|id| (ParticipantId(id), Report::default())).collect();
        sender.counted(&reports, calm(), at(second));
        sender.settle(at(second));
        encoded.push(pixels(&sender));
    }
    let whole = 640 * 360 * 30;
    assert!(encoded[0] * 2 <= whole, "{}", encoded[0]);
    let all = (1..=5).map(|id| camera(&sender, ParticipantId(id)).map(|camera| (camera.scale, camera.rate)));
    assert!(all.into_iter().all(|sent| sent == Some((200, 20))), "{encoded:?}");
    sender.closed(BEN);
    sender.closed(ParticipantId(3));
    sender.settle(at(61));
    assert!(sender.others.values().all(|other| other.settings.is_some_and(|settings| settings.light)));
}

#[test]
fn nothing_is_said_twice() {
    let mut sender = room(&[view(640, 360), view(300, 170)]);
    assert_eq!(sender.settle(at(61)), []);
}

#[test]
fn a_camera_that_is_held_back_from_who_shows_it_is_said_and_its_return_too() {
    let mut sender = room(&[view(640, 360), View::default()]);
    sender.chose(Choice::Speakers, false);
    let said = |sender: &mut Sender, second| {
        let holds = |action: &Action| matches!(action, Action::Hold(..));
        sender.settle(at(second)).into_iter().filter(holds).collect::<Vec<_>>()
    };
    assert_eq!(said(&mut sender, 61), [Action::Hold(ANA, true)]);
    assert_eq!(sender.why(ANA, at(61)), Why::Chosen);
    sender.chose(Choice::Speakers, true);
    assert_eq!(said(&mut sender, 62), [Action::Hold(ANA, false)]);
}

#[test]
fn a_screen_is_sharp_before_it_is_smooth_and_no_camera_caps_it() {
    let mut sender = room(&[view(200, 112); 7]);
    let screen = Captured { size: (1_920, 1_080), rate: 30 };
    sender.captured(Sources { camera: Some(CAMERA), screen: Some(screen), smooth: false });
    for id in 1..=7 {
        sender.viewed(ParticipantId(id), View { screen: Some((1_000, 562)), first: true, ..view(200, 112) });
    }
    sender.settle(at(61));
    for other in sender.others.values() {
        let screen = other.settings.unwrap().screen.unwrap();
        assert!(screen.scale == 150 && (4..15).contains(&screen.rate), "{screen:?}");
        assert!(other.settings.unwrap().camera.is_some());
    }
}

#[test]
fn more_people_are_forecast_less() {
    let sender = room(&[view(640, 360); 3]);
    let seen =
        |others| sender.forecast(others, (420, 236)).map(|((width, _), rate)| u32::from(width) * u32::from(rate));
    assert!(seen(3) >= seen(4) && seen(4) >= seen(11) && seen(11) > Some(0));
    assert_eq!(room(&[]).forecast(4, (420, 236)), Some(((320, 180), 20)));
    let mut without = room(&[view(640, 360); 3]);
    without.captured(Sources::default());
    assert_eq!(without.forecast(3, (420, 236)), sender.forecast(3, (420, 236)), "of a camera that is still off");
}

#[test]
fn who_comes_back_to_a_crowd_begins_with_little_to_the_first_of_it_too() {
    let mut sender = Sender::default();
    sender.captured(Sources { camera: Some(CAMERA), ..Sources::default() });
    sender.opened(ANA, 11, false, at(0));
    sender.settle(at(0));
    assert_eq!(camera(&sender, ANA).map(|camera| (camera.scale, camera.rate)), Some((400, 7)));
}

#[test]
fn a_processor_that_is_out_of_breath_leaves_everyone_a_picture_of_a_slow_camera_too() {
    for rate in [2, 4, 10, 30] {
        let mut sender = room(&[view(300, 170); 11]);
        sender.captured(Sources { camera: Some(Captured { rate, ..CAMERA }), ..Sources::default() });
        for second in 61..120 {
            let load = Load { kept_up: 500, slowness: 9_000, late: 300, ..calm() };
            let reports: Vec<_> = (1..=11).map(|id| (ParticipantId(id), Report::default())).collect();
            sender.counted(&reports, load, at(second));
            sender.settle(at(second));
        }
        let sent = (1..=11).filter(|id| camera(&sender, ParticipantId(*id)).is_some()).count();
        assert_eq!(sent, 11, "of a camera of {rate} pictures a second");
        assert!(sender.forecast(12, (300, 170)).is_some(), "and that is what is foretold");
    }
}

#[test]
fn a_screen_is_slowed_as_soon_as_the_processor_gets_nothing_more_out_of_cameras() {
    let screen = Captured { size: (1_920, 1_080), rate: 30 };
    let shows = View { screen: Some((1_920, 1_080)), ..view(200, 112) };
    for rate in [2, 30] {
        let mut sender = room(&[shows; 4]);
        sender.captured(Sources { camera: Some(Captured { rate, ..CAMERA }), screen: Some(screen), smooth: false });
        sender.settle(at(60));
        let screen = |sender: &Sender| sender.others.get(ANA).and_then(|other| other.part.screen);
        let before = screen(&sender);
        let mut looks = 0;
        while screen(&sender) == before && looks < 60 {
            looks += 1;
            let load = Load { kept_up: 500, slowness: 9_000, late: 300, ..calm() };
            let reports: Vec<_> = (1..=4).map(|id| (ParticipantId(id), Report::default())).collect();
            sender.counted(&reports, load, at(60 + looks));
            sender.settle(at(60 + looks));
        }
        assert!(looks <= 6, "{looks} looks, with a camera of {rate} pictures a second");
    }
}
