import {
  answer,
  devicesMissing,
  permissionAwaited,
  permissionDenied,
  withoutCamera,
  withoutMicrophone,
} from "../support/devices.js";
import { expect, test } from "../support/fixtures.js";
import { expectFlow, received, sent } from "../support/flow.js";
import { TcpProxy } from "../support/tcp_proxy.js";

test("a preview of oneself moves", async ({ arrive, room }) => {
  const ana = await arrive("Ana");
  await ana.open(room.link);
  const preview = ana.page.getByTestId("preview");
  const frames = () => preview.evaluate((video) => video.getVideoPlaybackQuality().totalVideoFrames);
  await expect.poll(frames).toBeGreaterThan(10);
});

test("the name is remembered", async ({ arrive, room }) => {
  const ana = await arrive("Ana");
  await ana.openAndJoin(room.link);
  await ana.leave();
  await ana.open(room.link);
  await expect(ana.page.getByTestId("name-input")).toHaveValue("Ana");
});

test("a link may carry the name and, on the loopback, join by itself", async ({ arrive, room }) => {
  const ana = await arrive("Ana");
  await ana.page.goto(`${room.link}?name=Ana`);
  await expect(ana.page.getByTestId("name-input")).toHaveValue("Ana");
  await ana.page.goto(`${room.link}?name=Ana&join=1`);
  await ana.inCall();
  await expect(ana.tileOf("Ana")).toHaveAttribute("data-self", "true");
});

test("the microphone's level is shown live", async ({ arrive, room }) => {
  const ana = await arrive("Ana");
  await ana.open(room.link);
  const meter = ana.page.getByTestId("toggle-mic").locator(".level");
  const level = () => meter.evaluate((shown) => getComputedStyle(shown).getPropertyValue("--level"));
  const seen = new Set();
  await expect.poll(async () => seen.add(await level()).size, { intervals: [100] }).toBeGreaterThan(2);
});

test("each device can be chosen", async ({ arrive, room }) => {
  const ana = await arrive("Ana");
  await ana.open(room.link);
  for (const [kind, media] of [["camera", "video"], ["microphone", "audio"]]) {
    const menu = ana.page.getByRole("combobox", { name: new RegExp(kind, "i") });
    await expect(menu).toBeVisible();
    await expect.poll(() => menu.locator("option").count()).toBeGreaterThan(1);
    const other = await menu.evaluate((select) => [...select.options].at(-1).value);
    await menu.selectOption(other);
    const open = () =>
      ana.page.evaluate((media) => {
        const live = window.__probe.tracks.filter(({ kind, readyState }) => kind === media && readyState === "live");
        return live.map((track) => track.getSettings().deviceId);
      }, media);
    await expect.poll(open, `the ${kind} that is open`).toEqual([other]);
    await expect(menu).toHaveValue(other);
  }
});

test("who joins with the camera off sends no picture", async ({ arrive, gather, room }) => {
  const [ben] = await gather("Ben");
  const ana = await arrive("Ana");
  await ana.open(room.link);
  await ana.turn("camera", "off");
  await ana.join();
  await expect(ben.tileOf("Ana")).toHaveAttribute("data-camera", "off");
  await expect(ben.tileOf("Ana")).toHaveAttribute("data-mic", "on");
  await expectFlow(ana, ben, { video: false });
  await expectFlow(ben, ana);
  expect((await sent(ana, ben)).videoBytesOut).toBe(0);
  expect(await ana.capturedTracks()).not.toContainEqual({ kind: "video", readyState: "live" });
});

test("who joins muted sends no sound", async ({ arrive, gather, room }) => {
  const [ben] = await gather("Ben");
  const ana = await arrive("Ana");
  await ana.open(room.link);
  await ana.turn("mic", "off");
  await ana.join();
  await expect(ben.tileOf("Ana")).toHaveAttribute("data-mic", "off");
  await expectFlow(ana, ben, { audio: false });
  expect((await received(ana, ben)).audioEnergy).toBe(0);
});

const NO_CAMERA = "No camera was found";
const NO_MICROPHONE = "No microphone was found";

for (const [what, prepare, has, sentences] of [
  ["no camera", [withoutCamera, devicesMissing], { video: false, audio: true }, [NO_CAMERA]],
  ["no microphone", [withoutMicrophone, devicesMissing], { video: true, audio: false }, [NO_MICROPHONE]],
  ["no device at all", [withoutCamera, withoutMicrophone, devicesMissing], null, [NO_CAMERA, NO_MICROPHONE]],
  ["the permission denied", [permissionDenied], null, ["may not use your camera", "may not use your microphone"]],
]) {
  test(`with ${what}, a sentence says so and the call works`, async ({ arrive, gather, room }) => {
    const [ben] = await gather("Ben");
    const ana = await arrive("Ana", { prepare });
    await ana.open(room.link);
    for (const sentence of sentences) {
      await expect(ana.page.getByRole("status").filter({ hasText: sentence })).toBeVisible();
    }
    await ana.join();
    await expectFlow(ben, ana);
    if (has) await expectFlow(ana, ben, has);
    await expect(ben.tileOf("Ana")).toHaveAttribute("data-camera", has?.video ? "on" : "off");
    await expect(ben.tileOf("Ana")).toHaveAttribute("data-mic", has?.audio ? "on" : "off");
  });
}

test("a microphone that was muted before it opened is heard, and shows its level, once it is not", async ({ arrive, gather, room }) => {
  const [ben] = await gather("Ben");
  const ana = await arrive("Ana", { prepare: [permissionAwaited] });
  await ana.open(room.link);
  await ana.turn("mic", "off");
  await answer(ana, 1);
  await ana.join();
  await expectFlow(ana, ben, { audio: false });
  expect((await received(ana, ben)).audioEnergy).toBe(0);
  await ana.turn("mic", "on");
  await expectFlow(ana, ben);
  const level = () => ana.page.locator(".pair").first().evaluate((pair) => Number(pair.style.getPropertyValue("--level")));
  await expect.poll(level, { intervals: [50] }).toBeGreaterThan(0);
});

test("devices that are granted after one has left are released at once", async ({ arrive, room }) => {
  const ana = await arrive("Ana", { prepare: [permissionAwaited] });
  await ana.open(room.link);
  await ana.join();
  await ana.leave();
  await answer(ana, 1);
  await expect
    .poll(() => ana.capturedTracks())
    .toEqual(expect.arrayContaining(["audio", "video"].map((kind) => ({ kind, readyState: "ended" }))));
  expect((await ana.capturedTracks()).filter(({ readyState }) => readyState === "live")).toEqual([]);
});

test("a server that does not answer is told of, and joined as soon as it does", async ({ arrive, room, server }) => {
  const proxy = await TcpProxy.to(server.port);
  const ana = await arrive("Ana");
  await ana.open(proxy.origin + room.path);
  proxy.cut();
  await ana.page.getByTestId("name-input").fill("Ana");
  await ana.page.getByTestId("join").click();
  await expect(ana.page.getByRole("status").filter({ hasText: "does not answer" })).toBeVisible();
  proxy.mend();
  await ana.inCall();
  await proxy.close();
});

test("a name in the link that is too long is cut", async ({ arrive, room }) => {
  const ana = await arrive("Ana");
  await ana.page.goto(`${room.link}?name=${"x".repeat(80)}&join=1`);
  await ana.inCall();
  await expect(ana.tileOf("x".repeat(64))).toBeVisible();
});
