// What a page does about sound: scripts that run in it first and take notes, or stand in for devices that no machine of tests has.

/** Notes each tone, each gain that a voice goes through, each loudspeaker that is chosen, and each player that the page makes. */
export function soundSpy() {
  window.__sound = { tones: [], last: -Infinity, gains: [], players: [] };
  const start = AudioScheduledSourceNode.prototype.start;
  AudioScheduledSourceNode.prototype.start = function (...when) {
    if (this instanceof OscillatorNode) {
      window.__sound.tones.push(Math.round(this.frequency.value));
      window.__sound.last = performance.now();
    }
    return start.apply(this, when);
  };
  const connect = AudioNode.prototype.connect;
  AudioNode.prototype.connect = function (...to) {
    if (this instanceof MediaStreamAudioSourceNode && to[0] instanceof GainNode) window.__sound.gains.push(to[0]);
    return connect.apply(this, to);
  };
  const Native = window.Audio;
  window.Audio = function (...source) {
    const player = new Native(...source);
    window.__sound.players.push(player);
    return player;
  };
}

/** The notes of the tones that a page has played. */
export const tones = ({ page }) => page.evaluate(() => window.__sound.tones);

/** Waits until a tone would be heard: one that follows another within half a second, by the page's clock, is left out. */
export const afterTheTone = ({ page }) =>
  page.waitForFunction((apart) => performance.now() > window.__sound.last + apart, 500);

/** The microphone gives nothing at all until `window.__speak()`, and then a tone. */
export function deadMicrophone() {
  const devices = navigator.mediaDevices;
  const getUserMedia = devices.getUserMedia.bind(devices);
  devices.getUserMedia = async (constraints) => {
    const stream = await getUserMedia(constraints);
    if (!constraints.audio) return stream;
    const context = new AudioContext();
    const ear = context.createMediaStreamDestination();
    window.__speak = () => {
      const voice = context.createOscillator();
      voice.connect(ear);
      voice.start();
    };
    await context.resume();
    for (const track of stream.getAudioTracks()) track.stop();
    return new MediaStream([...ear.stream.getTracks(), ...stream.getVideoTracks()]);
  };
}

/** A quiet room: the microphone gives a noise that no meter shows. */
export function quietRoom() {
  const devices = navigator.mediaDevices;
  const getUserMedia = devices.getUserMedia.bind(devices);
  devices.getUserMedia = async (constraints) => {
    const stream = await getUserMedia(constraints);
    if (!constraints.audio) return stream;
    const context = new AudioContext();
    const [noise, quiet] = [context.createOscillator(), context.createGain()];
    const ear = context.createMediaStreamDestination();
    quiet.gain.value = 1e-5;
    noise.connect(quiet).connect(ear);
    noise.start();
    await context.resume();
    for (const track of stream.getAudioTracks()) track.stop();
    return new MediaStream([...ear.stream.getTracks(), ...stream.getVideoTracks()]);
  };
}

/** While `window.__calling`, the system gives the microphone to a phone call: what captures it is muted, also what is opened anew. */
export function phoneCalls() {
  const muted = Object.getOwnPropertyDescriptor(MediaStreamTrack.prototype, "muted").get;
  const ours = new WeakSet();
  const getUserMedia = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  window.__opened = 0;
  navigator.mediaDevices.getUserMedia = async (constraints) => {
    const stream = await getUserMedia(constraints);
    if (constraints.audio) window.__opened += 1;
    for (const track of stream.getAudioTracks()) ours.add(track);
    return stream;
  };
  Object.defineProperty(MediaStreamTrack.prototype, "muted", {
    get() {
      if (!ours.has(this)) return muted.call(this);
      return !!window.__calling && (window.__calling === "always" || this === window.__called);
    },
  });
}

/** A phone: two cameras, one that looks at its owner and one that looks away. */
export function twoWays() {
  const devices = navigator.mediaDevices;
  const WAYS = ["user", "environment"];
  const enumerateDevices = devices.enumerateDevices.bind(devices);
  devices.enumerateDevices = async () => {
    const found = await enumerateDevices();
    found
      .filter(({ kind }) => kind === "videoinput")
      .forEach((camera, place) => (camera.getCapabilities = () => ({ facingMode: WAYS[place] ? [WAYS[place]] : [] })));
    return found;
  };
  const getUserMedia = devices.getUserMedia.bind(devices);
  window.__facing = [];
  devices.getUserMedia = async (constraints) => {
    const wanted = constraints.video?.facingMode?.exact;
    // The cameras behind this one look nowhere.
    const { facingMode: _, ...video } = constraints.video ?? {};
    const stream = await getUserMedia({ ...constraints, video: constraints.video && video });
    for (const track of stream.getVideoTracks()) {
      window.__facing.push(wanted ?? "user");
      const getSettings = track.getSettings.bind(track);
      track.getSettings = () => ({ ...getSettings(), facingMode: wanted ?? "user" });
    }
    return stream;
  };
}

/** The system's default microphone changes whenever `window.__system` does; how often a microphone was opened is noted. */
export function changingDefault() {
  const devices = navigator.mediaDevices;
  window.__opened = 0;
  const enumerateDevices = devices.enumerateDevices.bind(devices);
  devices.enumerateDevices = async () => {
    const found = await enumerateDevices();
    const usual = found.find(({ kind, deviceId }) => kind === "audioinput" && deviceId === "default");
    if (usual && window.__system) Object.defineProperty(usual, "groupId", { value: window.__system });
    return found;
  };
  const getUserMedia = devices.getUserMedia.bind(devices);
  devices.getUserMedia = (constraints) => {
    if (constraints.audio) window.__opened += 1;
    return getUserMedia(constraints);
  };
}

/** Cameras whose system can blur what is behind one. */
export function blurringCamera() {
  const getCapabilities = MediaStreamTrack.prototype.getCapabilities;
  const getSettings = MediaStreamTrack.prototype.getSettings;
  const applyConstraints = MediaStreamTrack.prototype.applyConstraints;
  const blurred = new WeakMap();
  MediaStreamTrack.prototype.getCapabilities = function () {
    const can = getCapabilities.call(this);
    return this.kind === "video" ? { ...can, backgroundBlur: [false, true] } : can;
  };
  MediaStreamTrack.prototype.getSettings = function () {
    return { ...getSettings.call(this), backgroundBlur: blurred.get(this) ?? false };
  };
  MediaStreamTrack.prototype.applyConstraints = async function (constraints) {
    if (constraints?.backgroundBlur) blurred.set(this, constraints.backgroundBlur.exact);
    else await applyConstraints.call(this, constraints);
  };
}

/** Opens the panel `Sound and picture`. */
export async function openDevices({ page }) {
  await page.getByTestId("open-more").click();
  await page.getByTestId("open-devices").click();
  return page.getByTestId("devices");
}
