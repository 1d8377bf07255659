/** What somebody sees who watches: pictures and maps of the presenter, always of the same frame. */
import { type ReadonlySignal, signal } from "@preact/signals";
import type { BundlePart } from "../../shared/bundle.ts";
import { decodeFrame, type Frame, type Tile } from "../../shared/codec.ts";
import type { ReadRanking, ServerMessage, View, Welcome } from "../../shared/protocol.ts";
import type { RemoteCommand, Stage } from "../../shared/remote.ts";
import { natureOfView } from "../view/view_state.ts";
import { readMessage, readTile } from "../live/incoming.ts";
import { type Board, createBoard } from "../live/board.ts";
import { isCut } from "../map/scene_cut.ts";
import { Overlay } from "../map/overlay.ts";
import { createWatchLink, type WatchLink } from "./watch_link.ts";

/** Bundles that may wait for their pictures; of what comes on top only the words are taken. */
const MAX_WAITING = 4;

/** What the page of somebody who watches reads. */
export interface WatchModel {
  readonly link: WatchLink;
  readonly board: Board;
  readonly overlay: Overlay;
  /** The newest explained picture. */
  readonly picture: HTMLCanvasElement;
  readonly welcome: ReadonlySignal<Welcome | null>;
  readonly view: ReadonlySignal<View | null>;
  /** Null before the presenter has told. */
  readonly stage: ReadonlySignal<Stage | null>;
  /** Whether there is a picture yet. */
  readonly seen: ReadonlySignal<boolean>;
  start(): void;
  command(command: RemoteCommand): void;
}

/** Part of a bundle as it acts on the page. */
type Piece =
  | { readonly kind: "message"; readonly message: ServerMessage }
  | { readonly kind: "tile"; readonly tile: Tile }
  | { readonly kind: "frame"; readonly frame: Frame };

/** Makes the model; nothing happens until `start()`. */
export function createWatchModel(url: string): WatchModel {
  const welcome = signal<Welcome | null>(null);
  const view = signal<View | null>(null);
  const stage = signal<Stage | null>(null);
  const seen = signal(false);
  const board = createBoard();
  const picture = document.createElement("canvas");
  picture.className = "watch-picture";
  picture.setAttribute("aria-hidden", "true");
  const context = picture.getContext("2d", { alpha: false });
  let queue: Promise<void> = Promise.resolve();
  let waiting = 0;
  /** What people were told last to be seen; null before the first result. */
  let ranking: ReadRanking | null = null;

  const overlay = new Overlay({
    nature: () => natureOfView(view.value ?? { method: "", options: {} }, welcome.value?.methods ?? []),
    shading: (signed) => ({ colormap: signed ? "diverging" : stage.value?.colormap ?? "viridis", floor: 0 }),
    still: () => stage.value?.frozen ?? false,
    commonScale: () => null,
    onDrawn: () => {},
  });

  const link = createWatchLink({
    url,
    onParts(parts) {
      const taken = waiting < MAX_WAITING ? parts : parts.filter((part) => typeof part === "string");
      waiting++;
      queue = queue.then(() => act(taken)).catch(() => {}).finally(() => waiting--);
    },
  });

  async function act(parts: readonly BundlePart[]): Promise<void> {
    const pieces = parts.map(piece).filter((one) => one !== null);
    const frame = pieces.find((one) => one.kind === "frame")?.frame;
    // Decoded first: the picture and its map appear together. One that is broken takes nothing else with it.
    const bitmap = frame === undefined ? null : await decode(frame).catch(() => null);
    for (const one of pieces) {
      if (one.kind === "message") onMessage(one.message);
      else if (one.kind === "tile") onTile(one.tile);
      else if (bitmap !== null) show(bitmap);
    }
  }

  function show(bitmap: ImageBitmap): void {
    if (picture.width !== bitmap.width) picture.width = bitmap.width;
    if (picture.height !== bitmap.height) picture.height = bitmap.height;
    context?.drawImage(bitmap, 0, 0);
    bitmap.close();
    seen.value = true;
  }

  function onMessage(message: ServerMessage): void {
    switch (message.type) {
      case "welcome":
        welcome.value = message;
        overlay.forgetFrames();
        return;
      case "view": {
        const { type: _type, ...next } = message;
        if (view.value?.method !== next.method) overlay.forgetScale();
        view.value = next;
        return;
      }
      case "stage":
        stage.value = message.stage;
        overlay.redraw();
        return;
      case "away":
        link.away(message.on);
        // A presenter who comes back counts frames anew.
        if (!message.on) overlay.forgetFrames();
        return;
      case "result":
        if (isCut(ranking, message.ranking)) overlay.noteCut(performance.now());
        ranking = message.ranking;
        board.take(message);
        overlay.noteFrame(message.frame, isProgressive());
        return;
      case "pane":
      case "log":
      case "logged":
      case "dropped":
      case "error":
      case "shared":
      case "remote":
      case "ping":
      case "pong":
        // For the presenter, or for the link.
        return;
      default: {
        const _never: never = message;
        return _never;
      }
    }
  }

  function onTile(tile: Tile): void {
    if (tile.revision === view.value?.revision) overlay.add(tile, performance.now());
  }

  function isProgressive(): boolean {
    return welcome.value?.methods.find(({ id }) => id === view.value?.method)?.progressive ?? false;
  }

  return {
    link,
    board,
    overlay,
    picture,
    welcome,
    view,
    stage,
    seen,
    start: () => link.start(),
    command: (command) => link.send(command),
  };
}

function decode({ picture, format }: Frame): Promise<ImageBitmap> {
  return createImageBitmap(new Blob([picture], { type: `image/${format}` }));
}

/** Reads a part; what does not fit the protocol becomes null. */
function piece(part: BundlePart): Piece | null {
  if (typeof part === "string") {
    const message = readMessage(part);
    return message === null ? null : { kind: "message", message };
  }
  const tile = readTile(part.slice().buffer);
  if (tile !== null) return { kind: "tile", tile };
  try {
    return { kind: "frame", frame: decodeFrame(part) };
  } catch {
    return null;
  }
}
