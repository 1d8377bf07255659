/** Runs the generators of methods on the small network. */
import type { Probe } from "../../engine/port.ts";
import type { SmallNetwork } from "../../engine/testing/small_network.ts";
import type { Attribution, GoodRow, MapTile, MethodContext, RawMap } from "../method.ts";

/** A context with everything that a test does not care about filled in. */
export function contextOf(
  network: Pick<SmallNetwork, "model">,
  some: Partial<MethodContext> = {},
): MethodContext {
  return {
    frame: 1,
    model: network.model,
    target: { kind: "class", index: 0 },
    layer: "features",
    options: {},
    carry: new Map(),
    still: true,
    ...some,
  };
}

/** What happened while a generator ran. */
export interface Course {
  readonly map: RawMap | null;
  readonly tiles: readonly MapTile[];
  /** The groups of probes in the lane `tile`. */
  readonly groups: readonly (readonly Probe[])[];
  readonly kinds: readonly string[];
}

/** Runs a generator to its end, or ends it when it asks for its `maxGroups`+1st group of tile rows. */
export function runCourse(
  network: Pick<SmallNetwork, "answer">,
  attribution: Attribution,
  maxGroups = Infinity,
): Course {
  const tiles: MapTile[] = [];
  const groups: (readonly Probe[])[] = [];
  const kinds: string[] = [];
  let rows: readonly GoodRow[] = [];
  for (;;) {
    const next = attribution.next(rows);
    if (next.done === true) return { map: next.value, tiles, groups, kinds };
    const step = next.value;
    kinds.push(step.kind === "probes" ? step.lane : step.kind);
    rows = [];
    if (step.kind === "tile") tiles.push(step.tile);
    if (step.kind !== "probes") continue;
    if (step.lane === "tile") {
      if (groups.length === maxGroups) {
        attribution.return({ classIndex: 0, layer: null, height: 0, width: 0, values: new Float32Array() });
        return { map: null, tiles, groups, kinds };
      }
      groups.push(step.probes);
    }
    rows = step.probes.map((probe) => network.answer(probe));
  }
}
