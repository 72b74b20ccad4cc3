// The ICE servers that a page is given, and given anew: what the browser is told of them, and when.

import { expect, test } from "../support/fixtures.js";
import { connectionBetween, expectFlow } from "../support/flow.js";
import { withDeafRelay } from "../support/ice_servers.js";

/** Lets a page hear something from its server. */
const hear = ({ page }, message) =>
  page.evaluate((data) => window.__probe.sockets.at(-1).dispatchEvent(new MessageEvent("message", { data })), JSON.stringify(message));

const userOf = ({ page }, index) =>
  page.evaluate((index) => window.__probe.connections[index].getConfiguration().iceServers[0]?.username, index);

const ufragOf = ({ page }, index) =>
  page.evaluate((index) => /a=ice-ufrag:(\S+)/.exec(window.__probe.connections[index].localDescription.sdp)[1], index);

test("renewed servers are used by both ends when ICE starts over, and what flows is not touched before", async ({ arrive, room }) => {
  const [ben, ana] = [await arrive("Ben", { prepare: [withDeafRelay] }), await arrive("Ana", { prepare: [withDeafRelay] })];
  for (const person of [ben, ana]) await person.openAndJoin(room.link);
  await expectFlow(ana, ben);
  const { one, other } = await connectionBetween(ana, ben);
  expect([await userOf(ana, one), await userOf(ben, other)]).toEqual(["first", "first"]);
  const before = [await ufragOf(ana, one), await ufragOf(ben, other)];
  const renewed = [{ urls: ["turn:127.0.0.1:9?transport=udp"], username: "second", credential: "c" }];
  for (const person of [ben, ana]) await hear(person, { ice_servers: renewed });
  expect([await ufragOf(ana, one), await ufragOf(ben, other)]).toEqual(before);
  // Ana came later, so she is the one who offers.
  await hear(ana, { repair: { with: Number(await ben.participant()) } });
  await expect.poll(() => ufragOf(ben, other), "Ben's end starts over").not.toBe(before[1]);
  expect([await userOf(ana, one), await userOf(ben, other)]).toEqual(["second", "second"]);
  expect(await ufragOf(ana, one)).not.toBe(before[0]);
  await expectFlow(ana, ben);
  await expectFlow(ben, ana);
});

test("with a relay named, hiding is not said to be hopeless", async ({ arrive, room }) => {
  const ana = await arrive("Ana", { prepare: [withDeafRelay] });
  await ana.open(room.link);
  await ana.page.getByTestId("hide-address").check();
  await ana.join();
  await expect(ana.page.getByText(/nobody can be reached/).first()).toBeHidden();
});
