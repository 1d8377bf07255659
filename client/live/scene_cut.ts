/** When the camera shows something else altogether. Pure. */
import type { ReadRanking } from "../../shared/protocol.ts";

/**
 * Whether the scene has changed from one result to the next: what is first now was none of what people read before (R4).
 * Between two moments at which the network is unsure first classes come and go by themselves.
 */
export function isCut(before: ReadRanking | null, { rows: [first], unsure }: ReadRanking): boolean {
  if (before === null || first === undefined || before.rows.length === 0) return false;
  if (before.unsure && unsure) return false;
  return !before.rows.some(({ index }) => index === first.index);
}
