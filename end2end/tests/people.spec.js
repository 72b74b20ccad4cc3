import { loudMicrophone } from "../support/devices.js";
import { expect, test } from "../support/fixtures.js";
import { Server } from "../support/server.js";

const open = async (person) => {
  await person.page.getByTestId("open-people").click();
  await expect(person.page.getByTestId("people-search")).toBeVisible();
};

const row = (person, name) => person.page.locator(`[data-testid=person][data-name="${name}"]`);
const more = (person, name) => row(person, name).getByTestId("person-more");

/** The names in the list, as they stand there and are seen. */
const listed = (person) =>
  person.page
    .getByTestId("person")
    .evaluateAll((rows) => rows.filter((row) => row.checkVisibility()).map((row) => row.dataset.name));

test("everyone is listed with what they do, oneself first, and the button counts them", async ({ gather, arrive, room }) => {
  const [ana, ben] = await gather("Ana", "Ben");
  await open(ben);
  await expect(ben.page.getByTestId("open-people")).toHaveAttribute("aria-pressed", "true");
  await expect(ben.page.getByTestId("open-people")).toHaveAccessibleName(/^People\s*2$/);
  expect(await listed(ben)).toEqual(["Ben", "Ana"]);
  await expect(more(ben, "Ben")).toHaveAccessibleName(/^Ben \(you\).*, microphone on.*, camera on/);
  await ana.turn("mic", "off");
  await ana.turn("camera", "off");
  await expect(more(ben, "Ana")).toHaveAccessibleName(/^Ana\W.*, microphone off.*, camera off/);
  await ana.page.getByTestId("share-screen").click();
  await expect(more(ben, "Ana")).toHaveAccessibleName(/, shares a screen/);
  const cleo = await arrive("Cleo");
  await cleo.openAndJoin(room.link);
  await expect.poll(() => listed(ben)).toEqual(["Ben", "Ana", "Cleo"]);
  await expect(ben.page.getByTestId("open-people")).toHaveAccessibleName(/^People\s*3$/);
  await cleo.leave();
  await expect.poll(() => listed(ben)).toEqual(["Ben", "Ana"]);
});

test("hands stand in the order in which they were raised", async ({ gather }) => {
  const [ana, ben, cleo] = await gather("Ana", "Ben", "Cleo");
  await open(ana);
  const raise = async (person) => {
    await person.page.getByTestId("raise-hand").click();
    await expect(ana.tileOf(person.name)).toHaveAttribute("data-hand", "on");
  };
  await raise(cleo);
  await raise(ana);
  await raise(ben);
  for (const [name, place] of [["Cleo", 1], ["Ana", 2], ["Ben", 3]]) {
    await expect(more(ana, name)).toHaveAccessibleName(new RegExp(`hand is up, number ${place}`));
  }
  await cleo.page.getByTestId("raise-hand").click();
  await expect(more(ana, "Ana")).toHaveAccessibleName(/hand is up, number 1/);
  await expect(more(ana, "Cleo")).not.toHaveAccessibleName(/hand/);
  await raise(cleo);
  await expect(more(ana, "Cleo")).toHaveAccessibleName(/hand is up, number 3/);
});

test("a name is found without regard to case and accents, and who is not there is said", async ({ gather }) => {
  const [ana] = await gather("Ana", "Émile Noël");
  await open(ana);
  const search = ana.page.getByTestId("people-search");
  for (const sought of ["emile", "ÉMILE", "noel", " Noe\u0308l "]) {
    await search.fill(sought);
    await expect.poll(() => listed(ana), sought).toEqual(["Émile Noël"]);
  }
  await search.fill("Zoe");
  await expect.poll(() => listed(ana)).toEqual([]);
  await expect(ana.page.getByText("Nobody here is called that.")).toBeVisible();
  await search.fill("");
  await expect.poll(() => listed(ana)).toEqual(["Ana", "Émile Noël"]);
  await expect(ana.page.getByText("Nobody here is called that.")).toBeHidden();
});

test("the connection to somebody is told in words first, while one looks", async ({ gather }) => {
  const [ana, ben] = await gather("Ana", "Ben");
  await open(ana);
  await more(ana, "Ben").click();
  await expect(more(ana, "Ben")).toHaveAttribute("aria-expanded", "true");
  const connection = row(ana, "Ben").getByTestId("connection");
  await expect(connection).toHaveAttribute("data-verdict", "good");
  await expect(connection.locator("p")).toHaveText("Good connection.");
  await expect(connection).toContainText("Straight between you");
  await expect(connection).toContainText(/There and back\s*\d+ ms/);
  await expect(connection).toContainText(/Lost on the way\s*[\d.]+ %/);
  const fact = (name) => connection.locator(`[data-fact=${name}] dd`);
  for (const way of ["get", "send"]) {
    await expect(fact(way)).toHaveText(/Sound, \d+ kb\/s\s+Picture, \d+ × \d+, \d+ a second, \d+ kb\/s/);
  }
  await ben.turn("camera", "off");
  await expect(fact("get")).not.toContainText("Picture");
  await ben.turn("mic", "off");
  await expect(fact("get")).toHaveText("nothing");
  await ben.page.getByTestId("share-screen").click();
  await expect(fact("get")).toContainText(/Screen, \d+ × \d+/);
  await more(ana, "Ben").click();
  await expect(connection).toHaveCount(0);
  // The page looks once a second all the time; with this panel, too, this would take two thirds as long.
  const time = await ana.page.evaluate(
    () =>
      new Promise((resolve) => {
        const looks = [];
        const getStats = RTCPeerConnection.prototype.getStats;
        RTCPeerConnection.prototype.getStats = function () {
          looks.push(performance.now());
          if (looks.length === 5) resolve(looks[4] - looks[0]);
          return getStats.call(this);
        };
      }),
  );
  expect(time).toBeGreaterThan(3_500);
});

test("a connection that goes through the server says so, and one that breaks does, too", async ({ arrive }) => {
  const server = await Server.start();
  try {
    const { link } = await server.newRoom();
    const ana = await arrive("Ana");
    await ana.openAndJoin(link);
    const ben = await arrive("Ben");
    await ben.open(link);
    await ben.page.getByTestId("hide-address").check();
    await ben.join();
    await open(ana);
    await more(ana, "Ben").click();
    const connection = row(ana, "Ben").getByTestId("connection");
    await expect(connection).toContainText("Through the server, encrypted");
    // The relay goes with it, and nobody can say that Ben is still there.
    await server.kill();
    await expect(connection).toContainText("Not connected at the moment.");
    await expect(more(ana, "Ben")).toHaveAccessibleName(/Reconnecting…|Cannot be reached/);
    await server.resume();
    await expect(connection).toContainText("Through the server, encrypted");
  } finally {
    await server.stop();
  }
});

test("one sees how others see oneself, and why it is no more", async ({ gather }) => {
  const [ana] = await gather("Ana", "Ben");
  await open(ana);
  await more(ana, "Ana").click();
  const seen = ana.page.getByTestId("how-others-see-me");
  const byBen = seen.locator("[data-testid=seen-by]");
  await expect(byBen).toHaveCount(1);
  await expect(byBen).toContainText("Ben");
  await expect(byBen).toContainText(/\d+ × \d+, \d+ pictures a second\./);
  await expect(byBen.locator(".reason")).toHaveText(/All that your camera gives|As large as they show it|Your (network|computer) /);
  await ana.turn("camera", "off");
  await expect(byBen).toContainText("No picture of you now.");
});

test("somebody is kept large from the list, and who speaks is marked in it", async ({ arrive, room }) => {
  const ana = await arrive("Ana");
  await ana.openAndJoin(room.link);
  const ben = await arrive("Ben", { prepare: [loudMicrophone] });
  await ben.openAndJoin(room.link);
  await open(ana);
  await expect(more(ana, "Ben")).toHaveAccessibleName(/speaking/);
  await more(ana, "Ben").click();
  const pin = row(ana, "Ben").getByTestId("person-pin");
  await pin.click();
  await expect(pin).toHaveAttribute("aria-pressed", "true");
  await expect(ana.tileOf("Ben")).toHaveAttribute("data-large", "");
  await ben.turn("mic", "off");
  await expect(more(ana, "Ben")).not.toHaveAccessibleName(/speaking/);
});

test("the clock of the call goes on, through a reload too, and is not read out", async ({ gather }) => {
  const [ana] = await gather("Ana");
  await open(ana);
  const timer = ana.page.getByTestId("call-timer");
  await expect(timer).toHaveRole("timer");
  await expect(timer).not.toHaveAttribute("aria-live", /./);
  await expect(timer).toHaveText(/^0:00:\d\d$/);
  const seconds = async () => (await timer.textContent()).split(":").reduce((sum, part) => sum * 60 + Number(part), 0);
  await expect.poll(seconds).toBeGreaterThan(2);
  const before = await seconds();
  await ana.page.reload();
  await ana.inCall();
  await open(ana);
  expect(await seconds()).toBeGreaterThanOrEqual(before);
  await ana.leave();
  await ana.page.goto(ana.page.url());
  await ana.alive();
  await ana.join();
  await open(ana);
  expect(await seconds()).toBeLessThan(before);
});

test("a key opens the list and closes it, and the focus comes back", async ({ gather }) => {
  const [ana] = await gather("Ana");
  await ana.page.keyboard.press("p");
  await expect(ana.page.getByTestId("people-search")).toBeVisible();
  await ana.page.getByTestId("people-search").press("p");
  await expect(ana.page.getByTestId("people-search")).toHaveValue("p");
  await ana.page.getByTestId("people-search").press("Escape");
  await expect(ana.page.getByTestId("panel")).toBeHidden();
  await open(ana);
  await ana.page.getByTestId("close-panel").click();
  await expect(ana.page.getByTestId("open-people")).toBeFocused();
});
