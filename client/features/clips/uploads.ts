/** Uploads from the shelf to the server: one at a time for each clip, which can be watched, cancelled and resumed. */
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

/** An upload under way. */
interface Run {
  readonly stop: AbortController;
  readonly ended: Promise<void>;
}

/** The uploads of this page. */
export class Uploads {
  readonly #shelf: Promise<Shelf>;
  readonly #onSent: (clip: ClipInfo) => Promise<void>;
  readonly #states = signal<ReadonlyMap<string, UploadState>>(new Map());
  readonly #runs = new Map<string, Run>();
  /** Uploads that are being cancelled, by clip. */
  readonly #cancelling = new Map<string, Promise<void>>();

  /** `onSent` runs when the server has all of a clip, before its state goes. */
  constructor(shelf: Promise<Shelf>, onSent: (clip: ClipInfo) => Promise<void>) {
    this.#shelf = shelf;
    this.#onSent = onSent;
  }

  /** By the id of the clip on the shelf. */
  get states(): ReadonlySignal<ReadonlyMap<string, UploadState>> {
    return this.#states;
  }

  /** Begins an upload, or resumes it; resolves when it has ended in whatever way. */
  async upload(clip: ClipInfo): Promise<void> {
    // What is being cancelled must not take the new upload with it.
    await this.#cancelling.get(clip.id);
    if (this.#runs.has(clip.id)) return;
    const stop = new AbortController();
    const ended = this.#run(clip, stop.signal);
    this.#runs.set(clip.id, { stop, ended });
    await ended;
    this.#runs.delete(clip.id);
  }

  /** Cancels an upload; resolves when nothing of it is left. */
  async cancel(clip: ClipInfo): Promise<void> {
    const ending = this.#abandon(clip);
    this.#cancelling.set(clip.id, ending);
    await ending;
    if (this.#cancelling.get(clip.id) === ending) this.#cancelling.delete(clip.id);
  }

  async #run(clip: ClipInfo, signal: AbortSignal): Promise<void> {
    const share = () => this.#states.value.get(clip.id)?.share ?? 0;
    this.#set(clip.id, { share: share(), problem: null });
    try {
      await this.#send(clip, signal);
      await this.#bringUpToDate(clip);
      await this.#onSent(clip);
      this.#set(clip.id, null);
    } catch (error) {
      if (!signal.aborted) this.#set(clip.id, { share: share(), problem: problemWords(error) });
    }
  }

  async #send(clip: ClipInfo, signal: AbortSignal): Promise<void> {
    const shelf = await this.#shelf;
    await sendClip({
      clip,
      media: await shelf.media(clip.id),
      sidecar: await shelf.sidecar(clip.id),
      server: uploadServer,
      signal,
      note: (upload) => shelf.noteUpload(clip.id, upload),
      onProgress: (share) => signal.aborted || this.#set(clip.id, { share, problem: null }),
      wait: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
    });
  }

  /** Changes that were made to a clip before the server had all of it are made there too. */
  async #bringUpToDate({ id, name: sentName }: ClipInfo): Promise<void> {
    const now = (await (await this.#shelf).list()).find((one) => one.id === id);
    if (now === undefined || now.upload === null || (!now.pinned && now.name === sentName)) return;
    await changeStored(now.upload.id, { name: now.name, pinned: now.pinned });
  }

  async #abandon({ id }: ClipInfo): Promise<void> {
    this.#set(id, null);
    const run = this.#runs.get(id);
    run?.stop.abort();
    await run?.ended;
    const shelf = await this.#shelf;
    const known = (await shelf.list()).find((one) => one.id === id)?.upload ?? null;
    if (known === null || known.done) return;
    await shelf.noteUpload(id, null);
    // Where the server cannot be reached it deletes the upload by itself after a day.
    await abandonUpload(known).catch(() => {});
  }

  #set(id: string, state: UploadState | null): void {
    const next = new Map(this.#states.value);
    if (state === null) next.delete(id);
    else next.set(id, state);
    this.#states.value = next;
  }
}
