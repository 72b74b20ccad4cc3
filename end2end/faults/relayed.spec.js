import { setTimeout as pause } from "node:timers/promises";
import { longestGap, watchGaps } from "../support/gaps.js";
import { slowest } from "../support/measure.js";
import { onlyRoad } from "../support/one_road.js";
import { expectWhole, pairs, timesToPicture } from "../support/pictures.js";
import { Server } from "../support/server.js";
import { expect, LOGGED, test } from "./fixtures.js";

/** Relayed pairs move again by then after the server is back. */
const BACK_GOAL_MS = 3_000;
/** No picture stands still for longer while credentials come and go. */
const GAP_GOAL_MS = 1_000;
/** For so long the call is watched: twelve lives of the credentials. */
const WATCHED_MS = 120_000;

/** Somebody whose network lets only `road` to the server through joins. */
async function relayedOne(arrive, link, road, name) {
  const person = await arrive(name, { prepare: [...LOGGED.prepare, `(${onlyRoad})("${road}")`] });
  await person.openAndJoin(link);
  return person;
}

/** Several of them, until everybody sees and hears everybody through the relay. */
async function relayed(arrive, link, road, ...names) {
  const people = [];
  for (const name of names) people.push(await relayedOne(arrive, link, road, name));
  await expectWhole(people);
  for (const person of people) {
    for (const { name } of people.filter((other) => other !== person)) {
      await expect(person.tileOf(name)).toHaveAttribute("data-route", "relay");
    }
  }
  return people;
}

for (const road of ["udp", "tcp"]) {
  test(`server killed, and back at once, under pairs that it relays over ${road}`, async ({ arrive, measure }) => {
    const server = await Server.start();
    try {
      const people = await relayed(arrive, (await server.newRoom()).link, road, "Ana", "Ben", "Cleo");
      await server.kill("SIGKILL");
      await server.resume();
      const back = Date.now();
      const moved = await timesToPicture(pairs(people), back);
      await expectWhole(people);
      measure(slowest("until every picture moves again", moved, BACK_GOAL_MS));
    } finally {
      await server.stop();
    }
  });
}

test("credentials that last 10 s, under relayed pairs for two minutes", async ({ arrive, measure }) => {
  const server = await Server.start({ args: ["--relay-credential-seconds", "10"] });
  try {
    const people = await relayed(arrive, (await server.newRoom()).link, "udp", "Ana", "Ben");
    for (const person of people) await watchGaps(person);
    await pause(WATCHED_MS); // what is measured is this long
    const gap = Math.max(...(await Promise.all(people.map(longestGap))));
    const newcomer = await relayedOne(arrive, people[0].page.url(), "udp", "Cleo");
    await expectWhole([...people, newcomer]);
    measure(slowest("longest standstill of a picture", [gap], GAP_GOAL_MS));
  } finally {
    await server.stop();
  }
});
