import { violations } from "../support/accessibility.js";
import { expect, test } from "../support/fixtures.js";
import { INSECURE_HOST } from "../support/insecure_host.js";
import { Server } from "../support/server.js";

/** What has the focus: the text of a heading, or nothing. */
const focusedHeading = ({ page }) =>
  page.evaluate(() => (document.activeElement.matches("h1") ? document.activeElement.textContent : ""));

/** The test ids of what Tab reaches, until it comes round or has had its chance. */
async function reachedByTab({ page }) {
  const reached = new Set();
  for (let press = 0; press < 40; press += 1) {
    await page.keyboard.press("Tab");
    reached.add(await page.evaluate(() => document.activeElement?.dataset?.testid ?? document.activeElement?.className));
  }
  return reached;
}

for (const colorScheme of ["light", "dark"]) {
  test(`no page breaks a rule of accessibility (${colorScheme})`, async ({ arrive, server, room }) => {
    const ana = await arrive("Ana", { context: { colorScheme } });
    await ana.page.goto(server.origin);
    expect.soft(await violations(ana), "home").toEqual([]);
    await ana.page.goto(`${server.origin}/r/AAAAAAAAAAAAAAAAAAAAAA`);
    expect.soft(await violations(ana), "refusal").toEqual([]);
    await ana.open(room.link);
    expect.soft(await violations(ana), "green room").toEqual([]);
    await ana.page.getByTestId("test-sound").click();
    await expect(ana.page.getByTestId("test-mic")).toBeVisible();
    expect.soft(await violations(ana), "green room, testing the sound").toEqual([]);
    await ana.join();
    expect.soft(await violations(ana), "alone in the call").toEqual([]);
    const ben = await arrive("Ben");
    await ben.openAndJoin(room.link);
    await expect(ana.tiles).toHaveCount(2);
    expect.soft(await violations(ana), "two in the call").toEqual([]);
    await ben.page.getByTestId("share-screen").click();
    await expect(ana.page.locator("[data-testid=tile][data-kind=screen]")).toBeVisible();
    expect.soft(await violations(ana), "a screen is shared").toEqual([]);
    await ana.page.getByTestId("open-people").click();
    for (const name of ["Ana", "Ben"]) {
      await ana.page.locator(`[data-testid=person][data-name="${name}"]`).getByTestId("person-more").click();
      await expect(ana.page.getByTestId(name === "Ana" ? "how-others-see-me" : "connection")).toContainText("×");
      expect.soft(await violations(ana), `people, with more about ${name}`).toEqual([]);
    }
    await ana.page.getByTestId("open-reactions").click();
    await ana.page.getByTestId("reaction").first().click();
    await expect(ana.tileOf("Ana")).toHaveAttribute("data-reaction", /./);
    expect.soft(await violations(ana), "reactions").toEqual([]);
    await ana.page.getByTestId("open-reactions").click();
    for (const panel of ["chat", "more"]) {
      await ana.page.getByTestId(`open-${panel}`).click();
      await expect(ana.page.getByTestId(panel === "chat" ? "chat-input" : "open-trouble")).toBeVisible();
      expect.soft(await violations(ana), `the panel ${panel}`).toEqual([]);
    }
    await ana.page.getByTestId("open-devices").click();
    await expect(ana.page.getByTestId("devices")).toBeVisible();
    expect.soft(await violations(ana), "sound and picture").toEqual([]);
    await ana.page.keyboard.press("d");
    await expect(ana.page.getByTestId("badge")).toContainText("You hear nobody");
    expect.soft(await violations(ana), "hearing nobody").toEqual([]);
    await ana.page.keyboard.press("d");
    await ana.page.getByTestId("open-more").click();
    await ana.page.getByTestId("open-trouble").click();
    for (const card of ["trouble", "keys", "privacy"]) {
      if (card !== "trouble") await ana.page.getByTestId(`open-${card}`).click();
      await expect(ana.page.locator(`#${card}`)).toBeVisible();
      expect.soft(await violations(ana), `the card ${card}`).toEqual([]);
      if (card === "keys") {
        await ana.page.keyboard.press("Escape");
        await ana.page.getByTestId("open-trouble").click();
      }
    }
    await ana.page.keyboard.press("Escape");
    await ana.leave();
    expect.soft(await violations(ana), "goodbye").toEqual([]);
    await ana.page.goto(`http://${INSECURE_HOST}:${server.port}${room.path}`);
    expect.soft(await violations(ana), "insecure").toEqual([]);
    const small = await Server.start({ args: ["--room-capacity", "2"] });
    const { link } = await small.newRoom();
    for (const name of ["Cleo", "Dan"]) await (await arrive(name)).openAndJoin(link);
    await ana.page.goto(link);
    await expect(ana.refusal).toHaveAttribute("data-reason", "room-full");
    expect.soft(await violations(ana), "full").toEqual([]);
    await small.stop();
  });
}

test("the keyboard reaches every control, and works it", async ({ arrive, room }) => {
  const ana = await arrive("Ana");
  await ana.open(room.link);
  const inGreenRoom = await reachedByTab(ana);
  for (const control of ["name-input", "toggle-mic", "toggle-camera", "join"]) expect(inGreenRoom).toContain(control);
  await ana.page.getByTestId("name-input").fill("Ana");
  await ana.page.getByTestId("join").focus();
  await ana.page.keyboard.press("Enter");
  await ana.inCall();
  await expect.poll(() => focusedHeading(ana), "the heading of the call").toMatch(/\w/);
  const inCall = await reachedByTab(ana);
  for (const control of ["toggle-mic", "toggle-camera", "copy-link", "leave"]) expect(inCall).toContain(control);
  expect(inCall, "what the call hides").not.toContain("brand");
  await ana.page.getByTestId("toggle-mic").focus();
  await ana.page.keyboard.press("Space");
  await expect(ana.tileOf("Ana")).toHaveAttribute("data-mic", "off");
  await ana.page.getByTestId("leave").focus();
  await ana.page.keyboard.press("Enter");
  await expect(ana.call).toHaveCount(0);
  await expect.poll(() => focusedHeading(ana), "the heading of the goodbye").toMatch(/\w/);
});
