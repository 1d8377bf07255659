/** The option `seed` of the methods that draw random numbers. */
import type { OptionSpec } from "../../../shared/protocol.ts";

/** One table entry for every method that takes it. */
export const SEED_OPTION: OptionSpec = {
  kind: "integer",
  name: "seed",
  default: 0,
  min: 0,
  max: 999_999,
  unit: "",
  help: "What the random numbers begin with; the same seed gives the same map.",
};
