// Runs in every page before its own scripts: writes down, by the time of day, what the page shows of the others. A test that
// asked again and again would see late and miss much.

export function installPageLog() {
  const pictures = new Map(); // participant → [{ shown, taken }]
  const links = []; // { at, name, participant, link }, link null where the tile goes
  const states = []; // { at, state } of signaling
  const most = new Map(); // name → most tiles at once
  const tiles = new Map(); // tile → what was last written of it
  const streams = new WeakMap(); // track → where its clock stands in ours
  const watched = new WeakSet();
  let joined = null;

  /**
   * When a picture was taken, by the clock of its stream: so old pictures that were held up on the way are told from new ones.
   * The one that came fastest tells how that clock stands; a stream's first counts as taken when it came.
   */
  const takenAt = (track, { rtpTimestamp, receiveTime }, timeOfDay) => {
    const received = receiveTime + timeOfDay;
    const stream = streams.get(track) ?? { first: rtpTimestamp, zero: received };
    streams.set(track, stream);
    const ticks = ((rtpTimestamp - stream.first) | 0) / 90; // it wraps at 32 bits
    stream.zero = Math.min(stream.zero, received - ticks);
    return stream.zero + ticks;
  };

  const watchPictures = (video) => {
    if (watched.has(video)) return;
    watched.add(video);
    const noted = (now, frame) => {
      video.requestVideoFrameCallback(noted);
      const { participant } = video.closest("[data-testid=tile]")?.dataset ?? {};
      const track = video.srcObject?.getVideoTracks()[0];
      if (participant === undefined || !track || frame.receiveTime === undefined) return;
      const timeOfDay = Date.now() - performance.now();
      if (!pictures.has(participant)) pictures.set(participant, []);
      pictures.get(participant).push({ shown: now + timeOfDay, taken: takenAt(track, frame, timeOfDay) });
    };
    video.requestVideoFrameCallback(noted);
  };

  const look = () => {
    const at = Date.now();
    const there = new Set(document.querySelectorAll("[data-testid=tile][data-kind=camera][data-self=false]"));
    const counts = new Map();
    for (const tile of there) {
      const { name, participant, link } = tile.dataset;
      counts.set(name, (counts.get(name) ?? 0) + 1);
      if (tiles.get(tile)?.link !== link) {
        tiles.set(tile, { name, participant, link });
        links.push({ at, name, participant, link });
      }
      tile.querySelectorAll("video").forEach(watchPictures);
    }
    for (const [name, count] of counts) most.set(name, Math.max(most.get(name) ?? 0, count));
    for (const [tile, { name, participant }] of tiles) {
      if (there.has(tile)) continue;
      tiles.delete(tile);
      links.push({ at, name, participant, link: null });
    }
    const state = document.querySelector("[data-testid=call]")?.dataset.signaling ?? null;
    if (states.at(-1)?.state !== state) states.push({ at, state });
  };

  new MutationObserver(look).observe(document, {
    childList: true,
    subtree: true,
    attributes: true,
    attributeFilter: ["data-link", "data-name", "data-signaling"],
  });
  addEventListener("click", ({ target }) => target.closest?.("[data-testid=join]") && (joined ??= Date.now()), true);

  const log = {
    pictures,
    links,
    states,
    /** When Join was pressed. */
    joined: () => joined,
    /** When the first picture was shown that was taken after `moment`; null before. */
    firstPicture: (participant, moment) =>
      pictures.get(participant)?.find(({ shown, taken }) => shown >= moment && taken >= moment)?.shown ?? null,
    /** How many pictures were shown from one moment to another. */
    picturesShown: (participant, from, to = Infinity) =>
      (pictures.get(participant) ?? []).filter(({ shown }) => shown >= from && shown < to).length,
    /** The most tiles of any one name that were there at once. */
    mostTiles: () => Math.max(0, ...most.values()),
    /** When the tile of a name went, for the first time since `moment`; null if it did not. */
    goneSince: (name, moment) =>
      links.find((entry) => entry.at >= moment && entry.name === name && entry.link === null)?.at ?? null,
    /** For how long, from one moment to another, the tile of somebody did not say `connected`. */
    unconnected: (participant, from, to) => {
      const entries = links.filter((entry) => entry.participant === participant);
      const ends = entries.map((_, index) => entries[index + 1]?.at ?? Infinity);
      return to - from - entries
        .map(({ at, link }, index) => (link === "connected" ? Math.min(to, ends[index]) - Math.max(from, at) : 0))
        .reduce((sum, time) => sum + Math.max(0, time), 0);
    },
    /** When the page said `state` of signaling for the first time since `moment`; null if it did not. */
    signalingSince: (state, moment) => states.find((entry) => entry.at >= moment && entry.state === state)?.at ?? null,
    /** When the page began to say `online` for good; null while it does not. */
    onlineSince: () => (states.at(-1)?.state === "online" ? states.at(-1).at : null),
  };
  Object.defineProperty(window, "__log", { value: log });
}
