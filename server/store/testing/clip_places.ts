/** Where stores of clips lie in tests: in memory and on the disk, with clocks of their own. */
import { join } from "node:path";
import { pieces, SIDECAR, uploadOf, webm } from "./small_clip.ts";
import { type ClockHistory, MAX_STEP_MS, NO_HISTORY } from "../age.ts";
import { AgeClock, type TwoClocks } from "../age_clock.ts";
import type { ClipBounds, ClipFiles, ClipStore, NewUpload, RowStore, StoredClip } from "../clip_store.ts";
import { createClipTable } from "../clip_table.ts";
import { openFolder } from "../folder_clips.ts";
import { createClipStore } from "../kept_clips.ts";
import { asLinked, memoryClipFiles, memoryRows } from "./memory_clips.ts";
import { openClipDatabase } from "../sqlite_clips.ts";

export const DAY_MS = 86_400_000;

export const BOUNDS = { maxBytes: 1_000_000, maxAgeMs: 30 * DAY_MS };

/** What a store of clips lies in. */
interface Ground {
  readonly files: ClipFiles;
  /** Cuts a file, as a crash would. */
  cut(name: string, bytes: number): Promise<void>;
  open(clocks: TwoClocks): { readonly rows: RowStore; readonly clock: AgeClock };
}

/** A place for clips that can be opened again, with clocks of its own. */
export class Place {
  wallMs = 1e12;
  #monotonicMs = 0;
  #clock: AgeClock | null = null;
  readonly #ground: Ground;

  constructor(ground: Ground) {
    this.#ground = ground;
  }

  async open(bounds: Partial<ClipBounds> = {}): Promise<ClipStore> {
    const { rows, clock } = this.#ground.open({
      wallMs: () => this.wallMs,
      monotonicMs: () => this.#monotonicMs,
    });
    this.#clock = clock;
    const table = createClipTable({ rows, clock, bounds: { ...BOUNDS, ...bounds }, now: () => this.wallMs });
    return await createClipStore(asLinked(table), this.#ground.files);
  }

  /** Lets time pass, as a server sees it that reads its clocks often enough. */
  pass(milliseconds: number): void {
    for (let left = milliseconds; left > 0; left -= MAX_STEP_MS) {
      const step = Math.min(left, MAX_STEP_MS);
      this.wallMs += step;
      this.#monotonicMs += step;
      this.#clock?.stamp();
    }
  }

  /** Cuts a file, as a crash would. */
  cut(name: string, bytes: number): Promise<void> {
    return this.#ground.cut(name, bytes);
  }

  /** Names of the files that there are. */
  names(): Promise<readonly string[]> {
    return this.#ground.files.names();
  }
}

export function inMemory(): Ground {
  const rows = memoryRows();
  let history: ClockHistory = NO_HISTORY;
  const memory = { load: () => history, save: (now: ClockHistory) => void (history = now) };
  const files = memoryClipFiles();
  const cut = async (name: string, bytes: number) => {
    const left = await bytesOf(files.read(name, 0, bytes));
    await files.delete(name);
    await files.write(name, 0, left);
  };
  return { files, cut, open: (clocks) => ({ rows, clock: new AgeClock(memory, clocks) }) };
}

export function contract(name: string, run: (place: Place) => Promise<void>): void {
  Deno.test(`a store of clips in memory ${name}`, () => run(new Place(inMemory())));
  Deno.test(`a store of clips on the disk ${name}`, () =>
    inFolder(async (folder) => {
      const files = await openFolder(join(folder, "clips"));
      const cut = (name: string, bytes: number) => Deno.truncate(join(folder, "clips", name), bytes);
      const open = (clocks: TwoClocks) => openClipDatabase(join(folder, "clips.sqlite"), clocks);
      await run(new Place({ files, cut, open }));
    }));
}

export async function inFolder(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await run(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Sends a clip in one go. */
export async function send(
  store: ClipStore,
  some: Partial<NewUpload> = {},
  sidecar = false,
): Promise<StoredClip> {
  const media = webm(some.bytes);
  const key = await store.create(uploadOf({
    bytes: media.byteLength,
    sidecarBytes: sidecar ? SIDECAR.byteLength : 0,
    ...some,
  }));
  await store.append(key, 0, pieces(new Uint8Array([...media, ...sidecar ? SIDECAR : []])));
  return await store.complete(key);
}

export async function bytesOf(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<Uint8Array> {
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
