/** Notices that offer to undo a removal; they go where their undo would find nothing in the server's trash. */
export class UndoNotices {
  readonly #dismiss: (notice: number) => void;
  readonly #byClip = new Map<string, number>();

  constructor(dismiss: (notice: number) => void) {
    this.#dismiss = dismiss;
  }

  /** Remembers the notice of a clip, by its id on the server. */
  add(clip: string, notice: number): void {
    this.#byClip.set(clip, notice);
  }

  /** Takes a clip's notice away. */
  withdraw(clip: string): void {
    const notice = this.#byClip.get(clip);
    if (notice !== undefined) this.#dismiss(notice);
    this.#byClip.delete(clip);
  }

  withdrawAll(): void {
    for (const clip of [...this.#byClip.keys()]) this.withdraw(clip);
  }
}
