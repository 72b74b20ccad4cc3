// A network of its own for a process: a Linux network namespace, named after the process that made it, so that what a killed
// run left behind is known and can be taken away.

import { execFile, execFileSync } from "node:child_process";
import { promisify } from "node:util";

const execute = promisify(execFile);

const PREFIX = "parlour-test-";
let made = 0;

/**
 * Asks for a page and prints what came; the rest of the command line are the address and the options. Whether a certificate is to be
 * believed is for browsers to say.
 */
const FETCH = `
  process.env.NODE_TLS_REJECT_UNAUTHORIZED = "0";
  const [url, options] = process.argv.slice(1);
  fetch(url, JSON.parse(options)).then(async (response) => {
    console.log(JSON.stringify([await response.text(), { status: response.status }]));
  }, (error) => {
    console.error(error.cause?.message ?? error.message);
    process.exit(1);
  });`;

export class Namespace {
  constructor(name) {
    this.name = name;
  }

  static async make() {
    // Should this process end in the midst of a test, nothing may stay.
    if (!process.listeners("exit").includes(deleteAll)) process.on("exit", deleteAll);
    const namespace = new Namespace(`${PREFIX}${process.pid}-${(made += 1)}`);
    await execute("ip", ["netns", "add", namespace.name]);
    await namespace.ip("link set lo up");
    return namespace;
  }

  /** The words of the command that runs the given one in here. */
  command(words) {
    return ["ip", "netns", "exec", this.name, ...words];
  }

  /** Runs a command in here, to its end; gives what it printed. */
  async run(...words) {
    const [program, ...rest] = this.command(words);
    return (await execute(program, rest)).stdout;
  }

  /** Runs commands of `ip`, each given as one string, in one go. */
  async ip(...commands) {
    const running = execute("ip", ["-n", this.name, "-batch", "-"]);
    running.child.stdin.end(commands.join("\n"));
    return (await running).stdout;
  }

  /** Runs a rule of `iptables`, given as one string. It waits for its turn, should another be at it. */
  iptables(rule, { family = 4 } = {}) {
    return this.run(family === 6 ? "ip6tables" : "iptables", "-w", "5", ...rule.split(" "));
  }

  /** Gives a setting of the network's a value: its name is a path below /proc/sys/net. */
  set(setting, value) {
    return this.run("sh", "-c", `echo ${value} > /proc/sys/net/${setting}`);
  }

  tc(rule) {
    return this.run("tc", ...rule.split(" "));
  }

  /** Like the `fetch` of all, from in here. */
  async fetch(url, options = {}) {
    return new Response(...JSON.parse(await this.run(process.execPath, "-e", FETCH, url, JSON.stringify(options))));
  }

  /** Ends what still runs in here, and takes the namespace away with all its interfaces. At once: a process may be ending. */
  delete() {
    const netns = (...words) => execFileSync("ip", ["netns", ...words], { encoding: "utf8", stdio: "pipe" });
    for (const pid of netns("pids", this.name).split("\n").filter(Boolean)) {
      try {
        process.kill(Number(pid), "SIGKILL");
      } catch (error) {
        if (error.code !== "ESRCH") throw error; // it ended by itself
      }
    }
    netns("delete", this.name);
  }
}

/** Takes away all namespaces that this process has made. */
export function deleteAll() {
  for (const namespace of leftBehind(process.pid)) namespace.delete();
}

/** The namespaces of processes that are no more, or of the process `of` alone. */
export function leftBehind(of) {
  const list = JSON.parse(execFileSync("ip", ["-json", "netns", "list"], { encoding: "utf8" }) || "[]");
  return list
    .map(({ name }) => ({ name, owner: Number(new RegExp(`^${PREFIX}(\\d+)-\\d+$`).exec(name)?.[1]) }))
    .filter(({ owner }) => (of ? owner === of : owner && !isAlive(owner)))
    .map(({ name }) => new Namespace(name));
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}
