/** JSON on stdout while a run continues: one document, an array of them, or one in each line. */

import { ndjsonLine } from "../../shared/ndjson.ts";

/** How a run's documents are printed. */
export type DocumentForm = "single" | "array" | "lines";

/** Prints documents as they come; what was printed is whole JSON after {@link DocumentPrinter.end}. */
export class DocumentPrinter {
  readonly #form: DocumentForm;
  readonly #print: (text: string) => void;
  #begun = false;

  constructor(form: DocumentForm, print: (text: string) => void) {
    this.#form = form;
    this.#print = print;
  }

  add(document: unknown): void {
    switch (this.#form) {
      case "single":
        return this.#print(`${JSON.stringify(document, null, 2)}\n`);
      case "lines":
        return this.#print(ndjsonLine(document));
      case "array": {
        const text = JSON.stringify(document, null, 2).replace(/^/gm, "  ");
        this.#print(`${this.#begun ? ",\n" : "[\n"}${text}`);
        this.#begun = true;
        return;
      }
      default: {
        const never: never = this.#form;
        throw new TypeError(`Cannot print a document: expected a form, got ${never}`);
      }
    }
  }

  /** Closes an array that was begun, also where the run ended early. */
  end(): void {
    if (this.#begun) this.#print("\n]\n");
    this.#begun = false;
  }
}
