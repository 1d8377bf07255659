/** Which models give way to another one when memory is short. Pure. */

/** A model in memory, as far as making room needs to know it. */
export interface LoadedBytes {
  readonly id: string;
  readonly bytes: number;
  /** Whether somebody looks at it. */
  readonly inUse: boolean;
  /** When it was last in use, in ms of any clock. */
  readonly usedMs: number;
}

/** What making room takes. */
export type RoomPlan =
  /** Models to unload, the one first that was in use longest ago. */
  | { readonly kind: "room"; readonly unload: readonly string[] }
  /** There is none: `freeBytes` is what is left beside the models in use. */
  | { readonly kind: "full"; readonly freeBytes: number };

/**
 * Plans the room for a model. One that is alone always has room: what it needs is an estimate, and the engine itself
 * refuses what does not fit.
 */
export function planRoom(
  neededBytes: number,
  loaded: readonly LoadedBytes[],
  budgetBytes: number,
): RoomPlan {
  const idle = loaded.filter(({ inUse }) => !inUse).sort((a, b) => a.usedMs - b.usedMs);
  let freeBytes = budgetBytes - sumOf(loaded);
  const unload: string[] = [];
  for (const { id, bytes } of idle) {
    if (freeBytes >= neededBytes) break;
    unload.push(id);
    freeBytes += bytes;
  }
  const isAlone = unload.length === loaded.length;
  return freeBytes >= neededBytes || isAlone
    ? { kind: "room", unload }
    : { kind: "full", freeBytes: Math.max(0, freeBytes) };
}

function sumOf(loaded: readonly LoadedBytes[]): number {
  return loaded.reduce((sum, { bytes }) => sum + bytes, 0);
}
