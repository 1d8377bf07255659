/** What the rows of a part are computed with. */
import type { Kernels, Value } from "../../graph/kernels.ts";
import type { Form } from "../network/forms.ts";
import type { Part } from "./parts.ts";

/** All that the rows of a part are computed with. */
export interface Bench<K extends Part["kind"] = Part["kind"]> {
  readonly kernels: Kernels;
  readonly form: Form;
  readonly part: Extract<Part, { kind: K }>;
  /** The part's inputs, `[inputs, height, width, 3]`; they stay the caller's. */
  readonly input: Value;
}
