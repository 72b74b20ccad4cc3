// Runs in every page before its own scripts, in tests only: leaves its connections one road to take, as a network would that
// lets nothing else through. `road` is the beginning of a TURN URL's scheme and its transport: "udp", "tcp" or "tls".

export function onlyRoad(road) {
  const Native = window.RTCPeerConnection;
  const carries = (url) =>
    road === "tls" ? url.startsWith("turns:") : url.startsWith("turn:") && url.endsWith(`transport=${road}`);
  const narrowed = (configuration = {}) => ({
    ...configuration,
    iceTransportPolicy: "relay",
    iceServers: (configuration.iceServers ?? [])
      .map((server) => ({ ...server, urls: [server.urls].flat().filter(carries) }))
      .filter(({ urls }) => urls.length > 0),
  });
  window.RTCPeerConnection = class extends Native {
    constructor(configuration) {
      super(narrowed(configuration));
    }
    setConfiguration(configuration) {
      super.setConfiguration(narrowed(configuration));
    }
  };
}
