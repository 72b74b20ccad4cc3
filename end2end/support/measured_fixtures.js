// What a suite that measures starts from: people whose pages write down what they show, in networks of the test's own, and a way
// to say what was measured.

import { partWith, test as base } from "./fixtures.js";
import { shoot } from "./film.js";
import { whyNot } from "./kernel.js";
import { MEASURE } from "./measure.js";
import { installPageLog } from "./page_log.js";
import { Person } from "./person.js";

export { expect } from "./fixtures.js";

/** How a person arrives whose pages write down what they show. */
export const LOGGED = { prepare: [installPageLog] };

export const test = base.extend({
  /** `measure({ what, goal, measured, met })`: a line of the table; see measure.js. */
  measure: async ({}, use, testInfo) => {
    await use((line) => void testInfo.annotations.push({ type: MEASURE, description: JSON.stringify(line) }));
  },

  /** What the network must be able to do, by a name that kernel.js knows. */
  feature: ["cables", { option: true }],

  /** By name, who has a camera that shows a film (film.js), and with how many pictures a second. */
  films: [{}, { option: true }],

  /** `lay(make)`: what `make` makes, a network that closes when the test ends. Where this machine cannot, the test is skipped. */
  lay: async ({ feature }, use, testInfo) => {
    const reason = await whyNot(feature);
    testInfo.skip(reason !== null, reason ?? "");
    const networks = [];
    try {
      await use(async (make) => {
        const network = await make();
        networks.push(network);
        return network;
      });
    } finally {
      for (const network of networks) await network.close();
    }
  },

  /** `moveIn(name, home, server)`: a person with a browser at home, who has opened nothing yet, and will ask that server only. */
  moveIn: async ({ films }, use) => {
    const people = [];
    const shot = {};
    for (const rate of new Set(Object.values(films))) shot[rate] = await shoot(rate);
    const hosts = new Set();
    await use(async (name, home, server) => {
      hosts.add(new URL(server.origin).hostname);
      const flags = films[name] ? [shot[films[name]].flag] : [];
      const person = await Person.arrive(await home.browse(server, flags), name, LOGGED);
      people.push(Object.assign(person, { home }));
      return person;
    });
    for (const film of Object.values(shot)) await film.discard();
    await partWith(people, [...hosts]);
  },
});
