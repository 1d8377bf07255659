/** What a collection is, in memory and on the disk: each change is written down before it counts, one after the other. */
import { GradcastError } from "../../shared/errors.ts";
import type { KeptPicture } from "../store/mod.ts";
import { type Acted, type Collection, picturesOf } from "./collection.ts";
import type { Taken } from "./feature_reader.ts";
import { FeatureTable } from "./feature_table.ts";
import type { TaughtParts } from "./parts.ts";
import { expectRoom, type Room, sizeOf, sum } from "./room.ts";

/** A picture with its features and its file. */
export type NewPicture = Exclude<Taken, { error: GradcastError }> & {
  readonly bytes: Uint8Array<ArrayBuffer>;
};

/** The features of a picture. */
export interface PictureFeatures {
  readonly id: number;
  readonly features: Float32Array<ArrayBuffer>;
}

/** What is kept with, and who hears of changes. */
export interface KeptCollectionParts extends Pick<TaughtParts, "store" | "date"> {
  readonly id: string;
  /** Bytes of all collections, to be kept up to date. */
  readonly room: Room;
  /** Called after a change that people see, before the features of pictures that were restored are there. */
  readonly onChange: () => void;
}

/** A collection that is written down. */
export class KeptCollection {
  readonly #parts: KeptCollectionParts;
  readonly #pictures: Map<number, KeptPicture>;
  #now: Collection;
  #table: FeatureTable | null = null;
  /** Changes wait for each other. */
  #last: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(parts: KeptCollectionParts, collection: Collection, pictures: readonly KeptPicture[]) {
    this.#parts = parts;
    this.#now = collection;
    this.#pictures = new Map(pictures.map((one) => [one.id, one]));
  }

  /** As it is now. */
  get now(): Collection {
    return this.#now;
  }

  get pictures(): ReadonlyMap<number, KeptPicture> {
    return this.#pictures;
  }

  /** Features of the pictures; null until they were read. */
  get table(): FeatureTable | null {
    return this.#table;
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  /** Nothing is changed any more. */
  close(): void {
    this.#closed = true;
  }

  /** Reads the features of the pictures. In its turn. */
  async readTable(): Promise<void> {
    const { ids, values } = await this.#parts.store.features(this.#parts.id);
    const width = ids.length === 0 ? 0 : values.length / ids.length;
    const table = new FeatureTable(width, ids.length);
    for (const [place, id] of ids.entries()) {
      if (this.#pictures.get(id)?.removed === false) {
        table.set(id, values.subarray(place * width, (place + 1) * width));
      }
    }
    this.#table = table;
  }

  /** Writes another document; `work` makes it of what is there in its turn. */
  write(work: () => Collection): Promise<void> {
    return this.inTurn(async () => {
      const collection = { ...work(), updatedMs: this.#parts.date() };
      await this.#parts.store.change(this.#parts.id, { document: JSON.stringify(collection) });
      this.#now = collection;
    });
  }

  /** Carries out an act that can be taken back; false where there is nothing to do. What it restores has features again. */
  act(work: () => Acted | null): Promise<boolean> {
    return this.inTurn(async () => {
      const done = work();
      if (done === null) return false;
      const { set, drop } = done;
      const { id: own, store, room, date, onChange } = this.#parts;
      const collection = { ...done.collection, updatedMs: date() };
      await store.change(own, {
        document: JSON.stringify(collection),
        set: set.map(({ id, class: key, removed }) => ({ id, class: key, removed })),
        drop,
      });
      this.#now = collection;
      const width = this.#table?.width ?? 0;
      room.add(own, -sum(drop.map((id) => sizeOf(this.#pictures.get(id), { length: width }))));
      for (const picture of set) this.#pictures.set(picture.id, picture);
      for (const id of drop) this.#pictures.delete(id);
      onChange();
      await this.#rowsAgain(set);
      return true;
    });
  }

  /**
   * Adds pictures to a class.
   *
   * @returns their ids
   * @throws GradcastError `taught-full`
   */
  add(
    key: string,
    hold: number,
    added: readonly NewPicture[],
    expect: () => void,
  ): Promise<readonly number[]> {
    return this.inTurn(async () => {
      expect();
      const { id: own, store, room, date, onChange } = this.#parts;
      const sizes = added.map(({ bytes, features }) => sizeOf(bytes, features));
      expectRoom(room, picturesOf(this.#pictures).length, sizes);
      const first = this.#now.nextPicture;
      const pictures = added.map(({ format, bytes, features }, place) => ({
        ...{ id: first + place, class: key, hold, format, bytes: bytes.byteLength, removed: false, features },
      }));
      const collection = { ...this.#now, nextPicture: first + added.length, updatedMs: date() };
      const change = { document: JSON.stringify(collection), add: pictures };
      await store.change(own, change, added.map(({ bytes }) => bytes));
      this.#now = collection;
      const table = this.#tableFor(pictures[0]?.features.length ?? 0);
      for (const { features, ...picture } of pictures) {
        this.#pictures.set(picture.id, picture);
        table.set(picture.id, features);
      }
      room.add(own, sum(sizes));
      onChange();
      return pictures.map(({ id }) => id);
    });
  }

  /** All features are others, as the model with this key has them. */
  replaceFeatures(baseKey: string, read: readonly PictureFeatures[]): Promise<void> {
    return this.inTurn(async () => {
      const collection = { ...this.#now, baseKey };
      await this.#parts.store.change(this.#parts.id, {
        document: JSON.stringify(collection),
        features: read,
      });
      this.#now = collection;
      const table = new FeatureTable(read[0]?.features.length ?? 0, read.length);
      for (const { id, features } of read) table.set(id, features);
      this.#table = table;
    });
  }

  /** Works when all that came before is done. Throws GradcastError `not-found` where the collection was closed. */
  inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(() => {
      if (this.#closed) throw new GradcastError("not-found", "Cannot use the collection: it was removed");
      return work();
    });
    this.#last = turn.catch(() => {});
    return turn;
  }

  #tableFor(width: number): FeatureTable {
    if (this.#table === null || (this.#table.size === 0 && this.#table.width !== width)) {
      this.#table = new FeatureTable(width);
    }
    return this.#table;
  }

  /** Rows of pictures that were restored, which a restart may have left out. */
  async #rowsAgain(set: readonly KeptPicture[]): Promise<void> {
    const missing = new Set(
      set.filter(({ id, removed }) => !removed && this.#table?.has(id) === false).map(({ id }) => id),
    );
    if (missing.size === 0) return;
    const { ids, values } = await this.#parts.store.features(this.#parts.id);
    const width = values.length / ids.length;
    for (const [place, id] of ids.entries()) {
      if (missing.has(id)) this.#table?.set(id, values.subarray(place * width, (place + 1) * width));
    }
  }
}
