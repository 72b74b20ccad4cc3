// Which road a pair's packets take, by three witnesses: the tiles, the browsers' statistics, and the kernel of each home.

import { expect } from "@playwright/test";
import { connectionBetween, received } from "../support/flow.js";
import { pairs, watchPictures } from "../support/pictures.js";
import { tallyOf } from "./tally.js";

/** A pair may find a better road after its first pictures; not later than this. */
const SETTLED_DEADLINE_MS = 30_000;
/** For so many pictures of every pair the packets are counted. */
const PICTURES = 60;
/** So much may be about something else than media, or not have been there yet when it was counted. */
const SIDE_SHARE = 0.25;

/** The candidates that `one` uses towards `other`, `local` and `remote`: their types, and over what the local one reaches a relay. */
async function candidatesOf(one, other) {
  const { one: index } = await connectionBetween(one, other);
  return one.page.evaluate(async (index) => {
    const stats = await window.__probe.connections[index].getStats();
    const transport = [...stats.values()].find(({ type }) => type === "transport");
    const pair = stats.get(transport.selectedCandidatePairId);
    const end = ({ candidateType, relayProtocol }) => ({ type: candidateType, relayProtocol });
    return { local: end(stats.get(pair.localCandidateId)), remote: end(stats.get(pair.remoteCandidateId)) };
  }, index);
}

/** The types of the candidates of `one` that `other` was told of, or saw packets come from. */
export async function typesHeardOf(one, other) {
  const { one: index } = await connectionBetween(other, one);
  const types = await other.page.evaluate(async (index) => {
    const stats = await window.__probe.connections[index].getStats();
    return [...stats.values()].filter(({ type }) => type === "remote-candidate").map(({ candidateType }) => candidateType);
  }, index);
  return [...new Set(types)].sort();
}

/** What somebody uses, in words: `direct (host)`, or `relay over tcp`. */
const inWords = ({ type, relayProtocol }) => (type === "relay" ? `relay over ${relayProtocol}` : `direct (${type})`);

/**
 * The tiles and the browsers say which road each pair takes, and it is the one that `roadOf(one, other)` expects: `"direct"` or
 * `"relay"`. Gives what each end was seen to use, in words.
 */
async function expectSaid(people, roadOf) {
  const ends = new Map();
  for (const [other, one] of pairs(people)) {
    const road = roadOf(one, other);
    const what = `the road to ${other.name} at ${one.name}`;
    await expect(one.tileOf(other.name), what).toHaveAttribute("data-route", road);
    const { local, remote } = await candidatesOf(one, other);
    const roads = [local, remote].map(({ type }) => (type === "relay" ? "relay" : "direct"));
    expect(roads, `${what}, by the browser: ${JSON.stringify({ local, remote })}`).toEqual([road, road]);
    if (road === "relay") expect(viaOf(one), `${what}: to the relay`).toContain(local.relayProtocol);
    const pair = [one.name, other.name].sort().join(" and ");
    ends.set(pair, [...(ends.get(pair) ?? []), inWords(local)]);
  }
  return [...new Set([...ends.values()].map((both) => both.sort().join(" – ")))].sort().join("; ");
}

/** Over what somebody may reach the relay: without UDP over TLS alone, on the port of the pages; else as the browser likes. */
const viaOf = ({ home }) => (home.kind?.only ? ["tls"] : ["udp", "tls"]);

/** What has come to each person from each of the others, in media by the browser's count and in bytes by the kernel's. */
async function count(people, server) {
  const counts = new Map();
  for (const [from, to] of pairs(people)) {
    const tally = async (address) => (await tallyOf(to.home, address)).in.bytes;
    const media = await received(from, to);
    counts.set(`${from.name} at ${to.name}`, {
      media: media.videoBytesIn + media.audioBytesIn,
      direct: await tally(from.home.seenAs),
      server: await tally(server),
    });
  }
  return counts;
}

/** The packets of each pair come the way they are expected to, by each home's kernel. */
async function expectCounted(people, roadOf, server) {
  const before = await count(people, server);
  await watchPictures(pairs(people), PICTURES);
  const after = await count(people, server);
  const cameTo = (from, to, what) => {
    const key = `${from.name} at ${to.name}`;
    return after.get(key)[what] - before.get(key)[what];
  };
  for (const to of people) {
    let [direct, relayed, fromServer] = [0, 0, 0];
    for (const from of people.filter((person) => person !== to)) {
      const [media, straight] = [cameTo(from, to, "media"), cameTo(from, to, "direct")];
      fromServer = cameTo(from, to, "server"); // of all pairs together
      if (roadOf(to, from) === "relay") {
        relayed += media;
        expect(straight, `bytes straight from ${from.name} to ${to.name}, who are relayed`).toBe(0);
      } else {
        direct += media;
        expect(straight, `bytes straight from ${from.name} to ${to.name}`).toBeGreaterThan(media * (1 - SIDE_SHARE));
      }
    }
    const what = `bytes from the server to ${to.name}`;
    if (relayed > 0) expect(fromServer, what).toBeGreaterThan(relayed * (1 - SIDE_SHARE));
    else expect(fromServer, what).toBeLessThan(direct * SIDE_SHARE);
  }
}

/** All witnesses agree on the road of each pair, soon and from then on; gives it in words. */
export async function expectRoads(people, roadOf, server) {
  await expect(() => expectSaid(people, roadOf)).toPass({ timeout: SETTLED_DEADLINE_MS });
  await expectCounted(people, roadOf, server);
  return expectSaid(people, roadOf);
}
