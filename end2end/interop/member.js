// Somebody in a room who is no browser: a socket that says the one thing needed to be told of the relay, and stays.

import { once } from "node:events";
import WebSocket from "ws";

export class Member {
  /** Joins; comes back when the server has welcomed it. */
  static async join(server, room, name = "Tool") {
    const member = new Member();
    member.socket = new WebSocket(`${server.origin.replace("http", "ws")}/api/signaling`);
    await once(member.socket, "open");
    const media = { microphone: false, camera: false };
    member.socket.send(JSON.stringify({ join: { room, name, media } }));
    for (;;) {
      const message = JSON.parse(String((await once(member.socket, "message"))[0]));
      if (message.refused) throw new Error(`refused: ${message.refused.reason}`);
      if (!message.welcome) continue;
      const { urls, username, credential } = message.welcome.ice_servers.find(({ username }) => username);
      return Object.assign(member, { urls, username, credential });
    }
  }

  /** Leaves for good. */
  async leave() {
    const closed = once(this.socket, "close");
    this.socket.send(JSON.stringify("leave"));
    await closed;
  }

  part() {
    this.socket.terminate();
  }
}
