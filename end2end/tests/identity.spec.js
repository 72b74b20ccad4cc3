import { expect, test } from "../support/fixtures.js";
import { connectionsOf, expectFlowAmong } from "../support/flow.js";
import { Person } from "../support/person.js";
import { Server } from "../support/server.js";

/** Watches how many tiles of a name a page ever shows at once. */
async function watchTilesOf(person, name) {
  await person.page.evaluate((name) => {
    const count = () => document.querySelectorAll(`[data-testid=tile][data-kind=camera][data-name="${name}"]`).length;
    window.__mostTiles = count();
    new MutationObserver(() => (window.__mostTiles = Math.max(window.__mostTiles, count()))).observe(document.body, {
      childList: true,
      subtree: true,
      attributes: true,
      attributeFilter: ["data-name"],
    });
  }, name);
  return () => person.page.evaluate(() => window.__mostTiles);
}

test("a reload keeps the identity: never a second tile", async ({ gather }) => {
  const [ana, ben] = await gather("Ana", "Ben");
  await expectFlowAmong([ana, ben]);
  const before = await ana.participant();
  const mostTiles = await watchTilesOf(ben, "Ana");
  await ana.page.reload();
  await ana.inCall(); // without a click
  expect(await ana.participant()).toBe(before);
  await expectFlowAmong([ana, ben]);
  expect(await mostTiles()).toBe(1);
  expect(await connectionsOf(ben)).toBe(1);
  await expect(ben.tileOf("Ana")).toHaveAttribute("data-participant", before);
});

test("a duplicated tab is a participant of its own", async ({ gather }) => {
  const [ana, ben] = await gather("Ana", "Ben");
  await expectFlowAmong([ana, ben]);
  const original = await ana.participant();
  const opened = ana.context.waitForEvent("page");
  await ana.page.evaluate(() => void window.open(location.href)); // copies sessionStorage, as a duplicated tab does
  const twin = new Person("Ana", ana.context, await opened);
  await twin.alive();
  await twin.join();
  expect(await twin.participant()).not.toBe(original);
  await expect(ana.call).toHaveAttribute("data-signaling", "online");
  await expect(ben.tiles).toHaveCount(3);
  await expectFlowAmong([ana, ben, twin]);
});

test("in a full room, who reloads gets back in", async ({ arrive }) => {
  const server = await Server.start({ args: ["--room-capacity", "2"] });
  try {
    const { link } = await server.newRoom();
    const [ana, ben] = [await arrive("Ana"), await arrive("Ben")];
    await ana.openAndJoin(link);
    await ben.openAndJoin(link);
    await expectFlowAmong([ana, ben]);
    const before = await ana.participant();
    await ana.page.reload();
    await ana.inCall();
    expect(await ana.participant()).toBe(before);
    await expectFlowAmong([ana, ben]);
  } finally {
    await server.stop();
  }
});
