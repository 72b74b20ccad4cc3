import { setTimeout as pause } from "node:timers/promises";
import { seconds, slowest, told } from "../support/measure.js";
import { ask, expectWhole, pairs, timesToPicture } from "../support/pictures.js";
import { expect, test } from "./fixtures.js";
import { connectionsAmong } from "./recovery.js";
import { inWords, watchRoad } from "./road.js";

/** For so long a call must hold on a bad network. */
const HOLD_MS = 15_000;

/** With more of the sound made up than this, one asks again. */
const MADE_UP_MOST = 0.02;

/** What is bad about it, and how the browsers must feel that. */
const NETWORKS = [
  {
    fault: "5 % of the packets lost, each way",
    feature: "loss",
    worsen: (network) => network.lose(0.05),
    isFelt: ({ loss }) => loss > 0.02,
  },
  {
    fault: "300 kbit/s, each way",
    feature: "narrow",
    worsen: (network) => network.narrow("300kbit"),
    isFelt: ({ kilobits }) => kilobits < 320,
  },
  {
    fault: "300 ms of delay, each way",
    feature: "delay",
    worsen: (network) => network.delay(300),
    isFelt: ({ roundTripMs }) => roundTripMs >= 600,
  },
  {
    fault: "stalls of 100 to 200 ms, every second or two",
    feature: "delay",
    worsen: (network) => network.stall(200),
    isFelt: ({ waitedMs }) => waitedMs > 80,
  },
];

/** The longest time for which any tile did not say `connected`. */
async function unconnected(people, from, to) {
  const times = pairs(people).map(async ([one, other]) => ask(other, "unconnected", await one.participant(), from, to));
  return Math.max(...(await Promise.all(times)));
}

for (const { fault, feature, worsen, isFelt } of NETWORKS) {
  test.describe(() => {
    test.use({ feature });

    test(fault, async ({ network, settle, measure }) => {
      const { link } = await network.server.newRoom();
      const people = await settle("Ana", "Ben", "Cleo");
      await worsen(network);
      const [ana, ben, cleo] = people;
      await ana.openAndJoin(link);
      await ben.openAndJoin(link);
      const second = await timesToPicture(pairs([ana, ben]), await ask(ben, "joined"));
      measure(slowest("the second's click to the first pictures, both ways", second));
      await cleo.openAndJoin(link);
      const third = await timesToPicture(pairs(people, cleo), await ask(cleo, "joined"));
      measure(slowest("the third's click to the first pictures, both ways", third));
      await expectWhole(people);

      const connections = await connectionsAmong(people);
      const received = await watchRoad(people);
      const from = Date.now();
      await pause(HOLD_MS); // what is measured is this long
      const away = await unconnected(people, from, Date.now());
      const road = await received();
      const rebuilt = (await connectionsAmong(people)).filter((connection, index) => connection !== connections[index]).length;
      const held = `in ${HOLD_MS / 1_000} s`;
      measure(told(`the network, as the browsers counted ${held}`, inWords(road)));
      measure(told(`sound that was made up ${held}`, `${(road.madeUp * 100).toFixed(2)} %`));
      measure(told(`longest time without \`connected\` at a tile ${held}`, seconds(away)));
      measure({ what: `connections built anew ${held}`, goal: "none", measured: String(rebuilt), met: rebuilt === 0 });
      expect(road.madeUp, "part of the sound that was made up").toBeLessThan(MADE_UP_MOST);
      expect(isFelt(road), `the network is as bad as it should be: ${inWords(road)}`).toBe(true);
      await expectWhole(people);
    });
  });
}
