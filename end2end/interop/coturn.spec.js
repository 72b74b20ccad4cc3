// coturn in the place of Parlour's own relay: nothing but a secret is shared between them.

import { expect } from "@playwright/test";
import { test as base } from "../support/fixtures.js";
import { expectFlowAmong } from "../support/flow.js";
import { onlyRoad } from "../support/one_road.js";
import { Server } from "../support/server.js";
import { Coturn } from "./coturn.js";

const test = base.extend({
  coturn: async ({}, use) => {
    const coturn = await Coturn.start("a secret & a half: #1=ü");
    await use(coturn);
    await coturn.stop();
  },

  /** `meet(road)`: two people in a room of a server that sends them to coturn, to which their networks leave `road` alone. */
  meet: async ({ coturn, arrive }, use) => {
    const server = await Server.start({ args: coturn.flags });
    await use(async (road) => {
      const { link } = await server.newRoom();
      const people = [];
      for (const name of ["Ana", "Ben"]) {
        const person = await arrive(name, { prepare: [`(${onlyRoad})("${road}")`] });
        await person.openAndJoin(link);
        people.push(person);
      }
      return people;
    });
    await server.stop();
  },
});

const granted = ({ log }) => log.filter((line) => /ALLOCATE processed, success/.test(line));

for (const road of ["udp", "tcp"]) {
  test(`people see and hear each other through coturn over ${road}`, async ({ coturn, meet }) => {
    const people = await meet(road);
    await expectFlowAmong(people);
    for (const [one, other] of [people, people.toReversed()]) {
      await expect(one.tileOf(other.name)).toHaveAttribute("data-route", "relay");
      const id = await one.participant();
      expect(granted(coturn).some((line) => line.includes(`/${id}>`)), `coturn knows ${one.name}`).toBe(true);
    }
  });
}

test("a call that coturn carried goes on after coturn was killed and is back", async ({ coturn, meet }) => {
  const people = await meet("udp");
  await expectFlowAmong(people);
  await coturn.kill();
  await coturn.resume();
  await expectFlowAmong(people);
});
