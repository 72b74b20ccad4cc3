// Runs in every measured page beside the media probe: answers what the page's connections have sent and received so far. It
// asks only when it is asked, since asking costs the machine that is being measured.

export function installMeshProbe() {
  const CAMERA = "1"; // its place among the media lines
  const POLL_MS = 200;
  const FIELDS = [
    ...["id", "type", "kind", "mid", "timestamp", "frameWidth", "frameHeight"],
    ...["bytesSent", "headerBytesSent", "framesEncoded", "totalEncodeTime"],
    ...["framesDecoded", "totalSamplesReceived", "concealedSamples", "silentConcealedSamples"],
  ];
  const mesh = {};
  Object.defineProperty(window, "__mesh", { value: mesh });

  /** The connections that are not closed, with the places by which they are named. */
  const connections = () =>
    window.__probe.connections
      .map((connection, place) => ({ connection, place }))
      .filter(({ connection }) => connection.connectionState !== "closed");

  const camera = (connection) => connection.getTransceivers().find(({ mid }) => mid === CAMERA);
  const streamsOf = (report, place) =>
    [...report.values()]
      .filter(({ type }) => type === "inbound-rtp" || type === "outbound-rtp")
      .map((stats) => ({ place, ...Object.fromEntries(FIELDS.map((field) => [field, stats[field]])) }));

  const now = () => performance.timeOrigin + performance.now(); // the clock of the counters
  const fingerprint = (description) => /a=fingerprint:\S+ (\S+)/.exec(description?.sdp ?? "")?.[1];

  /** All counters of all connections, and the fingerprints of both ends of each, which stay when ICE is started over. */
  mesh.everything = async () => {
    const parts = await Promise.all(
      connections().map(async ({ connection, place }) => ({
        end: {
          place,
          local: fingerprint(connection.currentLocalDescription),
          remote: fingerprint(connection.currentRemoteDescription),
        },
        streams: streamsOf(await connection.getStats(), place),
      })),
    );
    return { at: now(), ends: parts.map(({ end }) => end), streams: parts.flatMap(({ streams }) => streams) };
  };

  /** The counters of the pictures sent, and of those received in one connection, if there is one to be watched. */
  mesh.pictures = async (watched) => {
    const reports = await Promise.all(
      connections().flatMap(({ connection, place }) => {
        const senders = connection.getSenders().filter(({ track }) => track?.kind === "video");
        const ends = place === watched ? [...senders, camera(connection)?.receiver] : senders;
        return ends.filter(Boolean).map(async (end) => streamsOf(await end.getStats(), place));
      }),
    );
    return { at: now(), ends: [], streams: reports.flat() };
  };

  /**
   * Waits until pictures of so many others have been decoded, at most so long: how many there were, and when the last one
   * came, null where one is missing.
   */
  mesh.seesAll = async (others, deadlineMs) => {
    const seen = new Set();
    for (const end = performance.now() + deadlineMs; ; ) {
      const live = connections().map(({ connection }) => connection);
      // Only where something comes can something have been decoded: a track is muted until its first packet.
      const unseen = live.filter((connection) => !seen.has(connection) && camera(connection)?.receiver.track.muted === false);
      await Promise.all(
        unseen.map(async (connection) => {
          const report = await camera(connection).receiver.getStats();
          for (const stats of report.values()) {
            if (stats.type === "inbound-rtp" && stats.framesDecoded > 0) seen.add(connection);
          }
        }),
      );
      const count = live.filter((connection) => seen.has(connection)).length;
      if (count >= others) return { count, at: Date.now() };
      if (performance.now() > end) return { count, at: null };
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  };

  /** Presses the pin of somebody's tile, as a click would; whether it is pressed then. */
  mesh.pin = async (name) => {
    const pin = document.querySelector(`[data-testid=tile][data-kind=camera][data-name="${name}"] [data-testid=pin]`);
    if (pin?.getAttribute("aria-pressed") === "false") pin.click();
    for (let tries = 0; tries < 25 && pin?.getAttribute("aria-pressed") === "false"; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
    return pin?.getAttribute("aria-pressed") === "true";
  };
}
