/** Why the pool refuses a model, in words. Pure. */
import { basename, dirname } from "node:path";
import { GradcastError } from "../../shared/errors.ts";
import { didYouMean } from "../../shared/nearest.ts";

/** Ids that a refusal names at most. */
const MAX_NAMED = 12;

/** There is no model of an id among those. */
export function unknown(ids: readonly string[], id: string): GradcastError {
  const named = ids.slice(0, MAX_NAMED);
  const left = ids.length - named.length;
  return new GradcastError(
    "unknown-model",
    `Cannot choose the model: expected ${ids.length > 1 ? "one of " : ""}${named.join(", ")}${
      left > 0 ? ` and ${left} more` : ""
    }, got '${id}'${didYouMean(ids, id)}`,
  );
}

/** Nobody waits for the model any more. */
export function abandoned(): GradcastError {
  return new GradcastError("server-closing", "Cannot load the model: nobody waits for it any more");
}

/**
 * An error of opening a model as those who wait for it receive it; where the server keeps it is none of their business.
 *
 * @param path of its file or folder; empty where it has none
 */
export function failureOf(id: string, path: string, error: unknown): GradcastError {
  if (error instanceof GradcastError && error.code !== "engine-failed") return error;
  const reason = (error instanceof Error ? error.message : String(error)).replace(
    /^Cannot load the model: /,
    "",
  );
  const items = error instanceof GradcastError ? error.items : [];
  return new GradcastError("model-failed", `Cannot load the model '${id}': ${withoutPath(reason, path)}`, {
    items,
  });
}

/** Names files by what they are called in their folder. */
function withoutPath(text: string, path: string): string {
  const folder = dirname(path);
  if (path === "" || folder.length < 2) return text;
  return text.replaceAll(`${path}/`, "").replaceAll(path, basename(path))
    .replaceAll(`${folder}/`, "").replaceAll(folder, "its folder");
}

/** There is no memory for a model beside those in use; all sizes in bytes. */
export function full(
  id: string,
  neededBytes: number,
  freeBytes: number,
  memoryBytes: number,
): GradcastError {
  return new GradcastError(
    "models-full",
    `Cannot load the model '${id}': it needs about ${
      inMegabytes(neededBytes)
    }, and the models in use leave ` +
      `${inMegabytes(freeBytes)} of ${
        inMegabytes(memoryBytes)
      }; close a page or a pane that uses one, or start with a larger --memory`,
  );
}

function inMegabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1e6).toLocaleString("en")} MB`;
}
