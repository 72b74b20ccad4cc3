// An internet of a test's own: a hub in which the server lives, and a line to each household. What two households send each other
// directly crosses the hub; nothing of it touches the machine's own network, and no packet leaves it.

import { certify } from "../support/certificates.js";
import { Namespace, deleteAll } from "../support/namespace.js";
import { Server } from "../support/server.js";
import { Household } from "./household.js";

/** The server's addresses; the second is there to tell apart the kinds of NAT. */
export const SERVER = { 4: "203.0.113.1", 6: "2001:db8::1" };
export const SECOND = "203.0.113.2";
export const PORT = 443;

export class Internet {
  homes = [];

  constructor(hub) {
    this.hub = hub;
  }

  /** People reach its server by an address of the `family`; it listens to both. */
  static async make(family) {
    const internet = new Internet(await Namespace.make());
    const { hub } = internet;
    try {
      await hub.set("ipv4/ip_forward", 1);
      await hub.set("ipv6/conf/all/forwarding", 1);
      await hub.set("ipv6/conf/default/accept_dad", 0);
      await hub.ip(...[SERVER[4], SECOND].map((address) => `addr add ${address}/32 dev lo`), `addr add ${SERVER[6]}/128 dev lo`);
      const host = family === 6 ? `[${SERVER[6]}]` : SERVER[4];
      internet.tls = await certify([SERVER[4], SERVER[6]]);
      internet.server = await Server.start({ host, port: PORT, listen: "[::]", tls: internet.tls, place: hub });
      return internet;
    } catch (error) {
      await internet.close();
      throw error;
    }
  }

  /** Builds a household of a kind. */
  async addHome(kind) {
    const home = await Household.build(this.hub, this.homes.length + 1, kind);
    this.homes.push(home);
    return home;
  }

  async close() {
    for (const home of this.homes) await home.leave();
    await this.server?.stop();
    await this.tls?.discard();
    deleteAll();
  }
}
