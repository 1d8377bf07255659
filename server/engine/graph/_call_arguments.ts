/** Arguments that an operation of Keras 3 was called with. */
import * as v from "valibot";
import type { Layer } from "../model/topology.ts";

/** Something that an operation computes with. */
export type Operand =
  | { readonly kind: "input"; readonly number: number }
  | { readonly kind: "constant"; readonly shape: readonly number[]; readonly values: readonly number[] };

/** Numbers of one constant at most. */
const MAX_NUMBERS = 2 ** 22;

const CallSchema = v.object({
  args: v.optional(v.array(v.unknown()), []),
  kwargs: v.optional(v.looseObject({}), {}),
});

const Input = v.object({ input: v.number() });
const Tensor = v.object({
  class_name: v.picklist(["__tensor__", "__numpy__"]),
  config: v.object({ value: v.unknown() }),
});

/** Positional and named arguments of a layer's call; empty where none were written. */
export function argumentsOf({ config }: Layer): v.InferOutput<typeof CallSchema> {
  const parsed = v.safeParse(CallSchema, config["call"]);
  return parsed.success ? parsed.output : { args: [], kwargs: {} };
}

/** Reads an argument as a value; null where it is none. */
export function operand(argument: unknown): Operand | null {
  const input = v.safeParse(Input, argument);
  if (input.success) return { kind: "input", number: input.output.input };
  const tensor = v.safeParse(Tensor, argument);
  const written = tensor.success ? tensor.output.config.value : argument;
  const shape: number[] = [];
  for (let level: unknown = written; Array.isArray(level); level = level[0]) shape.push(level.length);
  const values = (Array.isArray(written) ? written.flat(Infinity) : [written]) as readonly unknown[];
  const count = shape.reduce((product, side) => product * side, 1);
  const numbers = values.filter((value) => typeof value === "number");
  if (values.length !== numbers.length || count !== values.length || count > MAX_NUMBERS) return null;
  return { kind: "constant", shape, values: numbers };
}
