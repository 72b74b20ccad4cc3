// What the rows of the table start from: people whose homes are joined by a network of the test's own, and whose kernels count.

import { SELF_SIGNED } from "../support/certificates.js";
import { HUB, Lan } from "../support/lan.js";
import { test as base } from "../support/measured_fixtures.js";
import { Internet, SERVER } from "./internet.js";
import { keepTally } from "./tally.js";

export { expect } from "../support/measured_fixtures.js";

const NAMES = ["Ana", "Ben", "Cleo"];

export const test = base.extend({
  feature: "routers",

  /** An internet whose people reach the server by IPv4, or by IPv6, or by its name. */
  internet: async ({ lay }, use) => use((options = { family: 4 }) => lay(() => Internet.make(options))),

  /** `people(kinds)`: three of them, in households of these kinds, with the `server`, and the `address` that it has for them. */
  people: async ({ internet, moveIn }, use) => {
    await use(async (kinds, { named } = {}) => {
      const [{ family }] = kinds;
      const network = await internet({ family, named });
      return settled(network, kinds, SERVER[family], moveIn);
    });
  },

  /** The same in one local network, from which no road leads anywhere else. */
  neighbours: async ({ lay, moveIn }, use) => {
    await use(async () => settled(await lay(() => Lan.make({ gateway: false, tls: SELF_SIGNED })), NAMES, HUB, moveIn));
  },
});

async function settled(network, kinds, address, moveIn) {
  const people = [];
  for (const [index, kind] of kinds.entries()) {
    people.push(await moveIn(NAMES[index], await network.addHome(kind), network.server));
  }
  for (const { home } of people) {
    const others = people.filter((person) => person.home !== home).map(({ home }) => home.seenAs);
    await keepTally(home, [...others, address]);
  }
  return { people, server: network.server, address };
}
