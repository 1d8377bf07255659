/** The list that a viewer reads, and the maps that follow it (rules R). */
import { rankFrame, type Ranking } from "../../shared/ranking.ts";
import type { FollowedList } from "../methods/mod.ts";
import type { LiveState, Work } from "./state.ts";

/** What of a session's state the list is made of; before it is live, there is no model. */
export type RankedState = Pick<LiveState, "ranking"> & Partial<Pick<LiveState, "request">>;

/** The list once a frame's logits have been taken. */
export function rankWork(
  { ranking, request }: RankedState,
  { id, capturedMs, still }: Work,
  logits: Float32Array,
): Ranking {
  return rankFrame(ranking, { id, capturedMs, still, logits, head: request?.model.head });
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
  state: () => RankedState,
): FollowedList {
  return {
    expected: work.still ? [] : ranking?.order ?? [],
    classAt: (rank, logits) => classAt(rankWork(state(), work, logits), rank),
  };
}
