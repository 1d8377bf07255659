/** The rules of clips' rows, the same in a file and in memory. */
import { cleanClipName, clipNameMatches, newestFirst } from "../../shared/clips.ts";
import { GradcastError } from "../../shared/errors.ts";
import {
  CLIP_TRASH_MS,
  CLIP_UPLOAD_IDLE_MS,
  MAX_CLIP_UPLOAD_MS,
  MAX_CLIP_UPLOADS,
} from "../../shared/limits.ts";
import type { AgeClock } from "./age_clock.ts";
import { ageOut, couldFit, makeRoom, sharesOf, sizeOf, usageOf } from "./clip_retention.ts";
import type { ClipBounds, ClipRow, ClipTable, RowStore, StoredClip, TrashedClip } from "./clip_store.ts";

/** What a table is made of. */
export interface ClipTableParts {
  readonly rows: RowStore;
  readonly clock: AgeClock;
  readonly bounds: ClipBounds;
  /** The wall clock, in ms since 1970. */
  readonly now: () => number;
}

/** Makes a table. */
export function createClipTable({ rows, clock, bounds, now }: ClipTableParts): ClipTable {
  const { maxBytes } = bounds;

  function whole(id: string): ClipRow | null {
    const row = rows.get(id);
    return row === null || !row.done || row.removedUpMs !== null ? null : row;
  }

  function change(row: ClipRow, part: Partial<ClipRow>): StoredClip {
    const changed = { ...row, ...part };
    rows.update(changed);
    return clipOf(changed);
  }

  function eraseAll(ids: readonly string[]): readonly string[] {
    for (const id of ids) rows.delete(id);
    return ids;
  }

  function trashed(): readonly ClipRow[] {
    return rows.all().filter(({ removedUpMs }) => removedUpMs !== null);
  }

  const reads = {
    get: (id) => rows.get(id),
    thumbnail: (id) => rows.thumbnail(id),
    ids: () => rows.all().map(({ id }) => id),
    list: (search) =>
      rows.all()
        .filter(({ done, removedUpMs, name }) =>
          done && removedUpMs === null && clipNameMatches(name, search)
        )
        .sort(newestFirst)
        .map(clipOf),
    trash: () =>
      trashed().toSorted((one, other) => (other.removedUpMs ?? 0) - (one.removedUpMs ?? 0)).map(trashedOf),
  } satisfies Partial<ClipTable>;

  const writes = {
    announce({ thumbnail, ...facts }, key) {
      const upMs = clock.stamp();
      const row: ClipRow = {
        ...facts,
        ...key,
        name: cleanClipName(facts.name),
        addedMs: now(),
        addedUpMs: upMs,
        touchedUpMs: upMs,
        received: 0,
        thumbnailBytes: thumbnail.byteLength,
        done: false,
        pinned: false,
        removedMs: null,
        removedUpMs: null,
        byAge: false,
      };
      const all = rows.all();
      const share = sharesOf(maxBytes).announced;
      if (!couldFit(all, row, maxBytes) || sizeOf(row) > share) throw full(row, maxBytes);
      const { staying, idle } = seats(all, upMs);
      if (staying.length >= MAX_CLIP_UPLOADS) {
        throw busy(
          `expected at most ${MAX_CLIP_UPLOADS} uploads at a time, got one more than the ${staying.length} under way`,
        );
      }
      const announced = usageOf(staying).announced + sizeOf(row);
      if (announced > share) {
        throw busy(`too many uploads are announced of which nothing has arrived`);
      }
      rows.insert(row, thumbnail);
      return eraseAll(idle);
    },
    makeRoom(id, received) {
      const row = rows.get(id);
      if (row === null) return [];
      const bytes = sizeOf(row, received) - (row.received > 0 ? sizeOf(row) : 0);
      const idleUpMs = clock.stamp() - CLIP_UPLOAD_IDLE_MS;
      const { fits, erased } = makeRoom(rows.all(), { id, bytes, maxBytes, idleUpMs });
      if (!fits) throw full(row, maxBytes);
      return eraseAll(erased);
    },
    receive(id, received) {
      const row = rows.get(id);
      if (row !== null) rows.update({ ...row, received, touchedUpMs: clock.stamp() });
    },
    finish(id) {
      const row = rows.get(id);
      return row === null || row.removedUpMs !== null ? null : change(row, { done: true });
    },
    edit(id, { name, pinned }) {
      const row = whole(id);
      return row === null ? null : change(row, {
        ...(name === undefined ? {} : { name: cleanClipName(name) }),
        ...(pinned === undefined ? {} : { pinned }),
      });
    },
    remove(id) {
      const row = whole(id);
      if (row !== null) change(row, { removedMs: now(), removedUpMs: clock.stamp(), byAge: false });
      return row !== null;
    },
    restore(id) {
      const row = rows.get(id);
      if (row === null || !row.done) return null;
      const isOld = row.addedUpMs < clock.olderThan(bounds.maxAgeMs);
      // What somebody took back is not to be thrown away again an hour later.
      const addedUpMs = row.byAge || isOld ? clock.stamp() : row.addedUpMs;
      return change(row, { removedMs: null, removedUpMs: null, byAge: false, addedUpMs });
    },
    ageOut() {
      const upMs = clock.stamp();
      const { trashed, erased } = ageOut(rows.all(), {
        clip: clock.olderThan(bounds.maxAgeMs),
        trash: clock.olderThan(CLIP_TRASH_MS),
        upload: upMs - MAX_CLIP_UPLOAD_MS,
      });
      for (const id of trashed) {
        const row = rows.get(id);
        if (row !== null) rows.update({ ...row, removedMs: now(), removedUpMs: upMs, byAge: true });
      }
      return eraseAll(erased);
    },
    emptyTrash: () => eraseAll(trashed().map(({ id }) => id)),
    erase: (id) => rows.delete(id),
    tick: () => clock.save(),
  } satisfies Partial<ClipTable>;

  return {
    ...reads,
    ...together(writes, rows),
    close: () => rows.close(() => clock.save()),
  };
}

/** Each call as one change; reading waits for nobody. */
function together<Calls extends Record<string, (...values: never[]) => unknown>>(
  calls: Calls,
  rows: RowStore,
): Calls {
  const wrapped = Object.entries(calls).map(([name, call]) =>
    [name, (...values: never[]) => rows.together(() => call(...values))] as const
  );
  return Object.fromEntries(wrapped) as Calls;
}

/** Uploads that keep their seats beside a new one, and the ids of those that give theirs up: no more than it takes. */
function seats(
  rows: readonly ClipRow[],
  upMs: number,
): { staying: readonly ClipRow[]; idle: readonly string[] } {
  const uploads = rows.filter(({ done }) => !done);
  const idle = uploads.filter(({ touchedUpMs }) => touchedUpMs < upMs - CLIP_UPLOAD_IDLE_MS)
    .toSorted((one, other) => one.touchedUpMs - other.touchedUpMs)
    .slice(0, Math.max(0, uploads.length + 1 - MAX_CLIP_UPLOADS))
    .map(({ id }) => id);
  return { staying: uploads.filter(({ id }) => !idle.includes(id)), idle };
}

/** A clip as people see it. */
export function clipOf(row: ClipRow): StoredClip {
  const { id, name, type, bytes, sidecarBytes, durationMs, width, height, createdMs, pinned } = row;
  return { id, name, type, bytes, sidecarBytes, durationMs, width, height, createdMs, pinned };
}

function trashedOf(row: ClipRow): TrashedClip {
  return { ...clipOf(row), removedMs: row.removedMs ?? 0, byAge: row.byAge };
}

function full({ bytes, sidecarBytes }: ClipRow, maxBytes: number): GradcastError {
  return new GradcastError(
    "clips-full",
    `Cannot keep the clip of ${bytes + sidecarBytes} bytes: pinned clips and uploads leave too little of ` +
      `${maxBytes} bytes, a tenth of which is for uploads that begin; delete or unpin clips, or raise --clips-mb`,
  );
}

function busy(reason: string): GradcastError {
  return new GradcastError("clips-busy", `Cannot begin the upload: ${reason}; end one, or try again later`);
}
