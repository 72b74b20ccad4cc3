// The call in a window of its own, and a tile that fills the screen.

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { expectFlow } from "../support/flow.js";
import { expect, test } from "../support/fixtures.js";

const AXE = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const toggle = async (person) => {
  await person.page.getByTestId("open-more").click();
  await person.page.getByTestId("float").click();
};

/** Opens the window, which the browser counts among the pages. */
async function float(person) {
  const opened = person.context.waitForEvent("page");
  await toggle(person);
  const small = await opened;
  person.watch(small);
  await expect(small.getByTestId("floating")).toBeVisible();
  return small;
}

const face = (small, name) => small.locator(`.small-face[data-name="${name}"]`);

/** New pictures of somebody are shown in the window. */
async function expectShown(small, name) {
  const shown = () => face(small, name).locator("video").evaluate((video) => video.getVideoPlaybackQuality().totalVideoFrames);
  const before = await shown();
  await expect.poll(shown, `pictures of ${name} in the small window`).toBeGreaterThan(before + 3);
}

/** Notes whatever a video of the page does that one would see as a gap. */
const watchGaps = ({ page }) =>
  page.evaluate(() => {
    window.__gaps = [];
    for (const video of document.querySelectorAll("[data-testid=tile-video]")) {
      for (const event of ["emptied", "pause", "loadstart"]) video.addEventListener(event, () => window.__gaps.push(event));
    }
  });

test("the call floats in a window of its own, and no picture of the page stands still for that", async ({ gather, arrive, room }) => {
  const [ana, ben] = await gather("Ana", "Ben");
  await watchGaps(ana);
  const small = await float(ana);
  await expect(ana.page.getByText("The call is in a small window, too.")).toBeVisible();
  for (const name of ["Ana", "Ben"]) await expectShown(small, name);
  await expectFlow(ben, ana);
  const cleo = await arrive("Cleo");
  await cleo.openAndJoin(room.link);
  await expectShown(small, "Cleo");
  await cleo.leave();
  await expect(face(small, "Cleo")).toHaveCount(0);
  const closed = small.waitForEvent("close");
  await ana.page.getByTestId("unfloat").click();
  await closed;
  await expect(ana.page.getByTestId("unfloat")).toHaveCount(0);
  await expectFlow(ben, ana);
  expect(await ana.page.evaluate(() => window.__gaps)).toEqual([]);
});

test("the small window looks like the call, in its language, and breaks no rule of accessibility", async ({ gather }) => {
  const [ana] = await gather("Ana", "Ben");
  const small = await float(ana);
  await expect(small.getByTestId("floating")).toHaveCSS("display", "grid");
  expect(await small.evaluate(() => [document.documentElement.lang, document.title])).toEqual(["en", await ana.page.title()]);
  await small.evaluate(AXE);
  const violations = await small.evaluate(async () => {
    const { violations } = await window.axe.run(document, { rules: { "page-has-heading-one": { enabled: false } } });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" | ")}`);
  });
  expect(violations).toEqual([]);
});

test("one mutes oneself, turns the camera off and leaves from the small window", async ({ gather }) => {
  const [ana, ben] = await gather("Ana", "Ben");
  const small = await float(ana);
  await small.getByTestId("toggle-mic").click();
  await expect(small.getByTestId("toggle-mic")).toHaveAttribute("aria-pressed", "false");
  await expect(ana.page.getByTestId("toggle-mic")).toHaveAttribute("aria-pressed", "false");
  await expect(ben.tileOf("Ana")).toHaveAttribute("data-mic", "off");
  await small.getByTestId("toggle-camera").click();
  await expect(ben.tileOf("Ana")).toHaveAttribute("data-camera", "off");
  await expect(face(small, "Ana")).toHaveAttribute("data-camera", "off");
  await ben.page.getByTestId("share-screen").click();
  await expect(small.locator(".small-face[data-kind=screen]")).toHaveCount(1);
  const closed = small.waitForEvent("close");
  await small.getByTestId("leave").click();
  await closed;
  await expect(ana.call).toHaveCount(0);
  await expect(ben.tileOf("Ana")).toHaveCount(0);
});

test("a small window that its owner closes is gone, and may come again", async ({ gather }) => {
  const [ana] = await gather("Ana", "Ben");
  for (let time = 0; time < 2; time += 1) {
    const small = await float(ana);
    await expectShown(small, "Ben");
    await small.close({ runBeforeUnload: true });
    await expect(ana.page.getByTestId("unfloat")).toHaveCount(0);
  }
  await ana.page.getByTestId("open-more").click();
  await expect(ana.page.getByTestId("float")).toHaveAttribute("aria-pressed", "false");
});

test("a call that ends elsewhere takes the small window with it", async ({ gather }) => {
  const [ana] = await gather("Ana", "Ben");
  const small = await float(ana);
  const closed = small.waitForEvent("close");
  await ana.leave();
  await closed;
});

test("where there are no such windows none is offered", async ({ arrive, room }) => {
  const ana = await arrive("Ana", { prepare: [() => delete window.documentPictureInPicture] });
  await ana.openAndJoin(room.link);
  await ana.page.getByTestId("open-more").click();
  await expect(ana.page.getByTestId("open-trouble")).toBeVisible();
  await expect(ana.page.getByTestId("float")).toBeHidden();
});

test("a tile fills the screen, and its button or the browser brings everyone back to their places", async ({ gather }) => {
  const [ana] = await gather("Ana", "Ben", "Cleo");
  const places = () => ana.tiles.evaluateAll((tiles) => tiles.map((tile) => JSON.stringify(tile.getBoundingClientRect())));
  const before = await places();
  await watchGaps(ana);
  const tile = ana.tileOf("Ben");
  const full = tile.getByTestId("full-tile");
  const filled = () => ana.page.evaluate(() => document.fullscreenElement?.dataset.name ?? null);
  // What the browser does by itself at Escape, a page cannot tell from the last of these.
  for (const leave of [() => full.click(), () => ana.page.evaluate(() => document.exitFullscreen())]) {
    await tile.hover();
    await full.click();
    await expect.poll(filled).toBe("Ben");
    await expect(full).toHaveAttribute("aria-pressed", "true");
    const { width, height } = await tile.boundingBox();
    expect(await ana.page.evaluate(() => [innerWidth, innerHeight])).toEqual([width, height]);
    await leave();
    await expect.poll(filled).toBe(null);
    await expect(full).toHaveAttribute("aria-pressed", "false");
    await expect.poll(places).toEqual(before);
  }
  await tile.getByTestId("pin").click();
  await expect(tile).toHaveAttribute("data-large", "");
  expect(await ana.page.evaluate(() => window.__gaps)).toEqual([]);
});

test("a screen that cannot be filled leaves the button as it was", async ({ gather }) => {
  const [ana] = await gather("Ana");
  await ana.page.evaluate(() => {
    Element.prototype.requestFullscreen = async () => void document.dispatchEvent(new Event("fullscreenerror"));
  });
  const full = ana.tileOf("Ana").getByTestId("full-tile");
  await full.click();
  await expect(full).toHaveAttribute("aria-pressed", "false");
});
