/** Channels of a layer as tiles that can be looked at side by side. */
import type { Volume } from "../../engine/port.ts";

/** What the mean of a channel becomes, and each standard deviation above it. */
const MIDDLE = 128;
const SPREAD = 64;

/** Largest value of a tile. */
const WHITE = 255;

/**
 * Scales `count` channels from `first` on, each by itself: (a − mean)/standard deviation·64 + 128, clipped to 0…255; a channel
 * that is the same everywhere is 128. The result is `[count, height, width]`.
 */
export function channelTiles(volume: Volume, first: number, count: number): Float32Array {
  const { height, width, channels, values } = volume;
  const positions = height * width;
  const means = new Float64Array(count);
  const scales = new Float64Array(count);
  // The values of one place lie side by side: walking along them, in plain loops, is many times faster than channel
  // by channel. The mean is divided once at the end: that of equal values is then exactly their value.
  for (let place = 0, at = first; place < positions; place++, at += channels) {
    for (let index = 0; index < count; index++) {
      means[index] = (means[index] ?? 0) + (values[at + index] ?? 0);
    }
  }
  for (let index = 0; index < count; index++) means[index] = (means[index] ?? 0) / positions;
  for (let place = 0, at = first; place < positions; place++, at += channels) {
    for (let index = 0; index < count; index++) {
      const distance = (values[at + index] ?? 0) - (means[index] ?? 0);
      scales[index] = (scales[index] ?? 0) + distance * distance;
    }
  }
  for (let index = 0; index < count; index++) {
    const sum = scales[index] ?? 0;
    scales[index] = sum > 0 ? SPREAD / Math.sqrt(sum / positions) : 0;
  }
  const tiles = new Float32Array(count * positions);
  for (let index = 0, to = 0; index < count; index++) {
    const mean = means[index] ?? 0;
    const scale = scales[index] ?? 0;
    for (let at = first + index; to < (index + 1) * positions; at += channels, to++) {
      const scaled = ((values[at] ?? 0) - mean) * scale + MIDDLE;
      tiles[to] = scaled < 0 ? 0 : scaled > WHITE ? WHITE : scaled;
    }
  }
  return tiles;
}
