/** The check for spurious clues, as it runs. */
import { problemWords } from "../../http/http.ts";
import type { CluesNews } from "./server.ts";
import type { CluesState } from "./teach_state.ts";

/** What the check needs. */
export interface ClueCheckPorts {
  readonly ask: (signal: AbortSignal) => AsyncIterable<CluesNews>;
  readonly onChange: (clues: CluesState) => void;
}

/** Runs one check; `headRevision` is that of the head that is looked at. */
export async function checkClues(
  { ask, onChange }: ClueCheckPorts,
  headRevision: number,
  signal: AbortSignal,
): Promise<void> {
  onChange({ kind: "running", share: 0 });
  try {
    for await (const news of ask(signal)) {
      if (signal.aborted) return;
      onChange(
        "progress" in news
          ? { kind: "running", share: news.progress }
          : { kind: "done", clues: news.clues, headRevision },
      );
    }
  } catch (error) {
    if (!signal.aborted) onChange({ kind: "failed", words: problemWords(error) });
  }
}
