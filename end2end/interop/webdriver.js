// A Firefox of a test's own, driven through geckodriver: what people do (typing, pressing) by the classic WebDriver protocol
// (https://www.w3.org/TR/webdriver2/), what it lacks (scripts before the page's own, events) by WebDriver BiDi
// (https://www.w3.org/TR/webdriver-bidi/). Separate from Playwright, which drives Debian's Chromium, but no Firefox as released.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import WebSocket from "ws";

const FIREFOX = process.env.PARLOUR_FIREFOX ?? "/usr/bin/firefox-esr";
const START_DEADLINE_MS = 60_000;
const ELEMENT = "element-6066-11e4-a52e-4f735466cecf"; // the key of an element's reference (§ 12.1)

export class Firefox {
  #driver;
  #session;
  #bidi;
  #folder;
  #id = 0;
  #waiting = new Map();
  #listeners = [];

  /** Starts it, with nothing but a blank page; `prefs` are what `about:config` shows. */
  static async start(prefs) {
    const firefox = new Firefox();
    try {
      await firefox.#start(prefs);
    } catch (error) {
      await firefox.stop();
      throw error;
    }
    return firefox;
  }

  async #start(prefs) {
    this.#folder = await mkdtemp(join(tmpdir(), "parlour-firefox-"));
    const child = spawn("geckodriver", ["--port", "0", "--websocket-port", "0", "--allow-system-access", "--profile-root", this.#folder], {
      stdio: ["ignore", "pipe", "ignore"],
      env: { ...process.env, HOME: this.#folder, MOZ_CRASHREPORTER_DISABLE: "1" },
      detached: true, // a group of its own, so that it goes with all that it started
    });
    this.#driver = child;
    const failed = once(child, "error").then(([error]) => {
      throw new Error(`geckodriver: ${error.message} (scripts/install-interop-tools.sh installs it)`);
    });
    const ended = once(child, "exit").then(() => {
      throw new Error("geckodriver ended");
    });
    for (const end of [failed, ended]) end.catch(() => {});
    const address = await Promise.race([listening(child.stdout), failed, ended]);
    const firefoxOptions = { binary: FIREFOX, args: ["-headless"], prefs };
    const alwaysMatch = { "moz:firefoxOptions": firefoxOptions, webSocketUrl: true };
    const made = await ask(`http://${address}/session`, "POST", { capabilities: { alwaysMatch } });
    this.#session = `http://${address}/session/${made.sessionId}`;
    this.version = made.capabilities.browserVersion;
    this.window = await this.classic("GET", "window");
    await this.#listen(made.capabilities.webSocketUrl);
  }

  async #listen(url) {
    this.#bidi = new WebSocket(url, { perMessageDeflate: false, maxPayload: 256 * 1024 * 1024 });
    await once(this.#bidi, "open");
    this.#bidi.on("message", (text) => {
      const message = JSON.parse(text);
      if (message.type === "event") return this.#listeners.forEach((listener) => listener(message));
      const { resolve, reject } = this.#waiting.get(message.id) ?? {};
      this.#waiting.delete(message.id);
      if (message.type === "success") resolve?.(message.result);
      else reject?.(new Error(`${message.error}: ${message.message}`));
    });
    this.#bidi.on("close", () => {
      for (const { reject } of this.#waiting.values()) reject(new Error("Firefox is gone"));
      this.#waiting.clear();
    });
  }

  /** A command of the classic protocol, within the session. */
  classic(method, path, content) {
    return ask(`${this.#session}/${path}`, method, content);
  }

  /** A command of WebDriver BiDi. */
  bidi(method, params) {
    const id = ++this.#id;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#bidi.send(JSON.stringify({ id, method, params }), (error) => error && reject(error));
    });
  }

  /** Has `listener` called with every event of these names. */
  async on(events, listener) {
    this.#listeners.push(({ method, params }) => events.includes(method) && listener(method, params));
    await this.bidi("session.subscribe", { events });
  }

  /** Has certificates of this authority (base64 of its own, DER) believed, for pages and for relays. */
  async believe(authority) {
    await this.classic("POST", "moz/context", { context: "chrome" });
    const script = `Cc["@mozilla.org/security/x509certdb;1"].getService(Ci.nsIX509CertDB).addCertFromBase64(arguments[0], "C,,")`;
    await this.classic("POST", "execute/sync", { script, args: [authority] });
    await this.classic("POST", "moz/context", { context: "content" });
  }

  /** Runs a function, or a text, in every page before its own scripts. */
  prepare(script) {
    const text = typeof script === "string" ? script : `(${script})()`;
    return this.bidi("script.addPreloadScript", { functionDeclaration: `() => { ${text}; }` });
  }

  /** Runs a function in the page, with an argument and a result that JSON can carry. */
  async evaluate(script, argument = null) {
    const { type, result, exceptionDetails } = await this.bidi("script.callFunction", {
      functionDeclaration: `(text) => (async () => (${script})(JSON.parse(text)))().then(
        (result) => JSON.stringify({ result }),
        (error) => JSON.stringify({ error: String(error) }),
      )`,
      arguments: [{ type: "string", value: JSON.stringify(argument) }],
      target: { context: this.window },
      awaitPromise: true,
    });
    if (type !== "success") throw new Error(`in Firefox: ${exceptionDetails.text}`);
    const answer = JSON.parse(result.value);
    if (answer.error) throw new Error(`in Firefox: ${answer.error}`);
    return answer.result;
  }

  /** Shows a page; comes back when it has loaded. */
  goto(url) {
    return this.bidi("browsingContext.navigate", { context: this.window, url, wait: "complete" });
  }

  async press(selector) {
    await this.classic("POST", `element/${await this.#find(selector)}/click`, {});
  }

  /** Types a text into a field, in place of what stands there. */
  async type(selector, text) {
    const element = await this.#find(selector);
    await this.classic("POST", `element/${element}/clear`, {});
    await this.classic("POST", `element/${element}/value`, { text });
  }

  async #find(selector) {
    return (await this.classic("POST", "element", { using: "css selector", value: selector }))[ELEMENT];
  }

  /** A PNG of what the window shows. */
  async screenshot() {
    return Buffer.from(await this.classic("GET", "screenshot"), "base64");
  }

  /** Ends Firefox and its driver, and whatever they left running. */
  async stop() {
    this.#bidi?.terminate();
    const child = this.#driver;
    if (child?.pid && child.exitCode === null && child.signalCode === null) {
      const exited = once(child, "exit");
      if (this.#session) await ask(this.#session, "DELETE").catch(() => {});
      process.kill(-child.pid, "SIGKILL");
      await exited;
    }
    if (this.#folder) await rm(this.#folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
}

/** The address that geckodriver says it listens on. */
async function listening(output) {
  for await (const line of createInterface({ input: output })) {
    const [, address] = /Listening on (\S+)/.exec(line) ?? [];
    if (address) {
      output.resume();
      return address;
    }
  }
  throw new Error("geckodriver does not listen");
}

async function ask(url, method, content) {
  const response = await fetch(url, {
    method,
    body: content && JSON.stringify(content),
    headers: { "content-type": "application/json" },
    signal: AbortSignal.timeout(START_DEADLINE_MS),
  });
  const { value } = await response.json();
  if (!response.ok) throw new Error(`${method} ${url}: ${value.error}: ${value.message}`);
  return value;
}
