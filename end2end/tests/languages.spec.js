import { violations } from "../support/accessibility.js";
import { expect, test } from "../support/fixtures.js";
import { expectFlow } from "../support/flow.js";
import { INSECURE_HOST } from "../support/insecure_host.js";
import { Server } from "../support/server.js";
import { LANGUAGES, WORDS, latinWords } from "../support/words.js";

const ARABIC = WORDS.ar;
const SIZES = [
  { width: 390, height: 844 },
  { width: 844, height: 390 },
  { width: 1280, height: 800 },
];
const UNKNOWN_ROOM = "/r/AAAAAAAAAAAAAAAAAAAAAA";

/** What the server says first, as a text. */
async function html(server, path, headers) {
  const response = await fetch(server.origin + path, { headers });
  return { response, text: (await response.text()).replaceAll("&#x27;", "'") };
}

const choose = ({ page }, tag) => page.getByTestId("languages").getByRole("button", { name: WORDS[tag]["page.language.name"] }).click();

const expectLanguage = ({ page }, tag) => expect(page.locator("html")).toHaveAttribute("lang", tag);

const choice = (server, fields, headers = {}) =>
  fetch(`${server.origin}/language`, { method: "POST", body: new URLSearchParams(fields), headers, redirect: "manual" });

for (const tag of LANGUAGES) {
  test(`the first answer is in the language that is asked for (${tag})`, async ({ server, room }) => {
    const words = WORDS[tag];
    for (const headers of [{ "accept-language": `xx, ${tag}-XX;q=0.9, en;q=0.1` }, { "accept-language": "en", cookie: `language=${tag}` }]) {
      for (const [path, expected] of [
        ["/", "page.home.lead"],
        [room.path, "green.title"],
        [UNKNOWN_ROOM, "refusal.unknown-room.text"],
        ["/no/such/page", "page.not-found.text"],
      ]) {
        const { response, text } = await html(server, path, headers);
        expect(text, path).toContain(`<html lang="${tag}" dir="${words.direction}"`);
        expect(text, path).toContain(words[expected]);
        expect(response.headers.get("content-language"), path).toBe(tag);
        const varies = response.headers.get("vary").toLowerCase().split(/, */);
        expect(varies, path).toEqual(expect.arrayContaining(["accept-language", "cookie"]));
      }
    }
  });
}

test("a language that nobody wrote is answered in English", async ({ server }) => {
  const { text } = await html(server, "/", { "accept-language": "tlh", cookie: "language=tlh" });
  expect(text).toContain('<html lang="en" dir="ltr"');
});

test("each language is chosen by its own name, without JavaScript, on every page", async ({ arrive, server, room }) => {
  const ana = await arrive("Ana", { context: { javaScriptEnabled: false, locale: "en-GB" } });
  for (const [path, tag] of [["/", "de"], [room.path, "fr"], [UNKNOWN_ROOM, "ar"], ["/no/such/page", "es"]]) {
    await ana.page.goto(server.origin + path);
    const names = ana.page.getByTestId("languages").getByRole("button");
    await expect(names).toHaveText(LANGUAGES.map((tag) => WORDS[tag]["page.language.name"]));
    for (const [index, tag] of LANGUAGES.entries()) await expect(names.nth(index)).toHaveAttribute("lang", tag);
    await choose(ana, tag);
    await expectLanguage(ana, tag);
    await expect(ana.page).toHaveURL(server.origin + path);
    await expect(ana.page.getByTestId("languages").locator("[aria-current]")).toHaveText(WORDS[tag]["page.language.name"]);
    await ana.page.goto(server.origin);
    await expectLanguage(ana, tag);
  }
});

test("a choice keeps the link's secret, the name, and what is off", async ({ arrive, room }) => {
  const ana = await arrive("Ana");
  const link = `${room.link}#k=c2VjcmV0`;
  await ana.open(link);
  await ana.page.getByTestId("name-input").fill("Ana María");
  await ana.turn("camera", "off");
  await choose(ana, "es");
  await expectLanguage(ana, "es");
  await ana.alive();
  await expect(ana.page).toHaveURL(link);
  await expect(ana.page.getByTestId("name-input")).toHaveValue("Ana María");
  await expect(ana.page.getByTestId("toggle-camera")).toHaveAttribute("aria-pressed", "false");
  await expect(ana.page.getByTestId("toggle-mic")).toHaveAttribute("aria-pressed", "true");
  await expect.poll(async () => (await ana.capturedTracks()).map(({ kind }) => kind)).toEqual(["audio"]);
  await ana.page.reload();
  await ana.alive();
  await expect(ana.page.getByTestId("toggle-camera"), "and no longer than that").toHaveAttribute("aria-pressed", "true");
});

test("a choice that is made before the program is there loses nothing either", async ({ arrive, room, server }) => {
  const ana = await arrive("Ana");
  const programs = "**/*.wasm";
  await ana.page.route(programs, () => {});
  await ana.page.goto(`${room.link}#k=c2VjcmV0`, { waitUntil: "commit" });
  await ana.page.getByTestId("name-input").fill("Ana María");
  await ana.page.getByTestId("toggle-mic").click();
  await ana.page.unroute(programs);
  await choose(ana, "de");
  await expectLanguage(ana, "de");
  await ana.alive();
  await expect(ana.page).toHaveURL(`${room.link}#k=c2VjcmV0`);
  await expect(ana.page.getByTestId("name-input")).toHaveValue("Ana María");
  await expect(ana.page.getByTestId("toggle-mic")).toHaveAttribute("aria-pressed", "false");
  await ana.page.goto(`${server.origin}${UNKNOWN_ROOM}#k=c2VjcmV0`);
  await choose(ana, "fr");
  await expectLanguage(ana, "fr");
  await expect(ana.page, "a refusal keeps it too").toHaveURL(`${server.origin}${UNKNOWN_ROOM}#k=c2VjcmV0`);
});

test("a choice is a cookie of this site alone, and leads to nobody else's", async ({ server }) => {
  const taken = await choice(server, { language: "ar", to: "/" });
  expect(taken.status).toBe(303);
  expect(taken.headers.get("location")).toBe("/");
  expect(taken.headers.get("set-cookie")).toBe("language=ar; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly");
  for (const to of ["//evil.example", "/\\evil.example", "\\\\evil.example", "https://evil.example", "/\t/evil.example", "/.//evil.example", ""]) {
    const refused = await choice(server, { language: "ar", to });
    expect(refused.status, to).toBe(400);
    expect(refused.headers.get("location"), to).toBeNull();
    expect(refused.headers.get("set-cookie"), to).toBeNull();
  }
  expect((await choice(server, { language: "ar\r\nx: y", to: "/" })).status).toBe(400);
  expect((await choice(server, { language: "ar", to: "/" }, { origin: "https://evil.example" })).status).toBe(403);
});

test("form and refusal speak the same language when no room can be made", async ({ arrive }) => {
  const small = await Server.start({ args: ["--max-rooms", "1"] });
  const { link } = await small.newRoom();
  const ben = await arrive("Ben");
  await ben.openAndJoin(link);
  const ana = await arrive("Ana", { context: { locale: "en-GB" } });
  await ana.page.goto(small.origin);
  await choose(ana, "ar");
  await expectLanguage(ana, "ar");
  await ana.page.getByTestId("new-room").click();
  await expect(ana.refusal).toHaveAttribute("data-reason", "too-many-rooms");
  await expect(ana.refusal).toContainText(ARABIC["page.too-many-rooms.title"]);
  await choose(ana, "de");
  await expectLanguage(ana, "de");
  await expect(ana.page).toHaveURL(`${small.origin}/`);
  await small.stop();
});

/** What is wrong with a call that runs from right to left: an empty list when nothing is. */
function misplaced() {
  const faults = [];
  const root = document.scrollingElement;
  if (root.scrollWidth > innerWidth || root.scrollHeight > innerHeight) faults.push(`scrolls: ${root.scrollWidth}×${root.scrollHeight}`);
  const box = (element) => element.getBoundingClientRect();
  const tiles = [...document.querySelectorAll("[data-testid=tile]")];
  for (const tile of tiles) {
    const { left, top, right, bottom } = box(tile);
    if (left < -0.5 || top < -0.5 || right > innerWidth + 0.5 || bottom > innerHeight + 0.5) faults.push(`${tile.dataset.name} is outside`);
    const name = box(tile.querySelector(".name"));
    if (right - name.right > name.left - left + 1) faults.push(`the name of ${tile.dataset.name} is not at its start`);
  }
  const inOrder = (elements, what) =>
    elements.slice(1).forEach((element, index) => {
      const [before, after] = [box(elements[index]), box(element)];
      if (Math.abs(before.top - after.top) < 2 && before.left < after.right - 1) faults.push(`${what} ${index} is left of the next one`);
    });
  inOrder(tiles, "tile");
  inOrder([...document.querySelectorAll(".bar > *")].filter((control) => control.checkVisibility()), "control");
  return faults;
}

test("a whole call in Arabic runs from right to left, at every size", async ({ arrive, room }) => {
  const context = { locale: "ar-EG" };
  const ana = await arrive("Ana", { context });
  await ana.openAndJoin(room.link);
  const ben = await arrive("سامي", { context });
  await ben.open(room.link);
  await expect(ben.page.getByText(ARABIC["green.inside.one"])).toBeVisible();
  await ben.join();
  await expectFlow(ana, ben);
  await expectFlow(ben, ana);
  const third = await arrive("Cleo", { context });
  await third.open(room.link);
  await expect(third.page.getByText(ARABIC["green.inside.two"]), "counted by server and browser alike").toBeVisible();
  await expect(ana.page.getByTestId("languages"), "a call is not left by mistake").toBeHidden();
  for (const size of SIZES) {
    await ana.page.setViewportSize(size);
    const faults = () => ana.page.evaluate(misplaced);
    await expect.poll(faults, `${size.width}×${size.height}`).toEqual([]);
  }
  const centre = async (name) => {
    const { x, width } = await ana.tileOf(name).boundingBox();
    return x + width / 2;
  };
  const order = async () => Math.sign((await centre("Ana")) - (await centre("سامي")));
  await expect.poll(order, "who was first is at the right").toBe(1);
  await ana.tileOf("سامي").getByTestId("pin").click();
  await expect.poll(order, "the large one is at the right").toBe(-1);
  await expect(ana.page.getByRole("button", { name: ARABIC["call.leave"] })).toBeVisible();
});

test("what is typed runs as its own letters do", async ({ arrive, room }) => {
  const ana = await arrive("Ana", { context: { locale: "ar" } });
  await ana.open(room.link);
  const field = ana.page.getByTestId("name-input");
  const direction = () => field.evaluate((field) => getComputedStyle(field).direction);
  await field.fill("");
  expect(await direction(), "nothing runs as the page does").toBe("rtl");
  await field.fill("Ana");
  expect(await direction()).toBe("ltr");
  await field.fill("سامي");
  expect(await direction()).toBe("rtl");
});

for (const colorScheme of ["light", "dark"]) {
  test(`every page in Arabic is accessible, and Arabic (${colorScheme})`, async ({ arrive, server, room }) => {
    const ana = await arrive("Ana", { context: { colorScheme, locale: "ar" } });
    const check = async (what) => {
      expect.soft(await violations(ana), what).toEqual([]);
      expect.soft(await latinWords(ana, ["Ana", "Ben"]), `${what}: Latin words`).toEqual([]);
      const sideways = () => document.scrollingElement.scrollWidth > innerWidth;
      expect.soft(await ana.page.evaluate(sideways), `${what}: scrolls sideways`).toBe(false);
    };
    for (const [what, path] of [["home", "/"], ["no page", "/no/such/page"], ["no room", UNKNOWN_ROOM]]) {
      await ana.page.goto(server.origin + path);
      await check(what);
    }
    await ana.open(room.link);
    await check("green room");
    await ana.join();
    await check("alone in the call");
    const ben = await arrive("Ben");
    await ben.openAndJoin(room.link);
    await expect(ana.tiles).toHaveCount(2);
    await expect(ana.page.getByTestId("notice")).toContainText("انضم");
    await ben.page.getByTestId("share-screen").click();
    await expect(ana.page.locator("[data-testid=tile][data-kind=screen]")).toBeVisible();
    await check("a screen is shared");
    for (const panel of ["chat", "more"]) {
      await ana.page.getByTestId(`open-${panel}`).click();
      await expect(ana.page.getByTestId(panel === "chat" ? "chat-input" : "open-trouble")).toBeVisible();
      await check(`the panel ${panel}`);
    }
    await ana.page.getByTestId("open-devices").click();
    await expect(ana.page.getByTestId("devices")).toBeVisible();
    // Devices have the names that their makers gave them.
    expect.soft(await violations(ana), "sound and picture").toEqual([]);
    await ana.page.getByTestId("open-people").click();
    for (const name of ["Ana", "Ben"]) {
      await ana.page.locator(`[data-testid=person][data-name="${name}"]`).getByTestId("person-more").click();
      await expect(ana.page.getByTestId(name === "Ana" ? "how-others-see-me" : "connection")).toContainText("×");
      await check(`people, with more about ${name}`);
    }
    await ana.page.getByTestId("open-reactions").click();
    await expect(ana.page.getByTestId("reaction").first()).toBeVisible();
    await check("reactions");
    await ana.page.getByTestId("open-more").click();
    await ana.page.getByTestId("open-trouble").click();
    for (const card of ["trouble", "keys", "privacy"]) {
      if (card !== "trouble") await ana.page.getByTestId(`open-${card}`).click();
      await expect(ana.page.locator(`#${card}`)).toBeVisible();
      await check(`the card ${card}`);
      if (card === "keys") {
        await ana.page.keyboard.press("Escape");
        await ana.page.getByTestId("open-trouble").click();
      }
    }
    await ana.page.keyboard.press("Escape");
    await ana.leave();
    await check("goodbye");
    await ana.page.goto(`http://${INSECURE_HOST}:${server.port}${room.path}`);
    await expect(ana.refusal).toBeVisible();
    await check("insecure");
  });
}
