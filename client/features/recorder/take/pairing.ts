/**
 * Pairs pictures with maps, so that in a recording no map lies over a picture that is more than one frame away from the
 * one that it explains.
 *
 * Every camera frame waits here until it is known whether it, or the one next to it, is explained. A frame that is
 * explained gets its own map, its neighbours get the same; frames further away are left out, as people see a map that
 * is late sooner than a missing picture.
 */

/** A picture that waits. */
interface Waiting<Picture> {
  readonly place: number;
  readonly capturedMs: number;
  readonly picture: Picture;
}

/** An explanation, with the place of the picture that it is of. */
interface Explained<Map> {
  readonly place: number;
  readonly frame: number;
  readonly map: Map;
}

/** A picture that can be written, with the frame that its map explains; null: nothing explains it. */
export interface Pair<Picture, Map> {
  readonly capturedMs: number;
  readonly picture: Picture;
  readonly frame: number | null;
  readonly map: Map | null;
  /** Places between the picture and the one that is explained: 0 or ±1. */
  readonly distance: number;
}

/** What can be written and what is left out, each in the order of capture. */
export interface Paired<Picture, Map> {
  readonly pairs: readonly Pair<Picture, Map>[];
  readonly left: readonly Picture[];
}

/** Pictures that wait at most: half a second at 30 a second, and little enough memory. */
export const MAX_WAITING = 15;

/** Frames whose places are remembered. */
const MAX_FRAMES = 32;

/** Pictures and maps of one recording. */
export class Pairing<Picture, Map> {
  #waiting: Waiting<Picture>[] = [];
  #last: Explained<Map> | null = null;
  readonly #placeOfTime = new globalThis.Map<number, number>();
  readonly #timeOfFrame = new globalThis.Map<number, number>();
  #places = 0;

  /** A picture was captured; times are unique. What waits too long for a map is written with none. */
  captured(capturedMs: number, picture: Picture): Paired<Picture, Map> {
    const place = this.#places++;
    this.#waiting.push({ place, capturedMs, picture });
    remember(this.#placeOfTime, capturedMs, place);
    const late = this.#waiting.splice(0, Math.max(0, this.#waiting.length - MAX_WAITING));
    return this.#pair(late, null);
  }

  /** The picture of this time was sent as a frame. */
  sent(frame: number, capturedMs: number): void {
    remember(this.#timeOfFrame, frame, capturedMs);
  }

  /** Whether a frame's picture was captured here. */
  knows(frame: number): boolean {
    return this.#placeOfTime.has(this.#timeOfFrame.get(frame) ?? NaN);
  }

  /** The map of a frame is there: everything up to its picture can be written. */
  explained(frame: number, map: Map): Paired<Picture, Map> {
    const place = this.#placeOfTime.get(this.#timeOfFrame.get(frame) ?? NaN);
    if (place === undefined || place <= (this.#last?.place ?? -1)) return { pairs: [], left: [] };
    const next = { place, frame, map };
    const ready = this.#waiting.filter((one) => one.place <= place);
    this.#waiting = this.#waiting.filter((one) => one.place > place);
    const paired = this.#pair(ready, next);
    this.#last = next;
    return paired;
  }

  /** No further map comes: what waits is written as far as the last one reaches. */
  rest(): Paired<Picture, Map> {
    return this.#pair(this.#waiting.splice(0), null);
  }

  #pair(ready: readonly Waiting<Picture>[], next: Explained<Map> | null): Paired<Picture, Map> {
    const pairs: Pair<Picture, Map>[] = [];
    const left: Picture[] = [];
    for (const { place, capturedMs, picture } of ready) {
      const near = [next, this.#last].find((one) => one !== null && Math.abs(place - one.place) <= 1);
      const pair = { capturedMs, picture };
      if (near !== undefined && near !== null) {
        pairs.push({ ...pair, frame: near.frame, map: near.map, distance: place - near.place });
      } else if (this.#last === null && next === null) {
        pairs.push({ ...pair, frame: null, map: null, distance: 0 });
      } else left.push(picture);
    }
    return { pairs, left };
  }
}

function remember(places: globalThis.Map<number, number>, key: number, place: number): void {
  // Frame ids begin at 1 again with each connection: what is known by the same id counts as new.
  places.delete(key);
  places.set(key, place);
  const [oldest] = places.keys();
  if (places.size > MAX_FRAMES && oldest !== undefined) places.delete(oldest);
}
