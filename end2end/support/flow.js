// What flows from one person to another, read from the browsers' own counters: states alone prove nothing.

import { expect } from "@playwright/test";

const FLOW_DEADLINE_MS = 45_000;
const FRAMES = 10;

/** The live connection of two people: its index in each one's list. Null while there is none. */
export async function connectionBetween(one, other) {
  const [ends, others] = await Promise.all([one, other].map(({ page }) => page.evaluate(() => window.__probe.ends())));
  for (const end of ends) {
    if (!end.local || !end.remote) continue;
    const match = others.find(({ local, remote }) => local === end.remote && remote === end.local);
    if (match) return { one: end.index, other: match.index };
  }
  return null;
}

/** What connections a person has, for the message of a test that failed. */
async function endsOf({ name, page }) {
  const ends = await page.evaluate(() => window.__probe.ends());
  return `${name} has ${ends.map(({ local, remote, state }) => `${local}-${remote} ${state}`).join(", ") || "none"}`;
}

/** How many live connections a person has: one for every other person, or there is a ghost. */
export async function connectionsOf(person) {
  return (await person.page.evaluate(() => window.__probe.ends())).length;
}

const count = (person, index) => person.page.evaluate((index) => window.__probe.counters(index), index);

/** What `to` has received from `from` so far; null while there is no connection. */
export async function received(from, to) {
  const connection = await connectionBetween(to, from);
  return connection && count(to, connection.one);
}

/** What `from` has sent to `to` so far; null while there is no connection. */
export const sent = (from, to) => received(to, from);

/**
 * What the tile of `from` at `to` presents: pictures shown so far, and whether a living sound track plays in it unmuted. Frames
 * that are decoded and shown nowhere help nobody.
 */
async function presented(from, to) {
  return to.page.evaluate(async (participant) => {
    const tile = `[data-testid=tile][data-kind=camera][data-participant="${participant}"]`;
    const video = document.querySelector(`${tile} [data-testid=tile-video]`);
    const tracks = video?.srcObject?.getAudioTracks() ?? [];
    return {
      pictures: video ? await window.__probe.picturesShown(video) : 0,
      audible: !!video && !video.muted && !video.paused && tracks.some((track) => track.readyState === "live"),
    };
  }, await from.participant());
}

/** Waits until new frames of `from` are decoded and shown at `to`, and new sound of theirs arrives and plays. */
export async function expectFlow(from, to, { video = true, audio = true } = {}) {
  const what = [video && "frames", audio && "sound"].filter(Boolean).join(" and ");
  let before = null;
  const flows = async () => {
    const now = await received(from, to);
    if (!now) return `no connection; ${await endsOf(to)}; ${await endsOf(from)}`;
    // A connection made anew counts from zero again.
    if (!before || now.framesDecoded < before.framesDecoded) before = { ...now, ...(await presented(from, to)) };
    if (video && now.framesDecoded < before.framesDecoded + FRAMES) return `${now.framesDecoded} frames decoded`;
    if (audio && now.audioEnergy <= before.audioEnergy) return `audio energy ${now.audioEnergy}`;
    const { pictures, audible } = await presented(from, to);
    if (video && pictures === before.pictures) return `${pictures} pictures shown`;
    if (audio && !audible) return "sound that the tile does not play";
    return "flows";
  };
  await expect.poll(flows, { message: `${what} of ${from.name} at ${to.name}`, timeout: FLOW_DEADLINE_MS }).toBe("flows");
}

/** The same for every pair of people, both ways. */
export async function expectFlowAmong(people, what) {
  await Promise.all(people.flatMap((from) => people.filter((to) => to !== from).map((to) => expectFlow(from, to, what))));
}

/**
 * Waits until a counter stands still while another, the clock, goes on by `ticks`: no sleep could tell a counter that
 * stopped from a machine that is slow.
 */
export async function expectStandstill(read, { counter, clock, ticks, message }) {
  let start = null;
  const still = async () => {
    const now = await read();
    if (!now) return "no connection";
    if (!start || now[counter] !== start[counter]) start = now;
    return now[clock] - start[clock] >= ticks ? "still" : `${counter} ${now[counter]}, ${clock} ${now[clock]}`;
  };
  await expect.poll(still, { message, timeout: FLOW_DEADLINE_MS }).toBe("still");
}

/** Of the next packets of sound that come of `from` to `to`, how many pieces each has that are thrown away, since they came before. */
export async function repeated(from, to) {
  const { one } = await connectionBetween(to, from);
  const look = async (index) => {
    const report = await window.__probe.connections[index].getTransceivers()[0].receiver.getStats();
    const { packetsDiscarded, packetsReceived } = [...report.values()].find(({ type }) => type === "inbound-rtp");
    return { packetsDiscarded, packetsReceived };
  };
  const before = await to.page.evaluate(look, one);
  let after;
  const more = async () => (after = await to.page.evaluate(look, one)).packetsReceived - before.packetsReceived;
  await expect.poll(more, { message: "packets of sound", timeout: FLOW_DEADLINE_MS }).toBeGreaterThan(100);
  return (after.packetsDiscarded - before.packetsDiscarded) / (after.packetsReceived - before.packetsReceived);
}
