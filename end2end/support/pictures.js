// What a test asks of people's page logs (page_log.js): when pictures came, and whether everybody sees everybody.

import { expect } from "@playwright/test";
import { connectionsOf, expectFlowAmong } from "./flow.js";

/** A picture that has not come by then, without a reload or a click, does not come. */
export const PICTURE_DEADLINE_MS = 60_000;

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
      timeout: Math.max(1, moment + PICTURE_DEADLINE_MS - Date.now()),
      intervals: [100],
    })
    .not.toBeNull();
  return shown - moment;
}

/** The same for many pairs. */
export const timesToPicture = (pairs, moment) => Promise.all(pairs.map((pair) => timeToPicture(pair, moment)));

/** Waits until `count` more pictures have been shown on every pair. */
export async function watchPictures(pairs, count) {
  const start = Date.now();
  for (const [from, to] of pairs) {
    const participant = await from.participant();
    const shown = () => ask(to, "picturesShown", participant, start);
    const message = `pictures of ${from.name} at ${to.name}`;
    await expect.poll(shown, { message, timeout: PICTURE_DEADLINE_MS }).toBeGreaterThan(count);
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
