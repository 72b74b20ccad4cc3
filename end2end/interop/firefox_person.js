// One person in Firefox: what they do in the pages, and what the tests ask of a person wherever their page is.

import { expect } from "@playwright/test";
import { installMediaProbe } from "../support/media_probe.js";
import { Firefox } from "./webdriver.js";

const ALIVE_DEADLINE_MS = 30_000;

const PREFS = {
  // Devices that are not there, used without a question.
  "media.navigator.streams.fake": true,
  "media.navigator.permission.disabled": true,
  "media.autoplay.default": 0,
  // Both ends of a call are on one machine, which may be on no network.
  "media.peerconnection.ice.loopback": true,
  // It would download codecs; the others do without.
  "media.gmp-manager.updateEnabled": false,
};

export class FirefoxPerson {
  mishaps = [];
  requests = [];

  constructor(name, firefox) {
    Object.assign(this, { name, firefox, page: firefox });
  }

  /** A new person; `prepare` are functions that run in their pages first, `tls` is how the server speaks TLS (certificates.js). */
  static async arrive(name, { prepare = [], tls } = {}) {
    const person = new FirefoxPerson(name, await Firefox.start(PREFS));
    try {
      await person.#watch();
      if (tls) await person.firefox.believe(tls.authority);
      for (const script of [...prepare, installMediaProbe]) await person.firefox.prepare(script);
      return person;
    } catch (error) {
      await person.firefox.stop();
      throw error;
    }
  }

  /** Notes what the pages ask for and what goes wrong in them. */
  async #watch() {
    await this.firefox.on(["network.beforeRequestSent", "log.entryAdded"], (event, params) => {
      if (event === "network.beforeRequestSent") return this.requests.push(params.request.url);
      const { type, level, text } = params;
      if (level !== "error") return;
      if (type === "javascript" || /Content[- ]Security[- ]Policy|Permissions[- ]Policy|panicked/i.test(text)) {
        this.mishaps.push(`${this.name}: ${text}`);
      }
    });
  }

  async openAndJoin(link) {
    await this.firefox.goto(link);
    await this.#until("the mirror shows something", () => !!document.querySelector("[data-testid=preview]")?.srcObject);
    await this.firefox.type("[data-testid=name-input]", this.name);
    await this.firefox.press("[data-testid=join]");
    await this.#until("in the call", () => document.querySelector("[data-testid=call]")?.dataset.signaling === "online");
  }

  async #until(message, holds) {
    await expect.poll(() => this.firefox.evaluate(holds), { message, timeout: ALIVE_DEADLINE_MS }).toBe(true);
  }

  participant() {
    return this.firefox.evaluate(() => document.querySelector("[data-testid=call]").dataset.participant);
  }

  async depart() {
    const violations = await this.firefox.evaluate(() => window.__probe?.violations ?? []).catch(() => []);
    this.mishaps.push(...violations.map((violation) => `${this.name}: ${violation}`));
    await this.firefox.stop();
  }
}
