/** A model's facts as people read them. */
import type { ModelAbout } from "../../../shared/model_about.ts";

/** A part of the model that has an origin: its weights, its labels. */
export interface Part {
  readonly name: string;
  /** Where it comes from; null where the card does not say. */
  readonly source: string | null;
  /** Its licence; null where the card does not say. */
  readonly licence: string | null;
}

/** Every part of which the card says a source or a licence, in the card's order. */
export function partsOf({ source, licence }: Pick<ModelAbout, "source" | "licence">): readonly Part[] {
  const [sources, licences] = [new Map(Object.entries(source)), new Map(Object.entries(licence))];
  return [...new Set([...sources.keys(), ...licences.keys()])].map((name) => ({
    name,
    source: sources.get(name) ?? null,
    licence: licences.get(name) ?? null,
  }));
}

/** Writes a large count: "812", "4,020", "4.65 million", "15.5 billion". */
export function largeCount(count: number): string {
  if (count < 1e5) return count.toLocaleString("en");
  return count < 1e9 ? `${threeDigits(count / 1e6)} million` : `${threeDigits(count / 1e9)} billion`;
}

function threeDigits(value: number): string {
  if (value < 10) return value.toFixed(2);
  return value < 100 ? value.toFixed(1) : value.toFixed(0);
}
