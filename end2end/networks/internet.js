// An internet of a test's own: a hub in which the server lives, and a line to each household. What two households send each other
// directly crosses the hub; nothing of it touches the machine's own network, and no packet leaves it.

import { certify } from "../support/certificates.js";
import { Namespace, deleteAll } from "../support/namespace.js";
import { Server } from "../support/server.js";
import { Household } from "./household.js";
import { askNames, serveName } from "./name_server.js";

/** The server's addresses; the second is there to tell apart the kinds of NAT. */
export const SERVER = { 4: "203.0.113.1", 6: "2001:db8::1" };
export const SECOND = "203.0.113.2";
export const PORT = 443;
/** What the server is called, in an internet that has names. */
const NAME = "rooms.example";

export class Internet {
  homes = [];
  #forgets = [];

  constructor(hub, { family, named }) {
    Object.assign(this, { hub, family, named });
  }

  /** People reach its server by an address of the `family`, or, with `named`, by a name that has both; it listens to both. */
  static async make({ family, named = false }) {
    const internet = new Internet(await Namespace.make(), { family, named });
    const { hub } = internet;
    try {
      await hub.set("ipv4/ip_forward", 1);
      await hub.set("ipv6/conf/all/forwarding", 1);
      await hub.set("ipv6/conf/default/accept_dad", 0);
      await hub.ip(...[SERVER[4], SECOND].map((address) => `addr add ${address}/32 dev lo`), `addr add ${SERVER[6]}/128 dev lo`);
      if (named) {
        serveName(hub, NAME, Object.values(SERVER));
        await internet.#introduce(hub);
      }
      const host = named ? NAME : family === 6 ? `[${SERVER[6]}]` : SERVER[4];
      internet.tls = await certify([SERVER[4], SERVER[6], NAME]);
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
    if (this.named) await this.#introduce(home.namespace);
    return home;
  }

  /** Lets a place know names. */
  async #introduce(place) {
    this.#forgets.push(await askNames(place, SERVER[this.family]));
  }

  async close() {
    for (const home of this.homes) await home.leave();
    await this.server?.stop();
    await this.tls?.discard();
    for (const forget of this.#forgets) await forget();
    deleteAll();
  }
}
