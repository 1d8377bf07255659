/** What each channel of a layer adds to a class. */
import type { Volume } from "../engine/port.ts";

/** One channel's share, in logits. */
export interface Contribution {
  readonly channel: number;
  readonly value: number;
}

/**
 * Σ over the positions of gradient·activation for every channel, `[channels]`, in logit units: what the class would lose,
 * to first order, if the channel were 0. Before global average pooling and one dense layer it is exactly
 * W[k,c]·mean(A_k), and the channels add up to the logit less its bias.
 */
export function contributions(activation: Volume, gradient: Volume): Float64Array {
  const { channels, values } = activation;
  const sums = new Float64Array(channels);
  for (let at = 0, channel = 0; at < values.length; at++, channel++) {
    if (channel === channels) channel = 0;
    sums[channel] = (sums[channel] ?? 0) + (values[at] ?? 0) * (gradient.values[at] ?? 0);
  }
  return sums;
}

/** The `count` channels with the largest magnitudes, in falling order of these. */
export function largest(values: Float64Array, count: number): Contribution[] {
  return Array.from(values, (value, channel) => ({ channel, value }))
    .sort((a, b) => Math.abs(b.value) - Math.abs(a.value) || a.channel - b.channel)
    .slice(0, count);
}
