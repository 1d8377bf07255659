/** A head as it is kept beside its collection: it is taken as it is as long as it was fitted to the pictures of now. */
import { createHash } from "node:crypto";
import * as v from "valibot";
import { HEAD_KINDS } from "../../shared/head_model.ts";
import { type HeadWorker, unpackHead } from "../heads/mod.ts";
import type { KeptHead } from "../store/mod.ts";
import type { Fitted } from "./fitted.ts";
import type { Lesson } from "./lesson.ts";

/** Changes whenever heads are fitted, or written down, in another way: what was kept before is fitted again. */
const FIT_VERSION = 2;

const DocumentSchema = v.object({
  ms: v.number(),
  validated: v.nullable(v.object({
    ...{ accuracy: v.number(), deviation: v.number(), keys: v.array(v.string()) },
    confusion: v.array(v.array(v.number())),
    /** Picture, the class that was said by its place in `keys`, its probability. */
    said: v.array(v.tuple([v.number(), v.number(), v.number()])),
  })),
});
type Document = v.InferOutput<typeof DocumentSchema>;

/** Writes a head down. `baseKey` stands for the model that features come from. */
export function keptHead(
  { kind, lesson, ms, validated }: Fitted,
  bytes: Uint8Array<ArrayBuffer>,
  baseKey: string,
): KeptHead {
  const document: Document = {
    ms,
    validated: validated === null ? null : {
      ...{ accuracy: validated.accuracy, deviation: validated.deviation, keys: [...validated.keys] },
      confusion: validated.confusion.map((row) => [...row]),
      said: [...validated.said].map((
        [id, { key, probability }],
      ) => [id, validated.keys.indexOf(key), probability]),
    },
  };
  return { kind, lesson: lessonKey(lesson, baseKey), document: JSON.stringify(document), bytes };
}

/**
 * Reads a head that was kept; null where it was fitted to other pictures, or to those of another model.
 *
 * @param worker called where there is something to check
 * @throws GradcastError `head-refused`, or Error, where what was kept is damaged
 */
export async function readKeptHead(
  kept: KeptHead,
  lesson: Lesson,
  baseKey: string,
  worker: () => HeadWorker,
): Promise<Omit<Fitted, "lesson" | "revision"> | null> {
  if (kept.lesson !== lessonKey(lesson, baseKey)) return null;
  const kind = HEAD_KINDS.find((one) => one === kept.kind);
  if (kind === undefined) return null;
  const { ms, validated } = v.parse(DocumentSchema, JSON.parse(kept.document));
  const { bytes, sha256 } = await worker().check(kept.bytes);
  const said = (validated?.said ?? []).map((
    [id, place, probability],
  ) => [id, { key: validated?.keys[place] ?? "", probability }] as const);
  return {
    ...{ kind, head: unpackHead(bytes), sha256, ms },
    validated: validated === null ? null : { ...validated, said: new Map(said) },
  };
}

/** Stands for what a head is fitted to: which pictures, in which classes, with the features of which model. */
function lessonKey({ keys, ids, from: { labels } }: Lesson, baseKey: string): string {
  const what = JSON.stringify([FIT_VERSION, baseKey, keys, ids, [...labels]]);
  return createHash("sha256").update(what).digest("hex");
}
