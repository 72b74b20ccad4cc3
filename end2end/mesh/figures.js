// From samples of the browser's counters to the figures of a window. Nothing here asks anybody.

import { median } from "../bench/statistics.js";

const [MICROPHONE, CAMERA] = ["0", "1"]; // the media lines of both

/** By the fingerprints of the ends, whose connection each is. */
function owners(people, samples) {
  const owned = samples.flatMap((sample, place) => (sample?.ends ?? []).map(({ local }) => [local, people[place].name]));
  return new Map(owned.filter(([local]) => local));
}

/** In a sample of all, the place among the connections of `to` of the one with `from`; null where there is none. */
export function placeOf(people, sample, { from, to }) {
  const owner = owners(people, sample);
  const own = sample[people.findIndex(({ name }) => name === to)];
  return own?.ends.find(({ remote }) => owner.get(remote) === from)?.place ?? null;
}

/** Each stream that there is at the end, as all samples that have it tell it. */
function seriesOf(samples) {
  const series = new Map();
  samples.forEach((sample, turn) => {
    for (const stream of sample.streams) {
      const key = `${stream.place} ${stream.id}`;
      // One that is new since the begin has counted from zero.
      if (!series.has(key)) series.set(key, turn === 0 ? [] : [{ timestamp: samples[0].at }]);
      series.get(key).push(stream);
    }
  });
  const last = samples.at(-1).streams;
  return last.map((stream) => series.get(`${stream.place} ${stream.id}`)).filter((records) => records.length > 1);
}

const growth = (records, field) => (records.at(-1)[field] ?? 0) - (records[0][field] ?? 0);
const secondsOf = (records) => (records.at(-1).timestamp - records[0].timestamp) / 1_000;
const rate = (records, field) => growth(records, field) / secondsOf(records);
const sum = (values) => values.reduce((sum, value) => sum + value, 0);
const mean = (values) => sum(values) / values.length;

/** Pixels a second; frames since the sample before are as large as the newest. */
function pixelRate(records, field) {
  const pixels = records.slice(1).map((record, place) => {
    const frames = (record[field] ?? 0) - (records[place][field] ?? 0);
    return frames * (record.frameWidth ?? 0) * (record.frameHeight ?? 0);
  });
  return sum(pixels) / secondsOf(records);
}

/** What one person sends, to all others together. */
function sentBy({ name, series }) {
  const out = series.filter((records) => records.at(-1).type === "outbound-rtp");
  const pictures = out.filter((records) => records.at(-1).kind === "video");
  return {
    name,
    bytes: sum(out.map((records) => rate(records, "bytesSent") + rate(records, "headerBytesSent"))),
    pixels: sum(pictures.map((records) => pixelRate(records, "framesEncoded"))),
    encoding: sum(pictures.map((records) => rate(records, "totalEncodeTime"))),
  };
}

/** What comes from one person to another. Where there is no connection nothing is seen, and nothing heard. */
function received(from, { name: to, series }, place) {
  const line = (kind, mid) =>
    series.find((records) => {
      const stream = records.at(-1);
      return stream.place === place && stream.type === "inbound-rtp" && stream.kind === kind && stream.mid === mid;
    });
  const [sound, picture] = [line("audio", MICROPHONE), line("video", CAMERA)];
  const { frameWidth: width = 0, frameHeight: height = 0 } = picture?.at(-1) ?? {};
  const samples = sound ? growth(sound, "totalSamplesReceived") : 0;
  const concealed = sound ? growth(sound, "concealedSamples") : 0;
  const silent = sound ? growth(sound, "silentConcealedSamples") : 0;
  return {
    from,
    to,
    frames: picture ? growth(picture, "framesDecoded") : 0,
    fps: picture ? rate(picture, "framesDecoded") : 0,
    pixels: picture ? pixelRate(picture, "framesDecoded") : 0,
    size: { width, height },
    concealed: samples > 0 ? (100 * concealed) / samples : 100,
    concealedAloud: samples > 0 ? (100 * (concealed - silent)) / samples : 100,
  };
}

/** The size in the middle, by area. */
function medianSize(sizes) {
  const area = ({ width, height }) => width * height;
  return sizes.toSorted((one, other) => area(one) - area(other))[Math.floor((sizes.length - 1) / 2)];
}

/**
 * The figures of a window: `pages` are everybody's name, who they have large if `large`, and their samples. A page that did not
 * answer at the begin or at the end sees nobody.
 */
export function figuresOf(pages, { large }) {
  const whole = pages.map(({ samples }) => samples[0] && samples.at(-1));
  const turns = [0, -1].map((turn) => pages.map(({ samples }) => samples.at(turn)));
  const read = pages.map(({ name, next, samples }, place) => ({
    name,
    next,
    series: whole[place] ? seriesOf(samples.filter(Boolean)) : [],
  }));
  const placed = (pair) => placeOf(pages, turns[1], pair) ?? placeOf(pages, turns[0], pair);
  const pairs = read.flatMap((to) =>
    read.filter((from) => from !== to).map(({ name }) => received(name, to, placed({ from: name, to: to.name }))),
  );
  const senders = read.filter((_, place) => whole[place]).map(sentBy);
  const each = (list, field) => list.map((one) => one[field]);
  const shown = large ? pairs.filter(({ from, to }) => read.some(({ name, next }) => name === to && next === from)) : [];
  return {
    bytesPerSender: mean(each(senders, "bytes")),
    pixelsPerSender: mean(each(senders, "pixels")),
    encoding: sum(each(senders, "encoding")),
    fps: { min: Math.min(...each(pairs, "fps")), median: median(each(pairs, "fps")) },
    still: pairs.filter(({ frames }) => frames === 0).length,
    concealed: Math.max(...each(pairs, "concealed")),
    concealedAloud: Math.max(...each(pairs, "concealedAloud")),
    size: medianSize(each(pairs, "size")),
    large: large
      ? { fps: median(each(shown, "fps")), pixels: median(each(shown, "pixels")), size: medianSize(each(shown, "size")) }
      : null,
    senders,
    pairs,
  };
}
