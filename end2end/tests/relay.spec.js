import { test } from "../support/fixtures.js";
import { expect } from "@playwright/test";
import { expectFlowAmong } from "../support/flow.js";
import { onlyRoad } from "../support/one_road.js";

for (const [one, other] of [["udp", "udp"], ["tcp", "tcp"], ["udp", "tcp"]]) {
  test(`people whose networks let only ${one} and ${other} to the server through see and hear each other`, async ({ arrive, room }) => {
    const people = [];
    for (const [name, road] of [["Ana", one], ["Ben", other], ["Cleo", one]]) {
      const person = await arrive(name, { prepare: [`(${onlyRoad})("${road}")`] });
      await person.openAndJoin(room.link);
      people.push(person);
    }
    await expectFlowAmong(people);
    for (const person of people) {
      for (const { name } of people.filter((other) => other !== person)) {
        await expect(person.tileOf(name)).toHaveAttribute("data-route", "relay");
      }
    }
  });
}
