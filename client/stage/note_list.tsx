import { Eye, EyeOff, Film, Paintbrush, Snowflake } from "lucide-preact";
import type { ComponentChildren } from "preact";
import type { StageNote } from "./stage_notes.ts";

/** What has to be said on the picture itself: frozen, stale, no evidence, no clear place, or why there is no connection. */
export function NoteList({ notes }: { readonly notes: readonly StageNote[] }) {
  return (
    <div class="notes">
      {notes.map(({ kind, words }) => {
        const { sign, testid } = lookOf(kind);
        return (
          <span key={kind} class="note" data-testid={testid}>
            {sign} {words}
            {kind === "watchers" && <span class="visually-hidden">people watch</span>}
          </span>
        );
      })}
    </div>
  );
}

/** How a note looks, and its hook for tests. */
function lookOf(kind: StageNote["kind"]): { readonly sign: ComponentChildren; readonly testid?: string } {
  switch (kind) {
    case "connection":
    case "map":
      return { sign: null };
    case "frozen":
      return { sign: <Snowflake aria-hidden="true" /> };
    case "map-hidden":
      return { sign: <EyeOff aria-hidden="true" />, testid: "map-hidden" };
    case "covered":
      return { sign: <Paintbrush aria-hidden="true" />, testid: "covered" };
    case "animated":
      return { sign: <Film aria-hidden="true" />, testid: "animated" };
    case "logging":
      return { sign: <span class="recording-dot" aria-hidden="true" />, testid: "log-sign" };
    case "watchers":
      return { sign: <Eye aria-hidden="true" />, testid: "show-sign" };
    default: {
      const _never: never = kind;
      return _never;
    }
  }
}
