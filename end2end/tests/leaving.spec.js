import { expect, test } from "../support/fixtures.js";
import { expectFlowAmong } from "../support/flow.js";

/** Watches, in a page, for the moment when somebody's tile is gone: the time of day. */
function watchGo(person, name) {
  return person.page.evaluate(
    (name) =>
      new Promise((resolve) => {
        const look = () => {
          if (!document.querySelector(`[data-testid=tile][data-name="${name}"]`)) resolve(Date.now());
        };
        new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
      }),
    name,
  );
}

/** Makes somebody go, waits until another person sees that, and tells how many milliseconds it took. */
async function timeGo(name, { seenBy, by, deadlineMs }) {
  const gone = watchGo(seenBy, name);
  const start = Date.now();
  await by();
  await expect(seenBy.tileOf(name)).toHaveCount(0, { timeout: deadlineMs });
  return (await gone) - start;
}

test("who leaves is gone for the others, and their devices are released", async ({ gather }) => {
  const [ana, ben] = await gather("Ana", "Ben");
  await expectFlowAmong([ana, ben]);
  await ana.leave();
  await expect(ben.tileOf("Ana")).toHaveCount(0);
  await expect.poll(async () => (await ana.capturedTracks()).every(({ readyState }) => readyState === "ended")).toBe(true);
});

test("who leaves may come back", async ({ gather, room }) => {
  const [ana, ben] = await gather("Ana", "Ben");
  await ana.leave();
  await expect(ben.tileOf("Ana")).toHaveCount(0);
  await ana.openAndJoin(room.link);
  await expectFlowAmong([ana, ben]);
});

test("going back to a call that one has left by a link leads to its green room", async ({ arrive, room, server }) => {
  const ana = await arrive("Ana");
  await ana.openAndJoin(room.link);
  await ana.page.goto(server.origin);
  await ana.page.goBack();
  await ana.alive();
  // By then it has been decided whether to join.
  await expect.poll(async () => (await ana.capturedTracks()).length).toBeGreaterThan(0);
  await expect(ana.page.getByTestId("join")).toBeVisible();
  await expect(ana.page.getByTestId("join")).not.toHaveAttribute("aria-busy", "true");
  await expect(ana.call).toHaveCount(0);
});

test("a closed page is gone within two seconds", async ({ gather }, testInfo) => {
  const [ana, ben] = await gather("Ana", "Ben");
  await expectFlowAmong([ana, ben]);
  const took = await timeGo("Ana", { seenBy: ben, by: () => ana.page.close(), deadlineMs: 5_000 });
  testInfo.annotations.push({ type: "measured", description: `gone after ${took} ms` });
  expect(took).toBeLessThan(2_000);
});

test("a crashed page is gone within 45 seconds", async ({ gather }, testInfo) => {
  test.setTimeout(120_000);
  const [ana, ben] = await gather("Ana", "Ben");
  await expectFlowAmong([ana, ben]);
  const took = await timeGo("Ana", { seenBy: ben, by: () => ana.crash(), deadlineMs: 45_000 });
  testInfo.annotations.push({ type: "measured", description: `gone after ${took} ms` });
  console.log(`    a crashed page was gone after ${took} ms (bar: 45,000)`);
});

test("the link can be copied, and pasted elsewhere", async ({ arrive, room }) => {
  const ana = await arrive("Ana");
  await ana.openAndJoin(room.link);
  await ana.page.getByTestId("copy-link").click();
  await expect(ana.page.getByTestId("notice")).not.toBeEmpty();
  const elsewhere = await ana.context.newPage();
  await elsewhere.goto("data:text/html,<textarea autofocus></textarea>");
  await elsewhere.locator("textarea").press("Control+V");
  await expect(elsewhere.locator("textarea")).toHaveValue(new RegExp(`^${room.link}(#.*)?$`));
});
