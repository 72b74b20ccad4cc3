// Runs in every page before its own scripts, in tests only: remembers the peer connections, captured tracks and sockets
// that the page makes, so that a test can ask the browser itself what flows. It changes nothing that the page sees.

export function installMediaProbe() {
  const probe = { connections: [], tracks: [], screens: [], sockets: [], violations: [] };
  Object.defineProperty(window, "__probe", { value: probe });

  const remember = (name, list) => {
    const Native = window[name];
    if (!Native) return;
    window[name] = new Proxy(Native, {
      construct(target, args, newTarget) {
        const made = Reflect.construct(target, args, newTarget === window[name] ? target : newTarget);
        list.push(made);
        return made;
      },
    });
  };
  remember("RTCPeerConnection", probe.connections);
  remember("WebSocket", probe.sockets);

  const devices = navigator.mediaDevices; // absent where the origin is insecure
  if (devices) {
    const getUserMedia = devices.getUserMedia.bind(devices);
    devices.getUserMedia = async (constraints) => {
      const stream = await getUserMedia(constraints);
      probe.tracks.push(...stream.getTracks());
      return stream;
    };
    const getDisplayMedia = devices.getDisplayMedia?.bind(devices);
    if (getDisplayMedia) {
      devices.getDisplayMedia = async (options) => {
        const stream = await getDisplayMedia(options);
        probe.screens.push(...stream.getTracks());
        return stream;
      };
    }
    const cloneTrack = MediaStreamTrack.prototype.clone;
    MediaStreamTrack.prototype.clone = function () {
      const copy = cloneTrack.call(this);
      probe.tracks.push(copy);
      return copy;
    };
  }

  addEventListener("securitypolicyviolation", (event) => {
    probe.violations.push(`${event.violatedDirective}: ${event.blockedURI} ${event.sample}`);
  });

  const ufrag = (description) => /a=ice-ufrag:(\S+)/.exec(description?.sdp ?? "")?.[1] ?? "";

  /** The live connections, by the two names that ICE gave their ends; not one that is kept ready for nobody yet. */
  probe.ends = () =>
    probe.connections
      .map((connection, index) => ({ connection, index }))
      .filter(({ connection }) => connection.connectionState !== "closed") // Firefox says no more of a closed one
      .map(({ connection, index }) => ({
        index,
        local: ufrag(connection.localDescription),
        remote: ufrag(connection.remoteDescription),
        state: connection.connectionState,
      }))
      .filter(({ local, remote }) => local || remote);

  /** The devices that the tracks sent now come from, those that have ended left out. */
  probe.sending = () =>
    probe.connections
      .filter(({ connectionState }) => connectionState !== "closed")
      .flatMap((connection) => connection.getSenders())
      .filter(({ track }) => track?.readyState === "live")
      .map(({ track }) => ({ kind: track.kind, device: track.getSettings().deviceId }));

  /** How many pictures a video has shown. */
  probe.picturesShown = (video) => {
    const { totalVideoFrames } = video.getVideoPlaybackQuality();
    // Firefox counts none that come from a connection; there each says the how manieth it is.
    if (totalVideoFrames > 0) return totalVideoFrames;
    return new Promise((resolve) => {
      video.requestVideoFrameCallback((_, { presentedFrames }) => resolve(presentedFrames));
      setTimeout(resolve, 1_000, 0);
    });
  };

  /** What has come so far of whom a video shows, by the counters of the very tracks that it plays; null while nothing does. */
  probe.arrived = async (video) => {
    const tracks = video.srcObject?.getTracks() ?? [];
    const plays = (connection) => connection.getReceivers().some(({ track }) => tracks.includes(track));
    const connection = probe.connections.find((one) => one.connectionState !== "closed" && plays(one));
    if (!connection) return null;
    const streams = [...(await connection.getStats()).values()].filter(
      ({ type, trackIdentifier }) => type === "inbound-rtp" && tracks.some(({ id }) => id === trackIdentifier),
    );
    const [picture, sound] = ["video", "audio"].map((wanted) => streams.find(({ kind }) => kind === wanted) ?? {});
    return {
      at: Date.now(),
      frames: picture.framesDecoded ?? 0,
      width: picture.frameWidth ?? 0,
      videoBytes: picture.bytesReceived ?? 0,
      audioBytes: sound.bytesReceived ?? 0,
      audioPackets: sound.packetsReceived ?? 0,
      samples: sound.totalSamplesReceived ?? 0,
      concealed: sound.concealedSamples ?? 0,
    };
  };

  /** The counters of one connection, each summed over its streams. */
  probe.counters = async (index) => {
    const sums = { framesDecoded: 0, audioEnergy: 0, videoBytesIn: 0, audioBytesIn: 0, videoBytesOut: 0, audioBytesOut: 0 };
    for (const stats of (await probe.connections[index].getStats()).values()) {
      if (stats.type === "inbound-rtp") {
        sums.framesDecoded += stats.framesDecoded ?? 0;
        sums.audioEnergy += stats.totalAudioEnergy ?? 0;
        sums[`${stats.kind}BytesIn`] += stats.bytesReceived;
      } else if (stats.type === "outbound-rtp") {
        sums[`${stats.kind}BytesOut`] += stats.bytesSent;
      }
    }
    return sums;
  };
}
