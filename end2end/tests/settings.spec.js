import { expect, test } from "../support/fixtures.js";
import { expectFlow, expectFlowAmong } from "../support/flow.js";
import { blurringCamera, changingDefault, openDevices, phoneCalls, soundSpy, tones, twoWays } from "../support/sound.js";

/** What the browser does to the microphone that is sent now. */
const treated = ({ page }) =>
  page.evaluate(() => {
    const track = window.__probe.tracks.findLast(({ kind, readyState }) => kind === "audio" && readyState === "live");
    const { noiseSuppression, echoCancellation, autoGainControl } = track?.getSettings() ?? {};
    return { noiseSuppression, echoCancellation, autoGainControl };
  });

/** The loudspeakers that people are heard through. */
const sinks = ({ page }) =>
  page.evaluate(() => [...document.querySelectorAll("[data-self=false] video")].map(({ sinkId }) => sinkId));

const devicesChange = ({ page }) =>
  page.evaluate(() => void navigator.mediaDevices.dispatchEvent(new Event("devicechange")));

test("people are heard through the loudspeaker that one chooses, also who comes later, while it is there", async ({ gather }) => {
  const [ana] = await gather("Ana", "Ben");
  await openDevices(ana);
  const menu = ana.page.getByTestId("speaker");
  const ids = await menu.evaluate(({ options }) => [...options].map(({ value }) => value));
  expect(ids[0]).toBe("");
  expect(ids.length).toBeGreaterThan(2);
  await menu.selectOption(ids.at(-1));
  await expect.poll(() => sinks(ana)).toEqual([ids.at(-1)]);
  await gather("Cleo");
  await expect.poll(() => sinks(ana)).toEqual([ids.at(-1), ids.at(-1)]);
  await ana.page.reload();
  await ana.inCall();
  await expect.poll(() => sinks(ana)).toEqual([ids.at(-1), ids.at(-1)]);
  await ana.page.evaluate((gone) => {
    const { mediaDevices } = navigator;
    const enumerateDevices = mediaDevices.enumerateDevices.bind(mediaDevices);
    window.__gone = gone;
    mediaDevices.enumerateDevices = async () => (await enumerateDevices()).filter(({ deviceId }) => deviceId !== window.__gone);
  }, ids.at(-1));
  await devicesChange(ana);
  await expect.poll(() => sinks(ana), "the system's choice").toEqual(["", ""]);
  await ana.page.evaluate(() => void (window.__gone = null));
  await devicesChange(ana);
  await expect.poll(() => sinks(ana), "it is there again").toEqual([ids.at(-1), ids.at(-1)]);
});

test("what is done to a voice is its owner's choice, and is remembered", async ({ gather }) => {
  const [ana, ben] = await gather("Ana", "Ben");
  await openDevices(ana);
  expect(await treated(ana)).toEqual({ noiseSuppression: true, echoCancellation: true, autoGainControl: true });
  await ana.page.getByTestId("noise-suppression").uncheck();
  await expect.poll(() => treated(ana)).toEqual({ noiseSuppression: false, echoCancellation: true, autoGainControl: true });
  await ana.page.getByTestId("auto-gain").uncheck();
  await expect.poll(() => treated(ana)).toEqual({ noiseSuppression: false, echoCancellation: true, autoGainControl: false });
  await expectFlow(ana, ben);
  await ana.page.reload();
  await ana.inCall();
  await expect.poll(() => treated(ana)).toEqual({ noiseSuppression: false, echoCancellation: true, autoGainControl: false });
  await openDevices(ana);
  await expect(ana.page.getByTestId("noise-suppression")).not.toBeChecked();
  await expect(ana.page.getByTestId("echo-cancelling")).toBeChecked();
  await ana.turn("mic", "off");
  await ana.page.getByTestId("echo-cancelling").uncheck();
  await expect.poll(async () => (await ana.capturedTracks()).filter(({ kind, readyState }) => kind === "audio" && readyState === "live")).toEqual([]);
  await expect(ana.page.getByTestId("toggle-mic"), "nothing is turned on by a setting").toHaveAttribute("aria-pressed", "false");
  await ana.turn("mic", "on");
  await expect.poll(() => treated(ana)).toEqual({ noiseSuppression: false, echoCancellation: false, autoGainControl: false });
});

test("the camera blurs what is behind one where it can", async ({ arrive, room }) => {
  const ana = await arrive("Ana", { prepare: [blurringCamera] });
  await ana.openAndJoin(room.link);
  const blurred = () =>
    ana.page.evaluate(() => window.__probe.tracks.findLast(({ kind }) => kind === "video")?.getSettings().backgroundBlur);
  await openDevices(ana);
  await ana.page.getByTestId("background-blur").check();
  await expect.poll(blurred).toBe(true);
  await ana.page.reload();
  await ana.inCall();
  await expect.poll(blurred, "remembered").toBe(true);
  await openDevices(ana);
  await ana.page.getByTestId("background-blur").uncheck();
  await expect.poll(blurred).toBe(false);
});

test("one's own picture is hidden from oneself alone, and is a mirror if one likes", async ({ gather }) => {
  const [ana, ben] = await gather("Ana", "Ben");
  const video = ana.tileOf("Ana").getByTestId("tile-video");
  await expect(video).toHaveCSS("transform", /matrix\(-1/);
  await openDevices(ana);
  await expect(ana.page.getByTestId("background-blur"), "these cameras cannot").toBeHidden();
  await ana.page.getByTestId("mirror-self").uncheck();
  await expect(video).toHaveCSS("transform", "none");
  await ana.page.getByTestId("hide-self").check();
  await expect(video).toBeHidden();
  await expectFlow(ana, ben);
  await ana.page.reload();
  await ana.inCall();
  await expect(video).toBeHidden();
  await openDevices(ana);
  await ana.page.getByTestId("hide-self").uncheck();
  await expect(video).toBeVisible();
  await expect(video).toHaveCSS("transform", "none");
});

test("before the call, one hears a tone, and oneself as the others will", async ({ arrive, room }) => {
  const ana = await arrive("Ana", { prepare: [soundSpy] });
  await ana.open(room.link);
  await ana.page.getByTestId("test-sound").click();
  await ana.page.getByTestId("test-speaker").click();
  await expect.poll(() => tones(ana)).toEqual([523, 659, 784]);
  const menu = ana.page.getByTestId("speaker");
  const other = await menu.evaluate(({ options }) => [...options].at(-1).value);
  await menu.selectOption(other);
  await ana.page.getByTestId("test-mic").click();
  const said = ana.page.getByTestId("test-said");
  await expect(said).toHaveText("Say something…");
  await expect(said).toHaveText("This is how you sound.");
  const player = () =>
    ana.page.evaluate(async () => {
      const [{ currentTime, sinkId, src }] = window.__sound.players;
      return { played: currentTime > 0.5, sinkId, blob: src.startsWith("blob:") };
    });
  await expect.poll(player).toEqual({ played: true, sinkId: other, blob: true });
  await expect(said, "to its end").toHaveText("");
  await ana.turn("mic", "off");
  await ana.page.getByTestId("test-mic").click();
  await expect(said).toHaveText("Turn your microphone on first.");
  await ana.join();
});

test("a phone's camera turns round, while it is on", async ({ arrive, gather, room }) => {
  const ana = await arrive("Ana", { prepare: [twoWays] });
  await ana.openAndJoin(room.link);
  const [ben] = await gather("Ben");
  await ana.page.getByTestId("open-more").click();
  const flip = ana.page.getByTestId("flip-camera");
  await flip.click();
  await expect.poll(() => ana.page.evaluate(() => window.__facing)).toEqual(["user", "environment"]);
  await expect(flip).toHaveAttribute("aria-pressed", "true");
  await expectFlow(ana, ben);
  await flip.click();
  await expect.poll(() => ana.page.evaluate(() => window.__facing)).toEqual(["user", "environment", "user"]);
  await ana.turn("camera", "off");
  await expect(flip).toBeHidden();
  await ben.page.getByTestId("open-more").click();
  await expect(ben.page.getByTestId("open-devices")).toBeVisible();
  await expect(ben.page.getByTestId("flip-camera"), "no phone").toBeHidden();
});

test("who uses the system's default goes with it", async ({ arrive, gather, room }) => {
  const ana = await arrive("Ana", { prepare: [changingDefault] });
  await ana.openAndJoin(room.link);
  const [ben] = await gather("Ben");
  await ana.page.getByTestId("open-more").click();
  await expect(ana.page.getByTestId("open-devices")).toBeVisible();
  const opened = () => ana.page.evaluate(() => window.__opened);
  expect(await opened()).toBe(1);
  await ana.page.evaluate(() => void (window.__system = "second"));
  await devicesChange(ana);
  await expect.poll(opened).toBe(2);
  await expectFlow(ana, ben);
  await ana.turn("mic", "off");
  await ana.page.evaluate(() => void (window.__system = "third"));
  await devicesChange(ana);
  await ana.turn("mic", "on");
  await expectFlow(ana, ben);
});

test("after a phone call the microphone is there again, and everybody is heard", async ({ arrive, gather, room }) => {
  const ana = await arrive("Ana", { prepare: [phoneCalls] });
  await ana.openAndJoin(room.link);
  const [ben] = await gather("Ben");
  await expectFlowAmong([ana, ben]);
  await ana.page.getByTestId("open-more").click();
  const opened = () => ana.page.evaluate(() => window.__opened);
  expect(await opened()).toBe(1);
  await ana.page.evaluate(() => {
    window.__called = window.__probe.tracks.findLast(({ kind }) => kind === "audio");
    window.__calling = true;
  });
  await expect.poll(opened, "opened anew").toBe(2);
  await expectFlow(ana, ben);
  await ana.page.evaluate(() => {
    for (const video of document.querySelectorAll("video")) video.pause();
    document.dispatchEvent(new Event("visibilitychange"));
  });
  await expectFlow(ben, ana);
});

test("a microphone that the system keeps is told of, with a way to have it back", async ({ arrive, gather, room }) => {
  const ana = await arrive("Ana", { prepare: [phoneCalls] });
  await ana.openAndJoin(room.link);
  const [ben] = await gather("Ben");
  await ana.page.getByTestId("open-more").click();
  await ana.page.evaluate(() => void (window.__calling = "always"));
  const notice = ana.page.getByTestId("notice");
  await expect(notice).toContainText("Your system keeps your microphone from us.");
  const opened = () => ana.page.evaluate(() => window.__opened);
  expect(await opened(), "once by itself").toBe(2);
  await ana.page.getByRole("button", { name: "Use it again" }).click();
  await expect.poll(opened).toBe(3);
  await ana.page.evaluate(() => void (window.__calling = false));
  await expect(notice).toHaveText("");
  await expectFlow(ana, ben);
  await ana.turn("mic", "off");
  await ana.page.evaluate(() => {
    window.__calling = "always";
    document.dispatchEvent(new Event("visibilitychange"));
  });
  await ana.turn("camera", "off");
  await expect(ben.tileOf("Ana")).toHaveAttribute("data-camera", "off");
  expect(await opened(), "off means off").toBe(3);
});
