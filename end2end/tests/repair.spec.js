import { expect, test } from "../support/fixtures.js";
import { connectionBetween, connectionsOf, expectFlowAmong } from "../support/flow.js";
import { Server } from "../support/server.js";

/** Ends the connection of two people at one end, of which no browser tells the other. */
async function breakBetween(one, other) {
  const { one: index } = await connectionBetween(one, other);
  await one.page.evaluate((index) => window.__probe.connections[index].close(), index);
}

/** A server of a test's own, and people in a room of it. */
async function callOf(arrive, ...names) {
  const server = await Server.start();
  const { link } = await server.newRoom();
  const people = [];
  for (const name of names) {
    const person = await arrive(name);
    await person.openAndJoin(link);
    people.push(person);
  }
  await expectFlowAmong(people);
  return { server, people };
}

async function expectLinked(one, other) {
  await expect(one.tileOf(other.name)).toHaveAttribute("data-link", "connected");
  await expect(other.tileOf(one.name)).toHaveAttribute("data-link", "connected");
}

/** Runs in a page: while `__clock.busy`, its clocks strike once a second and it gives no sign of life, like one that gets no turn. */
function installBusyClock() {
  const SECOND = 1_000;
  const TICK_MS = 100; // of the clock by which others are judged
  const clock = { busy: false, ticks: 0, withheld: 0 };
  Object.defineProperty(window, "__clock", { value: clock });
  const setInterval = window.setInterval.bind(window);
  window.setInterval = (run, ms) => {
    let last = 0;
    return setInterval(() => {
      if (clock.busy && performance.now() < last + SECOND) return;
      last = performance.now();
      if (clock.busy && ms === TICK_MS) clock.ticks += 1;
      run();
    }, ms);
  };
  const { send } = RTCDataChannel.prototype;
  RTCDataChannel.prototype.send = function (word) {
    if (clock.busy && this.label === "beat") clock.withheld += 1;
    else send.call(this, word);
  };
}

test("pages that are too busy for signs of life are not repaired while they are heard", async ({ arrive, room }) => {
  test.setTimeout(180_000);
  const people = [];
  // Of five others each is listened to in turn after they would be taken for silent.
  for (const name of ["Ana", "Ben", "Cleo", "Dan", "Eve", "Fay"]) {
    const person = await arrive(name, { prepare: [installBusyClock] });
    await person.open(room.link);
    await person.turn("camera", "off");
    await person.join();
    people.push(person);
  }
  await expectFlowAmong(people, { video: false });
  // Names that ICE changes when it starts over.
  const names = async () => {
    const ends = await Promise.all(people.map(({ page }) => page.evaluate(() => window.__probe.ends())));
    return ends.map((ends) => ends.map(({ local, remote }) => `${local}-${remote}`).join(" ")).join(", ");
  };
  let before = "";
  const same = async () => before === (before = await names());
  await expect.poll(same, { message: "nobody is being repaired", intervals: [2_000], timeout: 30_000 }).toBe(true);
  for (const { page } of people) await page.evaluate(() => (window.__clock.busy = true));
  const ticks = () => Promise.all(people.map(({ page }) => page.evaluate(() => window.__clock.ticks)));
  await expect.poll(async () => Math.min(...(await ticks())), { timeout: 60_000 }).toBeGreaterThan(12);
  expect(await names()).toBe(before);
  for (const { page } of people) expect(await page.evaluate(() => window.__clock.withheld)).toBeGreaterThan(0);
});

for (const broken of ["Ana", "Ben"]) {
  test(`a connection that ends at ${broken} alone is replaced by itself`, async ({ gather }) => {
    const people = await gather("Ana", "Ben");
    await expectFlowAmong(people);
    const [one, other] = people[0].name === broken ? people : people.toReversed();
    await breakBetween(one, other);
    await expect(other.tileOf(one.name)).toHaveAttribute("data-link", "repairing");
    await expectLinked(one, other);
    await expectFlowAmong(people);
    for (const person of people) {
      expect(await connectionsOf(person)).toBe(1);
      await expect(person.tiles).toHaveCount(2);
    }
  });
}

test("while the server is away, a pair that breaks is repaired through a third", async ({ arrive }) => {
  const { server, people } = await callOf(arrive, "Ana", "Ben", "Cleo");
  try {
    await server.kill("SIGKILL");
    for (const person of people) await expect(person.call).toHaveAttribute("data-signaling", "away");
    const [ana, ben] = people;
    await breakBetween(ana, ben);
    await expect(ben.tileOf("Ana")).toHaveAttribute("data-link", "repairing");
    await expectLinked(ana, ben);
    await expectFlowAmong(people);
    for (const person of people) {
      await expect(person.call).toHaveAttribute("data-signaling", "away");
      expect(await connectionsOf(person)).toBe(2);
      await expect(person.tiles).toHaveCount(3);
    }
  } finally {
    await server.stop();
  }
});

test("who cannot be reached is explained after a while, and is back once something carries the repair", async ({ arrive }) => {
  const { server, people } = await callOf(arrive, "Ana", "Ben");
  try {
    await server.kill("SIGKILL");
    const [ana, ben] = people;
    await breakBetween(ana, ben);
    const tile = ana.tileOf("Ben");
    await expect(tile).toContainText("reconnecting");
    await expect(tile).toContainText("Your network seems to be down");
    await tile.getByRole("button", { name: "Try now" }).click();
    await server.resume();
    await expectLinked(ana, ben);
    await expect(tile.getByRole("button", { name: "Try now" })).toBeHidden();
    await expectFlowAmong(people);
  } finally {
    await server.stop();
  }
});

test("the server counts the pairs, for its own machine", async ({ arrive }) => {
  const { server } = await callOf(arrive, "Ana", "Ben", "Cleo");
  try {
    const metrics = async () => (await fetch(`${server.origin}/metrics`)).text();
    await expect.poll(metrics).toContain('parlour_pairs{health="whole"} 3\n');
    expect(await metrics()).toContain('parlour_participants{presence="online"} 3\n');
    const elsewhere = await fetch(`${server.origin}/metrics`, { headers: { "x-forwarded-for": "203.0.113.7" } });
    expect(elsewhere.status).toBe(404);
  } finally {
    await server.stop();
  }
});

test("help opens a card whose file tells what happened, and nobody's name, address or room", async ({ gather, room, server }) => {
  const [ana, ben] = await gather("Ana", "Ben");
  await expectFlowAmong([ana, ben]);
  const card = ana.page.getByTestId("trouble");
  await expect(card).toBeHidden();
  const open = async () => {
    await ana.openMore();
    await ana.page.getByTestId("open-trouble").click();
    await expect(card).toBeVisible();
  };
  const close = async () => {
    await card.getByRole("button", { name: "Close" }).click();
    await expect(card).toBeHidden();
  };
  const link = ana.page.getByTestId("save-record");
  const counted = async () => {
    await open();
    const address = await link.getAttribute("href");
    await close();
    return decodeURIComponent(address);
  };
  await expect.poll(counted, "pictures are counted every two seconds").toMatch(/^\d+ 1 pictures decoded [1-9]\d*$/m);
  await open();
  const downloading = ana.page.waitForEvent("download");
  await link.click();
  const stream = await (await downloading).createReadStream();
  let record = "";
  for await (const part of stream) record += part;
  expect(record).toMatch(/^\d+ 0 welcome 0$/m);
  expect(record).toMatch(/^\d+ 1 shown connected 0$/m);
  expect(record).toMatch(/^\d+ 1 pictures decoded [1-9]\d*$/m);
  const secrets = ["Ana", "Ben", room.room, await ana.participant(), await ben.participant(), "127.0.0.1", server.origin];
  for (const secret of secrets) expect(record.includes(secret), secret).toBe(false);
  await close();
});
