/** Bars of channels. Pure. */
import type { TaughtHead, Why } from "../../../shared/teach_wire.ts";

/** A bar of a channel, as plots take them; its key is the channel. */
export interface ChannelRow {
  readonly key: string;
  readonly name: string;
  readonly value: number;
  readonly deviation?: number;
}

/** What the channels add to the class at a place in the picture of now, and their largest weights for it. */
export function channelRows(
  { top }: Pick<TaughtHead, "top">,
  why: Pick<Why, "explanation"> | null,
  place: number,
): { readonly now: readonly ChannelRow[]; readonly weights: readonly ChannelRow[] } {
  const weights = (top[place] ?? []).map(({ channel, weight }) => row(channel, weight));
  if (why?.explanation.kind !== "contributions") return { now: [], weights };
  const now = (why.explanation.top[place] ?? []).map(({ channel, value }) => row(channel, value));
  return { now, weights };
}

/** The importances of channels. */
export function importanceRows(importances: TaughtHead["importances"]): readonly ChannelRow[] {
  return importances.map(({ channel, importance, deviation }) => ({
    ...row(channel, importance),
    deviation,
  }));
}

function row(channel: number, value: number): ChannelRow {
  return { key: `${channel}`, name: `channel ${channel}`, value };
}
