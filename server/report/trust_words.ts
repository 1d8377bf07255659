/** What is made of trust meters: a verdict on one map, and the means of each method. */
import type { Trust, TrustVerdict } from "../../shared/trust.ts";
import type { ExplainedMap } from "../explain/mod.ts";

/** Means of a method's meters over its maps. */
export interface MethodTrust {
  readonly id: string;
  readonly name: string;
  readonly maps: number;
  readonly deletion: number;
  readonly insertion: number;
  readonly averageDrop: number;
  /** Share of the maps with which the class got more probable, 0…1. */
  readonly increased: number;
  /** Over the maps for which it could be measured; null: for none. */
  readonly randomLogits: number | null;
  /** How many maps each verdict has. */
  readonly verdicts: ReadonlyMap<TrustVerdict["kind"], number>;
  /** Largest miss among the maps, in the score's unit, or null where the method does not claim to add up. */
  readonly completeness: number | null;
}

/** The meters of each method, in the order of the maps; maps without meters do not count. */
export function trustByMethod(maps: readonly Pick<ExplainedMap, "method" | "trust">[]): MethodTrust[] {
  return [...Map.groupBy(maps, ({ method }) => method.id).values()].flatMap((family) => {
    const reports = family.flatMap(({ trust }) => trust === null ? [] : [trust]);
    const [first] = family;
    if (first === undefined || reports.length === 0) return [];
    const mean = (of: (report: Trust) => number) =>
      reports.reduce((sum, report) => sum + of(report), 0) / reports.length;
    const correlations = reports.flatMap(({ randomLogits }) => randomLogits ?? []);
    const kinds = Map.groupBy(reports, ({ verdict }) => verdict.kind);
    const misses = reports.flatMap(({ completeness }) =>
      completeness === null ? [] : [Math.abs(completeness)]
    );
    return [{
      id: first.method.id,
      name: first.method.name,
      maps: reports.length,
      deletion: mean(({ deletion }) => deletion.auc),
      insertion: mean(({ insertion }) => insertion.auc),
      averageDrop: mean(({ averageDrop }) => averageDrop),
      increased: mean(({ increased }) => increased ? 1 : 0),
      randomLogits: correlations.length === 0
        ? null
        : correlations.reduce((sum, one) => sum + one, 0) / correlations.length,
      verdicts: new Map([...kinds].map(([kind, { length }]) => [kind, length])),
      completeness: misses.length === 0 ? null : Math.max(...misses),
    }];
  });
}
