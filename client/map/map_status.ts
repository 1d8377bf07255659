/** How the map on the stage stands, in one state and in words. Pure. */
import { type Clarity, clarityWords } from "../../shared/clear_place.ts";

/** What the stage says about its map. */
export type MapStatus =
  /** No tile of this view has come yet. */
  | { readonly kind: "waiting" }
  /** The picture moves and the map follows. */
  | { readonly kind: "live" }
  /** The picture moves, and a part of the map is known for frames like the newest; share 0…1. */
  | { readonly kind: "partial"; readonly known: number }
  /** The picture is held and the map is being completed; progress 0…1. */
  | { readonly kind: "growing"; readonly progress: number }
  /** The picture is held and the map is finished. */
  | { readonly kind: "complete" }
  /** The map is finished and singles out no place, whether the picture is held or moves. */
  | { readonly kind: "unclear"; readonly clarity: Exclude<Clarity, "clear">; readonly still: boolean }
  /** The map says that nothing speaks for the class. */
  | { readonly kind: "empty" }
  /** A picture of the network itself is as far as it goes; no frame makes it older. */
  | { readonly kind: "finished" }
  /** What the method tried to raise never answered: the picture shows nothing of it. */
  | { readonly kind: "silent" }
  /** The picture moved on without its map; age in ms. */
  | { readonly kind: "stale"; readonly ageMs: number };

/** A map that is older than this while the picture moves is stale, in ms. */
export const STALE_MS = 1_000;

/** The same for maps that grow: their cells fade one by one and need longer for a round. */
export const STALE_GROWING_MS = 4_000;

/** What the status follows from. */
export interface MapFacts {
  readonly hasMap: boolean;
  /** Whether the map belongs to the view that the page asks for. */
  readonly isCurrent: boolean;
  readonly still: boolean;
  /** Whether the map explains the held picture, or an earlier one. */
  readonly ofHeldPicture: boolean;
  readonly progress: number;
  readonly complete: boolean;
  /** Share of the map's cells that are known for frames like the newest, 0…1. */
  readonly known: number;
  readonly empty: boolean;
  /** Whether the map singles out a place; of a map that is not finished, or was clear a moment ago, "clear". */
  readonly clarity: Clarity;
  /** Whether the map is a picture in colours of its own: it is of the network, and the camera's plays no part. */
  readonly inColours: boolean;
  /** Whether what was to be raised never answered. */
  readonly silent: boolean;
  /** Age of the picture that the newest cell explains, in ms. */
  readonly ageMs: number;
  /** Whether the method's maps grow tile by tile. */
  readonly progressive: boolean;
}

/** Gives the status of a map. */
export function mapStatus(facts: MapFacts): MapStatus {
  if (!facts.hasMap) return { kind: "waiting" };
  if (facts.inColours && facts.isCurrent) {
    if (!facts.complete) return { kind: "growing", progress: facts.progress };
    return { kind: facts.silent ? "silent" : "finished" };
  }
  const staleMs = facts.progressive ? STALE_GROWING_MS : STALE_MS;
  if (!facts.still && facts.ageMs > staleMs) return { kind: "stale", ageMs: facts.ageMs };
  if (!facts.isCurrent) return { kind: "waiting" };
  if (facts.still && !facts.ofHeldPicture) return { kind: "growing", progress: 0 };
  if (facts.still && !facts.complete) return { kind: "growing", progress: facts.progress };
  if (!facts.still && facts.progressive && facts.known < 1) return { kind: "partial", known: facts.known };
  if (facts.empty) return { kind: "empty" };
  if (facts.clarity !== "clear") return { kind: "unclear", clarity: facts.clarity, still: facts.still };
  return { kind: facts.still ? "complete" : "live" };
}

/**
 * Writes the status for the caption under the stage.
 *
 * @param label the explained class
 * @param made what the map is made of: "500 masks"; empty where nothing is drawn
 */
export function statusWords(status: MapStatus, label: string, made: string): string {
  switch (status.kind) {
    case "waiting":
      return "waiting for the map";
    case "live":
      return made === "" ? "live" : `live, ${made}`;
    case "partial":
      return `moving picture, ${Math.floor(status.known * 100)} % known: freeze to see all`;
    case "growing":
      return `computing, ${Math.floor(status.progress * 100)} % done`;
    case "complete":
      return `complete, ${made === "" ? "exact for this picture" : made}`;
    case "unclear":
      return `${[status.still ? "complete" : "live", ...(made === "" ? [] : [made])].join(", ")}; ${
        clarityWords(status.clarity)
      }`;
    case "empty":
      return `no evidence for ${label}`;
    case "finished":
      return made === "" ? "finished" : `finished, ${made}`;
    case "silent":
      return "nothing found that activates it: try another seed, or another channel";
    case "stale":
      return `stale, ${(status.ageMs / 1000).toFixed(0)} s old`;
    default: {
      const _never: never = status;
      return _never;
    }
  }
}
