import { expect, test } from "../support/fixtures.js";
import { connectionBetween, expectFlow, expectFlowAmong, repeated } from "../support/flow.js";
import { afterTheTone, deadMicrophone, openDevices, quietRoom, soundSpy, tones } from "../support/sound.js";

const JOINED = [523, 659];
const LEFT = [659, 523];
const HAND = [784, 784];
const BACK = [392, 523, 659];

/** How the tile of somebody plays their sound. */
const heard = ({ page }, name) =>
  page.locator(`[data-testid=tile][data-kind=camera][data-name="${name}"] video`).evaluate(({ muted, volume, paused, sinkId }) => ({
    muted,
    volume,
    paused,
    sinkId,
  }));

/** Opens what there is to know and to do about somebody. */
async function openPerson({ page }, name) {
  const people = page.getByTestId("open-people");
  if ((await people.getAttribute("aria-pressed")) === "false") await people.click();
  await page.locator(`[data-testid=person][data-name="${name}"]`).getByTestId("person-more").click();
}

/** Moves the slider of somebody. */
const setVolume = (person, name, percent) =>
  person.page.getByRole("slider", { name: new RegExp(name) }).fill(String(percent));

/** Waits until sound comes out of the last gain that the page made for a voice, which is this much. */
async function expectSoundThroughGain({ page }, value) {
  const through = (value) => {
    const gain = window.__sound.gains.at(-1);
    if (gain?.gain.value !== value) return `a gain of ${gain?.gain.value}`;
    gain.ear ??= gain.connect(new AnalyserNode(gain.context, { fftSize: 32768 }));
    const samples = new Float32Array(gain.ear.fftSize);
    gain.ear.getFloatTimeDomainData(samples);
    return samples.some((sample) => Math.abs(sample) > 0.001) ? "sound" : "silence";
  };
  await expect.poll(() => page.evaluate(through, value), { intervals: [200] }).toBe("sound");
}

test("somebody is as loud as one likes, and again when they come again", async ({ arrive, gather, room }) => {
  const ana = await arrive("Ana", { prepare: [soundSpy] });
  await ana.openAndJoin(room.link);
  const [ben, cleo] = await gather("Ben", "Cleo");
  await expectFlowAmong([ana, ben]);
  await openPerson(ana, "Ben");
  const slider = ana.page.getByRole("slider", { name: /Ben/ });
  await expect(slider).toHaveValue("100");
  await setVolume(ana, "Ben", 0);
  await expect(slider).toHaveAttribute("aria-valuetext", "0 %");
  await expect.poll(() => heard(ana, "Ben")).toMatchObject({ volume: 0, muted: false });
  expect((await heard(ana, "Cleo")).volume, "Cleo is as loud as before").toBe(1);
  await setVolume(ana, "Ben", 40);
  await expect.poll(() => heard(ana, "Ben")).toMatchObject({ volume: 0.4, muted: false });
  expect(await ana.page.evaluate(() => window.__sound.gains.length), "up to 100 % costs nothing").toBe(0);
  await ben.page.getByTestId("share-screen").click();
  const screen = ana.page.locator("[data-testid=tile][data-kind=screen] video");
  await expect.poll(() => screen.evaluate(({ volume }) => volume), "what Ben shares is theirs too").toBe(0.4);
  await ben.page.getByTestId("share-screen").click();
  await expect(screen).toHaveCount(0);
  await setVolume(ana, "Ben", 150);
  await expect.poll(() => heard(ana, "Ben")).toMatchObject({ volume: 1, muted: true, paused: false });
  await expectSoundThroughGain(ana, 1.5);
  await ben.leave();
  await ben.openAndJoin(room.link);
  await expect.poll(() => heard(ana, "Ben")).toMatchObject({ muted: true });
  await expectSoundThroughGain(ana, 1.5);
  await openPerson(ana, "Ben");
  await setVolume(ana, "Ben", 100);
  await expect.poll(() => heard(ana, "Ben")).toMatchObject({ volume: 1, muted: false });
  await expectFlow(ben, ana);
  expect((await heard(ana, "Cleo")).muted).toBe(false);
  await cleo.leave();
});

test("who is louder than loud stays so through a new connection and another page", async ({ arrive, gather, room }) => {
  const ana = await arrive("Ana", { prepare: [soundSpy] });
  await ana.openAndJoin(room.link);
  const [ben] = await gather("Ben");
  await expectFlowAmong([ana, ben]);
  await openPerson(ana, "Ben");
  await setVolume(ana, "Ben", 200);
  await expectSoundThroughGain(ana, 2);
  const { one } = await connectionBetween(ben, ana);
  // It may be mended before anyone has looked: the second gain tells of it.
  await ben.page.evaluate((index) => window.__probe.connections[index].close(), one);
  await expect.poll(() => ana.page.evaluate(() => window.__sound.gains.filter(({ gain }) => gain.value === 2).length)).toBe(2);
  await expectSoundThroughGain(ana, 2);
  await ana.page.reload();
  await ana.inCall();
  // Without anything being opened: it is remembered, and looked for in a calm moment.
  await expect.poll(() => heard(ana, "Ben")).toMatchObject({ muted: true });
  await expectSoundThroughGain(ana, 2);
});

test("who wants to hear nobody hears nobody, and is heard", async ({ arrive, gather, room }) => {
  const ana = await arrive("Ana", { prepare: [soundSpy] });
  await ana.openAndJoin(room.link);
  const [ben] = await gather("Ben");
  await expectFlowAmong([ana, ben]);
  const badge = ana.page.getByTestId("badge");
  await expect(badge).toBeHidden();
  await ana.page.keyboard.press("d");
  await expect(badge).toHaveText("You hear nobody.");
  await expect.poll(() => heard(ana, "Ben")).toMatchObject({ muted: true });
  await expectFlow(ana, ben);
  const [cleo] = await gather("Cleo");
  await expectFlow(ana, cleo);
  await expect.poll(() => heard(ana, "Cleo")).toMatchObject({ muted: true });
  expect(await tones(ana), "who hears nobody hears no tone of their coming").toEqual([]);
  await ana.page.getByTestId("open-more").click();
  await expect(ana.page.getByTestId("deafen")).toHaveAttribute("aria-pressed", "true");
  await ana.page.getByRole("button", { name: "Hear everybody" }).click();
  await expect(badge).toBeHidden();
  await expect(ana.page.getByTestId("deafen")).toHaveAttribute("aria-pressed", "false");
  await expectFlowAmong([ana, ben, cleo]);
  await ana.page.getByTestId("deafen").click();
  await expect.poll(() => heard(ana, "Ben")).toMatchObject({ muted: true });
});

test("soft tones say who comes, goes, and raises a hand, and none is for oneself", async ({ arrive, gather, room }) => {
  const ana = await arrive("Ana", { prepare: [soundSpy] });
  await ana.openAndJoin(room.link);
  await ana.page.getByTestId("open-more").click();
  await expect(ana.page.getByTestId("deafen")).toBeVisible();
  const [ben] = await gather("Ben");
  await expect.poll(() => tones(ana)).toEqual(JOINED);
  await afterTheTone(ana);
  await ben.page.getByTestId("raise-hand").click();
  await expect.poll(() => tones(ana)).toEqual([...JOINED, ...HAND]);
  await ana.page.getByTestId("raise-hand").click();
  await expect(ben.tileOf("Ana")).toHaveAttribute("data-hand", "on");
  await expectFlowAmong([ana, ben]);
  const { one } = await connectionBetween(ben, ana);
  await afterTheTone(ana);
  // It may be mended before anyone has looked: the tone is what tells of it.
  await ben.page.evaluate((index) => window.__probe.connections[index].close(), one);
  await expect.poll(() => tones(ana)).toEqual([...JOINED, ...HAND, ...BACK]);
  await afterTheTone(ana);
  await ben.leave();
  await expect.poll(() => tones(ana)).toEqual([...JOINED, ...HAND, ...BACK, ...LEFT]);
});

test("a tone that is not wanted is not heard, on the next page neither", async ({ arrive, gather, room }) => {
  const ana = await arrive("Ana", { prepare: [soundSpy] });
  await ana.openAndJoin(room.link);
  await openDevices(ana);
  await ana.page.getByTestId("sound-join").uncheck();
  await ana.page.reload();
  await ana.inCall();
  await openDevices(ana);
  await expect(ana.page.getByTestId("sound-join")).not.toBeChecked();
  await expect(ana.page.getByTestId("sound-leave")).toBeChecked();
  const [ben] = await gather("Ben");
  await expect(ana.tileOf("Ben")).toHaveAttribute("data-link", "connected");
  await ben.leave();
  await expect.poll(() => tones(ana)).toEqual(LEFT);
});

test("a microphone that gives nothing at all is told of, until it is heard; a quiet room is not", async ({ arrive, room }) => {
  const ben = await arrive("Ben", { prepare: [quietRoom] });
  await ben.openAndJoin(room.link);
  const ana = await arrive("Ana", { prepare: [deadMicrophone] });
  await ana.openAndJoin(room.link);
  const notice = ana.page.getByTestId("notice");
  await expect(notice).toContainText("Your microphone is on but silent");
  await expect(ben.page.getByTestId("notice")).not.toContainText("silent");
  await ana.page.evaluate(() => window.__speak());
  await expect(notice).toHaveText("");
});

test("among few, each piece of a voice goes in two packets", async ({ gather }) => {
  const [ana, ben] = await gather("Ana", "Ben");
  await expectFlowAmong([ana, ben]);
  for (const [from, to] of [[ana, ben], [ben, ana]]) await expect.poll(() => repeated(from, to)).toBeGreaterThan(0.8);
});
