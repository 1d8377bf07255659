/** Channels of a layer as tiles that can be looked at side by side. */
import type { Volume } from "../engine/port.ts";

/** What the mean of a channel becomes, and each standard deviation above it. */
const MIDDLE = 128;
const SPREAD = 64;

/** Largest value of a tile. */
const WHITE = 255;

/**
 * Scales `count` channels from `first` on, each by itself: (a − mean)/deviation·64 + 128, clipped to 0…255; a channel
 * that is the same everywhere is 128. The result is `[count, height, width]`.
 */
export function channelTiles(volume: Volume, first: number, count: number): Float32Array {
  const { height, width, channels, values } = volume;
  const places = height * width;
  const means = new Float64Array(count);
  const scales = new Float64Array(count);
  // The values of one place lie side by side: walking along them is several times faster than channel by channel.
  const each = (act: (index: number, value: number, place: number) => void) => {
    for (let place = 0; place < places; place++) {
      const at = place * channels + first;
      for (let index = 0; index < count; index++) act(index, values[at + index] ?? 0, place);
    }
  };
  // Divided once at the end: the mean of equal values is then exactly that value, and its deviation 0.
  each((index, value) => means[index] = (means[index] ?? 0) + value);
  means.forEach((sum, index) => means[index] = sum / places);
  each((index, value) => scales[index] = (scales[index] ?? 0) + (value - (means[index] ?? 0)) ** 2);
  scales.forEach((sum, index) => scales[index] = sum > 0 ? SPREAD / Math.sqrt(sum / places) : 0);
  const tiles = new Float32Array(count * places);
  each((index, value, place) => {
    const scaled = (value - (means[index] ?? 0)) * (scales[index] ?? 0) + MIDDLE;
    tiles[index * places + place] = scaled < 0 ? 0 : scaled > WHITE ? WHITE : scaled;
  });
  return tiles;
}
