/** What a show's audience sees now: kept for who comes later, handed out piece by piece to who is there. */
import { type BundlePart, encodeBundle, MAX_BUNDLE_PARTS } from "../../shared/bundle.ts";
import { encodeFrame, type FileFormat } from "../../shared/codec.ts";
import type { ServerMessage } from "../../shared/protocol.ts";
import type { StageState } from "../../shared/remote.ts";

/** Frames whose result is awaited. */
const KEPT_FRAMES = 4;

/** A frame's picture. */
interface Picture {
  readonly format: FileFormat;
  readonly picture: Uint8Array<ArrayBuffer>;
}

/** The newest frame with a result, and the tiles of its map so far. */
interface Explained {
  readonly frame: number;
  readonly head: readonly BundlePart[];
  tiles: Uint8Array<ArrayBuffer>[];
}

/** The scene of one show. */
export class Scene {
  readonly #pictures = new Map<number, Picture>();
  #view: string | null = null;
  /** What can be done with the models that were shown, by their ids; nothing of the first one, which the welcome has. */
  readonly #models = new Map<string, string>();
  /** The view's model, where it is not the first one. */
  #model: string | null = null;
  #stage: string | null = null;
  /** What the view's map rests on; null: it is not known. */
  #reason: string | null = null;
  #away = false;
  #explained: Explained | null = null;
  /** What the last bundle of changes ended with. */
  #sent: { frame: number; tiles: number } = { frame: 0, tiles: 0 };
  /** What the audience has to hear beside frames and maps. */
  readonly #changed = new Set<"view" | "stage" | "away" | "reason">();

  frame(id: number, format: FileFormat, picture: Uint8Array<ArrayBuffer>): void {
    this.#pictures.set(id, { format, picture });
    const [oldest] = this.#pictures.keys();
    if (this.#pictures.size > KEPT_FRAMES && oldest !== undefined) this.#pictures.delete(oldest);
  }

  /** Reports whether the audience has to hear of it. */
  said(message: ServerMessage, text: string): boolean {
    switch (message.type) {
      case "model":
        this.#models.set(message.model.id, text);
        return false;
      case "view":
        this.#view = text;
        this.#model = this.#models.get(message.model) ?? null;
        // Tiles of the view before lie in another shape; the next result begins again.
        if (this.#explained !== null) this.#explained.tiles = [];
        this.#sent.tiles = 0;
        this.#reason = null;
        this.#changed.add("view");
        return true;
      case "reason":
        this.#reason = text;
        this.#changed.add("reason");
        return true;
      case "result":
        this.#take(message.frame, text);
        return true;
      default:
        return false;
    }
  }

  /** Reports whether the tile belongs to what is shown. */
  tile(frame: number, bytes: Uint8Array<ArrayBuffer>): boolean {
    if (this.#explained?.frame !== frame) return false;
    this.#explained.tiles.push(bytes);
    // A map that is computed again and again on a held picture: the newest tiles are the map.
    if (this.#explained.tiles.length > MAX_BUNDLE_PARTS / 2) {
      this.#explained.tiles = this.#explained.tiles.slice(-MAX_BUNDLE_PARTS / 4);
      this.#sent.tiles = 0;
    }
    return true;
  }

  stage(stage: StageState): void {
    this.#stage = JSON.stringify({ type: "stage", stage } satisfies ServerMessage);
    this.#changed.add("stage");
  }

  away(on: boolean): void {
    this.#away = on;
    this.#changed.add("away");
    // A presenter who comes back begins to count frames again.
    if (!on) this.#pictures.clear();
  }

  /** Everything, for who has nothing yet; `welcome` comes first. */
  whole(welcome: string): Uint8Array<ArrayBuffer> {
    const { head = [], tiles = [] } = this.#explained ?? {};
    const words = [this.#model, this.#view, this.#stage].filter((text) => text !== null);
    const last = this.#reason === null ? [] : [this.#reason];
    return encodeBundle([welcome, awayText(this.#away), ...words, ...head, ...tiles, ...last]);
  }

  /** What is new since the last call, or null where nothing is. */
  changes(): Uint8Array<ArrayBuffer> | null {
    const words = {
      away: [awayText(this.#away)],
      view: [this.#model, this.#view],
      stage: [this.#stage],
      reason: [this.#reason],
    };
    const parts: BundlePart[] = [...this.#changed].flatMap((what) => words[what])
      .filter((text) => text !== null);
    this.#changed.clear();
    if (this.#explained !== null) {
      const { frame, head, tiles } = this.#explained;
      if (this.#sent.frame !== frame) {
        parts.push(...head);
        this.#sent = { frame, tiles: 0 };
      }
      parts.push(...tiles.slice(this.#sent.tiles));
      this.#sent.tiles = tiles.length;
    }
    return parts.length === 0 ? null : encodeBundle(parts.slice(-MAX_BUNDLE_PARTS));
  }

  #take(frame: number, text: string): void {
    const picture = this.#pictures.get(frame);
    if (picture === undefined) {
      // A held picture has a result for every change of the view; those who watch have the picture already.
      if (this.#explained?.frame === frame) {
        this.#explained = { ...this.#explained, head: withResult(this.#explained.head, text), tiles: [] };
      }
      this.#sent = { frame: 0, tiles: 0 };
      return;
    }
    this.#pictures.delete(frame);
    const bytes = encodeFrame({ id: frame, still: false, capturedMs: 0, ...picture });
    this.#explained = { frame, head: [bytes, text], tiles: [] };
    this.#sent = { frame: 0, tiles: 0 };
  }
}

function withResult(head: readonly BundlePart[], text: string): readonly BundlePart[] {
  return [...head.filter((part) => typeof part !== "string"), text];
}

function awayText(on: boolean): string {
  return JSON.stringify({ type: "away", on } satisfies ServerMessage);
}
