/** Lines that are made while they are read: work reports, and whoever reads takes what there is. */
import { ndjsonLine } from "../../shared/ndjson.ts";
import { refusalLine } from "./_ndjson.ts";
import type { WireContext } from "../logger/mod.ts";

/** Work that reports documents; of those that `replaces()` names, one that has not been read gives way to the next. */
export interface ReportedWork<Line> {
  readonly work: (report: (line: Line) => void) => Promise<void>;
  readonly replaces: (line: Line, before: Line) => boolean;
  readonly context: WireContext;
}

/** The lines of the work as they come; where it fails, its refusal is the last one. */
export async function* linesOf<Line>(
  { work, replaces, context }: ReportedWork<Line>,
): AsyncGenerator<string, void, undefined> {
  const waiting: Line[] = [];
  let wake = () => {};
  let ended = false;
  let failure: string | null = null;
  work((line) => {
    const before = waiting.at(-1);
    if (before !== undefined && replaces(line, before)) waiting.pop();
    waiting.push(line);
    wake();
  }).catch((error) => {
    // Nobody reads any more, and nothing failed.
    if (!isGone(error)) failure = ndjsonLine(refusalLine(error, context));
  }).finally(() => {
    ended = true;
    wake();
  });
  for (;;) {
    const next = waiting.shift();
    if (next !== undefined) yield ndjsonLine(next);
    else if (ended) break;
    else await new Promise<void>((resolve) => wake = resolve);
  }
  if (failure !== null) yield failure;
}

function isGone(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}
