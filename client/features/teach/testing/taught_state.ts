/** States of a collection, for tests. */
import { HEAD_KINDS } from "../../../../shared/head_model.ts";
import { modelOfHead, type TaughtState } from "../../../../shared/teach_wire.ts";

/** What a test says of a state; the rest is plain. */
export interface StatedParts {
  /** Pictures of each class, by its name; keys are c1, c2, … in this order. */
  readonly counts: Readonly<Record<string, number>>;
  readonly state: TaughtState["learning"]["state"];
  readonly reason?: string;
  readonly ms?: number;
  /** Of the linear head, which is the chosen one. */
  readonly accuracy?: number;
  readonly headRevision?: number;
}

/** Makes a state. */
export function taughtState(
  { counts, state, reason, ms, accuracy, headRevision = 0 }: StatedParts,
): TaughtState {
  const classes = Object.entries(counts).map(([name, pictures], place) => ({
    ...{ key: `c${place + 1}`, name, pictures, box: null },
    cover: null,
    learned: headRevision > 0 && pictures >= 5,
  }));
  return {
    ...{ id: "taught", name: "My things", base: { id: "first", name: "First" }, kind: "linear", classes },
    pictures: classes.reduce((sum, { pictures }) => sum + pictures, 0),
    ...{ maxPictures: 1_000, bytes: 0, usedBytes: 0, maxBytes: 1e9 },
    learning: { state, kind: null, done: 1, reason: reason ?? null, ms: ms ?? null },
    heads: HEAD_KINDS.map((kind) => ({
      ...{ kind, model: modelOfHead("taught", kind), state: "none", ms: null },
      ...(kind === "linear" && accuracy !== undefined
        ? { accuracy, deviation: 0.03 }
        : { accuracy: null, deviation: null }),
    })),
    ...{ accuracy: accuracy ?? null, deviation: null, chance: null, confusion: null },
    ...{ warnings: [], undo: null, revision: 1, headRevision },
  };
}
