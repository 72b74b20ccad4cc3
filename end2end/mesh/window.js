// One measured window of a call: what the pages and the machine counted at its begin and at its end, and in between now and
// then the pictures, whose sizes change.

import { setTimeout as pause } from "node:timers/promises";
import { figuresOf, placeOf } from "./figures.js";
import { within } from "./patience.js";
import { processorSeconds, spentBetween } from "./processes.js";

const PICTURES_EVERY_MS = 2_000;
const ANSWER_MS = 30_000;

/** Asks every page the same at once; a page that does not answer gives no sample. */
function askAll(people, ask) {
  return Promise.all(people.map((person) => within(ask(person), ANSWER_MS, `an answer of ${person.name}`).catch(() => null)));
}

/** Measures for so many seconds; `large` tells whether everybody has the next one large. */
export async function measureWindow({ people, pid }, { seconds, large }) {
  const everything = () => askAll(people, ({ page }) => page.evaluate(() => window.__mesh.everything()));
  const samples = [await everything()];
  const watched = new Map();
  if (large) people.forEach(({ name, next }) => watched.set(name, placeOf(people, samples[0], { from: next, to: name })));

  // The processor's time is taken between the two costly questions.
  const [before, start] = [await processorSeconds(pid), performance.now()];
  for (const end = start + seconds * 1_000; ; ) {
    const left = end - performance.now();
    await pause(Math.max(0, Math.min(PICTURES_EVERY_MS, left)));
    if (left <= PICTURES_EVERY_MS) break;
    const pictures = ({ name, page }) => page.evaluate((place) => window.__mesh.pictures(place), watched.get(name) ?? null);
    samples.push(await askAll(people, pictures));
  }
  const processor = spentBetween(before, await processorSeconds(pid)) / ((performance.now() - start) / 1_000);
  samples.push(await everything());

  const pages = people.map((person, place) => ({
    name: person.name,
    next: person.next,
    samples: samples.map((sample) => sample[place]),
  }));
  return { processor, ...figuresOf(pages, { large }) };
}
