/** What the view "Clips" shows, and what it does. Uploads go on while the view is closed. */
import { type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { StoredClipMessage } from "../../shared/clip_wire.ts";
import { problemWords } from "../http/http.ts";
import type { Page } from "../page.ts";
import { pageShelf } from "./browser_shelf.ts";
import {
  abandonUpload,
  changeStored,
  listStored,
  removeStored,
  restoreStored,
  uploadServer,
} from "./clip_server.ts";
import type { Entry } from "./entries.ts";
import { sendClip } from "./send.ts";
import type { ClipInfo, Shelf } from "./shelf.ts";

/** An upload that this page began: under way, or ended before its time with the reason in words. */
export interface UploadState {
  /** Share that is on the server's disk, 0…1. */
  readonly share: number;
  readonly problem: string | null;
}

/** The view's model. */
export interface ClipsModel {
  /** The clips of this browser; null until they are read. */
  readonly local: ReadonlySignal<readonly ClipInfo[] | null>;
  /** The clips on the server; null until they are read. */
  readonly stored: ReadonlySignal<readonly StoredClipMessage[] | null>;
  /** Why the server's clips are not shown, in words, or null. */
  readonly problem: ReadonlySignal<string | null>;
  /** Whether this browser keeps clips when the page is closed. */
  readonly lasting: ReadonlySignal<boolean>;
  /** Uploads by the id of the clip on the shelf. */
  readonly uploads: ReadonlySignal<ReadonlyMap<string, UploadState>>;
  readonly search: Signal<string>;
  refresh(): Promise<void>;
  rename(entry: Entry, name: string): void;
  pin(entry: Entry, pinned: boolean): void;
  /** Deletes a clip wherever it lies; a notice brings it back. */
  remove(entry: Entry): void;
  /** Begins an upload, or goes on with it. */
  upload(clip: ClipInfo): void;
  /** Gives an upload up. */
  cancel(clip: ClipInfo): void;
  media(clip: ClipInfo): Promise<Blob>;
  sidecar(clip: ClipInfo): Promise<Blob | undefined>;
}

const models = new WeakMap<Page, ClipsModel>();

/** The page's one model, made when it is first asked for. */
export function clipsOf(page: Page): ClipsModel {
  const model = models.get(page) ?? createClips(page);
  models.set(page, model);
  return model;
}

function createClips({ toasts }: Page): ClipsModel {
  const local = signal<readonly ClipInfo[] | null>(null);
  const stored = signal<readonly StoredClipMessage[] | null>(null);
  const problem = signal<string | null>(null);
  const lasting = signal(true);
  const uploads = signal<ReadonlyMap<string, UploadState>>(new Map());
  const runs = new Map<string, AbortController>();
  const shelf = pageShelf();
  void shelf.then(({ onChange }) => onChange(() => void readLocal()));

  async function readLocal(): Promise<void> {
    const { list, lasting: lasts } = await shelf;
    lasting.value = lasts;
    local.value = await list();
  }

  async function readStored(): Promise<void> {
    try {
      stored.value = await listStored();
      problem.value = null;
    } catch (error) {
      problem.value = problemWords(error);
    }
  }

  async function refresh(): Promise<void> {
    await Promise.all([readLocal(), readStored()]);
  }

  /** Does the same in both places, and says what went wrong. */
  async function inBoth(
    { local, stored }: Entry,
    here: (shelf: Shelf, id: string) => Promise<void>,
    there: (id: string) => Promise<void>,
  ): Promise<boolean> {
    try {
      if (stored !== null) await there(stored.id);
      if (local !== null) await here(await shelf, local.id);
      return true;
    } catch (error) {
      toasts.say(problemWords(error));
      return false;
    } finally {
      await refresh();
    }
  }

  function setUpload(id: string, state: UploadState | null): void {
    const next = new Map(uploads.value);
    if (state === null) next.delete(id);
    else next.set(id, state);
    uploads.value = next;
  }

  async function send(clip: ClipInfo, { signal }: AbortController): Promise<void> {
    const { media, sidecar, noteUpload } = await shelf;
    await sendClip({
      clip,
      media: await media(clip.id),
      sidecar: await sidecar(clip.id),
      server: uploadServer,
      signal,
      note: (upload) => noteUpload(clip.id, upload),
      onProgress: (share) => signal.aborted || setUpload(clip.id, { share, problem: null }),
      wait: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
    });
  }

  /** What was done to a clip before the server had all of it holds there too. */
  async function bringUpToDate({ id, name: sentName }: ClipInfo): Promise<void> {
    const now = (await (await shelf).list()).find((one) => one.id === id);
    if (now === undefined || now.upload === null || (!now.pinned && now.name === sentName)) return;
    await changeStored(now.upload.id, { name: now.name, pinned: now.pinned });
  }

  async function upload(clip: ClipInfo): Promise<void> {
    if (runs.has(clip.id)) return;
    const run = new AbortController();
    runs.set(clip.id, run);
    setUpload(clip.id, { share: uploads.value.get(clip.id)?.share ?? 0, problem: null });
    try {
      await send(clip, run);
      await bringUpToDate(clip);
      await refresh();
      setUpload(clip.id, null);
      toasts.say(`“${clip.name}” is uploaded.`);
    } catch (error) {
      if (!run.signal.aborted) {
        const { share = 0 } = uploads.value.get(clip.id) ?? {};
        setUpload(clip.id, { share, problem: problemWords(error) });
      }
    } finally {
      if (runs.get(clip.id) === run) runs.delete(clip.id);
    }
  }

  async function cancel({ id }: ClipInfo): Promise<void> {
    runs.get(id)?.abort();
    runs.delete(id);
    setUpload(id, null);
    const { list, noteUpload } = await shelf;
    const known = (await list()).find((one) => one.id === id)?.upload ?? null;
    if (known === null || known.done) return;
    await noteUpload(id, null);
    // Where the server cannot be reached it deletes the upload by itself after a day.
    await abandonUpload(known).catch(() => {});
  }

  async function remove(entry: Entry): Promise<void> {
    if (entry.local !== null) await cancel(entry.local);
    if (!await inBoth(entry, ({ remove }, id) => remove(id), removeStored)) return;
    toasts.say(`“${entry.name}” is deleted.`, {
      label: "Undo",
      run: () => void inBoth(entry, ({ restore }, id) => restore(id), restoreStored),
    });
  }

  return {
    local,
    stored,
    problem,
    lasting,
    uploads,
    search: signal(""),
    refresh,
    rename(entry, name) {
      void inBoth(entry, ({ rename }, id) => rename(id, name), (id) => changeStored(id, { name }));
    },
    pin(entry, pinned) {
      void inBoth(entry, ({ pin }, id) => pin(id, pinned), (id) => changeStored(id, { pinned }));
    },
    remove: (entry) => void remove(entry),
    upload: (clip) => void upload(clip),
    cancel: (clip) => void cancel(clip),
    media: async ({ id }) => await (await shelf).media(id),
    sidecar: async ({ id }) => await (await shelf).sidecar(id),
  };
}
