/** The port through which a part of the server says how it is. */
import type { HealthReason } from "../../shared/health.ts";

/** Figures of a part, as they stand in `/healthz`: plain values, no paths, nothing of what people show or keep. */
export type HealthFigures = Readonly<Record<string, string | number | boolean | null>>;

/** How a part is at this moment. */
export type Health =
  | { readonly ok: true; readonly figures?: Figures }
  | { readonly ok: false; readonly reason: HealthReason; readonly figures?: Figures };

/** What a part says of itself, or of each of several things. */
type Figures = HealthFigures | readonly HealthFigures[];

/** A part of the server that `/healthz` asks; `name` is the key of its figures. */
export interface HealthSource {
  readonly name: string;
  /** Answers at once from what is known: never waits, never throws. */
  health(): Health;
}

/** What several sources say together. */
export interface HealthSummary {
  /** Each reason once, in the order of the sources. */
  readonly reasons: readonly HealthReason[];
  /** By the sources' names; those without figures are left out. */
  readonly figures: Readonly<Record<string, Figures>>;
}

/** Asks every source. */
export function summarise(sources: readonly HealthSource[]): HealthSummary {
  const reasons = new Set<HealthReason>();
  const figures: [string, Figures][] = [];
  for (const source of sources) {
    const health = source.health();
    if (!health.ok) reasons.add(health.reason);
    if (health.figures !== undefined) figures.push([source.name, health.figures]);
  }
  return { reasons: [...reasons], figures: Object.fromEntries(figures) };
}
