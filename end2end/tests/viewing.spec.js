// Nobody is sent what they do not look at, or larger than they show it.

import { arrived, untilStill, watchArrivals } from "../support/arrivals.js";
import { expect, test } from "../support/fixtures.js";
import { expectFlow, expectFlowAmong } from "../support/flow.js";
import { hide, show, showUntilPicture } from "../support/visibility.js";

/** Nothing comes any more so soon after nobody looks. */
const STOP_MS = 3_000;
/** And so soon from somebody whose call begins. */
const NEW_STOP_MS = 5_000;
/** A machine that is busy with three people comes to whole pictures by and by: each step waits for a calm of four seconds and more. */
const SIZES_MS = 60_000;
/** Pictures come a second after somebody looks again; a machine that does much else may take longer. */
const AGAIN_MS = 3_000;

const DESK = { width: 1280, height: 800 };
const PHONE = { width: 360, height: 640 };

async function pin(person, name) {
  const button = person.tileOf(name).getByTestId("pin");
  await button.click();
  await expect(person.tileOf(name)).toHaveAttribute("data-large", "");
}

test("a hidden tab is sent sound and no pictures, and has them soon after it is shown again", async ({ gather }, testInfo) => {
  const [ana, ben] = await gather("Ana", "Ben");
  await expectFlowAmong([ana, ben]);
  await watchArrivals(ana, ben, 100);

  const stopped = await untilStill(ana, ben, await hide(ben));
  expect(stopped, "ms until the last picture came to a hidden tab").toBeLessThan(STOP_MS);
  await expectFlow(ana, ben, { video: false });
  await expectFlow(ben, ana); // who does not look is still seen

  const again = await showUntilPicture(ben, "Ana");
  const measured = `the last picture came ${stopped} ms after hiding, the next one ${again} ms after showing`;
  testInfo.annotations.push({ type: "measured", description: measured });
  console.log(`    ${measured} (bar: 1,000)`);
  expect(again, "ms until a picture came to a tab that is shown again").toBeLessThan(AGAIN_MS);
  await expectFlow(ana, ben);

  // Whoever leafs through tabs stays with this one.
  for (let time = 0; time < 5; time += 1) for (const turn of [hide, show]) await turn(ben);
  await expectFlow(ana, ben);
});

test("whoever has just come sends no pictures to who turns away from them", async ({ gather }) => {
  const [ana, ben] = await gather("Ana", "Ben");
  await watchArrivals(ben, ana, 100);
  await expect.poll(async () => (await arrived(ben, ana))?.frames ?? 0).toBeGreaterThan(0);
  const stopped = await untilStill(ben, ana, await hide(ana));
  expect(stopped, "ms until the last picture of a newcomer came to a hidden tab").toBeLessThan(NEW_STOP_MS);
});

test("who shows somebody small is sent a small picture, and who keeps them large a large one", async ({ gather }) => {
  test.setTimeout(180_000);
  const [ana, ben, cleo] = await gather("Ana", "Ben", "Cleo");
  await expectFlowAmong([ana, ben, cleo]);
  const captured = await ana.page.evaluate(() => {
    const camera = window.__probe.tracks.findLast(({ kind, readyState }) => kind === "video" && readyState === "live");
    return camera.getSettings().width;
  });
  const sizes = async () => {
    const [small, large] = await Promise.all([ben, cleo].map(async (viewer) => (await arrived(ana, viewer))?.width ?? 0));
    const said = [small > 0 && small <= captured / 2 ? "small" : `${small} wide`, large === captured ? "full" : `${large} wide`];
    return `${said[0]} at Ben, ${said[1]} at Cleo`;
  };
  for (const viewer of [ben, cleo]) await viewer.page.setViewportSize(DESK);
  await pin(cleo, "Ana");
  await pin(ben, "Cleo");
  await ben.page.setViewportSize(PHONE);
  await expect.poll(sizes, { message: "pictures of Ana", timeout: SIZES_MS }).toBe("small at Ben, full at Cleo");

  await ben.page.setViewportSize(DESK);
  await pin(ben, "Ana");
  const width = async () => (await arrived(ana, ben)).width;
  await expect.poll(width, { message: "pictures of Ana at Ben, who keeps her large now", timeout: SIZES_MS }).toBe(captured);
});

test("a camera is not sent to where something covers its tile, and is again when that is closed", async ({ gather }) => {
  const [ana, ben] = await gather("Ana", "Ben");
  await expectFlowAmong([ana, ben]);
  await watchArrivals(ana, ben, 100);
  const panel = ben.page.getByTestId("panel");

  // On a desk it stands beside the faces, and covers nobody.
  await ben.page.setViewportSize(DESK);
  await ben.page.getByTestId("open-chat").click();
  await expect(panel).toBeVisible();
  await expectFlow(ana, ben);

  await ben.page.setViewportSize(PHONE);
  const covered = Date.now();
  expect(await untilStill(ana, ben, covered), "ms until the last picture came").toBeLessThan(STOP_MS);
  await expectFlow(ana, ben, { video: false });
  await expectFlow(ben, ana);

  await ben.page.getByTestId("close-panel").click();
  await expect(panel).toBeHidden();
  await expectFlow(ana, ben);
});
