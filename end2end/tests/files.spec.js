import { createHash, randomBytes } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "../support/fixtures.js";
import { connectionBetween, expectFlowAmong } from "../support/flow.js";

const LARGE_BYTES = 200 * 1024 * 1024;

/** Fills a file with bytes that nothing can guess, and returns the path. */
async function fileOf(bytes, name) {
  const path = join(tmpdir(), `parlour-${process.pid}-${name}`);
  const file = createWriteStream(path);
  for (let left = bytes; left > 0; left -= 1024 * 1024) {
    if (!file.write(randomBytes(Math.min(left, 1024 * 1024)))) await new Promise((go) => file.once("drain", go));
  }
  await new Promise((go) => file.end(go));
  return path;
}

async function sumOf(path) {
  const sum = createHash("sha256");
  for await (const block of createReadStream(path)) sum.update(block);
  return sum.digest("hex");
}

async function openChat(person) {
  await person.page.getByTestId("open-chat").click();
  await expect(person.page.getByTestId("chat-input")).toBeFocused();
}

const offer = (person, file) => person.page.getByTestId("chat-file").setInputFiles(file);
const shown = (person) => person.page.getByTestId("file");

test("a file goes from one to another as it is, under its own name", async ({ gather }) => {
  const people = await gather("Ana", "Ben");
  const [ana, ben] = people;
  for (const person of people) await openChat(person);
  const buffer = randomBytes(300_000);
  await offer(ana, { name: "Straße & <b>.bin", mimeType: "application/octet-stream", buffer });
  await expect(shown(ben)).toContainText("Straße & <b>.bin");
  await expect(shown(ben)).toContainText("300");
  await expect(shown(ana).getByTestId("file-get")).toBeHidden();
  const download = ben.page.waitForEvent("download");
  await shown(ben).getByTestId("file-get").click();
  const saved = await (await download).path();
  await expect(shown(ben)).toHaveAttribute("data-state", "here");
  expect(await sumOf(saved)).toBe(createHash("sha256").update(buffer).digest("hex"));
});

test("200 MB arrive bit for bit while the call goes on", async ({ gather }) => {
  test.setTimeout(360_000);
  const people = await gather("Ana", "Ben");
  const [ana, ben] = people;
  await expectFlowAmong(people);
  for (const person of people) await openChat(person);
  const path = await fileOf(LARGE_BYTES, "large");
  await offer(ana, path);
  const download = ben.page.waitForEvent("download", { timeout: 300_000 });
  await shown(ben).getByTestId("file-get").click();
  const bar = shown(ben).getByRole("progressbar");
  await expect.poll(async () => Number(await bar.getAttribute("value")), { timeout: 120_000 }).toBeGreaterThan(2);
  // In the middle of it, pictures and voices go both ways.
  await expectFlowAmong(people);
  const saved = await (await download).path();
  expect((await stat(saved)).size).toBe(LARGE_BYTES);
  expect(await sumOf(saved)).toBe(await sumOf(path));
  await expect(shown(ben)).toHaveAttribute("data-state", "here");
  await rm(path);
});

/** Notes, in the page of whoever sends, from which byte on others ask for a file. */
function noteRequests() {
  window.__asked = [];
  const create = RTCPeerConnection.prototype.createDataChannel;
  RTCPeerConnection.prototype.createDataChannel = function (label, options) {
    const channel = create.call(this, label, options);
    channel.addEventListener("message", ({ data }) => {
      const asked = label === "files" && typeof data === "string" && JSON.parse(data).get;
      if (asked) window.__asked.push(asked.from);
    });
    return channel;
  };
}

test("a file goes on where it was when the connection had to be made anew", async ({ arrive, room }) => {
  test.setTimeout(240_000);
  const ana = await arrive("Ana", { prepare: [noteRequests] });
  const ben = await arrive("Ben");
  for (const person of [ana, ben]) {
    await person.openAndJoin(room.link);
    await openChat(person);
  }
  const path = await fileOf(LARGE_BYTES / 2, "resumed");
  await offer(ana, path);
  const download = ben.page.waitForEvent("download", { timeout: 180_000 });
  await shown(ben).getByTestId("file-get").click();
  const bar = shown(ben).getByRole("progressbar");
  await expect.poll(async () => Number(await bar.getAttribute("value")), { intervals: [50] }).toBeGreaterThan(1);
  const { one: index } = await connectionBetween(ana, ben);
  await ana.page.evaluate((index) => window.__probe.connections[index].close(), index);
  const saved = await (await download).path();
  expect(await sumOf(saved)).toBe(await sumOf(path));
  const [first, second] = await ana.page.evaluate(() => window.__asked);
  expect(first).toBe(0);
  expect(second, "what was there was not sent again").toBeGreaterThan(0);
  await rm(path);
});

test("who does not want it any more stops it; who offered it and went has it no more", async ({ gather }) => {
  const people = await gather("Ana", "Ben");
  const [ana, ben] = people;
  for (const person of people) await openChat(person);
  const path = await fileOf(LARGE_BYTES, "cancelled");
  await offer(ana, path);
  await shown(ben).getByTestId("file-get").click();
  await expect(shown(ben)).toHaveAttribute("data-state", "coming");
  await shown(ben).getByTestId("file-cancel").click();
  await expect(shown(ben)).toHaveAttribute("data-state", "offered");
  await shown(ben).getByTestId("file-get").click();
  await expect(shown(ben)).toHaveAttribute("data-state", "coming");
  await shown(ben).getByTestId("file-cancel").click();
  await ana.leave();
  await expect(shown(ben)).toContainText("not here any more");
  await expect(shown(ben).getByTestId("file-get")).toBeHidden();
  await rm(path);
});

test("files are offered by dropping them anywhere, and by pasting them", async ({ gather }) => {
  const [ana, ben] = await gather("Ana", "Ben");
  const dropped = await ana.page.evaluate(() => {
    const data = new DataTransfer();
    data.items.add(new File(["dropped"], "dropped.txt"));
    const over = new DragEvent("dragover", { dataTransfer: data, bubbles: true, cancelable: true });
    const drop = new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true });
    const main = document.querySelector("main");
    main.dispatchEvent(over);
    main.dispatchEvent(drop);
    return over.defaultPrevented && drop.defaultPrevented;
  });
  expect(dropped, "else the browser would leave the call to show the file").toBe(true);
  await expect(shown(ana)).toContainText("dropped.txt");
  await ana.page.getByTestId("chat-input").evaluate((field) => {
    const data = new DataTransfer();
    data.items.add(new File(["pasted"], "pasted.txt"));
    field.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
  });
  await openChat(ben);
  await expect(shown(ben)).toHaveCount(2);
  const download = ben.page.waitForEvent("download");
  await shown(ben).last().getByTestId("file-get").click();
  const saved = await (await download).path();
  await writeFile(`${saved}.expected`, "pasted");
  expect(await sumOf(saved)).toBe(await sumOf(`${saved}.expected`));
});
