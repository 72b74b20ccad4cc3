// What comes of one person to another, noted moment by moment in the page where it comes: a test that asked from outside would see
// late and miss much. A note is what media_probe.js says has arrived.

import { expect } from "@playwright/test";

/** A picture that stands still for so long, while sound goes on, is no longer sent; a slow one is a few a second. */
const STILL_MS = 1_000;
/** Half of what comes of sound in that time. */
const STILL_PACKETS = 25;

const tileOf = (participant) =>
  `[data-testid=tile][data-kind=camera][data-participant="${participant}"] [data-testid=tile-video]`;

/** What has come of `from` to `to` so far; null while nothing does. */
export async function arrived(from, to) {
  const look = (tile) => window.__probe.arrived(document.querySelector(tile));
  return to.page.evaluate(look, tileOf(await from.participant()));
}

/** Begins to note what comes of `from` to `to`, every so often. */
export async function watchArrivals(from, to, everyMs = 250) {
  await to.page.evaluate(
    ({ name, tile, everyMs }) => {
      const notes = [];
      (window.__arrivals ??= new Map()).set(name, notes);
      const look = async () => {
        const video = document.querySelector(tile);
        const note = video && (await window.__probe.arrived(video));
        if (note) notes.push(note);
        setTimeout(look, everyMs);
      };
      look();
    },
    { name: from.name, tile: tileOf(await from.participant()), everyMs },
  );
}

/** The notes so far. */
export const arrivals = (from, to) => to.page.evaluate((name) => window.__arrivals.get(name), from.name);

/** Waits until pictures of `from` come to `to` no more while sound goes on: milliseconds from `moment` until the last of them came. */
export async function untilStill(from, to, moment) {
  let last;
  const still = async () => {
    const notes = await arrivals(from, to);
    const now = notes.at(-1);
    if (!now) return "nothing noted yet";
    last = notes.find(({ videoBytes }) => videoBytes === now.videoBytes);
    const sound = now.audioPackets - last.audioPackets;
    if (now.at - last.at >= STILL_MS && sound >= STILL_PACKETS) return "still";
    return `nothing but ${sound} packets of sound for ${now.at - last.at} ms`;
  };
  await expect.poll(still, { message: `the camera of ${from.name} at ${to.name}`, timeout: 15_000 }).toBe("still");
  return Math.max(0, last.at - moment);
}

const between = (notes, from, to) => notes.filter(({ at }) => at >= from && at <= to);

/** The longest time, from one moment to another, in which no new picture was decoded. */
export function standstill(notes, from, to) {
  const moved = between(notes, from, to).filter(({ frames }, index, all) => index > 0 && frames !== all[index - 1].frames);
  const moments = [from, ...moved.map(({ at }) => at), to];
  return Math.max(...moments.slice(1).map((moment, index) => moment - moments[index]));
}

/** What came from one moment to another: how wide pictures were, how many a second, how much, and the share of sound that was made up. */
export function mean(notes, from, to) {
  const within = between(notes, from, to);
  const [first, last] = [within[0], within.at(-1)];
  const more = (counter) => last[counter] - first[counter];
  return {
    width: within.map(({ width }) => width).sort((one, other) => one - other)[within.length >> 1],
    rate: (more("frames") / more("at")) * 1_000,
    kilobits: ((more("videoBytes") + more("audioBytes")) * 8) / more("at"),
    concealed: more("concealed") / more("samples"),
  };
}

/** When, after `moment`, the first second began in which pictures were as wide as `usual` and four fifths as many; undefined before. */
export function backAt(notes, moment, usual) {
  const later = between(notes, moment, Infinity);
  return later.find(({ at }) => {
    const end = later.find((note) => note.at >= at + 1_000);
    if (!end) return false;
    const second = between(later, at, end.at);
    return second.every(({ width }) => width >= usual.width) && mean(second, 0, Infinity).rate >= 0.8 * usual.rate;
  })?.at;
}
