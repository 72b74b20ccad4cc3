import { permissionDenied, uprightCamera } from "../support/devices.js";
import { expect, test } from "../support/fixtures.js";

const SIZES = [
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
  { width: 390, height: 844 },
  { width: 844, height: 390 },
];
const SMALL = { width: 390, height: 300 };
const NAMES = ["Ana", "Ben", "Cleo", "Dan", "Eve", "Fay", "Gus", "Hal"];

/** What is wrong with where things are on the page: an empty list when nothing is. */
function misplaced() {
  const faults = [];
  const root = document.scrollingElement;
  if (root.scrollWidth > innerWidth || root.scrollHeight > innerHeight) {
    faults.push(`the page scrolls: ${root.scrollWidth}×${root.scrollHeight}`);
  }
  const boxOf = (element) => ({ what: element.dataset.name ?? element.dataset.testid, box: element.getBoundingClientRect() });
  const tiles = [...document.querySelectorAll("[data-testid=tile]")].map(boxOf);
  const controls = ["toggle-mic", "toggle-camera", "leave"].map((id) => document.querySelector(`[data-testid=${id}]`));
  if (controls.some((control) => !control)) return [...faults, "a control is missing"];
  const placed = [...tiles, ...controls.map(boxOf)];
  for (const { what, box } of placed) {
    if (box.width < 24 || box.height < 24) faults.push(`${what} is ${box.width}×${box.height}`);
    if (box.left < -0.5 || box.top < -0.5 || box.right > innerWidth + 0.5 || box.bottom > innerHeight + 0.5) {
      faults.push(`${what} is outside: ${box.left},${box.top} to ${box.right},${box.bottom}`);
    }
  }
  placed.forEach(({ what, box }, index) => {
    for (const { what: other, box: otherBox } of placed.slice(index + 1)) {
      const wide = Math.min(box.right, otherBox.right) - Math.max(box.left, otherBox.left);
      const high = Math.min(box.bottom, otherBox.bottom) - Math.max(box.top, otherBox.top);
      if (wide > 1 && high > 1) faults.push(`${what} and ${other} overlap`);
    }
  });
  return faults;
}

/** Notes, from now on, whose tiles are touched by whatever changes among the faces. */
function watchFaces() {
  window.__touched = new Set();
  new MutationObserver((records) => {
    for (const { target } of records) {
      const element = target.nodeType === Node.ELEMENT_NODE ? target : target.parentElement;
      window.__touched.add(element?.closest("[data-testid=tile]")?.dataset.name ?? "what holds them all");
    }
  }).observe(document.querySelector(".faces"), { subtree: true, childList: true, attributes: true, characterData: true });
}

test("one to eight people fit any window, without a scrollbar, what one does touches one tile, and a ninth is told that the room is full", async ({ arrive, server, room }) => {
  test.setTimeout(240_000);
  const [first, ...others] = NAMES;
  const ana = await arrive(first);
  await ana.openAndJoin(room.link);
  const here = [ana];
  for (let count = 1; count <= NAMES.length; count += 1) {
    if (count > 1) {
      const person = await arrive(others[count - 2], { context: { viewport: SMALL } });
      await person.open(room.link);
      if (count > 2) await person.turn("camera", "off");
      if (count > 2) await person.turn("mic", "off");
      await person.join();
      here.push(person);
    }
    await expect(ana.tiles).toHaveCount(count, { timeout: 30_000 });
    for (const size of SIZES) {
      await ana.page.setViewportSize(size);
      const faults = () => ana.page.evaluate(misplaced);
      await expect.poll(faults, { message: `${count} at ${size.width}×${size.height}` }).toEqual([]);
    }
    // Two pictures have been laid out. A tile is as large without one, and a machine with eight people's has no time left.
    for (const person of count === 2 ? here : []) for (const device of ["camera", "mic"]) await person.turn(device, "off");
  }
  await expect(ana.page.locator("[data-testid=tile][data-link=connected]")).toHaveCount(NAMES.length);
  await ana.page.evaluate(watchFaces);
  const [hal] = here.slice(-1);
  for (const [control, attribute] of [["raise-hand", "data-hand"], ["toggle-mic", "data-mic"]]) {
    await hal.page.getByTestId(control).click();
    await expect(ana.tileOf(hal.name)).toHaveAttribute(attribute, "on");
  }
  expect(await ana.page.evaluate(() => [...window.__touched])).toEqual([hal.name]);
  const ivy = await arrive("Ivy");
  const response = await ivy.page.goto(server.origin + room.path);
  expect(response.status()).toBeGreaterThanOrEqual(400);
  await expect(ivy.refusal).toHaveAttribute("data-reason", "room-full");
  await expect(ana.tiles).toHaveCount(NAMES.length);
});

test("the green room's Join is in view at every size", async ({ arrive, room }) => {
  const ana = await arrive("Ana");
  await ana.open(room.link);
  for (const size of SIZES) {
    await ana.page.setViewportSize(size);
    await expect(ana.page.getByTestId("join")).toBeInViewport({ ratio: 1 });
    const wide = () => ana.page.evaluate(() => document.scrollingElement.scrollWidth - innerWidth);
    await expect.poll(wide, { message: `sideways scrolling at ${size.width}` }).toBeLessThanOrEqual(0);
  }
});

test("little of an upright picture is lost", async ({ arrive, room }) => {
  const ben = await arrive("Ben");
  await ben.openAndJoin(room.link);
  const ana = await arrive("Ana", { prepare: [uprightCamera] });
  await ana.openAndJoin(room.link);
  const shown = () =>
    ben.tileOf("Ana").locator("video").evaluate((video) => {
      const { width, height } = video.getBoundingClientRect();
      const [box, picture] = [width / height, video.videoWidth / video.videoHeight];
      return picture < 1 ? Math.min(box / picture, picture / box) : 0;
    });
  await expect.poll(shown, "how much of the picture is shown").toBeGreaterThan(0.7);
});

test("on the smallest phones, one's own picture is large and what is wrong is in view", async ({ arrive, room }) => {
  const viewport = { width: 320, height: 568 };
  const ana = await arrive("Ana", { prepare: [permissionDenied], context: { viewport } });
  await ana.open(room.link);
  await expect(ana.page.getByRole("status").filter({ hasText: "your microphone" })).toBeInViewport({ ratio: 1 });
  await expect(ana.page.getByTestId("join")).toBeInViewport({ ratio: 1 });
  const ben = await arrive("Ben", { context: { viewport } });
  await ben.openAndJoin(room.link);
  const width = async () => (await ben.tileOf("Ben").boundingBox()).width;
  await expect.poll(width).toBeGreaterThan(200);
  await expect(ben.page.getByRole("status", { name: "link" })).toBeInViewport({ ratio: 1 });
});
