import { expect, test } from "../support/fixtures.js";
import { Server } from "../support/server.js";

async function openChat(person) {
  await person.page.getByTestId("open-chat").click();
  await expect(person.page.getByTestId("chat-input")).toBeFocused();
}

async function write(person, text) {
  await person.page.getByTestId("chat-input").fill(text);
  await person.page.getByTestId("chat-send").click();
  await expect(person.page.getByTestId("chat-input")).toHaveValue("");
}

const messages = (person) => person.page.getByTestId("chat-message");

/** What somebody reads: who wrote what, in its order. */
const read = (person) =>
  messages(person).evaluateAll((all) => all.map((one) => `${one.dataset.name}: ${one.querySelector(".body").textContent}`));

test("what one writes the others read: lines, links, and letters of every kind", async ({ gather }) => {
  const [ana, ben] = await gather("Ana", "Ben");
  await openChat(ana);
  await openChat(ben);
  const text = "<b>hello</b> 👩‍🚀 مرحبا\nsee https://example.org/a?b=1.";
  await write(ana, text);
  const message = messages(ben).first();
  await expect(message).toHaveAttribute("data-from", await ana.participant());
  await expect(message.locator(".body")).toHaveText(text, { useInnerText: true });
  await expect(message.locator("b")).toHaveCount(0);
  const link = message.getByRole("link");
  await expect(link).toHaveAttribute("href", "https://example.org/a?b=1");
  await expect(link).toHaveAttribute("rel", /noopener/);
  await expect(messages(ana)).toHaveCount(1);
  await ben.page.getByTestId("chat-input").fill("one");
  await ben.page.keyboard.press("Shift+Enter");
  await ben.page.keyboard.type("two");
  await ben.page.keyboard.press("Enter");
  await expect(messages(ana).last().locator(".body")).toHaveText("one\ntwo", { useInnerText: true });
  // Keys mean letters there.
  await ben.page.keyboard.type("mmm");
  await expect(ben.page.getByTestId("toggle-mic")).toHaveAttribute("aria-pressed", "true");
  await expect(ben.page.getByTestId("chat-input")).toHaveValue("mmm");
});

test("what was written while one did not look is counted and said, and the way back is where one came from", async ({ gather }) => {
  const [ana, ben] = await gather("Ana", "Ben");
  await openChat(ana);
  await write(ana, "hello");
  const button = ben.page.getByTestId("open-chat");
  await expect(ben.page.getByTestId("notice")).toHaveText("Ana: hello");
  await expect(button).toContainText("1");
  await write(ana, "anybody?");
  await expect(button).toContainText("2");
  await button.click();
  await expect(messages(ben)).toHaveCount(2);
  await expect(button).not.toContainText("2");
  await ben.page.keyboard.press("Escape");
  await expect(ben.page.getByTestId("panel")).toBeHidden();
  await expect(button).toBeFocused();
  await ben.page.getByRole("heading", { level: 1 }).focus();
  await ben.page.keyboard.press("c");
  await expect(ben.page.getByTestId("chat-input")).toBeFocused();
});

test("nothing that is typed is lost: not what is too long, nor what was not sent yet", async ({ gather }) => {
  const [ana] = await gather("Ana");
  await openChat(ana);
  const field = ana.page.getByTestId("chat-input");
  const long = "long ".repeat(900);
  await field.fill(long);
  await ana.page.getByTestId("chat-send").click();
  await expect(ana.page.getByTestId("panel").getByRole("alert")).toContainText("too long");
  await expect(field).toHaveValue(long);
  await expect(messages(ana)).toHaveCount(0);
  await ana.page.getByTestId("close-panel").click();
  await openChat(ana);
  await expect(field).toHaveValue(long);
});

test("whoever comes late, or back, has what was written before, in the same order as everyone", async ({ arrive, room, gather }) => {
  const [ana, ben] = await gather("Ana", "Ben");
  for (const person of [ana, ben]) await openChat(person);
  await write(ana, "first");
  await expect(messages(ben)).toHaveCount(1);
  await write(ben, "second");
  await expect(messages(ana)).toHaveCount(2);

  const cleo = await arrive("Cleo");
  await cleo.openAndJoin(room.link);
  await openChat(cleo);
  await expect(messages(cleo)).toHaveCount(2);
  await write(cleo, "third");
  await expect(messages(ben)).toHaveCount(3);

  // Who wrote the first goes; the others know it.
  await ana.leave();
  await ben.page.reload();
  await ben.inCall();
  await openChat(ben);
  await expect(messages(ben)).toHaveCount(3);
  await cleo.leave();
  const dan = await arrive("Dan");
  await dan.openAndJoin(room.link);
  await openChat(dan);
  await expect(messages(dan)).toHaveCount(3);
  await write(dan, "fourth");
  await expect(messages(ben)).toHaveCount(4);
  const all = ["Ana: first", "Ben: second", "Cleo: third", "Dan: fourth"];
  expect(await read(ben)).toEqual(all);
  expect(await read(dan)).toEqual(all);
});

test("the server is not needed for it, and has seen none of it", async ({ arrive }) => {
  const server = await Server.start();
  const { link } = await server.newRoom();
  const people = [await arrive("Ana"), await arrive("Ben")];
  const said = [];
  const overhear = (socket) => {
    for (const event of ["framesent", "framereceived"]) socket.on(event, ({ payload }) => said.push(String(payload)));
  };
  for (const person of people) {
    person.page.on("websocket", overhear);
    await person.openAndJoin(link);
  }
  const [ana, ben] = people;
  for (const person of people) await openChat(person);
  await write(ana, "a secret");
  await expect(messages(ben)).toHaveCount(1);
  await server.kill("SIGKILL");
  await expect(ana.call).toHaveAttribute("data-signaling", "away");
  await write(ben, "another secret");
  await expect(messages(ana)).toHaveCount(2);
  expect(said.length).toBeGreaterThan(0);
  expect(said.filter((frame) => frame.includes("secret"))).toEqual([]);
  await server.stop();
});
