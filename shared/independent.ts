/** Models whose classes do not exclude each other: each has a probability of its own, the sigmoid of its logit. */
import type { Head } from "./protocol.ts";

/** Said where the numbers of such a model stand one below the other. */
export const INDEPENDENT_WORDS = "Each class has its own probability: together they need not be 100 %.";

/** Whether a model's classes are independent; without a head they share one probability. */
export function areIndependent({ head = "softmax" }: { readonly head?: Head | undefined }): boolean {
  return head === "sigmoid";
}
