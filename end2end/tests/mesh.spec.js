import { expect, test } from "../support/fixtures.js";
import { connectionsOf, expectFlowAmong } from "../support/flow.js";

const NAMES = ["Ana", "Ben", "Cleo", "Dan"];

for (const count of [2, 3, 4]) {
  test(`${count} people see and hear each other, every pair, both ways`, async ({ gather }) => {
    const people = await gather(...NAMES.slice(0, count));
    await expectFlowAmong(people);
    for (const person of people) {
      await expect(person.tiles).toHaveCount(count);
      expect(await connectionsOf(person)).toBe(count - 1);
      for (const other of people) {
        const tile = person.tileOf(other.name);
        await expect(tile).toHaveAttribute("data-self", String(other === person));
        await expect(tile).toHaveAttribute("data-participant", await other.participant());
        if (other !== person) await expect(tile).toHaveAttribute("data-link", "connected");
        if (other !== person) await expect(tile).toHaveAttribute("data-route", "direct");
      }
    }
  });
}

test("people who join at the same moment all find each other", async ({ arrive, room }) => {
  const people = await Promise.all(NAMES.slice(0, 3).map((name) => arrive(name)));
  await Promise.all(people.map((person) => person.open(room.link)));
  await Promise.all(people.map((person) => person.join()));
  await expectFlowAmong(people);
  for (const person of people) expect(await connectionsOf(person)).toBe(2);
});

test("two rooms do not meet", async ({ arrive, gather, server }) => {
  const [ana, ben] = await gather("Ana", "Ben");
  const { link } = await server.newRoom();
  const others = [await arrive("Cleo"), await arrive("Dan")];
  for (const person of others) await person.openAndJoin(link);
  // Whoever meets at all has met by the time that everyone sees and hears someone.
  await Promise.all([expectFlowAmong([ana, ben]), expectFlowAmong(others)]);
  for (const person of [ana, ben, ...others]) {
    await expect(person.tiles).toHaveCount(2);
    expect(await connectionsOf(person)).toBe(1);
  }
});
