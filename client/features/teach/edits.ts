/** Changes of the collection that is open: each is the server's, which can take it back. */
import type { HeadKind } from "../../../shared/head_model.ts";
import { type Box, isNothing } from "../../../shared/teach_wire.ts";
import { problemWords } from "../../http/http.ts";
import type { TeachServer } from "./server.ts";
import { freeName } from "./words.ts";

/** What changes need. */
export interface EditPorts {
  readonly server: TeachServer;
  /** Id of the collection that is open, or null. */
  readonly id: () => string | null;
  /** Names of its classes. */
  readonly names: () => readonly string[];
  readonly choose: (classKey: string) => void;
  /** Which pictures there are may be different now. */
  readonly onPictures: () => Promise<void>;
  readonly say: (words: string) => void;
}

/** What changes a collection; what the server refuses is said. */
export class Edits {
  readonly #ports: EditPorts;

  constructor(ports: EditPorts) {
    this.#ports = ports;
  }

  /** Chooses the head that the collection's model has. */
  setKind(kind: HeadKind): Promise<void> {
    return this.#act((server, id) => server.change(id, { kind }));
  }

  /** Adds a class that is to be named, and chooses it. */
  addClass(): Promise<void> {
    const names = this.#ports.names();
    const own = names.filter((name) => !isNothing({ name }));
    return this.#act(async (server, id) => {
      this.#ports.choose(await server.addClass(id, freeName(`Class ${own.length + 1}`, names)));
    });
  }

  /** Has all heads fitted, to be shown side by side. */
  compare(): Promise<void> {
    return this.#act((server, id) => server.compare(id));
  }

  renameClass(classKey: string, name: string): Promise<void> {
    return this.#act((server, id) => server.renameClass(id, classKey, name));
  }

  mergeClass(classKey: string, into: string): Promise<void> {
    return this.#act((server, id) => server.mergeClass(id, classKey, into));
  }

  removeClass(classKey: string): Promise<void> {
    return this.#act((server, id) => server.removeClass(id, classKey));
  }

  removePictures(pictures: readonly number[]): Promise<void> {
    return this.movePictures(pictures, null);
  }

  /** Moves pictures to another class; null: removes them. */
  movePictures(pictures: readonly number[], classKey: string | null): Promise<void> {
    if (pictures.length === 0) return Promise.resolve();
    return this.#actOnPictures((server, id) => server.changePictures(id, pictures, classKey));
  }

  /** Takes the last act back, and says what it was. */
  undo(): Promise<void> {
    return this.#actOnPictures(async (server, id) => {
      const undone = await server.undo(id);
      this.#ports.say(undone === null ? "There is nothing to undo." : `Undone: ${undone}.`);
    });
  }

  /** Draws the box of a class's object; null: it has none any more. */
  setBox(classKey: string, box: Box | null): Promise<void> {
    return this.#act((server, id) => server.setBox(id, classKey, box));
  }

  async #actOnPictures(work: (server: TeachServer, id: string) => Promise<void>): Promise<void> {
    await this.#act(work);
    await this.#ports.onPictures();
  }

  async #act(work: (server: TeachServer, id: string) => Promise<void>): Promise<void> {
    const id = this.#ports.id();
    if (id === null) return;
    try {
      await work(this.#ports.server, id);
    } catch (error) {
      this.#ports.say(problemWords(error));
    }
  }
}
