import { expect, test } from "../support/fixtures.js";
import { connectionsOf, expectFlowAmong } from "../support/flow.js";
import { longestGap, watchGaps } from "../support/gaps.js";
import { Server } from "../support/server.js";

const RESTARTS = Number(process.env.RESTARTS ?? 10);
/** Pictures come twenty a second; a machine that does much else delays some. A call that is made anew stands still for longer. */
const STANDSTILL_MS = 1_500;

test(`${RESTARTS} sudden ends of the server in a row: nobody's picture stands still, and nobody is there twice`, async ({ arrive }) => {
  test.setTimeout(60_000 + RESTARTS * 15_000);
  const server = await Server.start();
  try {
    const { link } = await server.newRoom();
    const people = [];
    for (const name of ["Ana", "Ben", "Cleo"]) {
      const person = await arrive(name);
      await person.openAndJoin(link);
      people.push(person);
    }
    await expectFlowAmong(people);
    const before = await Promise.all(people.map((person) => person.participant()));
    for (const person of people) await watchGaps(person);
    for (let restart = 0; restart < RESTARTS; restart += 1) {
      await server.kill("SIGKILL");
      for (const person of people) await expect(person.call).toHaveAttribute("data-signaling", "away");
      await server.resume();
      for (const person of people) {
        await person.inCall();
        await expect(person.tiles).toHaveCount(people.length);
      }
    }
    const gaps = await Promise.all(people.map(longestGap));
    console.log(`longest standstill after ${RESTARTS} restarts: ${Math.max(...gaps).toFixed(0)} ms`);
    expect(Math.max(...gaps)).toBeLessThan(STANDSTILL_MS);
    expect(await Promise.all(people.map((person) => person.participant()))).toEqual(before);
    for (const person of people) expect(await connectionsOf(person)).toBe(people.length - 1);
    await expectFlowAmong(people);
  } finally {
    await server.stop();
  }
});
