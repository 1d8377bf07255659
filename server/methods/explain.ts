/** One frame's whole explanation: ranking first, then the method's map. */
import { TOP_CLASSES } from "../../shared/limits.ts";
import { frameRow } from "./rows/frame_row.ts";
import type { Attribution, Method, MethodContext } from "./method.ts";
import { targetClass, topClasses } from "./ranking.ts";

/**
 * The list that people read of a moving picture: it is calmer than the frames' own rankings, and a map that follows a
 * rank explains the class that stands there on the list.
 */
export interface FollowedList {
  /** The classes of the list before this frame: most frames leave them where they are. Empty: none is known. */
  readonly expected: readonly number[];
  /** The class at a rank of the list once this frame's logits have been taken. */
  classAt(rank: number, logits: Float32Array): number;
}

/** Yields a frame's logits and makes no map: the cheapest row there is. */
export function* predictFrame(context: MethodContext): Attribution {
  const { logits } = yield* frameRow(context);
  yield { kind: "ranking", logits };
  return { classIndex: 0, layer: null, height: 0, width: 0, values: new Float32Array() };
}

/**
 * Asks for the frame's own row, yields its logits and continues with the method, which finds that row known.
 *
 * Methods whose first row is a gradient have its class picked inside the engine, before the list knows the frame: they
 * are asked for the class that is expected. Only where the list then names another one (its first class changes a few
 * times a minute) does a second row follow, so that the map always explains the class that the list names.
 */
export function* explainFrame(method: Method, context: MethodContext, list?: FollowedList): Attribution {
  const { target } = context;
  const expected = target.kind === "rank" && method.first !== undefined
    ? list?.expected[target.rank - 1]
    : undefined;
  const first: MethodContext = expected === undefined
    ? context
    : { ...context, target: { kind: "class", index: expected } };
  const { logits } = yield* frameRow(first, method.first?.(first));
  yield { kind: "ranking", logits };
  if (target.kind === "class" || list === undefined) return yield* method.attribute(first);
  const index = list.classAt(target.rank, logits);
  if (targetClass(logits, first.target) === index) return yield* method.attribute(first);
  return yield* method.attribute({
    ...context,
    target: { kind: "class", index },
    projected: topClasses(logits, TOP_CLASSES),
  });
}
