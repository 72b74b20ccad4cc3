// How every page, panel and layout looks, at every size, in both themes and from right to left, beside pictures of how they
// looked when somebody last looked at them (tests/looks/). After a change that is meant:
// `npx playwright test appearance --update-snapshots`, and look at each.

import { readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "../support/fixtures.js";
import { Server } from "../support/server.js";

const SIZES = [
  { width: 390, height: 844 },
  { width: 844, height: 390 },
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
];
const LOOKS = {
  light: { colorScheme: "light" },
  dark: { colorScheme: "dark" },
  "right-to-left": { colorScheme: "light", locale: "ar" },
};
const UNKNOWN_ROOM = "/r/AAAAAAAAAAAAAAAAAAAAAA";
const STILL = readFileSync(new URL("../support/still.css", import.meta.url), "utf8");
/** A corner that is drawn otherwise is nothing; a button that went away is. */
const TOLERANCE = { threshold: 0.25, maxDiffPixelRatio: 0.005 };

/** What drew the pictures: the browser, and how wide its fonts run. */
const DRAWN_BY = new URL("looks/drawn-by.txt", import.meta.url);

async function painter(browser, page) {
  const widths = await page.evaluate(() => {
    const ink = document.createElement("canvas").getContext("2d");
    const width = (font, text) => ((ink.font = `32px ${font}`), ink.measureText(text).width.toFixed(1));
    return [width("serif", "Hamburgefonstiv"), width("sans-serif", "Hamburgefonstiv"), width("sans-serif", "متى كنت مستعدًا")];
  });
  return `Chromium ${browser.version().split(".")[0]}, text ${widths.join(" ")} wide\n`;
}

/** Hides what changes by itself, by the one way that the page's policy leaves open, and waits until everything has its place. */
async function still(css) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  document.adoptedStyleSheets = [sheet];
  const places = () => JSON.stringify([...document.querySelectorAll("body *")].map((element) => element.getBoundingClientRect()));
  for (let before; before !== places(); ) {
    before = places();
    for (let frame = 0; frame < 3; frame += 1) await new Promise(requestAnimationFrame);
  }
}

for (const [look, context] of Object.entries(LOOKS)) {
  test(`pages, panels and layouts look as they did (${look})`, async ({ arrive, browser, server, room }, { config }) => {
    test.setTimeout(600_000);
    const ana = await arrive("Ana", { context });
    const { page } = ana;
    const here = await painter(browser, page);
    if (["all", "changed"].includes(config.updateSnapshots)) writeFileSync(DRAWN_BY, here);
    const there = readFileSync(DRAWN_BY, "utf8");
    // Another browser, or other fonts, draw every letter otherwise: such pictures say nothing about each other.
    if (here !== there) console.log(`not compared, because ${there.trim()} drew the pictures, and this is ${here.trim()}`);
    test.skip(here !== there, "the pictures are another browser's");
    const compare = async (what) => {
      // Tiles offer what can be done with them to a pointer over them.
      await page.mouse.move(0, 0);
      for (const size of SIZES) {
        await page.setViewportSize(size);
        await page.evaluate(still, STILL);
        const picture = await page.screenshot({ animations: "disabled" });
        expect.soft(picture).toMatchSnapshot([look, `${what}-${size.width}x${size.height}.png`], TOLERANCE);
      }
      await page.setViewportSize(SIZES[2]);
    };
    const open = async (testid, there) => {
      await page.getByTestId(testid).click();
      await expect(page.getByTestId(there).first()).toBeVisible();
    };

    await page.goto(server.origin);
    await compare("home");
    await page.goto(server.origin + UNKNOWN_ROOM);
    await compare("no-such-room");

    await ana.open(room.link);
    await ana.turn("mic", "off");
    await compare("green-room");
    await open("test-sound", "test-mic");
    await compare("green-room-testing");
    await ana.join();
    await compare("alone");

    const ben = await arrive("Ben");
    await ben.open(room.link);
    for (const device of ["mic", "camera"]) await ben.turn(device, "off");
    await ben.join();
    await expect(ana.tileOf("Ben")).toHaveAttribute("data-link", "connected");
    await compare("two");
    await ben.page.getByTestId("raise-hand").click();
    await open("open-people", "person");
    await page.locator("[data-testid=person][data-name=Ben]").getByTestId("person-more").click();
    await expect(page.getByTestId("connection")).toContainText(/\d/);
    await compare("people");
    await open("open-chat", "chat-input");
    await ben.page.getByTestId("open-chat").click();
    await ben.page.getByTestId("chat-input").fill("Good morning!\nThe plan: https://example.org/plan");
    await ben.page.getByTestId("chat-send").click();
    await expect(page.getByTestId("chat-message")).toHaveCount(1);
    await page.getByTestId("chat-input").fill("Thank you!");
    await page.getByTestId("chat-send").click();
    await expect(page.getByTestId("chat-message")).toHaveCount(2);
    await compare("chat");
    await open("open-more", "open-devices");
    await compare("more");
    await open("open-devices", "devices");
    await compare("sound-and-picture");
    await page.getByTestId("close-panel").click();
    await open("open-reactions", "reaction");
    await compare("reactions");
    await page.getByTestId("open-reactions").click();
    await ana.openMore();
    for (const card of ["trouble", "keys", "privacy"]) {
      if (card === "keys") await page.getByTestId("open-keys").click();
      else await page.getByTestId("open-trouble").click();
      if (card === "privacy") await page.getByTestId("open-privacy").click();
      await expect(page.locator(`#${card}`)).toBeVisible();
      await compare(`card-${card}`);
      if (card === "keys") await page.keyboard.press("Escape");
    }
    await page.keyboard.press("Escape");
    await page.getByTestId("close-panel").click();

    await ben.page.getByTestId("share-screen").click();
    await expect(page.locator("[data-testid=tile][data-kind=screen]")).toBeVisible();
    await compare("screen");
    await ben.page.getByTestId("share-screen").click();
    await expect(page.locator("[data-testid=tile][data-kind=screen]")).toHaveCount(0);
    for (const name of ["Cleo", "Dan"]) {
      const other = await arrive(name);
      await other.open(room.link);
      for (const device of ["mic", "camera"]) await other.turn(device, "off");
      await other.join();
      await expect(ana.tileOf(name)).toHaveAttribute("data-link", "connected");
    }
    await compare("grid-of-four");
    await page.keyboard.press("l");
    await expect(page.locator("[data-large]")).toHaveCount(1);
    await compare("speaker-of-four");
    await ana.leave();
    await compare("goodbye");

    const small = await Server.start({ args: ["--room-capacity", "2"] });
    const full = await small.newRoom();
    for (const name of ["Eve", "Fay"]) await (await arrive(name)).openAndJoin(full.link);
    await page.goto(full.link);
    await expect(ana.refusal).toHaveAttribute("data-reason", "room-full");
    await compare("full");
    await small.stop();
  });
}
