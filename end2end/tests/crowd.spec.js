// Many people: what the room says before it is too many, what it offers, and faces on more than one page.

import { arrived, untilStill, watchArrivals } from "../support/arrivals.js";
import { expect, test } from "../support/fixtures.js";
import { expectFlow, expectFlowAmong } from "../support/flow.js";

/** Room for two faces and no more. */
const TINY = { width: 360, height: 340 };

const widthOf = (from, to) => async () => (await arrived(from, to))?.width ?? 0;

test("before the fifth camera the room says what it will do, and what helps does help", async ({ gather }) => {
  test.setTimeout(150_000); // four people fill two cores
  const [ana, ben, cleo] = await gather("Ana", "Ben", "Cleo");
  const forecast = ana.page.getByTestId("forecast");
  await expectFlowAmong([ana, ben, cleo]);
  await expect(forecast).toHaveCount(0);
  const [dan] = await gather("Dan");
  await expect(forecast).toContainText(/\d+ × \d+/, { timeout: 30_000 });

  await forecast.getByTestId("forecast-keep").click();
  await expect(forecast).toHaveCount(0);

  // Whoever wants only sound is sent no picture, and shows no face that stands still.
  await watchArrivals(ben, ana, 200);
  await ana.openMore();
  await ana.page.getByTestId("open-devices").click();
  const chosen = Date.now();
  await ana.page.getByTestId("pictures-none").check();
  await untilStill(ben, ana, chosen);
  await expect(ana.tileOf("Ben").getByTestId("tile-video")).toBeHidden();
  // And nobody is sent hers; they are told so.
  await expect(ben.tileOf("Ana").getByTestId("held")).toBeVisible();
  await expect(ben.tileOf("Ana").getByTestId("tile-video")).toBeHidden();
  await expectFlow(ana, ben, { video: false });

  await ana.page.getByTestId("pictures-small").check();
  await expect.poll(widthOf(ben, ana), { message: "pictures of Ben at Ana", timeout: 30_000 }).toBeLessThanOrEqual(160);
  await expect(ben.tileOf("Ana").getByTestId("held")).toHaveCount(0);
  await ana.page.getByTestId("pictures-all").check();
  await expect.poll(widthOf(ben, ana), { message: "pictures of Ben at Ana", timeout: 30_000 }).toBeGreaterThan(160);
  await dan.leave();
});

test("more faces than fit stand on pages: who is on another one is heard, and not sent", async ({ gather }) => {
  const [ana, ben, cleo] = await gather("Ana", "Ben", "Cleo");
  await expectFlowAmong([ana, ben, cleo]);
  const pager = ana.page.getByTestId("pager");
  await expect(pager).toHaveCount(0);
  await watchArrivals(ben, ana, 200);
  await watchArrivals(cleo, ana, 200);

  await ana.page.setViewportSize(TINY);
  const turned = Date.now();
  await expect(pager).toBeVisible();
  const [before, next] = [pager.getByTestId("page-before"), pager.getByTestId("page-next")];
  await expect(before).toBeDisabled();
  await untilStill(cleo, ana, turned);
  await expect(ana.tileOf("Cleo").getByTestId("tile-video")).toBeHidden();
  await expectFlow(cleo, ana, { video: false });

  await next.click();
  await expect(next).toBeDisabled();
  await expect(ana.tileOf("Cleo").getByTestId("tile-video")).toBeVisible();
  await expectFlow(cleo, ana);
  await expect(ana.tileOf("Ana").getByTestId("tile-video")).toBeHidden();

  await ana.page.setViewportSize({ width: 1280, height: 800 });
  await expect(pager).toHaveCount(0);
  await expectFlowAmong([ana, ben, cleo]);
});
