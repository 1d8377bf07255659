/** What every shelf holds to; runs in Deno and, bundled, in a browser. */
import { CLIP_UNDO_MS } from "../../../../shared/clips.ts";
import type { ClipFiles } from "../shelf/shelf_parts.ts";
import { type NewClip, type Shelf, ShelfFullError } from "../shelf/shelf.ts";

/** A shelf under test; the clock is the test's. */
export interface ShelfUnderTest {
  /** Opens the shelf again on what it holds. */
  open(now: () => number): Promise<Shelf>;
}

/** One thing that a shelf holds to. */
export interface ShelfCase {
  readonly name: string;
  /** Runs on an empty shelf. */
  readonly run: (place: ShelfUnderTest) => Promise<void>;
}

const NOW_MS = 1_800_000_000_000;

/** A clip for tests. */
export function clipOf(some: Partial<NewClip> = {}): NewClip {
  return {
    name: "Cup",
    media: new Blob(["movie"], { type: "video/webm;codecs=vp9" }),
    sidecar: new Blob(['{"frames":[]}']),
    thumbnail: new Blob(["jpeg"], { type: "image/jpeg" }),
    durationMs: 1_500,
    width: 640,
    height: 480,
    createdMs: NOW_MS,
    ...some,
  };
}

export const SHELF_CASES: readonly ShelfCase[] = [
  {
    name: "returns what it was given, and keeps it",
    async run(place) {
      const { id } = await (await place.open(() => NOW_MS)).add(clipOf({ name: " Cup\n" }));
      const shelf = await place.open(() => NOW_MS);
      const [info, ...more] = await shelf.list();
      same(more, []);
      same({ ...info, thumbnail: await info?.thumbnail.text() }, {
        id,
        name: "Cup",
        type: "video/webm",
        bytes: 5,
        sidecarBytes: 13,
        thumbnail: "jpeg",
        durationMs: 1_500,
        width: 640,
        height: 480,
        createdMs: NOW_MS,
        pinned: false,
        upload: null,
      });
      const media = await shelf.media(id);
      same([media.type, await media.text()], ["video/webm", "movie"]);
      same(await (await shelf.sidecar(id))?.text(), '{"frames":[]}');
    },
  },
  {
    name: "takes a clip without a sidecar, and refuses media of another type",
    async run(place) {
      const shelf = await place.open(() => NOW_MS);
      const { sidecar: _, ...bare } = clipOf();
      same(await shelf.sidecar((await shelf.add(bare)).id), undefined);
      await fails(shelf.add(clipOf({ media: new Blob([""], { type: "image/gif" }) })), TypeError);
      same((await shelf.list()).length, 1);
    },
  },
  {
    name: "lists the newest first; renames, pins and notes an upload",
    async run(place) {
      const shelf = await place.open(() => NOW_MS);
      const old = await shelf.add(clipOf({ name: "old" }));
      await shelf.add(clipOf({ name: "new", createdMs: NOW_MS + 1 }));
      let changes = 0;
      const stop = shelf.onChange(() => changes++);
      await shelf.rename(old.id, "older");
      await shelf.pin(old.id, true);
      const upload = { id: "a", token: "b", done: false };
      await shelf.noteUpload(old.id, upload);
      stop();
      await shelf.noteUpload(old.id, upload);
      same(changes, 3);
      const seen = (await shelf.list()).map(({ name, pinned, upload }) => ({ name, pinned, upload }));
      same(seen, [{ name: "new", pinned: false, upload: null }, { name: "older", pinned: true, upload }]);
    },
  },
  {
    name: "restores a removed clip within the time, and not after it",
    async run(place) {
      let nowMs = NOW_MS;
      const shelf = await place.open(() => nowMs);
      const { id } = await shelf.add(clipOf());
      await shelf.remove(id);
      same(await shelf.list(), []);
      await fails(shelf.media(id), RangeError);
      nowMs += CLIP_UNDO_MS;
      await shelf.add(clipOf());
      await shelf.restore(id);
      same((await shelf.list()).length, 2);
      same(await (await shelf.media(id)).text(), "movie");
      await shelf.remove(id);
      nowMs += CLIP_UNDO_MS + 1;
      await shelf.add(clipOf());
      await fails(shelf.restore(id), RangeError);
    },
  },
  {
    name: "knows no clip by a name that it did not give",
    async run(place) {
      const shelf = await place.open(() => NOW_MS);
      for (const id of ["", "..", "../rows", crypto.randomUUID()]) {
        await fails(shelf.media(id), RangeError);
        await fails(shelf.sidecar(id), RangeError);
        await fails(shelf.rename(id, "x"), RangeError);
        await fails(shelf.remove(id), RangeError);
      }
    },
  },
];

/** Files that have no room for sidecars. */
export function fullAtSidecar(files: ClipFiles): ClipFiles {
  return {
    ...files,
    write: (name, content) =>
      name.endsWith(".sidecar")
        ? Promise.reject(new DOMException("no room", "QuotaExceededError"))
        : files.write(name, content),
  };
}

/** A clip that does not fit leaves nothing behind. */
export async function checkFull(shelf: Shelf, files: ClipFiles, written: readonly string[]): Promise<void> {
  await fails(shelf.add(clipOf()), ShelfFullError);
  same(await shelf.list(), []);
  same(written.length > 0, true);
  for (const name of written) same(await files.read(name), undefined);
}

function same(actual: unknown, expected: unknown): void {
  const [is, wanted] = [actual, expected].map((value) => JSON.stringify(ordered(value)));
  if (is !== wanted) throw new Error(`expected ${wanted}, got ${is}`);
}

/** Objects with their fields in the order of their names. */
function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== "object" || value === null) return value;
  return Object.entries(value).sort(([one], [other]) => one < other ? -1 : 1).map(([name, each]) => [
    name,
    ordered(each),
  ]);
}

async function fails(promise: Promise<unknown>, kind: new (message: string) => Error): Promise<void> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof kind) return;
    throw error;
  }
  throw new Error(`expected ${kind.name}`);
}
