/** One collection at work: its pictures in memory, its learning loop, each change written down before it counts. */
import { ERRORS, GradcastError } from "../../shared/errors.ts";
import type { HeadKind } from "../../shared/head_model.ts";
import { MAX_TAUGHT_CLASSES } from "../../shared/limits.ts";
import type {
  AddedPictures,
  Box,
  TaughtChange,
  TaughtPictures,
  TaughtState,
} from "../../shared/teach_wire.ts";
import type { RunnableHead } from "../heads/mod.ts";
import type { KeptPicture } from "../store/mod.ts";
import {
  type Acted,
  addClass,
  type Collection,
  findClassNamed,
  hasRoomForClass,
  mergeClass,
  movePictures,
  picturesOf,
  removeClass,
  removePictures,
  rename,
  renameClass,
  setBox,
  type TaughtClass,
  undo,
} from "./collection.ts";
import { type Base, takeBase } from "./base.ts";
import { readFeatures, type Taken } from "./feature_reader.ts";
import { FeatureTable } from "./feature_table.ts";
import type { Fitted } from "./fitted.ts";
import { keptHead, readKeptHead } from "./kept_head.ts";
import { Learner } from "./learner.ts";
import { lessonOf } from "./lesson.ts";
import { parseCollection } from "./parse_collection.ts";
import type { TaughtParts } from "./parts.ts";
import { expectRoom, type Room, sizeOf, sum } from "./room.ts";
import { stateOf } from "./state.ts";

/** What a collection needs of those beside it. */
export interface CollectionContext extends TaughtParts {
  readonly id: string;
  /** Bytes of all collections, to be kept up to date. */
  readonly room: Room;
  /** Called when what it is called, or the head that it has, has changed. */
  readonly onNamed: () => void;
  readonly onLearned: (fitted: Fitted) => void;
  /** Id of the model with a head. */
  readonly modelOf: (kind: HeadKind) => string;
}

/** Files that are in memory at a time where all features are read again: a collection may have gigabytes. */
const FILES_AT_ONCE = 32;

/** Reads a collection from the store. */
export async function openCollection(context: CollectionContext, document: string): Promise<OpenCollection> {
  const collection = parseCollection(context.id, document);
  const pictures = await context.store.pictures(context.id);
  return new OpenCollection(context, collection, pictures);
}

/** A collection that is being worked with. */
export class OpenCollection {
  readonly learner: Learner;
  readonly #context: CollectionContext;
  #collection: Collection;
  readonly #pictures: Map<number, KeptPicture>;
  #table: FeatureTable | null = null;
  readonly #watchers = new Set<() => void>();
  #revision = 1;
  #headRevision = 0;
  /** Bytes of the head that is kept. */
  #headBytes = 0;
  /** Changes wait for each other. */
  #last: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(context: CollectionContext, collection: Collection, pictures: readonly KeptPicture[]) {
    this.#context = context;
    this.#collection = collection;
    this.#pictures = new Map(pictures.map((one) => [one.id, one]));
    this.learner = new Learner(collection.kind, {
      clock: context.clock,
      openWorker: context.openWorker,
      lesson: () =>
        this.#table === null
          ? { reason: "Its pictures are being read" }
          : lessonOf(this.#collection, this.#pictures, this.#table),
      onLearned: (fitted) => {
        this.#headRevision++;
        context.onLearned(fitted);
      },
      onSettled: (fitted, packed) => this.#keepHead(fitted, packed),
      onChange: () => this.#changed(),
      onFault: (error) => context.logger.log("error", `Cannot teach ${collection.name}`, { error }),
    });
  }

  get id(): string {
    return this.#context.id;
  }

  get collection(): Collection {
    return this.#collection;
  }

  get pictures(): ReadonlyMap<number, KeptPicture> {
    return this.#pictures;
  }

  get headRevision(): number {
    return this.#headRevision;
  }

  get state(): TaughtState {
    const { room, pool, modelOf, id } = this.#context;
    const { base } = this.#collection;
    return stateOf({
      id,
      collection: this.#collection,
      pictures: this.#pictures,
      learner: this.learner,
      baseName: pool.list().find((one) => one.id === base)?.name ?? base,
      modelOf,
      room,
      revision: this.#revision,
      headRevision: this.#headRevision,
    });
  }

  /** Calls `listener` after every change until the returned function is called. */
  watch(listener: () => void): () => void {
    this.#watchers.add(listener);
    return () => void this.#watchers.delete(listener);
  }

  /** Reads the features of the pictures and the head that was kept, once, and begins to learn where there is none of now. */
  async ready(): Promise<void> {
    if (this.#table !== null) return;
    await this.#inTurn(async () => {
      if (this.#table !== null) return;
      const { ids, values } = await this.#context.store.features(this.id);
      const width = ids.length === 0 ? 0 : values.length / ids.length;
      const table = new FeatureTable(width, ids.length);
      for (const [place, id] of ids.entries()) {
        if (this.#pictures.get(id)?.removed === false) {
          table.set(id, values.subarray(place * width, (place + 1) * width));
        }
      }
      this.#table = table;
      const kept = await this.#context.store.head(this.id);
      this.#headBytes = kept?.bytes.byteLength ?? 0;
      await this.learner.begin(async (lesson, worker) =>
        kept === null ? null : await readKeptHead(kept, lesson, this.#collection.baseKey, worker)
      );
    });
  }

  /** A head as it is called now: classes may have been renamed since it was fitted. */
  named({ head, lesson: { keys } }: Fitted): RunnableHead {
    const names = new Map(this.#collection.classes.map(({ key, name }) => [key, name]));
    return { ...head, classes: keys.map((key, place) => names.get(key) ?? head.classes[place] ?? key) };
  }

  classOf(key: string): TaughtClass {
    const found = this.#collection.classes.find((one) => one.key === key);
    if (found !== undefined) return found;
    throw new GradcastError(
      "not-found",
      `Cannot find the class: the collection has none with the key '${key}'`,
    );
  }

  pictureOf(id: number): KeptPicture {
    const found = this.#pictures.get(id);
    if (found !== undefined && !found.removed) return found;
    throw new GradcastError(
      "not-found",
      `Cannot find the picture: the collection has none with the id ${id}`,
    );
  }

  features(id: number): Float32Array | null {
    return this.#table?.get(id) ?? null;
  }

  /** Its pictures as they are listed, of one class or of all. */
  list(key: string | null): TaughtPictures["pictures"] {
    const said = this.learner.fitted(this.#collection.kind)?.validated?.said;
    return picturesOf(this.#pictures, key ?? undefined).map(({ id, class: own, hold }) => ({
      ...{ id, class: own, hold },
      said: said?.get(id)?.key ?? null,
      probability: said?.get(id)?.probability ?? null,
    }));
  }

  async change({ name, kind }: TaughtChange): Promise<void> {
    if (name !== undefined && name !== this.#collection.name) {
      await this.#act(() => rename(this.#collection, this.#pictures, name), "names");
    }
    if (kind !== undefined && kind !== this.#collection.kind) {
      await this.#write(() => ({ ...this.#collection, kind }));
      this.learner.choose(kind);
    }
    this.#context.onNamed();
  }

  async addClass(name: string): Promise<string> {
    let key = "";
    // Looked at in its turn: two pages may add a class of one name at once.
    await this.#write(() => {
      this.#expectName(name, null);
      if (!hasRoomForClass(this.#collection)) {
        throw new GradcastError(
          "taught-full",
          `Cannot add the class: expected at most ${MAX_TAUGHT_CLASSES}, got one more`,
        );
      }
      const next = addClass(this.#collection, name);
      key = next.classes.at(-1)?.key ?? "";
      return next;
    });
    return key;
  }

  async renameClass(key: string, name: string): Promise<void> {
    await this.#act(() => {
      this.#expectName(name, key);
      return renameClass(this.#collection, this.#pictures, this.classOf(key), name);
    }, "names");
    this.#context.onNamed();
  }

  mergeClass(key: string, into: string): Promise<void> {
    if (key === into) {
      throw new GradcastError(
        "message-shape",
        "Cannot merge the class: expected another one to merge it into",
      );
    }
    return this.#act(
      () => mergeClass(this.#collection, this.#pictures, this.classOf(key), this.classOf(into)),
      "pictures",
    );
  }

  removeClass(key: string): Promise<void> {
    return this.#act(() => removeClass(this.#collection, this.#pictures, this.classOf(key)), "pictures");
  }

  removePictures(ids: readonly number[]): Promise<void> {
    return this.#act(() => {
      for (const id of ids) this.pictureOf(id);
      return removePictures(this.#collection, this.#pictures, ids);
    }, "pictures");
  }

  movePictures(ids: readonly number[], key: string): Promise<void> {
    return this.#act(() => {
      for (const id of ids) this.pictureOf(id);
      return movePictures(this.#collection, this.#pictures, ids, this.classOf(key));
    }, "pictures");
  }

  setBox(key: string, box: Box | null): Promise<void> {
    this.classOf(key);
    return this.#write(() => setBox(this.#collection, key, box));
  }

  async undo(): Promise<string | null> {
    let undone: string | null = null;
    await this.#act(() => {
      const back = undo(this.#collection, this.#pictures);
      undone = back?.undone ?? null;
      return back;
    }, "pictures");
    this.#context.onNamed();
    return undone;
  }

  /**
   * Takes pictures: what is answered is on the disk.
   *
   * @param files with their names, as refusals name them
   * @throws GradcastError `taught-full`, `not-teachable`, or as the base model cannot be loaded
   */
  async add(
    key: string,
    hold: number,
    files: readonly { readonly name: string; readonly bytes: Uint8Array<ArrayBuffer> }[],
    signal: AbortSignal,
  ): Promise<AddedPictures> {
    this.classOf(key);
    await this.ready();
    using base = await this.base(signal);
    const taken = await readFeatures(
      base.engine,
      this.#context.reader,
      files.map(({ bytes }) => bytes),
      signal,
    );
    const added = taken.flatMap((one, place) => {
      const file = files[place];
      return "error" in one || file === undefined ? [] : [{ ...one, bytes: file.bytes }];
    });
    const ids = await this.#keep(key, hold, added);
    return {
      ids: [...ids],
      count: picturesOf(this.#pictures, key).length,
      refused: taken.flatMap((one, place) =>
        "error" in one ? [refusalOf(files[place]?.name ?? "", one.error)] : []
      ),
    };
  }

  /** The model that is taught, with features that fit those of the pictures; they are read again where it has changed. */
  async base(signal: AbortSignal): Promise<Base> {
    const base = await takeBase(this.#context.pool, this.#collection.base, signal);
    if (base.key === this.#collection.baseKey) return base;
    try {
      await this.#readAgain(base, signal);
      return base;
    } catch (error) {
      base[Symbol.dispose]();
      throw error;
    }
  }

  read(picture: Pick<KeptPicture, "id" | "format">): Promise<Uint8Array<ArrayBuffer>> {
    return this.#context.store.read(this.id, picture);
  }

  close(): void {
    this.#closed = true;
    this.learner.close();
    for (const watcher of this.#watchers) watcher();
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  #expectName(name: string, own: string | null): void {
    const found = findClassNamed(this.#collection, name);
    if (found === undefined || found.key === own) return;
    throw new GradcastError(
      "taught-name",
      `Cannot name the class: there is one called '${found.name}' already`,
    );
  }

  #keep(
    key: string,
    hold: number,
    added:
      readonly (Exclude<Taken, { error: GradcastError }> & { readonly bytes: Uint8Array<ArrayBuffer> })[],
  ): Promise<readonly number[]> {
    if (added.length === 0) return Promise.resolve([]);
    return this.#inTurn(async () => {
      this.classOf(key);
      const sizes = added.map(({ bytes, features }) => sizeOf(bytes, features));
      expectRoom(this.#context.room, picturesOf(this.#pictures).length, sizes);
      const first = this.#collection.nextPicture;
      const pictures = added.map(({ format, bytes, features }, place) => ({
        ...{ id: first + place, class: key, hold, format, bytes: bytes.byteLength, removed: false, features },
      }));
      const collection = {
        ...this.#collection,
        nextPicture: first + added.length,
        updatedMs: this.#context.date(),
      };
      await this.#context.store.change(
        this.id,
        { document: JSON.stringify(collection), add: pictures },
        added.map(({ bytes }) => bytes),
      );
      this.#collection = collection;
      const table = this.#tableFor(pictures[0]?.features.length ?? 0);
      for (const { features, ...picture } of pictures) {
        this.#pictures.set(picture.id, picture);
        table.set(picture.id, features);
      }
      this.#context.room.add(this.id, sum(sizes));
      this.#changed();
      this.learner.changed(false);
      return pictures.map(({ id }) => id);
    });
  }

  #tableFor(width: number): FeatureTable {
    if (this.#table === null || (this.#table.size === 0 && this.#table.width !== width)) {
      this.#table = new FeatureTable(width);
    }
    return this.#table;
  }

  async #readAgain({ engine, key }: Base, signal: AbortSignal): Promise<void> {
    const pictures = picturesOf(this.#pictures);
    const read: { readonly id: number; readonly features: Float32Array<ArrayBuffer> }[] = [];
    for (let at = 0; at < pictures.length; at += FILES_AT_ONCE) {
      const some = pictures.slice(at, at + FILES_AT_ONCE);
      const files = await Promise.all(some.map((one) => this.read(one)));
      const taken = await readFeatures(engine, this.#context.reader, files, signal);
      for (const [place, one] of taken.entries()) {
        const picture = some[place];
        if (picture !== undefined && !("error" in one)) read.push({ id: picture.id, features: one.features });
      }
    }
    await this.#inTurn(async () => {
      const collection = { ...this.#collection, baseKey: key };
      await this.#context.store.change(this.id, { document: JSON.stringify(collection), features: read });
      this.#collection = collection;
      const table = new FeatureTable(read[0]?.features.length ?? 0, read.length);
      for (const { id, features } of read) table.set(id, features);
      this.#table = table;
      this.learner.changed(true);
    });
  }

  /** Carries out an act that can be taken back; what depends on its features again has them again. */
  #act(work: () => Acted | null, what: "names" | "pictures"): Promise<void> {
    return this.#inTurn(async () => {
      const done = work();
      if (done === null) return;
      const { set, drop } = done;
      const collection = { ...done.collection, updatedMs: this.#context.date() };
      await this.#context.store.change(this.id, {
        document: JSON.stringify(collection),
        set: set.map(({ id, class: key, removed }) => ({ id, class: key, removed })),
        drop,
      });
      this.#collection = collection;
      const width = this.#table?.width ?? 0;
      this.#context.room.add(
        this.id,
        -sum(drop.map((id) => sizeOf(this.#pictures.get(id), { length: width }))),
      );
      for (const picture of set) this.#pictures.set(picture.id, picture);
      for (const id of drop) this.#pictures.delete(id);
      this.#changed();
      if (what === "names") return this.learner.renamed();
      await this.#rowsAgain(set);
      this.learner.changed(true);
    });
  }

  /** Keeps the chosen head, so that it is there after a restart; without it it is fitted again. */
  #keepHead(fitted: Fitted, packed: () => Promise<Uint8Array<ArrayBuffer>>): void {
    const { room, store, logger } = this.#context;
    this.#inTurn(async () => {
      const isNow = () => this.learner.fitted(fitted.kind) === fitted && this.learner.isNew(fitted.kind);
      if (!isNow()) return;
      const bytes = await packed();
      const more = bytes.byteLength - this.#headBytes;
      if (!isNow() || room.usedBytes + more > room.maxBytes) return;
      await store.keepHead(this.id, keptHead(fitted, bytes, this.#collection.baseKey));
      this.#headBytes = bytes.byteLength;
      room.add(this.id, more);
    }).catch((error: unknown) => {
      if (!this.#closed) {
        logger.log("warn", `Cannot keep what ${this.#collection.name} has learned`, { error });
      }
    });
  }

  /** Rows of pictures that were restored, which a restart may have left out. */
  async #rowsAgain(set: readonly KeptPicture[]): Promise<void> {
    const missing = set.filter(({ id, removed }) => !removed && this.#table?.has(id) === false);
    if (missing.length === 0) return;
    const { ids, values } = await this.#context.store.features(this.id);
    const width = values.length / ids.length;
    for (const [place, id] of ids.entries()) {
      if (missing.some((one) => one.id === id)) {
        this.#table?.set(id, values.subarray(place * width, (place + 1) * width));
      }
    }
  }

  #write(work: () => Collection): Promise<void> {
    return this.#inTurn(async () => {
      const collection = { ...work(), updatedMs: this.#context.date() };
      await this.#context.store.change(this.id, { document: JSON.stringify(collection) });
      this.#collection = collection;
      this.learner.renamed();
    });
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(() => {
      if (this.#closed) throw new GradcastError("not-found", "Cannot use the collection: it was removed");
      return work();
    });
    this.#last = turn.catch(() => {});
    return turn;
  }

  #changed(): void {
    this.#revision++;
    for (const watcher of this.#watchers) watcher();
  }
}

function refusalOf(name: string, { code, message }: GradcastError): AddedPictures["refused"][number] {
  return { name, code, message, words: ERRORS[code].words };
}
