/** What was done of films, kept in the browser's private file system until they are saved or cancelled. */
import { type Chunk, decodeChunk, encodeChunk } from "./chunk_format.ts";
import { type Job, readJob } from "./job.ts";

const FOLDER = "every-frame";
const JOB = "job.json";

/** What is kept of one film. */
export interface JobStore {
  readonly job: Job;
  /** Stretches that are there. */
  count(): Promise<number>;
  read(place: number): Promise<Chunk>;
  /**
   * Keeps the next stretch, whole or not at all.
   *
   * @throws DOMException `QuotaExceededError` where there is no room
   */
  add(chunk: Chunk): Promise<void>;
  remove(): Promise<void>;
}

/**
 * Begins to keep a film; in memory where the browser has no private file system.
 *
 * @throws DOMException `QuotaExceededError` where there is no room
 */
export async function beginStore(job: Job): Promise<JobStore> {
  const all = await folder(true);
  if (all === null) return memoryStore(job);
  const own = await all.getDirectoryHandle(job.id, { create: true });
  await write(own, JOB, new Blob([JSON.stringify(job)]));
  return openStore(all, own, job);
}

/** What was left of earlier visits; what cannot be read is removed. */
export async function keptStores(): Promise<JobStore[]> {
  const all = await folder(false).catch(() => null);
  if (all === null) return [];
  const stores: JobStore[] = [];
  for await (const name of all.keys()) {
    try {
      const own = await all.getDirectoryHandle(name);
      const job = readJob(await (await (await own.getFileHandle(JOB)).getFile()).text());
      if (job === null) throw new RangeError("Cannot read the film: its description does not fit");
      stores.push(openStore(all, own, job));
    } catch {
      await all.removeEntry(name, { recursive: true }).catch(() => {});
    }
  }
  return stores.sort((a, b) => a.job.created < b.job.created ? -1 : 1);
}

function openStore(all: FileSystemDirectoryHandle, own: FileSystemDirectoryHandle, job: Job): JobStore {
  let known: Promise<number> | null = null;
  const count = () => known ??= countOf(own);
  return {
    job,
    count,
    async read(place) {
      return decodeChunk(await (await own.getFileHandle(nameOf(place))).getFile());
    },
    async add(chunk) {
      const place = await count();
      await write(own, nameOf(place), encodeChunk(chunk));
      known = Promise.resolve(place + 1);
    },
    remove: () => all.removeEntry(job.id, { recursive: true }).catch(() => {}),
  };
}

function memoryStore(job: Job): JobStore {
  const chunks: Chunk[] = [];
  return {
    job,
    count: () => Promise.resolve(chunks.length),
    read(place) {
      const chunk = chunks[place];
      return chunk === undefined
        ? Promise.reject(new RangeError(`Cannot read stretch ${place}`))
        : Promise.resolve(chunk);
    },
    add: (chunk) => Promise.resolve(void chunks.push(chunk)),
    remove: () => Promise.resolve(void chunks.splice(0)),
  };
}

/** Counts stretches up to the first that is missing. */
async function countOf(own: FileSystemDirectoryHandle): Promise<number> {
  const names = new Set(await Array.fromAsync(own.keys()));
  let count = 0;
  while (names.has(nameOf(count))) count++;
  return count;
}

function nameOf(place: number): string {
  return `${place}.chunk`;
}

/** A file has its content once it is closed: what fails before leaves nothing. */
async function write(own: FileSystemDirectoryHandle, name: string, content: Blob): Promise<void> {
  const file = await own.getFileHandle(name, { create: true });
  try {
    const writable = await file.createWritable();
    try {
      await writable.write(content);
      await writable.close();
    } catch (error) {
      await writable.abort().catch(() => {});
      throw error;
    }
  } catch (error) {
    await own.removeEntry(name).catch(() => {});
    throw error;
  }
}

async function folder(create: boolean): Promise<FileSystemDirectoryHandle | null> {
  if (!("createWritable" in FileSystemFileHandle.prototype)) return null;
  return await (await navigator.storage.getDirectory()).getDirectoryHandle(FOLDER, { create });
}
