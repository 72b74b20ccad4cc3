import { expectFlow } from "../support/flow.js";
import { expect, test } from "../support/fixtures.js";

/** The tile of what somebody shares, as a person sees it. */
const screenOf = (person, name) => person.page.locator(`[data-testid=tile][data-kind=screen][data-name="${name}"]`);

/** How many pictures of a screen a person has been shown. */
const picturesOf = (person, name) =>
  screenOf(person, name)
    .getByTestId("tile-video")
    .evaluate((video) => window.__probe.picturesShown(video));

/** New pictures of a screen are shown. */
async function expectShown(person, name) {
  await expect(screenOf(person, name)).toBeVisible();
  const before = await picturesOf(person, name);
  await expect
    .poll(() => picturesOf(person, name), { message: `pictures of ${name}'s screen at ${person.name}`, timeout: 45_000 })
    .toBeGreaterThan(before + 3);
}

const share = (person) => person.page.getByTestId("share-screen").click();

/** What is captured of a screen, as its owner's page has it. */
const sharedTracks = (person) => person.page.evaluate(() => window.__probe.screens.map(({ readyState }) => readyState));

test("a screen is seen beside the camera, by everyone, large, and is gone when it ends", async ({ gather }) => {
  const [ana, ben, cleo] = await gather("Ana", "Ben", "Cleo");
  await share(ana);
  await expect(ana.page.getByTestId("share-screen")).toHaveAttribute("aria-pressed", "true");
  for (const other of [ben, cleo]) {
    await expectShown(other, "Ana");
    await expectFlow(ana, other);
    await expect(screenOf(other, "Ana")).toHaveAttribute("data-large", "");
    const [screen, face] = [await screenOf(other, "Ana").boundingBox(), await other.tileOf("Ana").boundingBox()];
    expect(screen.width * screen.height).toBeGreaterThan(3 * face.width * face.height);
  }
  // Its owner sees it too, and no hall of mirrors.
  await expectShown(ana, "Ana");
  await expect(screenOf(ana, "Ana")).not.toHaveAttribute("data-large", "");
  await share(ana);
  for (const person of [ana, ben, cleo]) await expect(screenOf(person, "Ana")).toHaveCount(0);
  expect(new Set(await sharedTracks(ana))).toEqual(new Set(["ended"]));
  await expectFlow(ana, ben);
});

test("who comes later sees what is shared, and two may share", async ({ gather, arrive, room }) => {
  const [ana, ben] = await gather("Ana", "Ben");
  await share(ana);
  await expectShown(ben, "Ana");
  const cleo = await arrive("Cleo");
  await cleo.openAndJoin(room.link);
  await expectShown(cleo, "Ana");
  await share(ben);
  await expectShown(cleo, "Ben");
  await expectShown(ana, "Ben");
  await expect(screenOf(cleo, "Ben")).toHaveAttribute("data-large", "");
  await expect(screenOf(cleo, "Ana")).not.toHaveAttribute("data-large", "");
});

test("what is ended in the browser's own bar is noticed", async ({ gather }) => {
  const [ana, ben] = await gather("Ana", "Ben");
  await share(ana);
  await expectShown(ben, "Ana");
  // The browser ends the track, and says so.
  await ana.page.evaluate(() => {
    for (const track of window.__probe.screens) {
      track.stop();
      track.dispatchEvent(new Event("ended"));
    }
  });
  await expect(ana.page.getByTestId("share-screen")).toHaveAttribute("aria-pressed", "false");
  await expect(screenOf(ben, "Ana")).toHaveCount(0);
});

test("a screen is sharp, or smooth at its owner's wish", async ({ gather }) => {
  const [ana] = await gather("Ana", "Ben");
  await share(ana);
  const hints = () =>
    ana.page.evaluate(() => window.__probe.screens.filter(({ kind }) => kind === "video").map(({ contentHint }) => contentHint));
  await expect.poll(hints).toEqual(["detail"]);
  const own = screenOf(ana, "Ana");
  await own.getByTestId("pin").click();
  await own.getByTestId("smooth").click();
  await expect.poll(hints).toEqual(["motion"]);
  await own.getByTestId("smooth").click();
  await expect.poll(hints).toEqual(["detail"]);
});

test("who leaves shares no more", async ({ gather }) => {
  const [ana, ben] = await gather("Ana", "Ben");
  await share(ana);
  await expectShown(ben, "Ana");
  await ana.leave();
  await expect(screenOf(ben, "Ana")).toHaveCount(0);
  expect(new Set(await sharedTracks(ana))).toEqual(new Set(["ended"]));
});

test("a dialogue that is closed changes nothing, and a system that shares nothing is told of", async ({ gather }) => {
  const [ana] = await gather("Ana");
  const refuse = (name) =>
    ana.page.evaluate((name) => {
      navigator.mediaDevices.getDisplayMedia = async () => {
        throw new DOMException("", name);
      };
    }, name);
  await refuse("NotAllowedError");
  await share(ana);
  await refuse("NotReadableError");
  await share(ana);
  await expect(ana.page.getByTestId("notice")).toContainText("cannot be shared");
  await expect(ana.page.getByTestId("share-screen")).toHaveAttribute("aria-pressed", "false");
});
