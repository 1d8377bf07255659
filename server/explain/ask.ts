/** What a person asks for in words, read without a model: the same on the command line and over HTTP. */
import { GradcastError } from "../../shared/errors.ts";
import type { OptionValues } from "../../shared/protocol.ts";
import { REGION_THRESHOLD } from "../../shared/region.ts";
import { DEFAULT_METHOD, findMethod, type Method, METHODS } from "../methods/mod.ts";
import { checkRanks, partsOf } from "./_class_texts.ts";
import { readOptions, specOf } from "./_option_texts.ts";

/** Stands for every method that can do what else is asked for. */
export const ALL_METHODS = "all";

/** What is asked for, as it was written; what is left out has its default. */
export interface Words {
  /** Ids of methods with commas between them, or `all`; by default the default method. */
  readonly method?: string;
  /** Classes with commas between them: ranks, indexes, labels; by default `top1`. */
  readonly class?: string;
  /** By default each method's own. */
  readonly layer?: string;
  /** Whether the trust meters are computed too. */
  readonly trust: boolean;
  /** Whether it is measured what each map rests on; absent: it is not. */
  readonly why?: boolean;
  /** The share of a map's scale above which its box lies, in per cent; by default 15. */
  readonly box?: string;
  /** The methods' options by name, `score` among them. */
  readonly options: ReadonlyMap<string, string>;
}

/** A method that `all` does not stand for this time, and why. */
export interface LeftOut {
  readonly method: string;
  readonly reason: string;
}

/** What was asked for, as far as it can be read without a model. */
export interface Ask {
  /** Each method with the options that were given and that it has. */
  readonly methods: readonly { readonly method: Method; readonly options: OptionValues }[];
  /** True for `all`: methods that cannot are then left out instead of refused. */
  readonly all: boolean;
  readonly leftOut: readonly LeftOut[];
  readonly classes: string;
  readonly layer: string | null;
  readonly trust: boolean;
  readonly why: boolean;
  /** 0…1 */
  readonly boxThreshold: number;
}

/** Shares of a map's scale above which a box may lie, in per cent. */
const BOX_PERCENT = { min: 0, max: 95 } as const;

/**
 * Reads what is asked for.
 *
 * @throws GradcastError `unknown-method`, `unknown-class` or `bad-option`
 */
export function readAsk(words: Words): Ask {
  const { method, class: classes = "top1", layer, trust, why = false, box, options } = words;
  const named = partsOf(method ?? DEFAULT_METHOD.id);
  const all = named.includes(ALL_METHODS);
  const asked = all ? METHODS : [...new Set(named.length === 0 ? [""] : named)].map(findMethod);
  const without = options.get("score") === "probability" ? asked.filter((one) => !hasScore(one)) : [];
  if (without.length > 0 && (!all || without.length === asked.length)) throw noProbability(without);
  const methods = asked.filter((one) => !without.includes(one));
  const values = readOptions(methods, options);
  checkRanks(classes);
  return {
    methods: methods.map((one, index) => ({ method: one, options: values[index] ?? {} })),
    all,
    leftOut: without.map(({ id }) => ({ method: id, reason: "it has no option 'score'" })),
    classes,
    layer: layer ?? null,
    trust,
    why,
    boxThreshold: box === undefined ? REGION_THRESHOLD : thresholdOf(box),
  };
}

function thresholdOf(text: string): number {
  const { min, max } = BOX_PERCENT;
  const percent = /^\d{1,3}$/.test(text) ? Number(text) : NaN;
  if (percent >= min && percent <= max) return percent / 100;
  throw new GradcastError(
    "bad-option",
    `Cannot set 'box': expected a whole number from ${min} to ${max}, in per cent of the map's scale, got '${text}'`,
  );
}

function hasScore(method: Method): boolean {
  return specOf(method, "score") !== undefined;
}

function noProbability(without: readonly Method[]): GradcastError {
  const ids = without.map(({ id }) => id).join(", ");
  const able = METHODS.filter(hasScore).map(({ id }) => id).join(", ");
  return new GradcastError(
    "bad-option",
    `Cannot explain the probability with ${ids}: ${
      without.length === 1 ? "it has" : "they have"
    } no option ` +
      `'score', got 'probability', which ${able} take`,
  );
}
