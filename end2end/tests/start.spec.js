import { expect, test } from "../support/fixtures.js";

const WASM = "**/*.wasm";

/** Opens a link on a line so slow that the program does not come before `arrive()` is called. */
async function openWithoutProgram({ page }, link) {
  let arrive;
  const arrived = new Promise((go) => (arrive = go));
  await page.route(WASM, async (route) => {
    await arrived;
    await route.continue();
  });
  await page.goto(link, { waitUntil: "commit" });
  await expect(page.getByTestId("join")).toBeVisible();
  return arrive;
}

test("a device that is turned off before the program has come is never opened", async ({ arrive, room }) => {
  const ana = await arrive("Ana");
  const go = await openWithoutProgram(ana, room.link);
  await ana.turn("camera", "off");
  go();
  await ana.alive();
  await ana.join();
  await expect(ana.tileOf("Ana")).toHaveAttribute("data-mic", "on");
  await expect(ana.tileOf("Ana")).toHaveAttribute("data-camera", "off");
  expect((await ana.capturedTracks()).map(({ kind }) => kind)).toEqual(["audio"]);
  await ana.turn("camera", "on");
});

test("Join, pressed before the program has come, joins", async ({ arrive, room }) => {
  const ana = await arrive("Ana");
  const go = await openWithoutProgram(ana, room.link);
  await ana.page.getByTestId("name-input").fill("Ana");
  await ana.page.getByTestId("join").click();
  go();
  await ana.inCall();
  await expect(ana.tileOf("Ana")).toHaveAttribute("data-self", "true");
});

test("an address that is hidden before the program has come is hidden after a reload, too", async ({ arrive, room }) => {
  const ana = await arrive("Ana");
  const go = await openWithoutProgram(ana, room.link);
  await ana.page.getByTestId("hide-address").check();
  go();
  await ana.alive();
  await ana.open(room.link);
  await expect(ana.page.getByTestId("hide-address")).toBeChecked();
});

test("a program that does not come is told of, and can be tried again", async ({ arrive, room }) => {
  const ana = await arrive("Ana");
  await ana.page.route(WASM, (route) => route.abort());
  await ana.page.goto(room.link);
  await expect(ana.refusal).toHaveAttribute("data-reason", "not-loaded");
  await expect(ana.page.getByTestId("join")).toHaveCount(0);
  await ana.page.unroute(WASM);
  await ana.refusal.getByText("Try again").click();
  await ana.alive();
  await ana.join();
});

test("the rest of the program, should it not come at first, comes by itself", async ({ arrive, room }) => {
  const REST = /\/later\.css/;
  const ana = await arrive("Ana");
  await ana.page.route(REST, (route) => route.abort());
  const missed = ana.page.waitForEvent("requestfailed", { predicate: (request) => request.url().includes("/later.css") });
  await ana.openAndJoin(room.link);
  await missed;
  const came = ana.page.waitForResponse(REST, { timeout: 30_000 });
  await ana.page.unroute(REST);
  expect((await came).status()).toBe(200);
  await expect.poll(() => ana.page.evaluate(() => window.loadLater().then((words) => words.length))).toBeGreaterThan(0);
});

test("the link comes as a code for a phone, too, and nothing moves for it", async ({ arrive, room }) => {
  const ana = await arrive("Ana");
  let arriveRest;
  const rest = new Promise((go) => (arriveRest = go));
  await ana.page.route(/\.later\.wasm/, async (route) => {
    await rest;
    await route.continue();
  });
  await ana.openAndJoin(room.link);
  const [link, code] = [".link", ".code"].map((part) => ana.page.locator(`.invitation ${part}`));
  await expect(link).toHaveText(room.link);
  await expect(code).toBeHidden();
  const places = () => Promise.all([link, code].map((part) => part.boundingBox()));
  const before = await places();
  arriveRest();
  await expect(code.locator("svg path")).toBeVisible();
  expect(await places()).toEqual(before);
});
