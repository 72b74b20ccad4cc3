import { slowest, told } from "../support/measure.js";
import { ask, expectWhole, pairs, timesToPicture } from "../support/pictures.js";
import { expect, test } from "./fixtures.js";
import { CONE, NO_UDP, NO_UDP_IPV6, ONLY_443, ONLY_443_AND_NAMES, OPEN, OPEN_IPV6, SYMMETRIC } from "./household.js";
import { PORT, SECOND, SERVER } from "./internet.js";
import { expectRoads, typesHeardOf } from "./route.js";
import { mappedAddresses } from "./stun.js";
import { tallyOf } from "./tally.js";

const GOAL_MS = 2_000;
const BLOCKED_GOAL_MS = 3_000;

const NOTHING = { in: { packets: 0, bytes: 0 }, out: { packets: 0, bytes: 0 } };

const always = (road) => () => road;

/** With one who has nothing but a stream to the server, all is relayed. */
const unlessBlocked = (one, other) => ([one, other].some(({ home }) => home.kind.only) ? "relay" : "direct");

const NETWORKS = [
  { network: "open, each in a network of their own", kinds: [OPEN, OPEN, OPEN], roadOf: always("direct"), goalMs: GOAL_MS },
  { network: "each behind a NAT that keeps its port", kinds: [CONE, CONE, CONE], roadOf: always("direct"), goalMs: GOAL_MS },
  { network: "each behind a symmetric NAT", kinds: [SYMMETRIC, SYMMETRIC, SYMMETRIC], roadOf: always("relay"), goalMs: GOAL_MS },
  { network: "UDP blocked for each", kinds: [NO_UDP, NO_UDP, NO_UDP], roadOf: always("relay"), goalMs: BLOCKED_GOAL_MS },
  { network: "all but 443/tcp blocked for each", kinds: [ONLY_443, ONLY_443, ONLY_443], roadOf: always("relay"), goalMs: BLOCKED_GOAL_MS },
  { network: "IPv6 only", kinds: [OPEN_IPV6, OPEN_IPV6, OPEN_IPV6], roadOf: always("direct"), goalMs: GOAL_MS },
  { network: "IPv6 only, UDP blocked for each", kinds: [NO_UDP_IPV6, NO_UDP_IPV6, NO_UDP_IPV6], roadOf: always("relay"), goalMs: BLOCKED_GOAL_MS },
  { network: "each behind a symmetric NAT, the server by its name", kinds: [SYMMETRIC, SYMMETRIC, SYMMETRIC], named: true, roadOf: always("relay"), goalMs: GOAL_MS },
  { network: "all but 443/tcp and names blocked, the server by its name", kinds: Array(3).fill(ONLY_443_AND_NAMES), named: true, roadOf: always("relay"), goalMs: BLOCKED_GOAL_MS },
  { network: "symmetric NAT, 443/tcp only, open", kinds: [SYMMETRIC, ONLY_443, OPEN], roadOf: unlessBlocked, goalMs: BLOCKED_GOAL_MS },
];

/** People join one after the other; each time everybody sees and hears everybody, by the road that is expected. */
async function callAmong({ people, server, address }, { roadOf, goalMs, measure, join = (person, link) => person.openAndJoin(link) }) {
  const { link } = await server.newRoom();
  const present = [];
  for (const person of people) {
    await join(person, link);
    present.push(person);
    if (present.length < 2) continue;
    const times = await timesToPicture(pairs(present, person), await ask(person, "joined"));
    measure(slowest(`${present.length} people: from the last one's click to the first pictures, both ways`, times, goalMs));
    await expectWhole(present);
    measure(told(`${present.length} people: the roads`, await expectRoads(present, roadOf, address)));
  }
}

test("one local network without internet", async ({ neighbours, measure }) => {
  await callAmong(await neighbours(), { roadOf: always("direct"), goalMs: GOAL_MS, measure });
});

for (const { network, kinds, named, roadOf, goalMs } of NETWORKS) {
  test(network, async ({ people, measure }) => {
    await callAmong(await people(kinds, { named }), { roadOf, goalMs, measure });
  });
}

test("one of the people hides their address", async ({ people, measure }) => {
  const call = await people([OPEN, OPEN, OPEN]);
  const [ana, ...others] = call.people;
  const sent = [];
  ana.page.on("websocket", (socket) => socket.on("framesent", ({ payload }) => sent.push(String(payload))));
  const roadOf = (one, other) => ([one, other].includes(ana) ? "relay" : "direct");
  const join = async (person, link) => {
    await person.open(link);
    if (person === ana) await ana.page.getByTestId("hide-address").check();
    await person.join();
  };
  await callAmong(call, { roadOf, goalMs: GOAL_MS, measure, join });

  const candidates = sent.flatMap((frame) => [...frame.matchAll(/ typ (\w+)/g)].map(([, type]) => type));
  expect(candidates.length).toBeGreaterThan(0);
  expect(candidates.filter((type) => type !== "relay")).toEqual([]);
  expect(sent.filter((frame) => frame.includes(ana.home.address))).toEqual([]);
  for (const other of others) {
    expect(await typesHeardOf(ana, other), `candidates of ${ana.name} that ${other.name} has ever seen`).toEqual(["relay"]);
    const tally = await tallyOf(ana.home, other.home.seenAs);
    expect(tally, `what ${ana.name} and ${other.name} exchanged directly`).toEqual(NOTHING);
  }
});

test("the routers are what they are called, and STUN sees through them", async ({ internet }) => {
  const network = await internet();
  const servers = [SERVER[4], SECOND];
  for (const [kind, keepsPort] of [[OPEN, true], [CONE, true], [SYMMETRIC, false]]) {
    const home = await network.addHome(kind);
    const { port, seen } = await mappedAddresses(home, servers, PORT);
    for (const { family, address } of seen) expect({ family, address }).toEqual({ family: 4, address: home.seenAs });
    const ports = seen.map(({ port }) => port);
    if (keepsPort) expect(ports, "one port, whoever is asked").toEqual([port, port]);
    else expect(new Set([port, ...ports]).size, "another port for everyone").toBe(3);
  }
});
