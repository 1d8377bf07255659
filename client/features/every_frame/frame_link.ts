/** A connection of its own on which frames are explained: each has its answer, and the next one is sent as answers come. */
import { effect } from "@preact/signals";
import { encodeFrame, type Tile } from "../../../shared/codec.ts";
import type { Result, ServerMessage, View } from "../../../shared/protocol.ts";
import type { Link, LinkPorts } from "../../live/link.ts";
import { addTile, type CellMap } from "../../map/cell_map.ts";
import type { Encoded } from "../../picture/square_encoder.ts";

/** Times that a frame is sent again after the server failed at it. */
const MAX_TRIES = 3;

/** What explains a frame. */
export interface FrameAnswer {
  readonly result: Result;
  readonly map: CellMap;
}

/** A frame on its way. */
interface Flight {
  readonly picture: Encoded;
  readonly capturedMs: number;
  /** 0: not sent on this connection. */
  id: number;
  tries: number;
  result: Result | null;
  map: CellMap | null;
  readonly answer: PromiseWithResolvers<FrameAnswer>;
}

/** The connection, as far as frames need it. */
export type FrameConnection = Pick<Link, "state" | "start" | "wanted" | "sendFrame" | "dispose">;

/** What the connection is made with. */
export interface FrameLinkOptions {
  readonly connect: (ports: Omit<LinkPorts, "url">) => FrameConnection;
  readonly view: View;
  /** Whether one frame is explained at a time. */
  readonly grows: boolean;
}

/** Explains frames. */
export class FrameLink {
  readonly #link: FrameConnection;
  readonly #view: View;
  readonly #flights: Flight[] = [];
  readonly #stopWatching: () => void;
  /** Whether this connection shows the view. */
  #ready = false;
  #nextId = 1;
  #most: number;
  #failed: Error | null = null;

  constructor({ connect, view, grows }: FrameLinkOptions) {
    this.#view = view;
    this.#most = grows ? 1 : 2;
    this.#link = connect({
      view: () => view,
      onMessage: (message) => this.#take(message),
      onTile: (tile) => this.#takeTile(tile),
      onLive: (live) => live || this.#lost(),
    });
    this.#stopWatching = effect(() => {
      const state = this.#link.state.value;
      if (state.phase === "ended") this.#fail(new Error(state.words));
    });
    this.#link.start();
  }

  /** Frames that are worth having under way at a time. */
  get depth(): number {
    return this.#most + 1;
  }

  /**
   * Explains a frame; of several, answers come in their order.
   *
   * @param capturedMs time of the frame in its video, in ms
   * @throws Error, in words for people, where the server cannot explain it
   */
  explain(picture: Encoded, capturedMs: number): Promise<FrameAnswer> {
    if (this.#failed !== null) return Promise.reject(this.#failed);
    const answer = Promise.withResolvers<FrameAnswer>();
    // Who stopped waiting hears of no failure.
    answer.promise.catch(() => {});
    this.#flights.push({ picture, capturedMs, id: 0, tries: 0, result: null, map: null, answer });
    this.#link.wanted();
    this.#send();
    return answer.promise;
  }

  dispose(): void {
    this.#stopWatching();
    this.#link.dispose();
    this.#fail(new Error("Cannot explain the frame: the connection was closed"));
  }

  #take(message: ServerMessage): void {
    switch (message.type) {
      case "view":
        if (message.revision !== this.#view.revision) return;
        this.#ready = true;
        return this.#send();
      case "result": {
        const flight = this.#flightOf(message.frame);
        if (flight === undefined || message.revision !== this.#view.revision) return;
        flight.result = message;
        return this.#settle(flight);
      }
      case "dropped": {
        const flight = this.#flightOf(message.frame);
        if (flight !== undefined) this.#again(flight);
        return;
      }
      case "error":
        if (message.pane !== null) return;
        if (message.frame !== null) return this.#refused(message.frame, message.message);
        if (message.revision === this.#view.revision) this.#fail(new Error(message.message));
        return;
      default:
        // What else is said is for pages that show a moving picture.
        return;
    }
  }

  #takeTile(tile: Tile): void {
    const flight = this.#flightOf(tile.frame);
    if (flight === undefined || tile.pane !== 0 || tile.revision !== this.#view.revision) return;
    flight.map = addTile(flight.map, tile, 0);
    if (!tile.complete) return;
    // A map that ended before an earlier one took its turn: the earlier frame is explained again, alone from now on.
    for (const earlier of this.#flights) {
      if (earlier === flight) break;
      if (earlier.id !== 0 && earlier.result !== null) {
        this.#most = 1;
        this.#again(earlier);
      }
    }
    this.#settle(flight);
  }

  #settle(flight: Flight): void {
    const { result, map } = flight;
    if (result === null || map?.complete !== true) return;
    this.#flights.splice(this.#flights.indexOf(flight), 1);
    flight.answer.resolve({ result, map });
    this.#send();
  }

  #refused(frame: number, words: string): void {
    const flight = this.#flightOf(frame);
    if (flight === undefined) return;
    if (++flight.tries < MAX_TRIES) return this.#again(flight);
    this.#fail(new Error(words));
  }

  /** Sends a frame once more, as a new one. */
  #again(flight: Flight): void {
    flight.id = 0;
    flight.result = null;
    flight.map = null;
    this.#send();
  }

  #lost(): void {
    this.#ready = false;
    this.#nextId = 1;
    for (const flight of this.#flights) {
      flight.id = 0;
      flight.result = null;
      flight.map = null;
    }
  }

  #fail(error: Error): void {
    this.#failed ??= error;
    for (const flight of this.#flights.splice(0)) flight.answer.reject(error);
  }

  /** Sends what may be under way, the earliest first. */
  #send(): void {
    if (!this.#ready) return;
    for (const flight of this.#flights) {
      if (this.#flights.filter(({ id }) => id !== 0).length >= this.#most) return;
      if (flight.id !== 0) continue;
      const id = this.#nextId;
      const { picture, capturedMs } = flight;
      // Still: each frame is explained by itself, to the end of its map.
      const bytes = encodeFrame({ ...picture, id, still: true, first: id === 1, capturedMs });
      if (!this.#link.sendFrame(bytes)) return;
      this.#nextId++;
      flight.id = id;
    }
  }

  #flightOf(frame: number): Flight | undefined {
    return this.#flights.find(({ id }) => id === frame);
  }
}
