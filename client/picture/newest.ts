/** Of several things that are begun, only the newest one counts when it is done. */
export class Newest {
  #begun = 0;

  /** Begins something; the returned function says whether nothing was begun since. */
  begin(): () => boolean {
    const ticket = ++this.#begun;
    return () => ticket === this.#begun;
  }
}
