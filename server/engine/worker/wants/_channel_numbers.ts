/** Numbers of the channels of a layer. Pure. */

/** What is known of every channel of a layer. */
export interface ChannelNumbers {
  /** Cells along the sides. */
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** `[channels]` what each adds to the score, in the score's unit; without a score its mean activation. */
  readonly sums: Float32Array;
  /** `[channels]` the largest activation of each. */
  readonly peaks: Float32Array;
  /** `[channels]` the cell where it lies, row by row. */
  readonly cells: Float32Array;
}

/** Σ over the positions of value·slope for each channel; both `[positions, channels]`. */
export function channelSums(values: Float32Array, slopes: Float32Array, channels: number): Float32Array {
  const sums = new Float64Array(channels);
  for (let at = 0, channel = 0; at < values.length; at++, channel++) {
    if (channel === channels) channel = 0;
    sums[channel] = (sums[channel] as number) + (values[at] as number) * (slopes[at] as number);
  }
  return Float32Array.from(sums);
}

/** The largest value of each channel of `[positions, channels]`, and its position. */
export function peaksOf(
  values: Float32Array,
  channels: number,
): Pick<ChannelNumbers, "peaks" | "cells"> {
  const peaks = new Float32Array(channels).fill(-Infinity);
  const cells = new Float32Array(channels);
  for (let at = 0, cell = 0; at < values.length; cell++) {
    for (let channel = 0; channel < channels; channel++, at++) {
      const value = values[at] as number;
      if (value <= (peaks[channel] as number)) continue;
      peaks[channel] = value;
      cells[channel] = cell;
    }
  }
  return { peaks, cells };
}

/** The `count` channels with the largest magnitudes, in falling order of these. */
export function strongestChannels(sums: Float32Array, count: number): readonly number[] {
  return Array.from(sums, (_, channel) => channel)
    .sort((a, b) => Math.abs(sums[b] as number) - Math.abs(sums[a] as number) || a - b)
    .slice(0, count);
}

/** Some channels of `[positions, channels]`, `[positions, drawn]`. */
export function channelsOf(
  values: Float32Array,
  channels: number,
  drawn: readonly number[],
): Float32Array {
  const picked = new Float32Array(values.length / channels * drawn.length);
  for (let from = 0, to = 0; from < values.length; from += channels) {
    for (const channel of drawn) picked[to++] = values[from + channel] as number;
  }
  return picked;
}
