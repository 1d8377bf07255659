/** Uploads from the shelf to the server: one at a time for each clip, seen while they run, given up, gone on with. */
import { type ReadonlySignal, signal } from "@preact/signals";
import { problemWords } from "../../http/http.ts";
import { abandonUpload, changeStored, uploadServer } from "./api.ts";
import { sendClip } from "./send.ts";
import type { ClipInfo, Shelf } from "./shelf/shelf.ts";

/** An upload that this page began: under way, or ended before its time with the reason in words. */
export interface UploadState {
  /** Share that is on the server's disk, 0…1. */
  readonly share: number;
  readonly problem: string | null;
}

/** The uploads of this page. */
export interface Uploads {
  /** By the id of the clip on the shelf. */
  readonly states: ReadonlySignal<ReadonlyMap<string, UploadState>>;
  /** Begins an upload, or goes on with it; resolves when it has ended in whatever way. */
  upload(clip: ClipInfo): Promise<void>;
  /** Gives an upload up; resolves when nothing of it is left. */
  cancel(clip: ClipInfo): Promise<void>;
}

/** An upload under way. */
interface Run {
  readonly stop: AbortController;
  readonly ended: Promise<void>;
}

/** Makes the uploads of a shelf; `onSent` runs when a clip is all there, before its state goes. */
export function createUploads(
  shelf: Promise<Shelf>,
  onSent: (clip: ClipInfo) => Promise<void>,
): Uploads {
  const states = signal<ReadonlyMap<string, UploadState>>(new Map());
  const runs = new Map<string, Run>();
  /** Cancellings that have not ended yet, by clip. */
  const cancels = new Map<string, Promise<void>>();

  function setState(id: string, state: UploadState | null): void {
    const next = new Map(states.value);
    if (state === null) next.delete(id);
    else next.set(id, state);
    states.value = next;
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
      onProgress: (share) => signal.aborted || setState(clip.id, { share, problem: null }),
      wait: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
    });
  }

  /** What was done to a clip before the server had all of it holds there too. */
  async function bringUpToDate({ id, name: sentName }: ClipInfo): Promise<void> {
    const now = (await (await shelf).list()).find((one) => one.id === id);
    if (now === undefined || now.upload === null || (!now.pinned && now.name === sentName)) return;
    await changeStored(now.upload.id, { name: now.name, pinned: now.pinned });
  }

  async function run(clip: ClipInfo, stop: AbortController): Promise<void> {
    const share = () => states.value.get(clip.id)?.share ?? 0;
    setState(clip.id, { share: share(), problem: null });
    try {
      await send(clip, stop);
      await bringUpToDate(clip);
      await onSent(clip);
      setState(clip.id, null);
    } catch (error) {
      if (!stop.signal.aborted) setState(clip.id, { share: share(), problem: problemWords(error) });
    }
  }

  async function giveUp({ id }: ClipInfo): Promise<void> {
    setState(id, null);
    const under = runs.get(id);
    under?.stop.abort();
    await under?.ended;
    const { list, noteUpload } = await shelf;
    const known = (await list()).find((one) => one.id === id)?.upload ?? null;
    if (known === null || known.done) return;
    await noteUpload(id, null);
    // Where the server cannot be reached it deletes the upload by itself after a day.
    await abandonUpload(known).catch(() => {});
  }

  return {
    states,
    async upload(clip) {
      // What is being given up must not take the new upload with it.
      await cancels.get(clip.id);
      if (runs.has(clip.id)) return;
      const stop = new AbortController();
      const ended = run(clip, stop);
      runs.set(clip.id, { stop, ended });
      await ended;
      runs.delete(clip.id);
    },
    async cancel(clip) {
      const ending = giveUp(clip);
      cancels.set(clip.id, ending);
      await ending;
      if (cancels.get(clip.id) === ending) cancels.delete(clip.id);
    },
  };
}
