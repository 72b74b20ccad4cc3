import { setTimeout as pause } from "node:timers/promises";
import { longestGap, watchGaps } from "../support/gaps.js";
import { seconds, slowest, told } from "../support/measure.js";
import { ask, expectWhole, pairs, timesToPicture, watchPictures } from "../support/pictures.js";
import { Server } from "../support/server.js";
import { TcpProxy } from "../support/tcp_proxy.js";
import { expect, LOGGED, test } from "./fixtures.js";
import { identities, timeToOnline } from "./recovery.js";

/** A picture may come this much later than any did without a fault: what the fault itself costs the machine. */
const GAP_SLACK_MS = 250;
/** For so many pictures a call is watched without a fault: about ten seconds. */
const PICTURES = 200;

const cut = (proxy) => proxy.cut();
const blackhole = (proxy) => proxy.blackhole();
const mend = (proxy) => proxy.mend();

/** How it breaks, for how long, and how it is mended; `noticed` where no page can overlook it. */
const FAULTS = [
  { fault: "server killed, and back after 1 s", lastsMs: 1_000, noticed: true, strike: killed, mend: back },
  { fault: "server killed, and back after 30 s", lastsMs: 30_000, noticed: true, strike: killed, mend: back },
  { fault: "socket cut for 5 s", lastsMs: 5_000, noticed: true, strike: cut, mend },
  { fault: "socket in a black hole for 20 s", lastsMs: 20_000, noticed: false, strike: blackhole, mend },
];

function killed(proxy, server) {
  return server.kill("SIGKILL");
}

function back(proxy, server) {
  return server.resume();
}

/** Whether anybody answers at an address, soon. */
const answers = (link) => fetch(link, { signal: AbortSignal.timeout(500) }).then(() => true, () => false);

/** The longest standstill of any picture among people while `happens` does. */
async function standstill(people, happens) {
  for (const person of people) await watchGaps(person);
  await happens();
  return Math.max(...(await Promise.all(people.map(longestGap))));
}

/** When each page said that the server is away, if it did. */
async function noticedAfter(people, struck) {
  const noticed = await Promise.all(people.map((person) => ask(person, "signalingSince", "away", struck)));
  return noticed.map((at) => (at === null ? "never" : seconds(at - struck))).join(", ");
}

for (const { fault, lastsMs, noticed, strike, mend } of FAULTS) {
  test(fault, async ({ arrive, gatherAt, measure }) => {
    const server = await Server.start();
    const proxy = await TcpProxy.to(server.port);
    try {
      const link = proxy.origin + (await server.newRoom()).path;
      const people = await gatherAt(link, "Ana", "Ben");
      await expectWhole(people);
      const before = await identities(people);
      const usual = await standstill(people, () => watchPictures(pairs(people), PICTURES));

      let struck, mended, online;
      const gap = await standstill(people, async () => {
        struck = Date.now();
        await strike(proxy, server);
        expect(await answers(link), "the server can be reached").toBe(false);
        if (noticed) for (const person of people) await expect(person.call).toHaveAttribute("data-signaling", "away");
        await pause(struck + lastsMs - Date.now()); // the fault is as long as this
        await mend(proxy, server);
        mended = Date.now();
        online = await Promise.all(people.map((person) => timeToOnline(person, mended)));
        await timesToPicture(pairs(people), mended);
      });
      expect(await identities(people)).toEqual(before);
      await expectWhole(people);

      const newcomer = await arrive("Cleo", LOGGED);
      await newcomer.openAndJoin(link);
      const seen = await timesToPicture(pairs([...people, newcomer], newcomer), await ask(newcomer, "joined"));
      await expectWhole([...people, newcomer]);
      // A page that found out late that its socket is dead was not registered before.
      online = await Promise.all(people.map((person) => timeToOnline(person, mended)));

      measure({
        what: "longest standstill of a picture",
        goal: `none but the usual one (${seconds(usual)})`,
        measured: seconds(gap),
        met: gap <= usual + GAP_SLACK_MS,
      });
      measure(told("until the pages say that the server is away", await noticedAfter(people, struck)));
      measure(slowest("until signaling is online again", online));
      measure(slowest("a newcomer's click to the first pictures, both ways", seen));
    } finally {
      await proxy.close();
      await server.stop();
    }
  });
}
