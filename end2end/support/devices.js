// Machines that lack a device, or whose owner said no: scripts that run in a page first and stand in for such a machine.

/** There is no camera. */
export function withoutCamera() {
  window.__missing = [...(window.__missing ?? []), "video"];
}

/** There is no microphone. */
export function withoutMicrophone() {
  window.__missing = [...(window.__missing ?? []), "audio"];
}

/** Makes what the two above say true; give it after them. */
export function devicesMissing() {
  const devices = navigator.mediaDevices;
  if (!devices) return;
  const missing = window.__missing;
  const enumerateDevices = devices.enumerateDevices.bind(devices);
  const getUserMedia = devices.getUserMedia.bind(devices);
  devices.enumerateDevices = async () =>
    (await enumerateDevices()).filter(({ kind }) => !missing.some((lacked) => kind.startsWith(lacked)));
  devices.getUserMedia = async (constraints) => {
    if (missing.some((lacked) => constraints[lacked])) {
      throw new DOMException("Requested device not found", "NotFoundError");
    }
    return getUserMedia(constraints);
  };
}

/** The owner refuses camera and microphone. */
export function permissionDenied() {
  const devices = navigator.mediaDevices;
  if (!devices) return;
  const enumerateDevices = devices.enumerateDevices.bind(devices);
  devices.enumerateDevices = async () =>
    (await enumerateDevices()).map(({ kind }) => ({ kind, deviceId: "", groupId: "", label: "" }));
  devices.getUserMedia = async () => {
    throw new DOMException("Permission denied", "NotAllowedError");
  };
  const query = navigator.permissions.query.bind(navigator.permissions);
  navigator.permissions.query = async (descriptor) => {
    const status = await query(descriptor);
    if (["camera", "microphone"].includes(descriptor.name)) Object.defineProperty(status, "state", { value: "denied" });
    return status;
  };
}

/** The browser asks each time, and is answered by `answer`: nothing opens before. */
export function permissionAwaited() {
  const devices = navigator.mediaDevices;
  if (!devices) return;
  window.__asked = [];
  window.__asking = true;
  const getUserMedia = devices.getUserMedia.bind(devices);
  devices.getUserMedia = (constraints) => {
    if (!window.__asking) return getUserMedia(constraints);
    return new Promise((resolve, reject) => {
      window.__asked.push(() => getUserMedia(constraints).then(resolve, reject));
    });
  };
}

/** Waits until a page has asked `count` times, and says yes to the last question first. */
export async function answer({ page }, count) {
  await page.waitForFunction((count) => window.__asked.length >= count, count);
  await page.evaluate(async () => {
    for (const yes of window.__asked.splice(0).reverse()) await yes();
  });
}

/** From now on, the browser asks again, or does not. */
export const askAgain = ({ page }, asking) => page.evaluate((asking) => void (window.__asking = asking), asking);

/** The device whose id is in `window.__broken` does not start. */
export function brokenDevice() {
  const devices = navigator.mediaDevices;
  if (!devices) return;
  const getUserMedia = devices.getUserMedia.bind(devices);
  devices.getUserMedia = async (constraints) => {
    const ids = [constraints.audio, constraints.video].map((wanted) => wanted?.deviceId?.exact);
    if (window.__broken && ids.includes(window.__broken)) throw new DOMException("Could not start", "NotReadableError");
    return getUserMedia(constraints);
  };
}

/** Devices can be unplugged, by `unplug`. */
export function unpluggable() {
  const devices = navigator.mediaDevices;
  if (!devices) return;
  window.__unplugged = [];
  const enumerateDevices = devices.enumerateDevices.bind(devices);
  const getUserMedia = devices.getUserMedia.bind(devices);
  const isThere = ({ deviceId }) => !window.__unplugged.includes(deviceId);
  devices.enumerateDevices = async () => (await enumerateDevices()).filter(isThere);
  devices.getUserMedia = async (constraints) => {
    const there = await devices.enumerateDevices();
    for (const [wanted, kind] of [[constraints.audio, "audioinput"], [constraints.video, "videoinput"]]) {
      const fits = ({ deviceId }) => !wanted.deviceId?.exact || wanted.deviceId.exact === deviceId;
      if (wanted && !there.some((device) => device.kind === kind && fits(device))) {
        throw new DOMException("Requested device not found", "NotFoundError");
      }
    }
    return getUserMedia(constraints);
  };
}

/** Unplugs the devices of a kind, `audio` or `video`, whose ids are given, and ends the last track of that kind. */
export const unplug = ({ page }, kind, ids) =>
  page.evaluate(
    ([kind, ids]) => {
      window.__unplugged.push(...ids);
      const track = window.__probe.tracks.findLast((track) => track.kind === kind);
      track.stop();
      track.dispatchEvent(new Event("ended"));
      navigator.mediaDevices.dispatchEvent(new Event("devicechange"));
    },
    [kind, ids],
  );

/** Plugs everything in again. */
export const plugIn = ({ page }) =>
  page.evaluate(() => {
    window.__unplugged = [];
    navigator.mediaDevices.dispatchEvent(new Event("devicechange"));
  });

/** The camera of a phone held upright: a drawing that changes. */
export function uprightCamera() {
  const devices = navigator.mediaDevices;
  if (!devices) return;
  const getUserMedia = devices.getUserMedia.bind(devices);
  devices.getUserMedia = async (constraints) => {
    const stream = await getUserMedia({ audio: constraints.audio });
    const canvas = Object.assign(document.createElement("canvas"), { width: 360, height: 640 });
    const drawing = canvas.getContext("2d");
    setInterval(() => {
      drawing.fillStyle = `hsl(${(Date.now() / 10) % 360} 50% 50%)`;
      drawing.fillRect(0, 0, 360, 640);
    }, 100);
    canvas.captureStream(10).getTracks().forEach((track) => stream.addTrack(track));
    return stream;
  };
}

/** The browser plays no sound while `window.__silent`. */
export function soundHeld() {
  window.__silent = true;
  const play = HTMLMediaElement.prototype.play;
  HTMLMediaElement.prototype.play = function () {
    if (window.__silent && !this.muted) return Promise.reject(new DOMException("Not allowed", "NotAllowedError"));
    return play.call(this);
  };
}

/** The browser lets no page use the clipboard. */
export function clipboardRefused() {
  if (!navigator.clipboard) return;
  navigator.clipboard.writeText = () => Promise.reject(new DOMException("Not allowed", "NotAllowedError"));
}

/** The microphone hears somebody who speaks on and on. */
export function loudMicrophone() {
  const devices = navigator.mediaDevices;
  if (!devices) return;
  const getUserMedia = devices.getUserMedia.bind(devices);
  devices.getUserMedia = async (constraints) => {
    const stream = await getUserMedia(constraints);
    if (!constraints.audio) return stream;
    const context = new AudioContext();
    const [voice, ear] = [context.createOscillator(), context.createMediaStreamDestination()];
    voice.connect(ear);
    voice.start();
    await context.resume();
    for (const track of stream.getAudioTracks()) track.stop();
    return new MediaStream([...ear.stream.getTracks(), ...stream.getVideoTracks()]);
  };
}
