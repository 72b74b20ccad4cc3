import { slowest, told } from "../support/measure.js";
import { ask, expectWhole, pairs, PICTURE_DEADLINE_MS, timesToPicture } from "../support/pictures.js";
import { expect, test } from "./fixtures.js";
import { tileWent } from "./recovery.js";

test("tab reloaded", async ({ gatherAt, room, measure }) => {
  const people = await gatherAt(room.link, "Ana", "Ben", "Cleo");
  await expectWhole(people);
  const [ana, ben, cleo] = people;
  const before = await ana.participant();

  const pressed = Date.now();
  await ana.page.reload({ waitUntil: "commit" });
  await ana.inCall(); // without a click
  // The page that went sent pictures to the last; they are not those of the page that came.
  const came = await ana.page.evaluate(
    () => performance.timeOrigin + performance.getEntriesByType("navigation")[0].domInteractive,
  );
  const times = await timesToPicture(pairs(people, ana), came);
  measure(slowest("until new pictures on the affected pairs, both ways", times.map((time) => time + came - pressed)));
  expect(await ana.participant()).toBe(before);
  await expectWhole(people); // nobody was there twice
  measure(told("the tile went at the others", await tileWent([ben, cleo], "Ana", pressed)));
});

test("tab crashed", async ({ gatherAt, room, measure }) => {
  const people = await gatherAt(room.link, "Ana", "Ben", "Cleo");
  await expectWhole(people);
  const [ana, ben, cleo] = people;

  const crashed = Date.now();
  await ana.crash();
  for (const other of [ben, cleo]) await expect(other.tileOf("Ana")).toHaveCount(0, { timeout: PICTURE_DEADLINE_MS });
  const gone = await Promise.all([ben, cleo].map((other) => ask(other, "goneSince", "Ana", crashed)));
  measure(slowest("until the tile is gone for the others", gone.map((at) => at - crashed)));
  await expectWhole([ben, cleo]);

  await ana.comeAgain();
  await ana.openAndJoin(room.link);
  const times = await timesToPicture(pairs(people, ana), await ask(ana, "joined"));
  measure(slowest("the link opened again: from the click to the first pictures, both ways", times));
  await expectWhole(people);
});
