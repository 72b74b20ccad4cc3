import { loudMicrophone } from "../support/devices.js";
import { expectFlow } from "../support/flow.js";
import { expect, test } from "../support/fixtures.js";

const pressed = (person, testid) => expect(person.page.getByTestId(testid));

test("a key for each thing that is done often, and none while one types", async ({ gather }) => {
  const [ana, ben] = await gather("Ana", "Ben");
  const { keyboard } = ana.page;
  await keyboard.press("m");
  await pressed(ana, "toggle-mic").toHaveAttribute("aria-pressed", "false");
  await expect(ben.tileOf("Ana")).toHaveAttribute("data-mic", "off");
  await keyboard.press("M");
  await pressed(ana, "toggle-mic").toHaveAttribute("aria-pressed", "true");
  await keyboard.press("v");
  await pressed(ana, "toggle-camera").toHaveAttribute("aria-pressed", "false");
  await keyboard.press("h");
  await expect(ben.tileOf("Ana")).toHaveAttribute("data-hand", "on");
  await keyboard.press("l");
  await ana.openMore();
  await pressed(ana, "toggle-layout").toHaveAttribute("aria-pressed", "true");
  await keyboard.press("s");
  await expect(ben.page.locator("[data-testid=tile][data-kind=screen]")).toBeVisible();
  // What belongs to the browser stays the browser's.
  await keyboard.press("Control+m");
  await pressed(ana, "toggle-mic").toHaveAttribute("aria-pressed", "true");
});

test("a list of the keys is a key away, and turns them off for good", async ({ gather }) => {
  const [ana] = await gather("Ana");
  const list = ana.page.getByTestId("keys");
  await expect(list).toBeHidden();
  await ana.page.keyboard.press("?");
  await expect(list).toBeVisible();
  await ana.page.getByTestId("use-keys").uncheck();
  await ana.page.keyboard.press("Escape");
  await expect(list).toBeHidden();
  await ana.page.getByRole("heading", { level: 1 }).focus();
  await ana.page.keyboard.press("h");
  await ana.page.keyboard.press("m");
  await ana.page.reload();
  await ana.inCall();
  await ana.page.keyboard.press("h");
  await ana.openMore();
  await ana.page.getByTestId("open-trouble").click();
  await ana.page.getByTestId("open-keys").click();
  await expect(ana.page.getByTestId("use-keys")).not.toBeChecked();
  await ana.page.getByTestId("use-keys").check();
  await ana.page.keyboard.press("Escape");
  await pressed(ana, "raise-hand").toHaveAttribute("aria-pressed", "false");
  await pressed(ana, "toggle-mic").toHaveAttribute("aria-pressed", "true");
});

test("a muted microphone is heard as long as the space bar is held", async ({ gather }) => {
  const [ana, ben] = await gather("Ana", "Ben");
  await ana.turn("mic", "off");
  await ana.page.getByRole("heading", { level: 1 }).focus();
  await ana.page.keyboard.down("Space");
  await expect(ben.tileOf("Ana")).toHaveAttribute("data-mic", "on");
  await expectFlow(ana, ben);
  await ana.page.keyboard.up("Space");
  await expect(ben.tileOf("Ana")).toHaveAttribute("data-mic", "off");
});

test("a page that is loaded again while the space bar is held comes back muted", async ({ gather }) => {
  const [ana] = await gather("Ana");
  await ana.turn("mic", "off");
  await ana.page.getByRole("heading", { level: 1 }).focus();
  await ana.page.keyboard.down("Space");
  await pressed(ana, "toggle-mic").toHaveAttribute("aria-pressed", "true");
  await ana.page.reload();
  await ana.inCall();
  await pressed(ana, "toggle-mic").toHaveAttribute("aria-pressed", "false");
});

test("on a keyboard of another alphabet a key counts by its place", async ({ gather }) => {
  const [ana] = await gather("Ana");
  const press = (key, code) =>
    ana.page.evaluate((init) => document.body.dispatchEvent(new KeyboardEvent("keydown", { bubbles: true, ...init })), { key, code });
  await press("ь", "KeyM");
  await pressed(ana, "toggle-mic").toHaveAttribute("aria-pressed", "false");
  await press("؟", "Slash");
  await expect(ana.page.getByTestId("keys")).toBeVisible();
});

test("who speaks while muted is told", async ({ arrive, room }) => {
  const ana = await arrive("Ana", { prepare: [loudMicrophone] });
  await ana.openAndJoin(room.link);
  const notice = ana.page.getByTestId("notice");
  await ana.turn("mic", "off");
  await expect(notice).toContainText("You are muted");
});

test("the screen stays on in the call, and no longer", async ({ arrive, room }) => {
  const spy = () => {
    window.__locks = [];
    const request = navigator.wakeLock.request.bind(navigator.wakeLock);
    navigator.wakeLock.request = async (kind) => {
      const lock = await request(kind);
      window.__locks.push(lock);
      return lock;
    };
  };
  const ana = await arrive("Ana", { prepare: [spy] });
  await ana.open(room.link);
  const held = () => ana.page.evaluate(() => window.__locks.filter(({ released }) => !released).length);
  expect(await held()).toBe(0);
  await ana.join();
  await expect.poll(held).toBe(1);
  await ana.leave();
  await expect.poll(held).toBe(0);
});
