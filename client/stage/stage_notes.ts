/** What has to be said on the picture itself. Pure. */
import { coverNote } from "../../shared/cover.ts";
import type { ConnectionState } from "../live/connection.ts";
import type { MapStatus } from "../map/map_status.ts";

/** What the notes follow from. */
export interface StageFacts {
  readonly connection: ConnectionState;
  readonly frozen: boolean;
  readonly mapHidden: boolean;
  /** Whether a part of the picture is hidden from the network. */
  readonly covered: boolean | "all";
  /** Whether the picture is the first of an animation. */
  readonly animated: boolean;
  /** Whether the server writes a log of what this page sends. */
  readonly logging: boolean;
  /** People who watch; null while the page is not shared. */
  readonly watchers: number | null;
  readonly status: MapStatus;
  /** Name of the class that the map explains, or null. */
  readonly target: string | null;
}

/** A note. */
export interface StageNote {
  readonly kind:
    | "connection"
    | "frozen"
    | "map-hidden"
    | "covered"
    | "animated"
    | "logging"
    | "watchers"
    | "map";
  readonly words: string;
}

/** Returns the notes in the order in which they stand. */
export function stageNotes(facts: StageFacts): readonly StageNote[] {
  const { frozen, mapHidden, covered, animated, logging, watchers } = facts;
  const reason = connectionReason(facts.connection);
  const map = mapNote(facts);
  return [
    reason !== "" && { kind: "connection", words: reason } as const,
    frozen && { kind: "frozen", words: "Frozen" } as const,
    mapHidden && { kind: "map-hidden", words: "Heatmap hidden" } as const,
    covered !== false && { kind: "covered", words: coverNote(covered) } as const,
    animated && { kind: "animated", words: "Still of an animation" } as const,
    logging && { kind: "logging", words: "Writing a log" } as const,
    watchers !== null && { kind: "watchers", words: String(watchers) } as const,
    map !== "" && { kind: "map", words: map } as const,
  ].filter((note) => note !== false);
}

/** Why there is no connection, where that takes more words than the status line has room for. */
function connectionReason(state: ConnectionState): string {
  if (state.phase === "ended" || state.phase === "resting") return state.words;
  return state.phase === "waiting" && state.after.kind === "busy" ? state.after.words : "";
}

function mapNote({ status, target }: StageFacts): string {
  switch (status.kind) {
    case "stale":
      return "Stale: the map is older than the picture";
    case "unclear":
      return "No clear place";
    case "empty":
      return target === null ? "" : `No evidence for ${target}`;
    case "waiting":
    case "live":
    case "partial":
    case "growing":
    case "complete":
    case "finished":
    case "silent":
      return "";
    default: {
      const _never: never = status;
      return _never;
    }
  }
}
