// The floor: how fast this browser on this machine connects two peer connections of one bare page, with nothing between them.

import { createServer } from "node:http";
import { installTimeline } from "./timeline.js";

/** Serves an empty page; `close` ends it. */
export async function serveBarePage() {
  const server = createServer((_, response) => {
    response.setHeader("content-type", "text/html");
    response.end("<!doctype html><title>floor</title>");
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { origin: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

/** One run: the milliseconds from createOffer to each step; `bothWays` sends a picture back too, as a call does. */
export async function timeFloor(browser, origin, { capture, bothWays }) {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await page.addInitScript(installTimeline);
    await page.goto(origin);
    return await page.evaluate(connectTwo, { capture, bothWays });
  } finally {
    await context.close();
  }
}

async function connectTwo({ capture, bothWays }) {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: capture });
  const preview = document.body.appendChild(document.createElement("video"));
  Object.assign(preview, { muted: true, autoplay: true, srcObject: stream });
  await new Promise((resolve) => preview.requestVideoFrameCallback(resolve));

  const caller = new RTCPeerConnection();
  const callee = new RTCPeerConnection();
  const shown = document.body.appendChild(document.createElement("video"));
  shown.autoplay = true;
  const at = {};
  const note = (what) => (at[what] ??= performance.now());
  const [sender, receiver] = bothWays ? [callee, caller] : [caller, callee];
  receiver.ontrack = ({ track, streams }) => {
    if (track.kind === "video") shown.srcObject = streams[0];
  };
  caller.oniceconnectionstatechange = () => caller.iceConnectionState === "connected" && note("ice");
  caller.onconnectionstatechange = () => caller.connectionState === "connected" && note("dtls");

  const start = performance.now();
  for (const track of stream.getTracks()) caller.addTrack(track, stream);
  const described = { caller: later(), callee: later() };
  caller.onicecandidate = ({ candidate }) => described.callee.promise.then(() => callee.addIceCandidate(candidate));
  callee.onicecandidate = ({ candidate }) => described.caller.promise.then(() => caller.addIceCandidate(candidate));
  await caller.setLocalDescription(await caller.createOffer());
  await callee.setRemoteDescription(caller.localDescription);
  described.callee.resolve();
  if (sender === callee) for (const track of stream.getTracks()) callee.addTrack(track, stream);
  await callee.setLocalDescription(await callee.createAnswer());
  await caller.setRemoteDescription(callee.localDescription);
  described.caller.resolve();
  note("described");
  await new Promise((resolve) => shown.requestVideoFrameCallback(resolve));
  note("frame");
  return Object.fromEntries(Object.entries(at).map(([what, when]) => [what, when - start]));

  function later() {
    const one = {};
    one.promise = new Promise((resolve) => (one.resolve = resolve));
    return one;
  }
}
