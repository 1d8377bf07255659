/** The second model that ships against the first one, both computed by this engine. */
import type { Engine } from "../server/engine/mod.ts";
import { Ours } from "./_ours.ts";
import type { Comparison } from "./_rows.ts";

/** The comparisons on a photo; each engine computes frames of its own. */
export function againstFirst(second: Engine, first: Engine, photo: Uint8Array<ArrayBuffer>): Comparison[] {
  const sides = { ours: new Ours(second, photo), others: new Ours(first, photo) };
  const compare = (name: string, run: (side: Ours) => Promise<number>): Comparison => ({
    name: `${second.model.name}: ${name}`,
    other: `${first.model.name}, the same`,
    goal: null,
    ours: () => run(sides.ours),
    others: () => run(sides.others),
  });
  return [
    compare("one forward pass", (side) => side.forward()),
    compare("per image in batches of 8", (side) => side.batchedForward()),
    compare("Grad-CAM", (side) => side.explain({ method: "grad-cam" })),
  ];
}
