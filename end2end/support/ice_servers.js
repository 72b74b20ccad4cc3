// Runs in every page before its own scripts, in tests only: the page hears of other ICE servers than its server names.

/** The server has no relay. */
export function withoutRelay() {
  const { get } = Object.getOwnPropertyDescriptor(MessageEvent.prototype, "data");
  Object.defineProperty(MessageEvent.prototype, "data", {
    get() {
      const data = get.call(this);
      if (typeof data !== "string" || !data.startsWith('{"welcome"')) return data;
      const message = JSON.parse(data);
      message.welcome.ice_servers = [];
      return JSON.stringify(message);
    },
  });
}

/** The server names a relay at which nobody answers. */
export function withDeafRelay() {
  const { get } = Object.getOwnPropertyDescriptor(MessageEvent.prototype, "data");
  Object.defineProperty(MessageEvent.prototype, "data", {
    get() {
      const data = get.call(this);
      if (typeof data !== "string" || !data.startsWith('{"welcome"')) return data;
      const message = JSON.parse(data);
      message.welcome.ice_servers = [{ urls: ["turn:127.0.0.1:9?transport=udp"], username: "first", credential: "c" }];
      return JSON.stringify(message);
    },
  });
}
