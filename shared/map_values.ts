/** What a map's numbers are under a view's options, as its method states it. */
import type { Samples } from "./codec.ts";
import type { MapValues, MethodInfo, OptionValues, Sampling } from "./protocol.ts";

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

/** The unit of the score that is explained. */
export function scoreUnit(options: OptionValues): string {
  return options["score"] === "probability" ? "probability" : "logits";
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

/** Says what a map is made of: "500 masks, standard error 0.004", "89 of 169 windows", "all 169 windows". */
export function samplesWords(
  { count, of, error }: Samples,
  sampling: Sampling,
  write: (value: number) => string,
): string {
  const number = (value: number) => value.toLocaleString("en");
  const many = count === 1 ? sampling.one : sampling.many;
  const taken = of === null
    ? `${number(count)} ${many}`
    : count === of
    ? `all ${number(of)} ${sampling.many}`
    : `${number(count)} of ${number(of)} ${sampling.many}`;
  if (error === null) return taken;
  switch (sampling.error) {
    case "standard-error":
      return `${taken}, standard error ${write(error)}`;
    case "completeness":
      return `${taken}, misses the score by ${write(error)}`;
    case "none":
      return taken;
    default: {
      const never: never = sampling.error;
      return never;
    }
  }
}

/** The standard error of a map's cells, or null where its method knows none. */
export function standardErrorOf(samples: Samples | null, sampling: Sampling | null): number | null {
  return sampling?.error === "standard-error" ? samples?.error ?? null : null;
}
