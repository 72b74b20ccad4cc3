// What a test asks of people's pages after a fault: when pictures came again, and whether everything is as it was before.

import { expect } from "@playwright/test";
import { connectionBetween, connectionsOf, expectFlowAmong } from "../support/flow.js";
import { seconds } from "./measure.js";

/** Who is not back by then without a reload or a click does not come back. */
export const RECOVERY_DEADLINE_MS = 60_000;

/** Asks a person's page log: `ask` is the name of the question. */
export function ask({ page }, question, ...words) {
  return page.evaluate(({ question, words }) => window.__log[question](...words), { question, words });
}

/** All pairs `[from, to]` of people, both ways; with `of`, those that this person is part of. */
export function pairs(people, of) {
  return people
    .flatMap((from) => people.filter((to) => to !== from).map((to) => [from, to]))
    .filter((pair) => !of || pair.includes(of));
}

/** Milliseconds from `moment` until `to` was shown a picture of `from` that was taken after it. */
export async function timeToPicture([from, to], moment) {
  const participant = await from.participant();
  let shown;
  await expect
    .poll(async () => (shown = await ask(to, "firstPicture", participant, moment)), {
      message: `a new picture of ${from.name} at ${to.name}, without a reload or a click`,
      timeout: Math.max(1, moment + RECOVERY_DEADLINE_MS - Date.now()),
      intervals: [100],
    })
    .not.toBeNull();
  return shown - moment;
}

/** The same for many pairs. */
export const timesToPicture = (pairs, moment) => Promise.all(pairs.map((pair) => timeToPicture(pair, moment)));

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
  await expect(person.call).toHaveAttribute("data-signaling", "online", { timeout: RECOVERY_DEADLINE_MS });
  return Math.max(0, (await ask(person, "onlineSince")) - moment);
}

/** What happened to somebody's tile at others since a moment, in words. */
export async function tileWent(others, name, moment) {
  const gone = (await Promise.all(others.map((other) => ask(other, "goneSince", name, moment)))).filter((at) => at !== null);
  return gone.length === 0 ? "no" : `after ${seconds(Math.min(...gone) - moment)}`;
}

/** Waits until `count` more pictures have been shown on every pair. */
export async function watchPictures(pairs, count) {
  const start = Date.now();
  for (const [from, to] of pairs) {
    const participant = await from.participant();
    const shown = () => ask(to, "picturesShown", participant, start);
    const message = `pictures of ${from.name} at ${to.name}`;
    await expect.poll(shown, { message, timeout: RECOVERY_DEADLINE_MS }).toBeGreaterThan(count);
  }
}

/** Everybody sees and hears everybody, by one connection and in one tile each, and nobody was ever there twice. */
export async function expectWhole(people) {
  await expectFlowAmong(people);
  for (const person of people) {
    await expect(person.tiles, `tiles at ${person.name}`).toHaveCount(people.length);
    for (const other of people) await expect(person.tileOf(other.name)).toHaveCount(1);
    expect(await connectionsOf(person), `connections of ${person.name}`).toBe(people.length - 1);
    expect(await ask(person, "mostTiles"), `tiles of one name at ${person.name} at once`).toBe(1);
  }
}

/** Which connection serves each pair: another one later means that it was built anew. */
export function connectionsAmong(people) {
  const once = people.flatMap((one, index) => people.slice(index + 1).map((other) => [one, other]));
  return Promise.all(once.map(async ([one, other]) => (await connectionBetween(one, other))?.one));
}

/** People's ids, which no fault may change. */
export const identities = (people) => Promise.all(people.map((person) => person.participant()));
