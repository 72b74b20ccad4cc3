import { expect, test } from "../support/fixtures.js";
import { expectFlow } from "../support/flow.js";

/** The test id of what has the focus. */
const focused = ({ page }) => page.evaluate(() => document.activeElement?.dataset?.testid ?? "");

/** Presses Tab until something has the focus; a page on which that takes more is no page for a keyboard. */
async function tabTo(person, testid) {
  for (let press = 0; press < 40; press += 1) {
    if ((await focused(person)) === testid) return;
    await person.page.keyboard.press("Tab");
  }
  throw new Error(`Tab does not reach ${testid}`);
}

test("a whole call, from the front page to the goodbye, without a mouse", async ({ arrive, server }) => {
  const ana = await arrive("Ana");
  const { keyboard } = ana.page;
  const use = async (testid, key = "Enter") => {
    await tabTo(ana, testid);
    await keyboard.press(key);
  };
  await ana.page.goto(server.origin);
  await use("new-room");
  await ana.alive();
  await tabTo(ana, "name-input");
  await keyboard.type("Ana");
  await use("toggle-camera", "Space");
  await expect(ana.page.getByTestId("toggle-camera")).toHaveAttribute("aria-pressed", "false");
  await use("join");
  await ana.inCall();
  const ben = await arrive("Ben");
  await ben.openAndJoin(ana.page.url());
  await use("toggle-camera", "Space");
  await expectFlow(ana, ben);

  // What is said in words: the focus goes where one writes, and comes back to what opened it.
  await use("open-chat");
  await expect.poll(() => focused(ana)).toBe("chat-input");
  await keyboard.type("Good morning");
  await keyboard.press("Enter");
  await keyboard.press("Escape");
  await expect.poll(() => focused(ana)).toBe("open-chat");
  await ben.page.getByTestId("open-chat").click();
  await expect(ben.page.getByTestId("chat-message")).toHaveText(/Good morning/);

  // Somebody else, quieter and larger.
  await use("open-people");
  await expect(ana.page.getByTestId("people-search")).toBeVisible();
  await tabTo(ana, "people-search");
  await keyboard.type("ben");
  await use("person-more");
  await tabTo(ana, "volume");
  await keyboard.press("ArrowLeft");
  await expect(ana.page.getByTestId("volume")).toHaveValue("95");
  // The list has a pin of its own, before the tile's.
  await use("person-pin");
  await expect(ana.tileOf("Ben")).toHaveAttribute("data-large", "");
  await keyboard.press("Escape");
  await expect.poll(() => focused(ana)).toBe("open-people");

  // Without a word.
  await use("open-reactions");
  await use("reaction");
  await expect(ben.tileOf("Ana")).toHaveAttribute("data-reaction", /./);
  await keyboard.press("Escape");
  await expect.poll(() => focused(ana)).toBe("open-reactions");
  await use("raise-hand");
  await expect(ben.tileOf("Ana")).toHaveAttribute("data-hand", "on");
  await use("share-screen");
  await expect(ben.page.locator("[data-testid=tile][data-kind=screen]")).toBeVisible();

  // What is set once.
  await use("open-more");
  await expect(ana.page.getByTestId("open-devices")).toBeVisible();
  await use("open-devices");
  await expect(ana.page.getByTestId("devices")).toBeVisible();
  await use("mirror-self", "Space");
  await keyboard.press("Escape");
  await expect(ana.page.getByTestId("devices")).toBeHidden();
  await use("leave");
  await expect(ana.call).toHaveCount(0);
  await expect(ben.tiles).toHaveCount(1);
});
