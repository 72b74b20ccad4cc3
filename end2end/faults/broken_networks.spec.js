import { setTimeout as pause } from "node:timers/promises";
import { slowest, told } from "../support/measure.js";
import { expectWhole, pairs, timesToPicture } from "../support/pictures.js";
import { expect, test } from "./fixtures.js";
import { expectMoving, expectStill, identities, tileWent, timeToOnline } from "./recovery.js";

/** What was under way when the cable went is still shown. */
const UNDER_WAY_MS = 1_000;

const CABLE = { strike: (network, home) => home.pull(), mend: (network, home) => home.plug() };
const SILENCE = { strike: (network, home) => network.silence(home), mend: (network, home) => network.unsilence(home) };

const FAULTS = [
  { fault: "cable out for 3 s", lastsMs: 3_000, goalMs: 1_500, ...CABLE },
  { fault: "cable out for 10 s", lastsMs: 10_000, goalMs: 1_500, ...CABLE },
  { fault: "cable out for 30 s", lastsMs: 30_000, goalMs: 1_500, ...CABLE },
  { fault: "all packets lost for 20 s", lastsMs: 20_000, goalMs: 2_000, ...SILENCE },
];
const ADDRESS_GOAL_MS = 3_000;

/** Three people in the network, in a call; the first is the one to whom things happen. */
async function callOf(network, settle) {
  const { link } = await network.server.newRoom();
  const people = await settle("Ana", "Ben", "Cleo");
  for (const person of people) await person.openAndJoin(link);
  await expectWhole(people);
  return people;
}

/** The lines of the table that every fault of the first person's network has. */
async function measureRecovery(measure, people, { struck, mended, goalMs }) {
  const [ana, ...others] = people;
  const times = await timesToPicture(pairs(people, ana), mended);
  measure(slowest("until new pictures on the affected pairs, both ways", times, goalMs));
  await expectWhole(people);
  measure(slowest("until signaling is online again", [await timeToOnline(ana, mended)]));
  measure(told("the tile went at the others", await tileWent(others, ana.name, struck)));
  await expectMoving(pairs(others), struck, Date.now());
}

for (const { fault, lastsMs, goalMs, strike, mend } of FAULTS) {
  test(fault, async ({ network, settle, measure }) => {
    const people = await callOf(network, settle);
    const [ana] = people;
    const before = await identities(people);

    await strike(network, ana.home);
    const struck = Date.now();
    await pause(struck + lastsMs - Date.now()); // the fault is as long as this
    await expectStill(pairs(people, ana), struck + UNDER_WAY_MS, Date.now());
    await mend(network, ana.home);
    await measureRecovery(measure, people, { struck, mended: Date.now(), goalMs });
    expect(await identities(people)).toEqual(before);
  });
}

test("address changed", async ({ network, settle, measure }) => {
  const people = await callOf(network, settle);
  const [ana] = people;
  const before = await identities(people);

  await ana.home.readdress();
  const changed = Date.now();
  await measureRecovery(measure, people, { struck: changed, mended: changed, goalMs: ADDRESS_GOAL_MS });
  expect(await identities(people)).toEqual(before);
});
