// What every test starts from: a server, a room, and people to invite. Whatever page they open, nothing but the server may
// be asked for anything, no policy may be violated and no script may fail; that is checked after each test.

import { test as base, expect } from "@playwright/test";
import { INSECURE_HOST } from "./insecure_host.js";
import { Person } from "./person.js";
import { Server } from "./server.js";

export { expect };

export const test = base.extend({
  server: [
    async ({}, use) => {
      const server = await Server.start();
      await use(server);
      await server.stop();
    },
    { scope: "worker" },
  ],

  room: async ({ server }, use) => {
    await use(await server.newRoom());
  },

  /** `arrive(name, options)`: a new person, who goes when the test ends. */
  arrive: async ({ browser }, use) => {
    const people = [];
    await use(async (name, options) => {
      const person = await Person.arrive(browser, name, options);
      people.push(person);
      return person;
    });
    await partWith(people);
  },

  /** `gather("Ana", "Ben")`: new people, one after the other in the call of the test's room. */
  gather: async ({ arrive, room }, use) => {
    await use(async (...names) => {
      const people = [];
      for (const name of names) {
        const person = await arrive(name);
        await person.openAndJoin(room.link);
        people.push(person);
      }
      return people;
    });
  },
});

/** People go; nothing went wrong in their pages, and they asked nobody but a server of ours, or of `hosts`, for anything. */
export async function partWith(people, hosts = []) {
  for (const person of people) await person.depart();
  expect(people.flatMap(({ mishaps }) => mishaps)).toEqual([]);
  const foreign = people.flatMap(({ requests }) => requests).filter((url) => !isOurs(url, hosts));
  expect(foreign, "requests to third parties").toEqual([]);
}

/** Every server and proxy of a test is on this machine; pages may make blobs and data of their own. */
function isOurs(url, hosts) {
  const { protocol, hostname } = new URL(url);
  return ["blob:", "data:", "about:"].includes(protocol) || ["127.0.0.1", INSECURE_HOST, ...hosts].includes(hostname);
}
