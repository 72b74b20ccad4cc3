// Firefox and Chromium in one room. What is believed is what each browser counts: pictures decoded and shown, sound that plays.

import { expect } from "@playwright/test";
import { readFile } from "node:fs/promises";
import { certify } from "../support/certificates.js";
import { launchOptions } from "../support/chromium.js";
import { partWith, test as base } from "../support/fixtures.js";
import { expectFlowAmong } from "../support/flow.js";
import { onlyRoad } from "../support/one_road.js";
import { Person } from "../support/person.js";
import { Server } from "../support/server.js";
import { FirefoxPerson } from "./firefox_person.js";

// Firefox uses no relay over TLS that has an address and no name.
const NAME = "localhost";

/** How a server on this machine speaks TLS, and the authority that browsers have to believe for that (DER, base64). */
async function certified() {
  const tls = await certify([NAME]);
  const [, authority] = (await readFile(tls.args[1], "utf8")).split("-----BEGIN CERTIFICATE-----").slice(1);
  return { ...tls, authority: authority.split("-----END")[0].replaceAll("\n", "") };
}

const test = base.extend({
  /** A server that speaks TLS, and a Chromium that believes it. */
  secured: async ({ playwright }, use) => {
    const tls = await certified();
    const server = await Server.start({ host: NAME, listen: "127.0.0.1", tls });
    const browser = await playwright.chromium.launch(launchOptions(tls.flags));
    await use({ server, browser, tls });
    await browser.close();
    await server.stop();
    await tls.discard();
  },

  /** `arriveIn(browser, name, options)`: a new person in "Firefox" or "Chromium", who goes when the test ends. */
  arriveIn: async ({ browser }, use, testInfo) => {
    const people = [];
    await use(async (kind, name, options) => {
      const person = await (kind === "Firefox" ? FirefoxPerson.arrive(name, options) : Person.arrive(options?.browser ?? browser, name, options));
      people.push(person);
      return person;
    });
    if (testInfo.status !== testInfo.expectedStatus) {
      for (const { name, firefox } of people.filter(({ firefox }) => firefox)) {
        await testInfo.attach(`${name} in Firefox`, { body: await firefox.screenshot(), contentType: "image/png" });
      }
    }
    await partWith(people, [NAME]);
  },
});

/** What the tile of somebody says of the way to them. */
function routeBetween(one, other) {
  const read = async ({ page }, participant) =>
    page.evaluate(
      (participant) =>
        document.querySelector(`[data-testid=tile][data-kind=camera][data-participant="${participant}"]`)?.dataset.route,
      participant,
    );
  return Promise.all([other.participant().then((id) => read(one, id)), one.participant().then((id) => read(other, id))]);
}

const expectRoute = (one, other, route) =>
  expect.poll(() => routeBetween(one, other), `${one.name} and ${other.name} are told their route`).toEqual([route, route]);

const ORDERS = [["Firefox", "Chromium"], ["Chromium", "Firefox"]];

for (const kinds of ORDERS) {
  test(`${kinds.join(", then ")}: they see and hear each other directly`, async ({ arriveIn, room }) => {
    const people = [await arriveIn(kinds[0], "Ana"), await arriveIn(kinds[1], "Ben")];
    for (const person of people) await person.openAndJoin(room.link);
    await expectFlowAmong(people);
    await expectRoute(...people, "direct");
  });
}

for (const kinds of ORDERS) {
  for (const road of ["udp", "tcp"]) {
    test(`${kinds.join(", then ")}: they see and hear each other through the relay over ${road}`, async ({ arriveIn, room }) => {
      const prepare = [`(${onlyRoad})("${road}")`];
      const people = [await arriveIn(kinds[0], "Ana", { prepare }), await arriveIn(kinds[1], "Ben", { prepare })];
      for (const person of people) await person.openAndJoin(room.link);
      await expectFlowAmong(people);
      await expectRoute(...people, "relay");
    });
  }
}

for (const kinds of ORDERS) {
  test(`${kinds.join(", then ")}: they see and hear each other through the relay over TLS`, async ({ secured, arriveIn }) => {
    const options = { prepare: [`(${onlyRoad})("tls")`], ...secured };
    const people = [await arriveIn(kinds[0], "Ana", options), await arriveIn(kinds[1], "Ben", options)];
    const { link } = await secured.server.newRoom();
    for (const person of people) await person.openAndJoin(link);
    await expectFlowAmong(people);
    await expectRoute(...people, "relay");
  });
}
