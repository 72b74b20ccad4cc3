// What the rows of the fault matrix start from: people whose pages write down what they show, on this machine or in a network
// of the test's own, and a way to say what was measured.

import { test as base, partWith } from "../support/fixtures.js";
import { Person } from "../support/person.js";
import { whyNot } from "./kernel.js";
import { MEASURE } from "./measure.js";
import { Network } from "./network.js";
import { installPageLog } from "./page_log.js";

export { expect } from "../support/fixtures.js";

/** How a person arrives whose pages write down what they show. */
export const LOGGED = { prepare: [installPageLog] };

export const test = base.extend({
  /** `measure({ what, goal, measured, met })`: a line of the table; see measure.js. */
  measure: async ({}, use, testInfo) => {
    await use((line) => void testInfo.annotations.push({ type: MEASURE, description: JSON.stringify(line) }));
  },

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

  /** What the network must be able to do, by a name that kernel.js knows. */
  feature: ["cables", { option: true }],

  /** A network with a server in it. Where this machine cannot make one, the test is skipped, and the reason told. */
  network: async ({ feature }, use, testInfo) => {
    const reason = await whyNot(feature);
    testInfo.skip(reason !== null, reason ?? "");
    const network = await Network.make();
    try {
      await use(network);
    } finally {
      await network.close();
    }
  },

  /** `settle("Ana", "Ben")`: people with a home and a browser each in the network; none has opened anything. */
  settle: async ({ network }, use) => {
    const people = [];
    await use(async (...names) => {
      for (const name of names) {
        const home = await network.addHome();
        const person = await Person.arrive(await home.browse(network.server.origin), name, LOGGED);
        people.push(Object.assign(person, { home }));
      }
      return people;
    });
    await partWith(people, [network.server.host]);
  },
});
