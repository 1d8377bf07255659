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
import { readFeatures } from "./feature_reader.ts";
import type { Fitted } from "./fitted.ts";
import { keptHead, readKeptHead } from "./kept_head.ts";
import { KeptCollection, type NewPicture, type PictureFeatures } from "./kept_collection.ts";
import { Learner } from "./learner.ts";
import { lessonOf } from "./lesson.ts";
import { parseCollection } from "./parse_collection.ts";
import type { TaughtParts } from "./parts.ts";
import type { Room } from "./room.ts";
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
  readonly #kept: KeptCollection;
  readonly #watchers = new Set<() => void>();
  #revision = 1;
  #headRevision = 0;
  /** Bytes of the head that is kept. */
  #headBytes = 0;
  constructor(context: CollectionContext, collection: Collection, pictures: readonly KeptPicture[]) {
    this.#context = context;
    const onChange = () => this.#changed();
    this.#kept = new KeptCollection({ ...context, onChange }, collection, pictures);
    this.learner = new Learner(collection.kind, {
      clock: context.clock,
      openWorker: context.openWorker,
      lesson: () => {
        const { now, table } = this.#kept;
        return table === null
          ? { reason: "Its pictures are being read" }
          : lessonOf(now, this.#kept.pictures, table);
      },
      onLearned: (fitted) => {
        this.#headRevision++;
        context.onLearned(fitted);
      },
      onSettled: (fitted, packed) => this.#keepHead(fitted, packed),
      onChange,
      onFault: (error) => context.logger.log("error", `Cannot teach ${collection.name}`, { error }),
    });
  }

  get id(): string {
    return this.#context.id;
  }

  get collection(): Collection {
    return this.#kept.now;
  }

  get pictures(): ReadonlyMap<number, KeptPicture> {
    return this.#kept.pictures;
  }

  get headRevision(): number {
    return this.#headRevision;
  }

  get state(): TaughtState {
    const { room, pool, modelOf, id } = this.#context;
    const { base } = this.collection;
    return stateOf({
      id,
      collection: this.collection,
      pictures: this.pictures,
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
    if (this.#kept.table !== null) return;
    await this.#kept.inTurn(async () => {
      if (this.#kept.table !== null) return;
      await this.#kept.readTable();
      const kept = await this.#context.store.head(this.id);
      this.#headBytes = kept?.bytes.byteLength ?? 0;
      await this.learner.begin(async (lesson, worker) =>
        kept === null ? null : await readKeptHead(kept, lesson, this.collection.baseKey, worker)
      );
    });
  }

  /** A head as it is called now: classes may have been renamed since it was fitted. */
  named({ head, lesson: { keys } }: Fitted): RunnableHead {
    const names = new Map(this.collection.classes.map(({ key, name }) => [key, name]));
    return { ...head, classes: keys.map((key, place) => names.get(key) ?? head.classes[place] ?? key) };
  }

  classOf(key: string): TaughtClass {
    const found = this.collection.classes.find((one) => one.key === key);
    if (found !== undefined) return found;
    throw new GradcastError(
      "not-found",
      `Cannot find the class: the collection has none with the key '${key}'`,
    );
  }

  pictureOf(id: number): KeptPicture {
    const found = this.pictures.get(id);
    if (found !== undefined && !found.removed) return found;
    throw new GradcastError(
      "not-found",
      `Cannot find the picture: the collection has none with the id ${id}`,
    );
  }

  features(id: number): Float32Array | null {
    return this.#kept.table?.get(id) ?? null;
  }

  /** Its pictures as they are listed, of one class or of all. */
  list(key: string | null): TaughtPictures["pictures"] {
    const said = this.learner.fitted(this.collection.kind)?.validated?.said;
    return picturesOf(this.pictures, key ?? undefined).map(({ id, class: own, hold }) => ({
      ...{ id, class: own, hold },
      said: said?.get(id)?.key ?? null,
      probability: said?.get(id)?.probability ?? null,
    }));
  }

  async change({ name, kind }: TaughtChange): Promise<void> {
    if (name !== undefined && name !== this.collection.name) {
      await this.#act(() => rename(this.collection, this.pictures, name), "names");
    }
    if (kind !== undefined && kind !== this.collection.kind) {
      await this.#write(() => ({ ...this.collection, kind }));
      this.learner.choose(kind);
    }
    this.#context.onNamed();
  }

  async addClass(name: string): Promise<string> {
    let key = "";
    // Looked at in its turn: two pages may add a class of one name at once.
    await this.#write(() => {
      this.#expectName(name, null);
      if (!hasRoomForClass(this.collection)) {
        throw new GradcastError(
          "taught-full",
          `Cannot add the class: expected at most ${MAX_TAUGHT_CLASSES}, got one more`,
        );
      }
      const next = addClass(this.collection, name);
      key = next.classes.at(-1)?.key ?? "";
      return next;
    });
    return key;
  }

  async renameClass(key: string, name: string): Promise<void> {
    await this.#act(() => {
      this.#expectName(name, key);
      return renameClass(this.collection, this.pictures, this.classOf(key), name);
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
      () => mergeClass(this.collection, this.pictures, this.classOf(key), this.classOf(into)),
      "pictures",
    );
  }

  removeClass(key: string): Promise<void> {
    return this.#act(() => removeClass(this.collection, this.pictures, this.classOf(key)), "pictures");
  }

  removePictures(ids: readonly number[]): Promise<void> {
    return this.#act(() => {
      for (const id of ids) this.pictureOf(id);
      return removePictures(this.collection, this.pictures, ids);
    }, "pictures");
  }

  movePictures(ids: readonly number[], key: string): Promise<void> {
    return this.#act(() => {
      for (const id of ids) this.pictureOf(id);
      return movePictures(this.collection, this.pictures, ids, this.classOf(key));
    }, "pictures");
  }

  setBox(key: string, box: Box | null): Promise<void> {
    this.classOf(key);
    return this.#write(() => setBox(this.collection, key, box));
  }

  async undo(): Promise<string | null> {
    let undone: string | null = null;
    await this.#act(() => {
      const back = undo(this.collection, this.pictures);
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
      count: picturesOf(this.pictures, key).length,
      refused: taken.flatMap((one, place) =>
        "error" in one ? [refusalOf(files[place]?.name ?? "", one.error)] : []
      ),
    };
  }

  /** The model that is taught, with features that fit those of the pictures; they are read again where it has changed. */
  async base(signal: AbortSignal): Promise<Base> {
    const base = await takeBase(this.#context.pool, this.collection.base, signal);
    if (base.key === this.collection.baseKey) return base;
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
    this.#kept.close();
    this.learner.close();
    for (const watcher of this.#watchers) watcher();
  }

  get isClosed(): boolean {
    return this.#kept.isClosed;
  }

  #expectName(name: string, own: string | null): void {
    const found = findClassNamed(this.collection, name);
    if (found === undefined || found.key === own) return;
    throw new GradcastError(
      "taught-name",
      `Cannot name the class: there is one called '${found.name}' already`,
    );
  }

  async #keep(key: string, hold: number, added: readonly NewPicture[]): Promise<readonly number[]> {
    if (added.length === 0) return [];
    const ids = await this.#kept.add(key, hold, added, () => this.classOf(key));
    this.learner.changed(false);
    return ids;
  }

  async #readAgain({ engine, key }: Base, signal: AbortSignal): Promise<void> {
    const pictures = picturesOf(this.pictures);
    const read: PictureFeatures[] = [];
    for (let at = 0; at < pictures.length; at += FILES_AT_ONCE) {
      const some = pictures.slice(at, at + FILES_AT_ONCE);
      const files = await Promise.all(some.map((one) => this.read(one)));
      const taken = await readFeatures(engine, this.#context.reader, files, signal);
      for (const [place, one] of taken.entries()) {
        const picture = some[place];
        if (picture !== undefined && !("error" in one)) read.push({ id: picture.id, features: one.features });
      }
    }
    await this.#kept.replaceFeatures(key, read);
    this.learner.changed(true);
  }

  /** Carries out an act that can be taken back, and learns what follows from it. */
  async #act(work: () => Acted | null, what: "names" | "pictures"): Promise<void> {
    if (!await this.#kept.act(work)) return;
    if (what === "names") this.learner.renamed();
    else this.learner.changed(true);
  }

  /** Keeps the chosen head, so that it is there after a restart; without it it is fitted again. */
  #keepHead(fitted: Fitted, packed: () => Promise<Uint8Array<ArrayBuffer>>): void {
    const { room, store, logger } = this.#context;
    this.#kept.inTurn(async () => {
      const isNow = () => this.learner.fitted(fitted.kind) === fitted && this.learner.isNew(fitted.kind);
      if (!isNow()) return;
      const bytes = await packed();
      const more = bytes.byteLength - this.#headBytes;
      if (!isNow() || room.usedBytes + more > room.maxBytes) return;
      await store.keepHead(this.id, keptHead(fitted, bytes, this.collection.baseKey));
      this.#headBytes = bytes.byteLength;
      room.add(this.id, more);
    }).catch((error: unknown) => {
      if (!this.isClosed) {
        logger.log("warn", `Cannot keep what ${this.collection.name} has learned`, { error });
      }
    });
  }

  async #write(work: () => Collection): Promise<void> {
    await this.#kept.write(work);
    this.learner.renamed();
  }

  #changed(): void {
    this.#revision++;
    for (const watcher of this.#watchers) watcher();
  }
}

function refusalOf(name: string, { code, message }: GradcastError): AddedPictures["refused"][number] {
  return { name, code, message, words: ERRORS[code].words };
}
