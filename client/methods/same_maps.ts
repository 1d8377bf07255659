/** What is said of methods that give the same map by their definitions (V5). Pure. */
import type { OptionValues, SameMaps, Welcome } from "../../shared/protocol.ts";

/** What is known of a model. */
export type SameMapFacts =
  & Pick<Welcome, "layers" | "methods" | "sameMaps">
  & { readonly model: Pick<Welcome["model"], "defaultLayer"> };

/** The map of a method; `layer` null: the method's own. */
export interface AskedMap {
  readonly method: string;
  readonly layer: string | null;
  readonly options: OptionValues;
}

/** The methods whose maps are that of this one, itself among them; null: no other's is. */
export function sameMapsOf(facts: SameMapFacts, { method, layer, options }: AskedMap): SameMaps | null {
  const same = (facts.sameMaps ?? []).find((one) => isOf(one, method));
  if (same === undefined) return null;
  const info = facts.methods.find(({ id }) => id === method);
  // What has one layer alone shows that one, whatever was chosen for others.
  if (info?.looksAt === "any-layer" && (layer ?? ownLayer(facts)) !== same.layer) return null;
  // CAM is made of logits alone.
  return options["score"] === "probability" ? { ...same, signed: [] } : same;
}

/** Leaves those of some methods; null: they are not two. */
export function shownOf({ layer, methods, signed }: SameMaps, shown: readonly string[]): SameMaps | null {
  const left = {
    layer,
    methods: methods.filter((id) => shown.includes(id)),
    signed: signed.filter((id) => shown.includes(id)),
  };
  return left.methods.length + left.signed.length < 2 ? null : left;
}

/** Says that methods give the same map. */
export function sameMapWords({ methods, signed }: SameMaps, nameOf: (method: string) => string): string {
  return `${inWords([...methods, ...signed].map(nameOf))} give the same map here, whatever the picture.`;
}

/** Says why they do, and in which way it is not quite the same. */
export function sameMapReason({ signed }: SameMaps, nameOf: (method: string) => string): string {
  const why =
    "Behind this layer come only the average over all positions and one dense layer, so the gradient is the same everywhere.";
  if (signed.length === 0) return why;
  return `${why} ${inWords(signed.map(nameOf))} ${
    signed.length === 1 ? "shows" : "show"
  } the evidence against the class as well.`;
}

/** What an entry of the list says of its map beside another one of its group; null: nothing. */
export function sameAsWords(
  same: SameMaps | null,
  method: string,
  nameOf: (method: string) => string,
): string | null {
  const [first] = same?.methods ?? [];
  if (same === null || first === undefined || method === first) return null;
  const signed = same.signed.includes(method) ? ", with the evidence against the class as well" : "";
  return `Here the same map as ${nameOf(first)}${signed}`;
}

function isOf({ methods, signed }: SameMaps, method: string): boolean {
  return methods.includes(method) || signed.includes(method);
}

/** The layer that methods with a choice of layers take by themselves. */
function ownLayer({ model, layers }: SameMapFacts): string | undefined {
  const names = layers.map(({ name }) => name);
  return names.includes(model.defaultLayer) ? model.defaultLayer : names.at(-1);
}

function inWords(names: readonly string[]): string {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
