/** One frame's whole explanation: ranking first, then the method's map. */
import { frameRow } from "./_frame_row.ts";
import type { Attribution, Method, MethodContext } from "./method.ts";

/** Asks for the frame's own row, tells its logits and goes on with the method, which finds that row known. */
export function* explainFrame(method: Method, context: MethodContext): Attribution {
  const { logits } = yield* frameRow(context, method.first?.(context));
  yield { kind: "ranking", logits };
  return yield* method.attribute(context);
}
