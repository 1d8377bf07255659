/** Collections as they were written down. */
import * as v from "valibot";
import { GradcastError } from "../../shared/errors.ts";
import { type Collection, CollectionSchema } from "./collection.ts";

/** Reads what was written down of a collection. */
export function parseCollection(id: string, document: string): Collection {
  try {
    return parse(document);
  } catch (cause) {
    throw new GradcastError("data-unusable", `Cannot read the collection '${id}': its row is damaged`, {
      cause,
    });
  }
}

function parse(document: string): Collection {
  return v.parse(CollectionSchema, JSON.parse(document));
}
