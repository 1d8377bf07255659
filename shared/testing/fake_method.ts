/** A method made by hand, for tests of what is read off its description. */
import type { MethodInfo } from "../protocol.ts";

/** What is to be different about a method. */
export interface FakeMethodOptions extends Partial<Pick<MethodInfo, "id" | "signed" | "sampling">> {
  readonly zero?: MethodInfo["values"]["zero"];
  /** Unit where the logit is explained; that of the probability is always `probability`. */
  readonly unit?: string;
}

/** A method without options whose maps are contributions to the logit. */
export function fakeMethod(
  { id = "fake", signed = false, sampling = null, zero = "nothing", unit = "logits" }: FakeMethodOptions = {},
): MethodInfo {
  return {
    id,
    name: id,
    family: "layer",
    plain: "",
    expert: "",
    weakness: "",
    signed,
    progressive: sampling !== null,
    values: { unit: { logit: unit, probability: "probability" }, meaning: "How much", zero, range: null },
    sampling,
    subject: "picture",
    looksAt: "network",
    options: [],
  };
}
