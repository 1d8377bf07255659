/** What a model is taught from, as data: classes, and acts that can be taken back. */
import * as v from "valibot";
import { HEAD_KINDS } from "../../shared/head_model.ts";
import { MAX_TAUGHT_CLASSES, MAX_TAUGHT_UNDO } from "../../shared/limits.ts";
import { BoxSchema, ClassKeySchema, PictureIdSchema } from "../../shared/teach_wire.ts";
import type { KeptPicture } from "../store/mod.ts";

const Ids = v.array(PictureIdSchema);
const ClassSchema = v.object({ key: ClassKeySchema, name: v.string(), box: v.nullable(BoxSchema) });

/** What takes an act back, with the act's words. */
const ActSchema = v.variant("kind", [
  v.object({ kind: v.literal("rename"), words: v.string(), name: v.string() }),
  v.object({ kind: v.literal("rename-class"), words: v.string(), key: ClassKeySchema, name: v.string() }),
  /** Pictures were removed. */
  v.object({ kind: v.literal("restore"), words: v.string(), ids: Ids }),
  /** Pictures were moved: where each came from. */
  v.object({
    kind: v.literal("move"),
    words: v.string(),
    from: v.array(v.object({ id: PictureIdSchema, class: ClassKeySchema })),
  }),
  /** A class is gone: its pictures were removed, or became another's. */
  v.object({
    kind: v.literal("restore-class"),
    words: v.string(),
    class: ClassSchema,
    place: v.number(),
    ids: Ids,
  }),
]);
export type Act = v.InferOutput<typeof ActSchema>;

/** A collection as it is written down, its pictures left out. */
export const CollectionSchema = v.object({
  name: v.string(),
  /** Id of the model whose features are read, and what tells whether it is still the same one. */
  base: v.string(),
  baseKey: v.string(),
  kind: v.picklist(HEAD_KINDS),
  classes: v.array(ClassSchema),
  nextClass: v.number(),
  nextPicture: v.number(),
  /** In ms since 1970. */
  updatedMs: v.number(),
  /** The oldest first. */
  acts: v.array(ActSchema),
});
export type Collection = Readonly<v.InferOutput<typeof CollectionSchema>>;
export type TaughtClass = Collection["classes"][number];

/** Pictures by their ids, those that were removed and can be restored among them. */
export type Pictures = ReadonlyMap<number, KeptPicture>;

/** A collection after an act, and what became of its pictures. */
export interface Acted {
  readonly collection: Collection;
  readonly set: readonly KeptPicture[];
  /** Pictures that no act can restore any more. */
  readonly drop: readonly number[];
}

/** A new collection. */
export function newCollection(
  parts: Pick<Collection, "name" | "base" | "baseKey" | "updatedMs">,
): Collection {
  return { ...parts, kind: "linear", classes: [], nextClass: 1, nextPicture: 1, acts: [] };
}

/** Pictures that are there, of one class or of all, by rising id. */
export function picturesOf(pictures: Pictures, key?: string): readonly KeptPicture[] {
  return [...pictures.values()].filter((one) => !one.removed && (key === undefined || one.class === key));
}

/** Adds a class. */
export function addClass(collection: Collection, name: string): Collection {
  const key = `c${collection.nextClass}`;
  return {
    ...collection,
    nextClass: collection.nextClass + 1,
    classes: [...collection.classes, { key, name, box: null }],
  };
}

/** Draws the box of a class, or takes it away. */
export function setBox(collection: Collection, key: string, box: TaughtClass["box"]): Collection {
  return withClass(collection, key, { box });
}

/** Renames the collection. */
export function rename(collection: Collection, pictures: Pictures, name: string): Acted {
  const words = `Rename ${collection.name} to ${name}`;
  return acted({ ...collection, name }, pictures, { kind: "rename", words, name: collection.name });
}

export function renameClass(
  collection: Collection,
  pictures: Pictures,
  { key, name }: TaughtClass,
  to: string,
): Acted {
  const words = `Rename ${name} to ${to}`;
  return acted(withClass(collection, key, { name: to }), pictures, {
    kind: "rename-class",
    words,
    key,
    name,
  });
}

/** Removes pictures. */
export function removePictures(collection: Collection, pictures: Pictures, ids: readonly number[]): Acted {
  const gone = some(pictures, ids);
  const words = `Remove ${counted(gone.length)} of ${namesOf(collection, gone)}`;
  return acted(collection, pictures, { kind: "restore", words, ids: gone.map(({ id }) => id) }, [
    ...gone.map((one) => ({ ...one, removed: true })),
  ]);
}

/** Moves pictures to another class. */
export function movePictures(
  collection: Collection,
  pictures: Pictures,
  ids: readonly number[],
  { key, name }: TaughtClass,
): Acted {
  const moved = some(pictures, ids).filter((one) => one.class !== key);
  const words = `Move ${counted(moved.length)} to ${name}`;
  const from = moved.map(({ id, class: before }) => ({ id, class: before }));
  return acted(collection, pictures, { kind: "move", words, from }, [
    ...moved.map((one) => ({ ...one, class: key })),
  ]);
}

/** Removes a class with its pictures. */
export function removeClass(collection: Collection, pictures: Pictures, one: TaughtClass): Acted {
  const gone = picturesOf(pictures, one.key);
  return withoutClass(collection, pictures, one, {
    words: `Remove ${one.name}${gone.length === 0 ? "" : ` with ${counted(gone.length)}`}`,
    set: gone.map((picture) => ({ ...picture, removed: true })),
  });
}

/** Makes the pictures of one class those of another. */
export function mergeClass(
  collection: Collection,
  pictures: Pictures,
  one: TaughtClass,
  into: TaughtClass,
): Acted {
  return withoutClass(collection, pictures, one, {
    words: `Merge ${one.name} into ${into.name}`,
    set: picturesOf(pictures, one.key).map((picture) => ({ ...picture, class: into.key })),
  });
}

/** Takes the last act back; null where there is none. */
export function undo(
  collection: Collection,
  pictures: Pictures,
): (Acted & { readonly undone: string }) | null {
  const act = collection.acts.at(-1);
  if (act === undefined) return null;
  const before = { ...collection, acts: collection.acts.slice(0, -1) };
  return { undone: act.words, drop: [], ...takenBack(before, pictures, act) };
}

function takenBack(before: Collection, pictures: Pictures, act: Act): Pick<Acted, "collection" | "set"> {
  const known = (ids: readonly number[]) => ids.flatMap((id) => pictures.get(id) ?? []);
  switch (act.kind) {
    case "rename":
      return { collection: { ...before, name: act.name }, set: [] };
    case "rename-class":
      return {
        collection: withClass(before, act.key, { name: freeName(before, act.name, act.key) }),
        set: [],
      };
    case "restore":
      return { collection: before, set: known(act.ids).map((one) => ({ ...one, removed: false })) };
    case "move":
      return {
        collection: before,
        set: act.from.flatMap(({ id, class: key }) => known([id]).map((one) => ({ ...one, class: key }))),
      };
    case "restore-class": {
      const { class: { key, name, box }, place, ids } = act;
      const classes = before.classes.toSpliced(place, 0, { key, name: freeName(before, name, key), box });
      return {
        collection: { ...before, classes },
        set: known(ids).map((one) => ({ ...one, class: key, removed: false })),
      };
    }
    default: {
      const never: never = act;
      throw new TypeError(`Cannot take the act back: its kind ${never} is unknown`);
    }
  }
}

/** Whether a collection has a class of this name, case and spaces aside. */
export function findClassNamed({ classes }: Collection, name: string): TaughtClass | undefined {
  return classes.find((one) => foldName(one.name) === foldName(name));
}

/** Whether there is room for another class. */
export function hasRoomForClass({ classes }: Collection): boolean {
  return classes.length < MAX_TAUGHT_CLASSES;
}

function freeName(collection: Collection, name: string, key: string): string {
  const taken = (one: string) => {
    const found = findClassNamed(collection, one);
    return found !== undefined && found.key !== key;
  };
  let free = name;
  for (let number = 2; taken(free); number++) free = `${name} ${number}`;
  return free;
}

function foldName(name: string): string {
  return name.normalize("NFC").trim().replaceAll(/\s+/gu, " ").toLowerCase();
}

function withoutClass(
  collection: Collection,
  pictures: Pictures,
  one: TaughtClass,
  { words, set }: { readonly words: string; readonly set: readonly KeptPicture[] },
): Acted {
  const place = collection.classes.findIndex(({ key }) => key === one.key);
  const classes = collection.classes.toSpliced(place, 1);
  const act: Act = { kind: "restore-class", words, class: one, place, ids: set.map(({ id }) => id) };
  return acted({ ...collection, classes }, pictures, act, set);
}

/** Notes an act; the oldest one beyond the bound can be taken back no more. */
function acted(
  collection: Collection,
  pictures: Pictures,
  act: Act,
  set: readonly KeptPicture[] = [],
): Acted {
  const acts = [...collection.acts, act];
  const forgotten = acts.slice(0, Math.max(0, acts.length - MAX_TAUGHT_UNDO));
  const kept = acts.slice(forgotten.length);
  const restorable = new Set(kept.flatMap((one) => "ids" in one ? one.ids : []));
  const lost = new Set(forgotten.flatMap((one) => "ids" in one ? one.ids : []));
  const drop = [...lost].filter((id) => pictures.get(id)?.removed === true && !restorable.has(id));
  return { collection: { ...collection, acts: kept }, set, drop };
}

function withClass(collection: Collection, key: string, change: Partial<TaughtClass>): Collection {
  const classes = collection.classes.map((one) => one.key === key ? { ...one, ...change } : one);
  return { ...collection, classes };
}

function some(pictures: Pictures, ids: readonly number[]): readonly KeptPicture[] {
  const wanted = new Set(ids);
  return picturesOf(pictures).filter(({ id }) => wanted.has(id));
}

function namesOf({ classes }: Collection, pictures: readonly KeptPicture[]): string {
  const keys = new Set(pictures.map((one) => one.class));
  const names = classes.filter(({ key }) => keys.has(key)).map(({ name }) => name);
  return names.length > 2 ? `${names.length} classes` : names.join(" and ");
}

function counted(count: number): string {
  return count === 1 ? "1 picture" : `${count} pictures`;
}
