// What the rows of the fault matrix start from: people on this machine's own network, or in a local network of the test's own.

import { Lan } from "../support/lan.js";
import { LOGGED, test as base } from "../support/measured_fixtures.js";

export { expect, LOGGED } from "../support/measured_fixtures.js";

export const test = base.extend({
  /** `gatherAt(link, "Ana", "Ben")`: people, one after the other in a call, on the machine's own network. */
  gatherAt: async ({ arrive }, use) => {
    await use(async (link, ...names) => {
      const people = [];
      for (const name of names) {
        const person = await arrive(name, LOGGED);
        await person.openAndJoin(link);
        people.push(person);
      }
      return people;
    });
  },

  /** A network with a server in it. */
  network: async ({ lay }, use) => use(await lay(() => Lan.make())),

  /** `settle("Ana", "Ben")`: people with a home and a browser each in the network; none has opened anything. */
  settle: async ({ network, moveIn }, use) => {
    await use(async (...names) => {
      const people = [];
      for (const name of names) people.push(await moveIn(name, await network.addHome(), network.server));
      return people;
    });
  },
});
