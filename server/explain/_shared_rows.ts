/** Rows that several maps of one picture ask for, computed once. */
import { type BatchResult, type Engine, type Probe, probeKey, type Row } from "../engine/port.ts";

/**
 * Puts a memory in front of an engine, for the maps of one picture.
 *
 * A projection is asked for all `classes` of the plan at once, so that they come from one pass. What is kept: rows of
 * the unchanged frame, which most methods begin with, and rows that are the same for every class, such as occlusion's
 * windows; gradients of varied frames belong to one map alone and are let go.
 */
export function shareRows(engine: Pick<Engine, "run">, classes: readonly number[]): Pick<Engine, "run"> {
  const known = new Map<string, Row>();
  return {
    async run(batch): Promise<BatchResult> {
      const asked = batch.map((one) => {
        const probe = widen(one, classes);
        return { key: probeKey(probe), probe };
      });
      const missing = [
        ...new Map(asked.filter(({ key }) => !known.has(key)).map((each) => [each.key, each])).values(),
      ];
      const result = missing.length === 0
        ? { rows: [], computeMs: 0 }
        : await engine.run(missing.map(({ probe }) => probe));
      const fresh = new Map<string, Row>();
      for (const [index, { key, probe }] of missing.entries()) {
        const row = result.rows[index];
        if (row === undefined) continue;
        fresh.set(key, row);
        if (row.ok && isShared(probe)) known.set(key, row);
      }
      const rows = asked.map(({ key }) => fresh.get(key) ?? known.get(key));
      return { rows: rows.filter((row) => row !== undefined), computeMs: result.computeMs };
    },
  };
}

function widen(probe: Probe, classes: readonly number[]): Probe {
  if (probe.want.kind !== "projection") return probe;
  return {
    ...probe,
    want: { ...probe.want, also: [...new Set([...probe.want.also, ...classes])].sort((a, b) => a - b) },
  };
}

function isShared({ variation, want }: Probe): boolean {
  return variation.kind === "none" || want.kind === "logits" || want.kind === "projection";
}
