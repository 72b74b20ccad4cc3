import { expect, test } from "../support/fixtures.js";

test("New room makes a room and opens its green room", async ({ arrive, server }) => {
  const ana = await arrive("Ana");
  await ana.page.goto(server.origin);
  await ana.page.getByTestId("new-room").click();
  await expect(ana.page).toHaveURL(/\/r\/[\w-]{20,}/);
  await expect(ana.page.getByTestId("join")).toBeVisible();
});

test("the home page loads no WebAssembly", async ({ arrive, server }) => {
  const ana = await arrive("Ana");
  await ana.page.goto(server.origin, { waitUntil: "networkidle" });
  expect(ana.requests.filter((url) => url.endsWith(".wasm"))).toEqual([]);
});

test("without JavaScript, New room still leads to the room's page", async ({ arrive, server }) => {
  const ana = await arrive("Ana", { context: { javaScriptEnabled: false } });
  await ana.page.goto(server.origin);
  await ana.page.getByTestId("new-room").click();
  await expect(ana.page).toHaveURL(/\/r\/[\w-]{20,}/);
  await expect(ana.page.getByTestId("name-input")).toBeVisible();
  await expect(ana.page.getByTestId("refusal")).toHaveCount(0);
});

test("the home page says in a sentence what it is and shows its button without scrolling, at any size", async ({
  arrive,
  server,
}) => {
  const ana = await arrive("Ana");
  await ana.page.goto(server.origin);
  await expect(ana.page.getByRole("heading", { level: 1 })).toBeVisible();
  for (const viewport of [
    { width: 1280, height: 800 },
    { width: 390, height: 844 },
    { width: 844, height: 390 },
  ]) {
    await ana.page.setViewportSize(viewport);
    await expect(ana.page.getByTestId("new-room")).toBeInViewport({ ratio: 1 });
  }
});
