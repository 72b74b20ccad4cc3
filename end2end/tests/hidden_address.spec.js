// Hiding one's network address: what the browser is told, what leaves the page, and what is said where it cannot work.

import { isIP } from "node:net";
import { expect, test } from "../support/fixtures.js";
import { expectFlow, expectFlowAmong } from "../support/flow.js";
import { withoutRelay } from "../support/ice_servers.js";
import { signalsOf } from "../support/signals.js";

// Three people, and what is between them made anew.
test.setTimeout(180_000);

const NO_RELAY = /nobody can be reached/;

/** What every connection that a person's page keeps is told, the one that waits for the next comer among them. */
const policies = ({ page }) =>
  page.evaluate(() =>
    window.__probe.connections
      .filter(({ connectionState }) => connectionState !== "closed")
      .map((connection) => connection.getConfiguration().iceTransportPolicy),
  );

const theSwitch = ({ page }) => page.getByTestId("hide-address");

/** Turns the switch in the call, by way of the help. */
async function turnInCall(person) {
  await person.openMore();
  await person.page.getByTestId("open-trouble").click();
  await person.page.getByTestId("open-privacy").click();
  await theSwitch(person).click();
  for (let card = 0; card < 2; card += 1) await person.page.keyboard.press("Escape");
  await expect(theSwitch(person)).toBeHidden();
}

/** What is said of nobody in particular: nothing, a browser's stand-in in `o=`, and what the relay calls everyone. */
const NOBODYS = new Set(["0.0.0.0", "127.0.0.1", "::", "192.0.2.1", "2001:db8::1"]);

/** Returns every address in a text, of IPv4 or IPv6: of fingerprints and times, which have colons too, none is one. */
function addresses(text) {
  const lines = text.split(/\\r\\n|\r\n/).filter((line) => !line.startsWith("a=fingerprint:"));
  const words = lines.flatMap((line) => line.replace(/^[a-z]=(candidate:|rtcp:)?/, "").split(/[^\w.:]+/));
  return words.filter((word) => isIP(word));
}

/** Waits until somebody has told all of their candidates to everyone to whom they described something; addresses are in nothing. */
async function expectHidden(said) {
  await expect.poll(() => said.descriptions().length, "something is described").toBeGreaterThan(0);
  await expect.poll(() => said.unfinished(), "all candidates are told to everyone").toEqual([]);
  expect(said.candidates().filter((line) => !/ typ relay raddr 0\.0\.0\.0 rport 0( |$)/.test(line))).toEqual([]);
  expect(said.descriptions().filter((sdp) => /a=candidate|\.local/.test(sdp))).toEqual([]);
  expect(said.texts().flatMap(addresses).filter((address) => !NOBODYS.has(address))).toEqual([]);
}

test("an address is seen wherever it may stand in what is said", () => {
  for (const [text, found] of [
    ["c=IN IP4 192.168.1.5\r\na=rtcp:51235 IN IP6 fe80::7\r\n", ["192.168.1.5", "fe80::7"]],
    [JSON.stringify({ offer: "v=0\r\no=- 1 2 IN IP4 10.0.0.1\r\nc=IN IP4 10.0.0.2\r\n" }), ["10.0.0.1", "10.0.0.2"]],
    ["candidate:7 1 udp 41885439 203.0.113.7 5002 typ relay raddr 2001:db8::7 rport 0", ["203.0.113.7", "2001:db8::7"]],
    ["a=fingerprint:sha-256 AB:CD:EF:01:23:45:67:89\r\na=rtpmap:111 opus/48000/2\r\na=rtcp-fb:96 nack pli\r\n", []],
  ]) expect(addresses(text)).toEqual(found);
});

test("the switch is remembered, and of whoever hides no address leaves the page", async ({ arrive, gather, room }) => {
  const [ben] = await gather("Ben");
  const ana = await arrive("Ana");
  const said = signalsOf(ana);
  await ana.open(room.link);
  await expect(theSwitch(ana)).not.toBeChecked();
  await expect(theSwitch(ana)).toBeEnabled();
  await theSwitch(ana).check();
  await ana.open(room.link);
  await expect(theSwitch(ana)).toBeChecked();
  await expect.poll(() => policies(ana), "the connection that is kept ready").toEqual(["relay"]);
  await ana.join();
  await expectHidden(said);
  said.forget();
  const cleo = await arrive("Cleo");
  await cleo.openAndJoin(room.link);
  await expectHidden(said);
  const all = await policies(ana);
  expect(all.length).toBeGreaterThan(1);
  expect(new Set(all)).toEqual(new Set(["relay"]));
  expect(new Set(await policies(ben))).toEqual(new Set(["all"]));
  await expectFlowAmong([ana, ben, cleo]);
  for (const [one, other, route, words] of [
    [ana, ben, "relay", "Through the server"],
    [cleo, ana, "relay", "Through the server"],
    [cleo, ben, "direct", "Direct"],
  ]) {
    for (const [from, to] of [[one, other], [other, one]]) {
      await expect(to.tileOf(from.name)).toHaveAttribute("data-route", route);
      await expect(to.tileOf(from.name).getByText(words, { exact: true })).toBeVisible();
    }
  }
});

test("without a relay, it is said at once that hiding cannot work, and unhidden everybody is reached", async ({ arrive, gather, room }) => {
  const [ben] = await gather("Ben");
  const ana = await arrive("Ana", { prepare: [withoutRelay] });
  await ana.open(room.link);
  await theSwitch(ana).check();
  await ana.join();
  const cleo = await arrive("Cleo");
  await cleo.openAndJoin(room.link);
  await expect(ana.page.getByRole("status").filter({ hasText: NO_RELAY })).toBeVisible();
  for (const name of ["Ben", "Cleo"]) await expect(ana.tileOf(name).getByText(NO_RELAY)).toBeVisible();
  await turnInCall(ana);
  await expect(ana.page.getByRole("status").filter({ hasText: NO_RELAY })).toBeHidden();
  for (const other of [ben, cleo]) {
    await expectFlow(ana, other);
    await expectFlow(other, ana);
    await expect(ana.tileOf(other.name)).toHaveAttribute("data-route", "direct");
    await expect(ana.tileOf(other.name).getByText("Direct")).toBeVisible();
  }
});

test("hidden in the call without a relay, every connection is made anew and nothing more comes straight", async ({ arrive, gather, room }) => {
  const [ben] = await gather("Ben");
  const ana = await arrive("Ana", { prepare: [withoutRelay] });
  const said = signalsOf(ana);
  await ana.openAndJoin(room.link);
  const cleo = await arrive("Cleo");
  await cleo.openAndJoin(room.link);
  await expectFlow(ana, ben);
  await expectFlow(cleo, ana);
  said.forget();
  await turnInCall(ana);
  for (const other of [ben, cleo]) await expect(other.tileOf("Ana")).not.toHaveAttribute("data-link", "connected");
  await expectHidden(said);
  await expect.poll(async () => new Set(await policies(ana))).toEqual(new Set(["relay"]));
  await expectFlow(ben, cleo);
});

test("hidden in the call with a relay, what came straight goes through it, and straight again when nothing is hidden", async ({ gather }) => {
  const people = await gather("Ben", "Ana", "Cleo");
  const [ben, ana, cleo] = people;
  await expectFlowAmong(people);
  for (const route of ["relay", "direct"]) {
    await turnInCall(ana);
    for (const other of [ben, cleo]) {
      await expect(other.tileOf("Ana")).toHaveAttribute("data-route", route);
      await expect(ana.tileOf(other.name)).toHaveAttribute("data-route", route);
    }
    await expect(cleo.tileOf("Ben")).toHaveAttribute("data-route", "direct");
    await expectFlowAmong(people);
  }
});

test("a room may hide everybody", async ({ arrive, server }) => {
  const ana = await arrive("Ana");
  await ana.page.goto(server.origin);
  await expect(ana.page.getByTestId("relay-only")).toBeHidden();
  await ana.page.getByTestId("more-options").click();
  await ana.page.getByTestId("relay-only").check();
  await ana.page.getByTestId("new-room").click();
  await ana.alive();
  await expect(theSwitch(ana)).toBeChecked();
  await expect(theSwitch(ana)).toBeDisabled();
  await expect(ana.page.getByText("This room hides everybody")).toBeVisible();
  const said = signalsOf(ana);
  await ana.open(ana.page.url());
  await ana.join();
  const ben = await arrive("Ben");
  await ben.openAndJoin(ana.page.url());
  await expectHidden(said);
  await expectFlowAmong([ana, ben]);
  await expect(ben.tileOf("Ana")).toHaveAttribute("data-route", "relay");
  for (const person of [ana, ben]) expect(new Set(await policies(person))).toEqual(new Set(["relay"]));
  await ben.leave();
  await ben.open((await server.newRoom()).link);
  await expect(theSwitch(ben), "the room's rule is no choice of one's own").not.toBeChecked();
});
