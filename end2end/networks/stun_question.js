// Asks STUN servers (RFC 8489) from one socket which address they see, and prints the answers as JSON; run inside of a household.
// Words of the command line: the servers, each as ADDRESS PORT.

import { randomBytes } from "node:crypto";
import { createSocket } from "node:dgram";
import { isIPv6 } from "node:net";

const COOKIE = 0x2112a442;
const BINDING_REQUEST = 0x0001;
const XOR_MAPPED_ADDRESS = 0x0020;
const HEADER_BYTES = 20;
const AGAIN_MS = 500;
const DEADLINE_MS = 10_000;

function question() {
  const message = Buffer.alloc(HEADER_BYTES);
  message.writeUInt16BE(BINDING_REQUEST, 0);
  message.writeUInt32BE(COOKIE, 4);
  randomBytes(12).copy(message, 8);
  return message;
}

/** What the answer says of its receiver's address, family and all: an IPv4 one in IPv6's clothes is of use to nobody. */
function mappedAddress(answer) {
  for (let at = HEADER_BYTES; at < answer.length; ) {
    const [type, length] = [answer.readUInt16BE(at), answer.readUInt16BE(at + 2)];
    if (type === XOR_MAPPED_ADDRESS) {
      const family = answer[at + 5] === 1 ? 4 : 6;
      const port = answer.readUInt16BE(at + 6) ^ (COOKIE >>> 16);
      const bytes = answer.subarray(at + 8, at + 4 + length).map((byte, index) => byte ^ answer[4 + index]);
      return { family, port, address: family === 4 ? bytes.join(".") : bytes.toString("hex") };
    }
    at += 4 + Math.ceil(length / 4) * 4;
  }
  return null;
}

const words = process.argv.slice(2);
const servers = Array.from({ length: words.length / 2 }, (_, index) => [words[2 * index], Number(words[2 * index + 1])]);
const socket = createSocket(isIPv6(servers[0][0]) ? "udp6" : "udp4");
socket.bind();

function ask([address, port]) {
  return new Promise((resolve) => {
    const message = question();
    const asking = setInterval(() => socket.send(message, port, address), AGAIN_MS);
    socket.send(message, port, address);
    socket.on("message", (answer, { address: from }) => {
      if (from !== address || !answer.subarray(8, HEADER_BYTES).equals(message.subarray(8))) return;
      clearInterval(asking);
      resolve(mappedAddress(answer));
    });
  });
}

setTimeout(() => process.exit(1), DEADLINE_MS).unref();
const seen = await Promise.all(servers.map(ask));
console.log(JSON.stringify({ port: socket.address().port, seen }));
socket.close();
