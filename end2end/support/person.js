// One person with a browser profile of their own: what they do in the pages, by the public test ids.

import { expect } from "@playwright/test";
import { installMediaProbe } from "./media_probe.js";

const IN_CALL_DEADLINE_MS = 30_000;

export class Person {
  /** What went wrong in this person's pages that no test provokes: it must stay empty. */
  mishaps = [];
  /** The address of every request and socket. */
  requests = [];

  constructor(name, context, page) {
    Object.assign(this, { name, context, page });
  }

  /** A new person; `prepare` are functions that run in their pages first, `context` are Playwright's context options. */
  static async arrive(browser, name, { prepare = [], context: contextOptions = {} } = {}) {
    const context = await browser.newContext(contextOptions);
    for (const script of [...prepare, installMediaProbe]) await context.addInitScript(script);
    const person = new Person(name, context, await context.newPage());
    person.watch(person.page);
    return person;
  }

  /** Notes what the page asks for and what goes wrong in it. */
  watch(page) {
    page.on("request", (request) => this.requests.push(request.url()));
    page.on("websocket", (socket) => this.requests.push(socket.url()));
    page.on("pageerror", (error) => this.mishaps.push(`${this.name}: uncaught ${error.message}`));
    page.on("console", (message) => {
      if (message.type() !== "error") return;
      if (/Content Security Policy|Permissions[- ]Policy|panicked/i.test(message.text())) {
        this.mishaps.push(`${this.name}: ${message.text()}`);
      }
    });
  }

  get call() {
    return this.page.getByTestId("call");
  }

  get refusal() {
    return this.page.getByTestId("refusal");
  }

  /** Their own participant id, once in the call. */
  async participant() {
    await expect(this.call).toHaveAttribute("data-participant", /./);
    return this.call.getAttribute("data-participant");
  }

  /** The tile of somebody, by name, as this person sees it. */
  tileOf(name) {
    return this.page.locator(`[data-testid=tile][data-kind=camera][data-name="${name}"]`);
  }

  get tiles() {
    return this.page.locator("[data-testid=tile][data-kind=camera]");
  }

  /** Opens a room's link and stays in the green room, once the page has loaded and its program is alive. */
  async open(link) {
    await this.page.goto(link, { waitUntil: "commit" });
    await this.alive();
    const state = () => this.page.evaluate(() => document.readyState);
    await expect.poll(state, "the page ends loading").toBe("complete");
  }

  /** Waits for the program of the green room: it alone gives the mirror something to show, be it without a picture. */
  async alive() {
    await this.page.waitForFunction(() => document.querySelector("[data-testid=preview]")?.srcObject);
  }

  /** Gives the name and presses Join. */
  async join() {
    await this.page.getByTestId("name-input").fill(this.name);
    await this.page.getByTestId("join").click();
    await this.inCall();
  }

  async inCall() {
    await expect(this.call).toHaveAttribute("data-signaling", "online", { timeout: IN_CALL_DEADLINE_MS });
  }

  async openAndJoin(link) {
    await this.open(link);
    await this.join();
  }

  /** Turns `mic` or `camera` `on` or `off`, which it is not yet. */
  async turn(device, wanted) {
    const toggle = this.page.getByTestId(`toggle-${device}`);
    await expect(toggle).toHaveAttribute("aria-pressed", String(wanted === "off"));
    await toggle.click();
    await expect(toggle).toHaveAttribute("aria-pressed", String(wanted === "on"));
    if (await this.call.isVisible()) {
      await expect(this.tileOf(this.name)).toHaveAttribute(`data-${device}`, wanted);
    }
  }

  /** Opens the list of what is done seldom. */
  async openMore() {
    const more = this.page.getByTestId("open-more");
    if ((await more.getAttribute("aria-pressed")) === "false") await more.click();
    await expect(this.page.getByTestId("open-trouble")).toBeVisible();
  }

  async leave() {
    await this.page.getByTestId("leave").click();
    await expect(this.call).toHaveCount(0);
  }

  /** The tracks that the page captured: kind and state of each, the first first. */
  capturedTracks() {
    return this.page.evaluate(() => window.__probe.tracks.map(({ kind, readyState }) => ({ kind, readyState })));
  }

  async depart() {
    const violations = this.page.isClosed() ? [] : await this.#violations();
    this.mishaps.push(...violations.map((violation) => `${this.name}: ${violation}`));
    await this.context.close();
  }

  /** A crashed page answers nothing: it has nothing to tell either. */
  async #violations() {
    return this.crashed ? [] : this.page.evaluate(() => window.__probe?.violations ?? []);
  }

  /** Opens another tab in the same browser profile, after the one before is gone. */
  async comeAgain() {
    this.crashed = false;
    this.page = await this.context.newPage();
    this.watch(this.page);
  }

  /** Kills the page's process, as a crash would. */
  async crash() {
    this.crashed = true;
    const crashed = this.page.waitForEvent("crash");
    const devtools = await this.context.newCDPSession(this.page);
    devtools.send("Page.crash").catch(() => {});
    await crashed;
  }
}
