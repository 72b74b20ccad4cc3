import { INSECURE_HOST } from "../support/insecure_host.js";
import { expect, test } from "../support/fixtures.js";

const UNKNOWN_ROOM = "AAAAAAAAAAAAAAAAAAAAAA";

for (const [what, path, status] of [
  ["an unknown room", `/r/${UNKNOWN_ROOM}`, 404],
  ["a room that cannot be", "/r/no%20such%20room!", 400],
]) {
  test(`the link of ${what}: a page that says so, with a way on`, async ({ arrive, server }) => {
    const ana = await arrive("Ana");
    const response = await ana.page.goto(server.origin + path);
    expect(response.status()).toBe(status);
    await expect(ana.refusal).toHaveAttribute("data-reason", "unknown-room");
    await expect(ana.refusal).toContainText(/\w+ \w+ \w+/);
    await ana.refusal.locator("a, button").first().click();
    await expect(ana.page).not.toHaveURL(server.origin + path);
  });
}

test("an address that is nothing: 404 and a page", async ({ arrive, server }) => {
  const ana = await arrive("Ana");
  const response = await ana.page.goto(`${server.origin}/no/such/page`);
  expect(response.status()).toBe(404);
  await expect(ana.page.locator("body")).toContainText(/\w+ \w+/);
});

test("an insecure origin: a page that says why there is no camera, and what to do", async ({ arrive, server, room }) => {
  const ana = await arrive("Ana");
  await ana.page.goto(`http://${INSECURE_HOST}:${server.port}${room.path}`);
  expect(await ana.page.evaluate(() => window.isSecureContext)).toBe(false);
  await expect(ana.refusal).toHaveAttribute("data-reason", "insecure-context");
  await expect(ana.refusal).toBeVisible();
  await expect(ana.refusal).toContainText(/https/i);
  await expect(ana.page.getByTestId("join")).toBeHidden();
});
