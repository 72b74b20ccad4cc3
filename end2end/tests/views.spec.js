import { loudMicrophone } from "../support/devices.js";
import { expect, test } from "../support/fixtures.js";

const sizeOf = async (person, name) => {
  const { width, height } = await person.tileOf(name).boundingBox();
  return width * height;
};

/** Waits until one face is much larger than another, as a person sees them. */
async function expectLarger(person, large, small) {
  const ratio = async () => (await sizeOf(person, large)) / (await sizeOf(person, small));
  await expect.poll(ratio, `${large} beside ${small} at ${person.name}`).toBeGreaterThan(3);
}

async function expectEqual(person, one, other) {
  const ratio = async () => (await sizeOf(person, one)) / (await sizeOf(person, other));
  await expect.poll(ratio).toBeCloseTo(1, 1);
}

test("a face is kept large until it is let go, and nobody's picture is taken out for that", async ({ gather }) => {
  const [ana] = await gather("Ana", "Ben", "Cleo");
  await expectEqual(ana, "Ben", "Cleo");
  await ana.page.evaluate(() => {
    window.__emptied = 0;
    for (const video of document.querySelectorAll("[data-testid=tile-video]")) {
      video.addEventListener("emptied", () => (window.__emptied += 1));
      video.addEventListener("pause", () => (window.__emptied += 1));
    }
  });
  const pin = ana.tileOf("Ben").getByTestId("pin");
  await pin.click();
  await expect(pin).toHaveAttribute("aria-pressed", "true");
  await expectLarger(ana, "Ben", "Cleo");
  await expectLarger(ana, "Ben", "Ana");
  await pin.click();
  await expectEqual(ana, "Ben", "Cleo");
  expect(await ana.page.evaluate(() => window.__emptied)).toBe(0);
});

test("whoever speaks is shown large, if that is wanted, and whoever leaves is no longer", async ({ arrive, room }) => {
  const ana = await arrive("Ana");
  await ana.openAndJoin(room.link);
  const others = [];
  for (const name of ["Ben", "Cleo"]) {
    // The browser's own fake one beeps for a moment once a second, and who looks ten times a second may never hear that.
    const other = await arrive(name, { prepare: [loudMicrophone] });
    await other.openAndJoin(room.link);
    others.push(other);
  }
  const [ben, cleo] = others;
  await ben.turn("mic", "off");
  await ana.openMore();
  const view = ana.page.getByTestId("toggle-layout");
  await view.click();
  await expect(view).toHaveAttribute("aria-pressed", "true");
  await expectLarger(ana, "Cleo", "Ben");
  await cleo.turn("mic", "off");
  await ben.turn("mic", "on");
  await expectLarger(ana, "Ben", "Cleo");
  await ben.leave();
  await expectLarger(ana, "Cleo", "Ana");
  await view.click();
  await expectEqual(ana, "Cleo", "Ana");
});

test("a raised hand is seen and said by everyone, by who comes later too, and lowered", async ({ gather, arrive, room }) => {
  const [ana, ben] = await gather("Ana", "Ben");
  const hand = ana.page.getByTestId("raise-hand");
  await hand.click();
  await expect(hand).toHaveAttribute("aria-pressed", "true");
  await expect(ben.tileOf("Ana")).toHaveAttribute("data-hand", "on");
  await expect(ben.page.getByTestId("notice")).toContainText("Ana raised a hand");
  const cleo = await arrive("Cleo");
  await cleo.openAndJoin(room.link);
  await expect(cleo.tileOf("Ana")).toHaveAttribute("data-hand", "on");
  await hand.click();
  for (const other of [ben, cleo]) await expect(other.tileOf("Ana")).toHaveAttribute("data-hand", "off");
});

test("a change of one participant renders that one's tile alone", async ({ gather }) => {
  const [ana, ben] = await gather("Ana", "Ben", "Cleo");
  // What comes a while after joining has come.
  for (const name of ["Ben", "Cleo"]) await expect(ana.tileOf(name)).toHaveAttribute("data-route", "direct");
  await ana.page.evaluate(() => {
    window.__changed = new Set();
    const note = (mutations) => {
      for (const { target, attributeName } of mutations) {
        if (attributeName === "class") continue; // who speaks, and the shape of their picture
        const element = target.nodeType === Node.ELEMENT_NODE ? target : target.parentElement;
        window.__changed.add(element?.closest("[data-testid=tile]")?.dataset.name ?? "the grid");
      }
    };
    const options = { subtree: true, childList: true, attributes: true, characterData: true };
    new MutationObserver(note).observe(document.querySelector(".faces"), options);
  });
  await ben.turn("camera", "off");
  await expect(ana.tileOf("Ben")).toHaveAttribute("data-camera", "off");
  expect(await ana.page.evaluate(() => [...window.__changed])).toEqual(["Ben"]);
});
