import { expect, test } from "../support/fixtures.js";

const choose = async (person, name) => person.page.locator(`[data-testid=reaction][data-reaction="${name}"]`).click();

const offer = async (person) => {
  await person.page.getByTestId("open-reactions").click();
  await expect(person.page.getByTestId("reaction")).toHaveCount(6);
};

test("a reaction floats over one's face for everyone, is said, and is gone", async ({ gather }) => {
  const people = await gather("Ana", "Ben", "Cleo");
  const [ana, ben, cleo] = people;
  await offer(ana);
  await choose(ana, "applause");
  for (const person of people) {
    await expect(person.tileOf("Ana")).toHaveAttribute("data-reaction", "applause");
    await expect(person.tileOf("Ana").locator(".reaction")).toHaveText("👏");
    await expect(person.tileOf("Ben")).not.toHaveAttribute("data-reaction", /./);
  }
  for (const other of [ben, cleo]) await expect(other.page.getByTestId("notice")).toContainText("Ana: 👏 applause");
  for (const person of people) {
    await expect(person.tileOf("Ana")).not.toHaveAttribute("data-reaction", /./);
    await expect(person.tileOf("Ana").locator(".reaction")).toHaveCount(0);
  }
});

test("it lasts four seconds", async ({ gather }) => {
  const [ana] = await gather("Ana");
  await offer(ana);
  const lasts = ana.tileOf("Ana").evaluate(
    (tile) =>
      new Promise((resolve) => {
        let since = null;
        new MutationObserver(() => {
          if (tile.dataset.reaction) since ??= performance.now();
          else if (since !== null) resolve(performance.now() - since);
        }).observe(tile, { attributeFilter: ["data-reaction"] });
      }),
  );
  await choose(ana, "heart");
  const time = await lasts;
  expect(time).toBeGreaterThan(3_900);
  expect(time).toBeLessThan(8_000);
});

test("of one person no more than three a second are shown, at the far end too", async ({ gather }) => {
  const [ana, ben] = await gather("Ana", "Ben");
  await offer(ana);
  // A page that knows no measure sends many; that is not ours, so it is said on the channel itself.
  await ana.page.evaluate(() => {
    window.__sent = 0;
    const send = RTCDataChannel.prototype.send;
    RTCDataChannel.prototype.send = function (text) {
      if (typeof text === "string" && text.includes('"react"')) {
        for (let more = 0; more < 9; more += 1) send.call(this, text);
        window.__sent += 10;
      }
      return send.call(this, text);
    };
  });
  // Whatever comes is counted, since it may be gone before one looks.
  const count = (person) =>
    person.tileOf("Ana").evaluate((tile) => {
      window.__floated = 0;
      const note = (mutations) => {
        for (const { addedNodes } of mutations) {
          window.__floated += [...addedNodes].filter((node) => node.classList?.contains("reaction")).length;
        }
      };
      new MutationObserver(note).observe(tile, { childList: true });
    });
  await count(ben);
  await choose(ana, "party");
  await expect(ben.tileOf("Ana")).toHaveAttribute("data-reaction", "party");
  await expect(ben.tileOf("Ana")).not.toHaveAttribute("data-reaction", /./);
  expect(await ana.page.evaluate(() => window.__sent)).toBe(10);
  expect(await ben.page.evaluate(() => window.__floated)).toBe(3);
});

test("what nobody knows is dropped, and the call goes on", async ({ gather }) => {
  const [ana, ben] = await gather("Ana", "Ben");
  await offer(ana);
  await ana.page.evaluate(() => {
    const send = RTCDataChannel.prototype.send;
    RTCDataChannel.prototype.send = function (text) {
      return send.call(this, typeof text === "string" ? text.replace('"laughter"', '"yawn"') : text);
    };
  });
  await choose(ana, "laughter");
  await choose(ana, "surprise");
  await expect(ben.tileOf("Ana")).toHaveAttribute("data-reaction", "surprise");
  await expect(ben.tileOf("Ana").locator(".reaction")).toHaveText("😮");
});

test("the row has names, is opened by a key, closed by Escape, and gives the focus back", async ({ gather }) => {
  const [ana] = await gather("Ana");
  await ana.page.keyboard.press("r");
  const group = ana.page.getByRole("group", { name: "Reactions" });
  for (const name of ["applause", "thumbs up", "a heart", "laughter", "surprise", "hurrah"]) {
    await expect(group.getByRole("button", { name, exact: true })).toBeVisible();
  }
  await expect(group.getByRole("button", { name: "applause" })).toBeFocused();
  await ana.page.keyboard.press("Enter");
  await expect(ana.tileOf("Ana")).toHaveAttribute("data-reaction", "applause");
  await ana.page.keyboard.press("Escape");
  await expect(group).toHaveCount(0);
  await expect(ana.page.getByTestId("open-reactions")).toBeFocused();
  await expect(ana.page.getByTestId("open-reactions")).toHaveAttribute("aria-pressed", "false");
});

test("who wants less motion sees it stand still", async ({ arrive, room }) => {
  const ana = await arrive("Ana", { context: { reducedMotion: "reduce" } });
  await ana.openAndJoin(room.link);
  await offer(ana);
  await choose(ana, "heart");
  const moves = ana.tileOf("Ana").locator(".reaction").evaluate((sign) => sign.getAnimations().length);
  expect(await moves).toBe(0);
  const ben = await arrive("Ben");
  await ben.openAndJoin(room.link);
  await offer(ben);
  await choose(ben, "heart");
  expect(await ben.tileOf("Ben").locator(".reaction").evaluate((sign) => sign.getAnimations().length)).toBe(1);
});
