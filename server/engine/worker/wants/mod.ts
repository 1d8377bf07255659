/** The kinds of wants: each is one file beside this one and one line in `WANT_KINDS`. */
import { attention } from "./attention.ts";
import { biasTerms } from "./bias_terms.ts";
import { features } from "./features.ts";
import { fixations } from "./fixations.ts";
import { inputGradient } from "./input.ts";
import { layer } from "./layer.ts";
import { logits } from "./logits.ts";
import { network } from "./network.ts";
import { projection } from "./projection.ts";
import type { OwnWant, SharedWant, WantKind } from "./want.ts";

/** Every kind of want that the engine computes. */
export const WANT_KINDS = [
  logits,
  projection,
  layer,
  inputGradient,
  biasTerms,
  fixations,
  attention,
  features,
  network,
] as const;

/** What a row may ask for beside the logits of all classes. */
export type Want = Parameters<typeof WANT_KINDS[number]["fault"]>[0];

/** What a row has beside logits and projection, by the kind of its want. */
export type Detail = Parameters<typeof WANT_KINDS[number]["arrays"]>[0];

const BY_KIND: ReadonlyMap<string, WantKind<Want, Detail>> = new Map<string, WantKind<Want, Detail>>(
  WANT_KINDS.map((kind) => [kind.kind, kind]),
);

/** The kind of a want or of its detail, or null where the engine knows none of this name. */
export function findKind({ kind }: { readonly kind: string }): WantKind<Want, Detail> | null {
  return BY_KIND.get(kind) ?? null;
}

/** The kind of a want or of its detail. */
export function kindOf(named: { readonly kind: string }): WantKind<Want, Detail> {
  const kind = findKind(named);
  if (kind !== null) return kind;
  throw new TypeError(
    `Cannot compute the want: expected one of ${[...BY_KIND.keys()].join(", ")}, got ${named.kind}`,
  );
}

/** The kinds with a pass of their own. */
export const OWN_KINDS: readonly OwnWant<Want, Detail>[] = [...BY_KIND.values()].filter((kind) =>
  kind.pass === "own"
);

/** The plan of a want that shares its pass, or null for one with a pass of its own. */
export function sharedPlan(want: Want): ReturnType<SharedWant<Want, Detail>["plan"]> | null {
  const kind = kindOf(want);
  return kind.pass === "shared" ? kind.plan(want) : null;
}
