// A road to the server that a test can close, in two ways: `cut`, and what the page has open breaks and nothing new gets
// through; or `blackhole`, and everything stays open, new connections too, but nothing comes through and nobody is told.

import { connect, createServer } from "node:net";

export class TcpProxy {
  #listener;
  #port;
  #others = new Map();
  #waiting = new Set();
  #road = "open";

  /** Listens on a free port and forwards to `port` on the loopback. */
  static async to(port) {
    const proxy = new TcpProxy();
    proxy.#port = port;
    proxy.#listener = createServer((inner) => proxy.#accept(inner));
    await new Promise((resolve) => proxy.#listener.listen(0, "127.0.0.1", resolve));
    return proxy;
  }

  get origin() {
    return `http://127.0.0.1:${this.#listener.address().port}`;
  }

  #accept(inner) {
    inner.on("error", () => {});
    if (this.#road === "cut") return inner.resetAndDestroy();
    if (this.#road === "black") return this.#waiting.add(inner);
    this.#join(inner);
  }

  #join(inner) {
    const outer = connect(this.#port, "127.0.0.1");
    outer.on("error", () => {});
    for (const [socket, other] of [[inner, outer], [outer, inner]]) {
      this.#others.set(socket, other);
      socket.on("close", () => {
        this.#others.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
  }

  cut() {
    this.#road = "cut";
    for (const socket of [...this.#others.keys(), ...this.#waiting]) socket.resetAndDestroy();
    this.#waiting.clear();
  }

  /** What was under way waits, and arrives after `mend`, as on a network that fell silent: ends of connections too. */
  blackhole() {
    this.#road = "black";
    for (const [socket, other] of this.#others) {
      socket.unpipe(other);
      socket.pause();
    }
  }

  mend() {
    if (this.#road === "black") {
      for (const [socket, other] of this.#others) socket.pipe(other);
      for (const inner of this.#waiting) this.#join(inner);
      this.#waiting.clear();
    }
    this.#road = "open";
  }

  async close() {
    this.cut();
    await new Promise((resolve) => this.#listener.close(resolve));
  }
}
