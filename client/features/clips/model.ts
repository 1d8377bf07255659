/** What the view "Clips" shows, and what it does. Uploads go on while the view is closed. */
import { type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { ErrorCode } from "../../../shared/errors.ts";
import type { StoredClipMessage, TrashedClipMessage } from "../../../shared/clip_wire.ts";
import { problemWords, Refusal } from "../../http/http.ts";
import type { Toasts } from "../../ui/toasts.ts";
import { pageShelf } from "./shelf/browser_shelf.ts";
import { changeStored, emptyTrash, listStored, listTrash, removeStored, restoreStored } from "./api.ts";
import type { Entry } from "./entries.ts";
import type { ClipInfo, Shelf } from "./shelf/shelf.ts";
import { createUploads, type UploadState } from "./uploads.ts";

/** Why the server's clips are not shown. */
export interface ClipsProblem {
  readonly words: string;
  /** Whether trying again may help: not where the server keeps none, or shows them on its own machine alone. */
  readonly passing: boolean;
}

/** The view's model. */
export interface ClipsModel {
  /** The clips of this browser; null until they are read. */
  readonly local: ReadonlySignal<readonly ClipInfo[] | null>;
  /** The clips on the server; null until they are read. */
  readonly stored: ReadonlySignal<readonly StoredClipMessage[] | null>;
  /** What lies in the server's trash; empty until it is read. */
  readonly trash: ReadonlySignal<readonly TrashedClipMessage[]>;
  /** Why the server's clips are not shown, or null. */
  readonly problem: ReadonlySignal<ClipsProblem | null>;
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
  /** Takes a clip out of the server's trash. */
  restore(clip: TrashedClipMessage): Promise<void>;
  /** Deletes for good what lies in the server's trash. */
  emptyTrash(): Promise<void>;
  /** Begins an upload, or continues it. */
  upload(clip: ClipInfo): void;
  /** Gives an upload up. */
  cancel(clip: ClipInfo): void;
  media(clip: ClipInfo): Promise<Blob>;
  sidecar(clip: ClipInfo): Promise<Blob | undefined>;
}

/** Refusals that stay what they are, however often the page asks. */
const LASTING_REFUSALS: ReadonlySet<string> = new Set<ErrorCode>(["no-clips", "own-machine-only"]);

/** Where the model says what it did, and offers to undo it. */
export type ClipNotices = Pick<Toasts, "say" | "dismiss">;

const models = new WeakMap<ClipNotices, ClipsModel>();

/** Returns the model of a page, known by its notices; it is made when it is first asked for. */
export function clipsOf(toasts: ClipNotices): ClipsModel {
  const model = models.get(toasts) ?? createClips(toasts);
  models.set(toasts, model);
  return model;
}

function createClips(toasts: ClipNotices): ClipsModel {
  const local = signal<readonly ClipInfo[] | null>(null);
  const stored = signal<readonly StoredClipMessage[] | null>(null);
  const trash = signal<readonly TrashedClipMessage[]>([]);
  const problem = signal<ClipsProblem | null>(null);
  const lasting = signal(true);
  /** Notices that offer to undo a removal, by the id of the clip on the server. */
  const offers = new Map<string, number>();
  const shelf = pageShelf();
  const uploads = createUploads(shelf, async ({ name }) => {
    await refresh();
    toasts.say(`“${name}” is uploaded.`);
  });
  void shelf.then(({ onChange }) => onChange(() => void readLocal()));

  async function readLocal(): Promise<void> {
    const { list, lasting: lasts } = await shelf;
    lasting.value = lasts;
    local.value = await list();
  }

  async function readStored(): Promise<void> {
    try {
      [stored.value, trash.value] = await Promise.all([listStored(), listTrash()]);
      problem.value = null;
    } catch (error) {
      const passing = !(error instanceof Refusal) || !LASTING_REFUSALS.has(error.code);
      [stored.value, trash.value] = [null, []];
      problem.value = { words: problemWords(error), passing };
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

  /** Changes the server's trash, and says what went wrong. */
  async function inTrash(work: () => Promise<void>, done: string): Promise<void> {
    try {
      await work();
      toasts.say(done);
    } catch (error) {
      toasts.say(problemWords(error));
    } finally {
      await refresh();
    }
  }

  async function remove(entry: Entry): Promise<void> {
    if (entry.local !== null) await uploads.cancel(entry.local);
    if (!await inBoth(entry, ({ remove }, id) => remove(id), removeStored)) return;
    const notice = toasts.say(`“${entry.name}” is deleted.`, {
      label: "Undo",
      run: () => void inBoth(entry, ({ restore }, id) => restore(id), restoreStored),
    });
    if (entry.stored !== null) offers.set(entry.stored.id, notice);
  }

  /** Takes notices away whose undo would find nothing in the server's trash. */
  function withdraw(ids: Iterable<string>): void {
    for (const id of [...ids]) {
      const notice = offers.get(id);
      if (notice !== undefined) toasts.dismiss(notice);
      offers.delete(id);
    }
  }

  return {
    local,
    stored,
    trash,
    problem,
    lasting,
    uploads: uploads.states,
    search: signal(""),
    refresh,
    rename(entry, name) {
      void inBoth(entry, ({ rename }, id) => rename(id, name), (id) => changeStored(id, { name }));
    },
    pin(entry, pinned) {
      void inBoth(entry, ({ pin }, id) => pin(id, pinned), (id) => changeStored(id, { pinned }));
    },
    remove: (entry) => void remove(entry),
    restore({ id, name }) {
      withdraw([id]);
      return inTrash(() => restoreStored(id), `“${name}” is restored.`);
    },
    emptyTrash() {
      withdraw(offers.keys());
      return inTrash(emptyTrash, "The trash is empty.");
    },
    upload: (clip) => void uploads.upload(clip),
    cancel: (clip) => void uploads.cancel(clip),
    media: async ({ id }) => await (await shelf).media(id),
    sidecar: async ({ id }) => await (await shelf).sidecar(id),
  };
}
