// Which address STUN servers see when somebody at home asks them.

import { fileURLToPath } from "node:url";

const QUESTION = fileURLToPath(new URL("stun_question.js", import.meta.url));

/** Asks servers from one socket at home: gives the `port` it has there, and what each of them has `seen`. */
export async function mappedAddresses(home, servers, port) {
  const words = servers.flatMap((server) => [server, String(port)]);
  return JSON.parse(await home.namespace.run(process.execPath, QUESTION, ...words));
}
