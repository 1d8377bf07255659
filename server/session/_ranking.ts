/** The list that a viewer reads, and the maps that follow it (rules R). */
import { rankFrame, type Ranking } from "../../shared/ranking.ts";
import type { FollowedList } from "../methods/mod.ts";
import type { LiveState, Work } from "./state.ts";

/** The list once a frame's logits have been taken. */
export function rankWork(
  { ranking }: Pick<LiveState, "ranking">,
  { id, capturedMs, still }: Work,
  logits: Float32Array,
): Ranking {
  return rankFrame(ranking, { id, capturedMs, still, logits });
}

/**
 * The class at a rank of a list.
 *
 * @throws RangeError for a rank that the list does not have
 */
export function classAt({ order }: Ranking, rank: number): number {
  const index = order[rank - 1];
  if (index !== undefined) return index;
  throw new RangeError(`Cannot follow rank ${rank}: the list has ${order.length} rows`);
}

/** The list as the maps of a frame follow it; `state` is asked when the frame's logits have come. */
export function followedList(
  ranking: Ranking | null,
  work: Work,
  state: () => Pick<LiveState, "ranking">,
): FollowedList {
  return {
    expected: work.still ? [] : ranking?.order ?? [],
    classAt: (rank, logits) => classAt(rankWork(state(), work, logits), rank),
  };
}
