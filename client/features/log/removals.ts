/** Moves entries of the log to the trash and out of it; notices offer to undo. */
import { problemWords } from "../../http/http.ts";
import type { Toasts } from "../../ui/toasts.ts";
import {
  emptyTrash,
  type LogEntry,
  removeEntries,
  type Search,
  type TrashBatch,
  undoRemoval,
} from "./api.ts";

/** What deletes entries, for a week or for good, and restores them. */
export class Removals {
  readonly #toasts: Pick<Toasts, "say" | "dismiss">;
  readonly #onChange: () => Promise<void>;
  /** Notices that offer to undo a removal, by its number. */
  readonly #offers = new Map<number, number>();

  /** `onChange`: something on the server changed, or could not be changed. */
  constructor(toasts: Pick<Toasts, "say" | "dismiss">, onChange: () => Promise<void>) {
    this.#toasts = toasts;
    this.#onChange = onChange;
  }

  remove({ id }: LogEntry): void {
    this.#take(id, () => "The entry is in the trash for a week.");
  }

  /** Removes all that a search means. */
  removeAll(search: Search): void {
    this.#take(
      search,
      (count) =>
        count === 1
          ? "One entry is in the trash for a week."
          : `${count} entries are in the trash for a week.`,
    );
  }

  restore({ undo }: Pick<TrashBatch, "undo">): void {
    this.#withdraw([undo]);
    void this.#change(() => undoRemoval(undo));
  }

  /** Deletes for good what is in the trash. */
  emptyTrash(): void {
    this.#withdraw(this.#offers.keys());
    void this.#change(emptyTrash);
  }

  #take(what: number | Search, words: (count: number) => string): void {
    void this.#change(async () => {
      const { undo, removed } = await removeEntries(what);
      const notice = this.#toasts.say(words(removed), { label: "Undo", run: () => this.restore({ undo }) });
      this.#offers.set(undo, notice);
    });
  }

  /** Dismisses notices whose undo would find nothing. */
  #withdraw(undone: Iterable<number>): void {
    for (const undo of [...undone]) {
      const notice = this.#offers.get(undo);
      if (notice !== undefined) this.#toasts.dismiss(notice);
      this.#offers.delete(undo);
    }
  }

  async #change(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#toasts.say(problemWords(error));
    }
    await this.#onChange();
  }
}
