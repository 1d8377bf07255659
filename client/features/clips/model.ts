/** What the panel "Clips" shows and does. Uploads continue while the panel is closed. */
import { type ReadonlySignal, signal } from "@preact/signals";
import type { TrashedClipMessage } from "../../../shared/clip_wire.ts";
import { problemWords } from "../../http/http.ts";
import type { Toasts } from "../../ui/toasts.ts";
import { changeStored, emptyTrash, removeStored, restoreStored } from "./api.ts";
import { ClipLists } from "./clip_lists.ts";
import type { ClipEntry } from "./entries.ts";
import { pageShelf } from "./shelf/browser_shelf.ts";
import type { ClipInfo, Shelf } from "./shelf/shelf.ts";
import { UndoNotices } from "./undo_notices.ts";
import { Uploads, type UploadState } from "./uploads.ts";

/** Where the model says what it did, and offers to undo it. */
export type ClipNotices = Pick<Toasts, "say" | "dismiss">;

const models = new WeakMap<ClipNotices, ClipsModel>();

/** Returns the model of a page, known by its notices; it is made when it is first asked for. */
export function clipsOf(toasts: ClipNotices): ClipsModel {
  const model = models.get(toasts) ?? new ClipsModel(toasts, pageShelf());
  models.set(toasts, model);
  return model;
}

/** The panel's model. */
export class ClipsModel {
  readonly lists: ClipLists;
  readonly search = signal("");
  readonly #toasts: ClipNotices;
  readonly #shelf: Promise<Shelf>;
  readonly #uploads: Uploads;
  readonly #notices: UndoNotices;

  constructor(toasts: ClipNotices, shelf: Promise<Shelf>) {
    this.#toasts = toasts;
    this.#shelf = shelf;
    this.lists = new ClipLists(shelf);
    this.#notices = new UndoNotices(toasts.dismiss);
    this.#uploads = new Uploads(shelf, async ({ name }) => {
      await this.lists.refresh();
      toasts.say(`“${name}” is uploaded.`);
    });
  }

  /** Uploads by the id of the clip on the shelf. */
  get uploads(): ReadonlySignal<ReadonlyMap<string, UploadState>> {
    return this.#uploads.states;
  }

  rename(entry: ClipEntry, name: string): void {
    void this.#inBoth(entry, (shelf, id) => shelf.rename(id, name), (id) => changeStored(id, { name }));
  }

  pin(entry: ClipEntry, pinned: boolean): void {
    void this.#inBoth(entry, (shelf, id) => shelf.pin(id, pinned), (id) => changeStored(id, { pinned }));
  }

  /** Deletes a clip wherever it lies; a notice offers to undo that. */
  async remove(entry: ClipEntry): Promise<void> {
    if (entry.local !== null) await this.#uploads.cancel(entry.local);
    if (!await this.#inBoth(entry, (shelf, id) => shelf.remove(id), removeStored)) return;
    const notice = this.#toasts.say(`“${entry.name}” is deleted.`, {
      label: "Undo",
      run: () => void this.#inBoth(entry, (shelf, id) => shelf.restore(id), restoreStored),
    });
    if (entry.stored !== null) this.#notices.add(entry.stored.id, notice);
  }

  /** Takes a clip out of the server's trash. */
  restore({ id, name }: TrashedClipMessage): Promise<void> {
    this.#notices.withdraw(id);
    return this.#inTrash(() => restoreStored(id), `“${name}” is restored.`);
  }

  /** Deletes for good what lies in the server's trash. */
  emptyTrash(): Promise<void> {
    this.#notices.withdrawAll();
    return this.#inTrash(emptyTrash, "The trash is empty.");
  }

  /** Begins an upload, or resumes it. */
  upload(clip: ClipInfo): void {
    void this.#uploads.upload(clip);
  }

  cancel(clip: ClipInfo): void {
    void this.#uploads.cancel(clip);
  }

  /** Returns a clip's video. @throws RangeError where the shelf does not hold it */
  async media({ id }: ClipInfo): Promise<Blob> {
    return await (await this.#shelf).media(id);
  }

  /** Returns a clip's sidecar, if it has one. @throws RangeError where the shelf does not hold the clip */
  async sidecar({ id }: ClipInfo): Promise<Blob | undefined> {
    return await (await this.#shelf).sidecar(id);
  }

  /** Makes the same change in both places, and says what went wrong. */
  async #inBoth(
    { local, stored }: ClipEntry,
    here: (shelf: Shelf, id: string) => Promise<void>,
    there: (id: string) => Promise<void>,
  ): Promise<boolean> {
    try {
      if (stored !== null) await there(stored.id);
      if (local !== null) await here(await this.#shelf, local.id);
      return true;
    } catch (error) {
      this.#toasts.say(problemWords(error));
      return false;
    } finally {
      await this.lists.refresh();
    }
  }

  /** Changes the server's trash, and says what went wrong. */
  async #inTrash(change: () => Promise<void>, done: string): Promise<void> {
    try {
      await change();
      this.#toasts.say(done);
    } catch (error) {
      this.#toasts.say(problemWords(error));
    } finally {
      await this.lists.refresh();
    }
  }
}
