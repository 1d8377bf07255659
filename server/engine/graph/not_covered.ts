/** Refuses a model with everything that it asks for and that is not computed, not only the first of it. */

/** Beginning of every refusal. */
const REFUSAL = "Cannot load the model: ";

/** Reasons that the message names; `items` has all of them. */
const MAX_NAMED = 3;

/** Everything that a model asks for and that is not computed, each item "what, where". */
export class NotCovered extends Error {
  readonly items: readonly string[];

  /** @param items at least one, in the order of the model */
  constructor(items: readonly string[]) {
    const named = items.slice(0, MAX_NAMED).join("; ");
    const others = items.length - MAX_NAMED;
    super(`${REFUSAL}${named}${others > 0 ? `; and ${others.toLocaleString("en")} more` : ""}`);
    this.items = items;
  }
}

/** A layer cannot be read as long as the shape of what it reads is not known: that of another one was refused. */
export class UnknownShape extends Error {
  /** @param layer that cannot be read */
  constructor(layer: string) {
    super(`${REFUSAL}layer ${layer} reads a value whose shape is not known`);
  }
}

/** Does something for each of many parts, and where any of them are refused, refuses with all the reasons. */
export function collectRefusals<T, R>(parts: readonly T[], act: (part: T) => R): readonly R[] {
  const results: R[] = [];
  const items = new Set<string>();
  let unknown: UnknownShape | null = null;
  for (const part of parts) {
    try {
      results.push(act(part));
    } catch (error) {
      if (error instanceof UnknownShape) unknown ??= error;
      else if (error instanceof NotCovered) error.items.forEach((item) => items.add(item));
      else if (error instanceof Error && error.message.startsWith(REFUSAL)) {
        items.add(error.message.slice(REFUSAL.length));
      } else throw error;
    }
  }
  if (items.size > 0) throw new NotCovered([...items]);
  if (unknown !== null) throw unknown;
  return results;
}
