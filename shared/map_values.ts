/** What a map's numbers are under a view's options, as its method states it. */
import type { MapValues, MethodInfo, OptionValues } from "./protocol.ts";

/** How the numbers of a map are to be read when they are displayed. */
export interface MapNature {
  /** Whether numbers below zero mean something. */
  readonly signed: boolean;
  readonly zero: MapValues["zero"];
  /** Ends of the scale that every map has, or null where each has its own. */
  readonly range: MapValues["range"];
}

/** The unit of a method's raw maps under these options. */
export function unitOf({ values }: Pick<MethodInfo, "values">, options: OptionValues): string {
  return options["score"] === "probability" ? values.unit.probability : values.unit.logit;
}

/** Whether a method's maps have two signs under these options: by the method's nature, or because they ask for it. */
export function isSigned({ signed }: Pick<MethodInfo, "signed">, options: OptionValues): boolean {
  return signed || options["signed"] === true;
}

/** How the difference of two maps is to be read, whatever they are of. */
export const DIFFERENCE_NATURE: MapNature = { signed: true, zero: "nothing", range: null };

/** How a method's maps are to be read under these options. */
export function natureOf(
  method: Pick<MethodInfo, "values" | "signed">,
  options: OptionValues,
): MapNature {
  const { zero, range } = method.values;
  return { signed: isSigned(method, options), zero, range };
}
