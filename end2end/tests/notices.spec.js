import { clipboardRefused, soundHeld } from "../support/devices.js";
import { expect, test } from "../support/fixtures.js";
import { expectFlow } from "../support/flow.js";

test("sound that the browser holds back is asked for until it plays, whatever else is said, and any click plays it", async ({
  arrive,
  gather,
  room,
}) => {
  const ana = await arrive("Ana", { prepare: [soundHeld] });
  await ana.openAndJoin(room.link);
  const ask = ana.page.getByRole("button", { name: "Play the sound" });
  await expect(ask).toBeHidden();
  const [ben] = await gather("Ben");
  await expect(ask).toBeVisible();
  await gather("Cleo");
  await expect(ana.page.getByTestId("notice")).toContainText("Cleo joined");
  await expect(ask).toBeVisible();
  await ask.click();
  await ana.turn("mic", "off");
  await expect(ask).toBeVisible();
  await ana.page.evaluate(() => void (window.__silent = false));
  await ana.tileOf("Ben").click();
  await expect(ask).toBeHidden();
  await expectFlow(ben, ana);
});

test("a link that cannot be copied is shown until it is taken", async ({ arrive, gather, room }) => {
  const ana = await arrive("Ana", { prepare: [clipboardRefused], context: { viewport: { width: 390, height: 844 } } });
  await ana.openAndJoin(room.link);
  await gather("Ben");
  await ana.page.getByTestId("copy-link").click();
  const link = ana.page.getByTestId("notice").getByText(room.link);
  await gather("Cleo");
  await expect(ana.tiles).toHaveCount(3);
  await expect(link).toBeInViewport({ ratio: 1 });
  await link.click();
  expect(await ana.page.evaluate(() => getSelection().toString())).toBe(room.link);
  await ana.page.getByRole("button", { name: "Close" }).click();
  await expect(link).toHaveCount(0);
});
