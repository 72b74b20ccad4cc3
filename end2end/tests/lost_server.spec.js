import { expect, test } from "../support/fixtures.js";
import { connectionsOf, expectFlowAmong } from "../support/flow.js";
import { Server } from "../support/server.js";
import { TcpProxy } from "../support/tcp_proxy.js";

test("a cut socket is no more than a badge: media flows on, and the page registers again", async ({ arrive, gather, room, server }) => {
  const [ben] = await gather("Ben");
  const proxy = await TcpProxy.to(server.port);
  const ana = await arrive("Ana");
  await ana.openAndJoin(proxy.origin + room.path);
  await expectFlowAmong([ana, ben]);
  const before = await ana.participant();

  proxy.cut();
  await expect(ana.call).toHaveAttribute("data-signaling", "away");
  await expectFlowAmong([ana, ben]);
  await expect(ben.tileOf("Ana")).toHaveCount(1);

  proxy.mend();
  await ana.inCall();
  expect(await ana.participant()).toBe(before);
  await expectFlowAmong([ana, ben]);
  expect(await connectionsOf(ana)).toBe(1);
  await expect(ben.tiles).toHaveCount(2);

  const cleo = await arrive("Cleo");
  await cleo.openAndJoin(room.link);
  await expectFlowAmong([ana, ben, cleo]);
  await proxy.close();
});

test("while the server is away, those who see each other go on seeing each other", async ({ arrive }) => {
  const server = await Server.start();
  try {
    const { link } = await server.newRoom();
    const people = [await arrive("Ana"), await arrive("Ben")];
    for (const person of people) await person.openAndJoin(link);
    await expectFlowAmong(people);
    await server.kill("SIGKILL");
    for (const person of people) await expect(person.call).toHaveAttribute("data-signaling", "away");
    await expectFlowAmong(people);
    await people[0].turn("camera", "off");
    await expect(people[1].tileOf("Ana")).toHaveAttribute("data-camera", "off");
  } finally {
    await server.stop();
  }
});

test("a killed server that comes back is a non-event: same people, same media, and a newcomer can join", async ({ arrive }) => {
  const server = await Server.start();
  try {
    const { link } = await server.newRoom();
    const people = [];
    for (const name of ["Ana", "Ben"]) {
      const person = await arrive(name);
      await person.openAndJoin(link);
      people.push(person);
    }
    await expectFlowAmong(people);
    const before = await Promise.all(people.map((person) => person.participant()));

    await server.kill("SIGKILL");
    for (const person of people) await expect(person.call).toHaveAttribute("data-signaling", "away");
    await expectFlowAmong(people);

    await server.resume();
    for (const person of people) await person.inCall();
    expect(await Promise.all(people.map((person) => person.participant()))).toEqual(before);
    await expectFlowAmong(people);
    for (const person of people) expect(await connectionsOf(person)).toBe(1);

    const cleo = await arrive("Cleo");
    await cleo.openAndJoin(link);
    await expectFlowAmong([...people, cleo]);
    for (const person of people) await expect(person.tiles).toHaveCount(3);
  } finally {
    await server.stop();
  }
});
