// A road to the server that a test can close: what the page has open breaks, and nothing new gets through until it reopens.

import { connect, createServer } from "node:net";

export class TcpProxy {
  #listener;
  #sockets = new Set();
  #open = true;

  /** Listens on a free port and forwards to `port` on the loopback. */
  static async to(port) {
    const proxy = new TcpProxy();
    proxy.#listener = createServer((inner) => proxy.#join(inner, port));
    await new Promise((resolve) => proxy.#listener.listen(0, "127.0.0.1", resolve));
    return proxy;
  }

  get origin() {
    return `http://127.0.0.1:${this.#listener.address().port}`;
  }

  #join(inner, port) {
    if (!this.#open) return inner.resetAndDestroy();
    const outer = connect(port, "127.0.0.1");
    for (const [socket, other] of [[inner, outer], [outer, inner]]) {
      this.#sockets.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => {
        this.#sockets.delete(socket);
        other.destroy();
      });
    }
    inner.pipe(outer).pipe(inner);
  }

  cut() {
    this.#open = false;
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  mend() {
    this.#open = true;
  }

  async close() {
    this.cut();
    await new Promise((resolve) => this.#listener.close(resolve));
  }
}
