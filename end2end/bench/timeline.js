// Runs in a measured page before its own scripts: notes when things happen, in milliseconds since the navigation began.
// It takes the same notes on every page that is compared.

export function installTimeline() {
  const marks = [];
  window.__timeline = marks;
  const mark = (what) => marks.push({ what, at: performance.now() });
  window.__mark = mark;

  addEventListener("click", ({ target }) => {
    if (target.closest?.("[data-testid=join], [type=submit]")) mark("click");
  }, true);

  const wrap = (name, watch) => {
    const Native = window[name];
    window[name] = new Proxy(Native, {
      construct(target, args) {
        const made = Reflect.construct(target, args);
        watch(made);
        return made;
      },
    });
  };
  wrap("WebSocket", (socket) => {
    socket.addEventListener("open", () => mark("socket open"));
    socket.addEventListener("message", () => mark("message"));
  });
  wrap("RTCPeerConnection", (connection) => {
    mark("connection made");
    connection.addEventListener("iceconnectionstatechange", () => mark(`ice ${connection.iceConnectionState}`));
    connection.addEventListener("connectionstatechange", () => mark(`dtls ${connection.connectionState}`));
    connection.addEventListener("signalingstatechange", () => mark(`signaling ${connection.signalingState}`));
  });

  const own = new Set();
  const getUserMedia = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (constraints) => {
    const stream = await getUserMedia(constraints);
    for (const track of stream.getTracks()) own.add(track.id);
    mark("captured");
    return stream;
  };

  // A frame of a video whose track was not captured here is another person's; each video tells its first one only.
  const seen = new WeakSet();
  const watch = (video) => {
    if (seen.has(video)) return;
    seen.add(video);
    const onFrame = () => {
      const track = video.srcObject?.getVideoTracks?.()[0];
      if (track && !own.has(track.id)) mark("remote frame");
      else video.requestVideoFrameCallback(onFrame);
    };
    video.requestVideoFrameCallback(onFrame);
  };
  new MutationObserver(() => document.querySelectorAll("video").forEach(watch)).observe(document, {
    childList: true,
    subtree: true,
  });
}

/** Waits until so many people's first frames were seen, and gives all marks. */
export async function framesSeen(page, count) {
  await page.waitForFunction(
    (count) => window.__timeline.filter(({ what }) => what === "remote frame").length >= count,
    count,
    { polling: 50, timeout: 60_000 },
  );
  return page.evaluate(() => window.__timeline);
}

/** When something first happened at or after a moment; NaN where it did not. */
export function first(marks, what, after = 0) {
  return marks.find((mark) => mark.at >= after && mark.what === what)?.at ?? NaN;
}
