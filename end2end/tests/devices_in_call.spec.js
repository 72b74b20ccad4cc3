import { answer, brokenDevice, permissionAwaited, permissionDenied, plugIn, unplug, unpluggable } from "../support/devices.js";
import { expect, test } from "../support/fixtures.js";
import { expectFlow, expectFlowAmong, expectStandstill, received, sent } from "../support/flow.js";
import { openDevices } from "../support/sound.js";

test("muted: nobody hears more, everybody sees it; unmuted: they hear again", async ({ gather }) => {
  const [ana, ben] = await gather("Ana", "Ben");
  await expectFlowAmong([ana, ben]);
  await ana.turn("mic", "off");
  await expect(ben.tileOf("Ana")).toHaveAttribute("data-mic", "off");
  await expectStandstill(() => received(ana, ben), {
    message: "Ana's sound at Ben",
    counter: "audioEnergy",
    clock: "framesDecoded",
    ticks: 30,
  });
  await ana.turn("mic", "on");
  await expect(ben.tileOf("Ana")).toHaveAttribute("data-mic", "on");
  await expectFlow(ana, ben);
});

test("camera off: its track has ended and no picture leaves; on again: frames come again", async ({ gather }) => {
  const [ana, ben] = await gather("Ana", "Ben");
  await expectFlowAmong([ana, ben]);
  await ana.turn("camera", "off");
  await expect(ben.tileOf("Ana")).toHaveAttribute("data-camera", "off");
  const cameras = async () => (await ana.capturedTracks()).filter(({ kind }) => kind === "video");
  await expect.poll(async () => (await cameras()).every(({ readyState }) => readyState === "ended")).toBe(true);
  await expectStandstill(() => sent(ana, ben), {
    message: "Ana's picture to Ben",
    counter: "videoBytesOut",
    clock: "audioBytesOut",
    ticks: 5_000,
  });
  await ana.turn("camera", "on");
  await expect(ben.tileOf("Ana")).toHaveAttribute("data-camera", "on");
  await expectFlow(ana, ben);
});

test("a microphone that is muted can be let go of, and is there again when it is turned on", async ({ gather }) => {
  const [ana, ben] = await gather("Ana", "Ben");
  await expectFlowAmong([ana, ben]);
  await ana.turn("mic", "off");
  const live = async () =>
    (await ana.capturedTracks()).filter(({ kind, readyState }) => kind === "audio" && readyState === "live").length;
  expect(await live(), "it goes on for its owner, who is told when she speaks").toBe(1);
  await openDevices(ana);
  await ana.page.getByTestId("release-microphone").click();
  await expect.poll(live).toBe(0);
  await expect(ana.page.getByTestId("notice")).toContainText("nothing listens");
  await ana.turn("mic", "on");
  await expect.poll(live).toBe(1);
  await expect(ben.tileOf("Ana")).toHaveAttribute("data-mic", "on");
  await expectFlow(ana, ben);
  // While it is on, the same turns it off for the others, too.
  await ana.page.getByTestId("release-microphone").click();
  await expect(ben.tileOf("Ana")).toHaveAttribute("data-mic", "off");
  await expect.poll(live).toBe(0);
});

test("a camera that was off when a third person came stays off for them, and can be turned on", async ({ arrive, gather, room }) => {
  const [ana, ben] = await gather("Ana", "Ben");
  await ana.turn("camera", "off");
  const cleo = await arrive("Cleo");
  await cleo.openAndJoin(room.link);
  await expect(cleo.tileOf("Ana")).toHaveAttribute("data-camera", "off");
  await expectFlow(ana, cleo, { video: false });
  await ana.turn("camera", "on");
  await expectFlowAmong([ana, ben, cleo]);
});

/** The menu of a kind, and two of the ids in it: the chosen one and another. */
async function menuOf({ page }, kind) {
  const menu = page.getByRole("combobox", { name: new RegExp(kind, "i") });
  const ids = await menu.evaluate((select) => [select.value, [...select.options].at(-1).value]);
  expect(ids[1], `a second ${kind} among the fake ones`).not.toBe(ids[0]);
  return { menu, ids };
}

/** The devices of a kind that a person sends from. */
const sending = async ({ page }, kind) =>
  (await page.evaluate(() => window.__probe.sending())).filter((track) => track.kind === kind).map(({ device }) => device);

test("another camera and microphone can be chosen in the call", async ({ gather }) => {
  const [ana, ben] = await gather("Ana", "Ben");
  await expectFlowAmong([ana, ben]);
  for (const [kind, media] of [["camera", "video"], ["microphone", "audio"]]) {
    const { menu, ids } = await menuOf(ana, kind);
    expect(await sending(ana, media)).toEqual([ids[0]]);
    await menu.selectOption(ids[1]);
    await expect.poll(() => sending(ana, media), `the ${kind} that is sent`).toEqual([ids[1]]);
    await expect(menu).toHaveValue(ids[1]);
    await expectFlow(ana, ben);
  }
});

test("two cameras chosen quickly: the last one is sent, and no other is open", async ({ arrive, gather, room }) => {
  const ana = await arrive("Ana", { prepare: [permissionAwaited] });
  await ana.open(room.link);
  await answer(ana, 1);
  await ana.join();
  const [ben] = await gather("Ben");
  await expectFlowAmong([ana, ben]);
  const { menu, ids } = await menuOf(ana, "camera");
  await menu.selectOption(ids[1]);
  await menu.selectOption(ids[0]);
  await answer(ana, 2);
  await expect.poll(() => sending(ana, "video")).toEqual([ids[0]]);
  await expectFlow(ana, ben);
  expect((await ana.capturedTracks()).filter(({ kind, readyState }) => kind === "video" && readyState === "live")).toHaveLength(1);
});

test("a camera turned on, off and on quickly is sent", async ({ arrive, gather, room }) => {
  const ana = await arrive("Ana", { prepare: [permissionAwaited] });
  await ana.open(room.link);
  await answer(ana, 1);
  await ana.turn("camera", "off");
  await ana.join();
  const [ben] = await gather("Ben");
  await expectFlow(ana, ben, { video: false });
  for (let click = 0; click < 3; click += 1) await ana.page.getByTestId("toggle-camera").click();
  await answer(ana, 2);
  await expect.poll(() => sending(ana, "video")).toHaveLength(1);
  await expectFlow(ana, ben);
  expect((await ana.capturedTracks()).filter(({ kind, readyState }) => kind === "video" && readyState === "live")).toHaveLength(1);
});

test("a camera that does not start leaves the one before", async ({ arrive, gather, room }) => {
  const ana = await arrive("Ana", { prepare: [brokenDevice] });
  await ana.openAndJoin(room.link);
  const [ben] = await gather("Ben");
  await expectFlowAmong([ana, ben]);
  const { menu, ids } = await menuOf(ana, "camera");
  await ana.page.evaluate((id) => void (window.__broken = id), ids[1]);
  await menu.selectOption(ids[1]);
  await expect(ana.page.getByTestId("notice")).toContainText("does not start");
  await expect(menu).toHaveValue(ids[0]);
  await expect.poll(() => sending(ana, "video")).toEqual([ids[0]]);
  await expectFlow(ana, ben);
});

test("a camera that is unplugged gives way to another, and is offered when it is back", async ({ arrive, gather, room }) => {
  const ana = await arrive("Ana", { prepare: [unpluggable] });
  await ana.openAndJoin(room.link);
  const [ben] = await gather("Ben");
  const notice = ana.page.getByTestId("notice");
  const { menu, ids } = await menuOf(ana, "camera");
  await menu.selectOption(ids.at(-1));
  await expect.poll(() => sending(ana, "video")).toEqual([ids.at(-1)]);
  await unplug(ana, "video", [ids.at(-1)]);
  await expect(notice).toContainText("Your camera was unplugged; another one is used now.");
  await expect.poll(() => sending(ana, "video")).toEqual([ids[0]]);
  await expectFlow(ana, ben);
  await plugIn(ana);
  await expect(notice).toContainText("Your camera is there again.");
  expect(await sending(ana, "video"), "nothing is turned on by being plugged in").toEqual([ids[0]]);
  await ana.page.getByRole("button", { name: "Use it" }).click();
  await expect.poll(() => sending(ana, "video")).toEqual([ids.at(-1)]);
  await expect(notice).toHaveText("");
});

test("a device that the system takes away, with no other there, says so, and why", async ({ arrive, gather, room }) => {
  const ana = await arrive("Ana", { prepare: [unpluggable] });
  await ana.openAndJoin(room.link);
  const [ben] = await gather("Ben");
  const notice = ana.page.getByTestId("notice");
  const { menu } = await menuOf(ana, "camera");
  await unplug(ana, "video", await menu.evaluate(({ options }) => [...options].map(({ value }) => value)));
  await expect(notice).toContainText("Your camera was unplugged. Plug it in again");
  await expect(ben.tileOf("Ana")).toHaveAttribute("data-camera", "off");
  await plugIn(ana);
  await expect(notice).toContainText("Your camera is there again.");
  await ana.page.evaluate(() => {
    navigator.permissions.query = async () => ({ state: "denied" });
  });
  await unplug(ana, "audio", []);
  await expect(notice).toContainText("may not use your microphone");
  await expect(ben.tileOf("Ana")).toHaveAttribute("data-mic", "off");
  await expect(ana.tileOf("Ana")).not.toContainText("You are muted");
  await ana.page.getByRole("button", { name: "Close" }).click();
  await expect(notice).toHaveText("");
});

test("who has no devices is told so in the call", async ({ arrive, room }) => {
  const ana = await arrive("Ana", { prepare: [permissionDenied] });
  await ana.page.goto(`${room.link}?name=Ana&join=1`);
  await ana.inCall();
  await expect(ana.page.getByTestId("notice")).toContainText("may not use your microphone");
  await expect(ana.page.getByTestId("notice")).toContainText("may not use your camera");
  await expect(ana.tileOf("Ana")).not.toContainText("You are muted");
});
