// What a test asks of people's pages after a fault: whether everything is as it was before.

import { expect } from "@playwright/test";
import { connectionBetween } from "../support/flow.js";
import { seconds } from "../support/measure.js";
import { ask, PICTURE_DEADLINE_MS } from "../support/pictures.js";

/** Between two moments nothing moved: the fault was one. */
export async function expectStill(pairs, from, to) {
  for (const [one, other] of pairs) {
    const shown = await ask(other, "picturesShown", await one.participant(), from, to);
    expect(shown, `pictures of ${one.name} at ${other.name} while nothing could come through`).toBe(0);
  }
}

/** Between two moments pictures moved on: the fault of others is theirs. */
export async function expectMoving(pairs, from, to) {
  for (const [one, other] of pairs) {
    const shown = await ask(other, "picturesShown", await one.participant(), from, to);
    expect(shown, `pictures of ${one.name} at ${other.name}, whom no fault concerns`).toBeGreaterThan((to - from) / 200);
  }
}

/** Milliseconds from `moment` until a person was registered at the server again; nought where the page never said otherwise. */
export async function timeToOnline(person, moment) {
  await expect(person.call).toHaveAttribute("data-signaling", "online", { timeout: PICTURE_DEADLINE_MS });
  return Math.max(0, (await ask(person, "onlineSince")) - moment);
}

/** What happened to somebody's tile at others since a moment, in words. */
export async function tileWent(others, name, moment) {
  const gone = (await Promise.all(others.map((other) => ask(other, "goneSince", name, moment)))).filter((at) => at !== null);
  return gone.length === 0 ? "no" : `after ${seconds(Math.min(...gone) - moment)}`;
}

/** Which connection serves each pair: another one later means that it was built anew. */
export function connectionsAmong(people) {
  const once = people.flatMap((one, index) => people.slice(index + 1).map((other) => [one, other]));
  return Promise.all(once.map(async ([one, other]) => (await connectionBetween(one, other))?.one));
}

/** People's ids, which no fault may change. */
export const identities = (people) => Promise.all(people.map((person) => person.participant()));
