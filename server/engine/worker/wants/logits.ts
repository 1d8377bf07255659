/** Rows that ask for the logits alone. */
import type { SharedWant } from "./want.ts";

export interface LogitsWant {
  readonly kind: "logits";
}

export const logits: SharedWant<LogitsWant, never> = {
  kind: "logits",
  pass: "shared",
  fault: () => null,
  plan: () => ({
    kind: "forward",
    layers: [],
    nodes: () => [],
    read: () => ({ projection: null, detail: null }),
  }),
  arrays: () => [],
  unsound: () => null,
};
