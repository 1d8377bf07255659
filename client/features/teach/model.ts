/** Teaching: a collection of pictures that the page adds to, and what the server learns from it. */
import { type ReadonlySignal, signal } from "@preact/signals";
import type { Welcome } from "../../../shared/protocol.ts";
import { NOTHING_IN_PARTICULAR, type TaughtState } from "../../../shared/teach_wire.ts";
import { problemWords } from "../../http/http.ts";
import type { InputSize } from "../../picture/square_encoder.ts";
import type { Toasts } from "../../ui/toasts.ts";
import { checkClues } from "./clue_check.ts";
import { Collector } from "./collector.ts";
import { Edits } from "./edits.ts";
import { addFiles } from "./file_adding.ts";
import { followState } from "./follow.ts";
import type { PathFile } from "../../ui/path_files.ts";
import { classesOf, otherFiles } from "./picture_files.ts";
import { Sending } from "./sending.ts";
import type { NewPictures, TeachServer } from "./server.ts";
import {
  firstLearned,
  NOT_ASKED,
  type OpenCollection,
  type Part,
  picturesFit,
  type Review,
  type TeachEvent,
  teaching,
  type TeachState,
} from "./teach_state.ts";
import { addedWords, freeName, lostWords, NO_PICTURES } from "./words.ts";

/** What teaching needs of the page. */
export interface TeachModelPorts {
  readonly server: TeachServer;
  readonly welcome: ReadonlySignal<Welcome | null>;
  readonly setModel: (id: string) => void;
  readonly say: Toasts["say"];
  /** The newest picture of the stage as a file, or null where there is none. */
  readonly newest: (input: InputSize) => Blob | null;
  /** A file's picture, or null where there is none in it. */
  readonly ofFile: (file: Blob, input: InputSize) => Promise<Blob | null>;
  readonly isStill: () => boolean;
  readonly time: TeachTime;
  /** What was open at the last visit. */
  readonly remembered: () => RememberedTeaching;
  readonly remember: (teaching: RememberedTeaching) => void;
}

/** What is remembered between visits. */
export interface RememberedTeaching {
  /** Id of the collection that was open last, or null. */
  readonly collection: string | null;
  /** Whether it is still open: a page that is loaded again comes back to it. */
  readonly open: boolean;
}

/** The clock. */
export interface TeachTime {
  readonly every: (ms: number, run: () => void) => () => void;
  /** Waits so many ms, or until the signal comes. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** Size of a picture before the model's own is known, in pixels. */
const FIRST_INPUT: InputSize = { width: 224, height: 224 };

/** The panel's model; it asks from the beginning until it is disposed of. */
export class TeachModel {
  readonly #ports: TeachModelPorts;
  readonly #state = signal<TeachState>(NOT_ASKED);
  readonly #collector: Collector;
  readonly edits: Edits;
  #sending: Sending | null = null;
  /** Ends what belongs to the collection that is open. */
  #run = new AbortController();
  #filing = new AbortController();
  #checking = new AbortController();
  #lastHold = 0;
  /** Pictures of files that are on the server's disk by now. */
  #filed = 0;
  #reading = false;
  #beginning = false;

  constructor(ports: TeachModelPorts) {
    this.#ports = ports;
    this.edits = new Edits({
      server: ports.server,
      id: () => this.open?.id ?? null,
      names: () => this.open?.taught?.classes.map(({ name }) => name) ?? [],
      choose: (classKey) => this.choose(classKey),
      onPictures: () => this.#readPictures(),
      say: ports.say,
    });
    this.#collector = new Collector({
      picture: () => ports.newest(this.#input),
      isStill: ports.isStill,
      waiting: () => this.#sending?.count ?? 0,
      nextHold: () => this.#nextHold(),
      onPicture: (classKey, hold, picture) => this.#sending?.add({ classKey, hold, pictures: [picture] }),
      every: ports.time.every,
    });
  }

  get state(): ReadonlySignal<TeachState> {
    return this.#state;
  }

  /** The collection that is open, or null; reads a signal. */
  get open(): OpenCollection | null {
    const { value } = this.#state;
    return value.kind === "open" ? value.open : null;
  }

  /**
   * Lists what is saved, and opens the collection that was open when the page was loaded again, else that of the model that is
   * shown, else the last one.
   */
  async start(shown: string | undefined): Promise<void> {
    const { collection, open } = this.#ports.remembered();
    await this.#list();
    const { value } = this.#state;
    if (value.kind !== "choosing") return;
    const { taught } = value.list;
    const last = taught.find(({ id }) => id === collection);
    const ofModel = taught.find(({ id }) => shown === id || shown?.startsWith(`${id}.`) === true);
    const known = open ? last ?? ofModel : ofModel ?? last;
    if (known !== undefined) this.openCollection(known.id);
    else this.#ports.remember({ collection: null, open: false });
  }

  /** Begins a collection with two classes to be renamed, and "nothing in particular". */
  async begin(): Promise<void> {
    // A double click begins one.
    if (this.#beginning) return;
    this.#beginning = true;
    const { server } = this.#ports;
    await this.#do(async () => {
      const { value } = this.#state;
      const taken = "list" in value ? value.list.taught.map(({ name }) => name) : [];
      const base = this.#base();
      const id = await server.begin({
        name: freeName("My things", taken),
        ...(base !== null && { base }),
      });
      const { classes } = await server.state(id);
      const names = ["Class 1", "Class 2", NOTHING_IN_PARTICULAR];
      for (const name of names) {
        if (classes.every((one) => one.name !== name)) await server.addClass(id, name);
      }
      await this.#list();
      this.openCollection(id);
    });
    this.#beginning = false;
  }

  openCollection(id: string): void {
    this.#leave();
    this.#run = new AbortController();
    const { signal } = this.#run;
    this.#sending = new Sending({
      send: (added) => this.#send(id, added),
      onWaiting: (waiting) => this.#dispatch({ kind: "waiting", waiting: countBy(waiting) }),
      onProblem: (error, lost) => this.#ports.say(`${problemWords(error)} ${lostWords(lost)}`),
    });
    this.#dispatch({ kind: "opened", id });
    this.#ports.remember({ collection: id, open: true });
    void followState({
      watch: () => this.#ports.server.watch(id, signal),
      onState: (taught) => this.#onState(taught),
      onProblem: (error) => this.#dispatch({ kind: "problem", words: problemWords(error) }),
      pause: this.#ports.time.pause,
    }, signal);
  }

  /** Explains with the collection's model. */
  use(): void {
    if (this.open !== null) this.#ports.setModel(this.open.id);
  }

  show(part: Part): void {
    this.#dispatch({ kind: "part", part });
    if (part === "saved") void this.#list();
  }

  review(review: Review | null): void {
    this.#dispatch({ kind: "review", review });
    void this.#readPictures();
  }

  drawBox(classKey: string | null): void {
    this.#dispatch({ kind: "boxing", classKey });
  }

  choose(classKey: string): void {
    this.#dispatch({ kind: "chosen", classKey });
  }

  hold(classKey: string): void {
    this.#collector.hold(classKey);
    this.#dispatch({ kind: "held", classKey });
  }

  release(): void {
    if (this.#collector.held === null) return;
    this.#collector.release();
    this.#dispatch({ kind: "held", classKey: null });
  }

  /** Adds pictures of files: those of folders to classes of these names, the rest to `classKey`; what is none is named. */
  async addFiles(files: readonly PathFile[], classKey: string | null): Promise<void> {
    const classes = classesOf(files);
    const { say, ofFile, time } = this.#ports;
    if (classes.length === 0) return void say(NO_PICTURES);
    this.#filing.abort();
    this.#filing = new AbortController();
    const signal = AbortSignal.any([this.#filing.signal, this.#run.signal]);
    const { open } = this;
    if (open === null) return;
    await this.#do(async () => {
      this.#filed = 0;
      const unread = await addFiles(classes, classKey, {
        read: (file) => ofFile(file, this.#input),
        classNamed: (name) => this.#classNamed(open.id, name),
        waiting: () => this.#sending?.count ?? 0,
        add: (pictures) => this.#sending?.add(pictures),
        onProgress: (adding) => this.#dispatch({ kind: "adding", adding }),
        pause: time.pause,
      }, signal);
      await this.#sending?.done();
      if (!signal.aborted) say(addedWords(this.#filed, [...otherFiles(files), ...unread]));
    });
    if (!signal.aborted) this.#dispatch({ kind: "adding", adding: null });
  }

  /** Adds no more of the files. */
  stopAdding(): void {
    this.#filing.abort();
    this.#dispatch({ kind: "adding", adding: null });
  }

  /** Looks for spurious clues. */
  async checkClues(): Promise<void> {
    const { open } = this;
    if (open === null || open.taught === null) return;
    this.#checking.abort();
    this.#checking = new AbortController();
    await checkClues(
      {
        ask: (signal) => this.#ports.server.clues(open.id, signal),
        onChange: (clues) => this.#dispatch({ kind: "clues", clues }),
      },
      open.taught.headRevision,
      AbortSignal.any([this.#checking.signal, this.#run.signal]),
    );
  }

  stopChecking(): void {
    this.#checking.abort();
    this.#dispatch({ kind: "clues", clues: { kind: "idle" } });
  }

  /** Imports an export or its folder, and opens the collection; a model alone is shown. */
  async importFiles(files: readonly PathFile[]): Promise<void> {
    await this.#do(async () => {
      const { id, kind } = await this.#ports.server.importFiles(files);
      await this.#list();
      if (kind === "collection") this.openCollection(id);
      else {
        this.#ports.setModel(id);
        this.#ports.say(
          "The folder holds a model without pictures. It stands among the models now, and explains.",
        );
      }
    });
  }

  async rename(id: string, name: string): Promise<void> {
    await this.#do(() => this.#ports.server.change(id, { name }));
    await this.#list();
  }

  async remove(id: string): Promise<void> {
    await this.#do(async () => {
      await this.#ports.server.remove(id);
      if (this.open?.id === id) this.#close();
      await this.#list();
    });
  }

  /** Ends it; the collection is opened again with the panel. */
  dispose(): void {
    const { open } = this;
    if (open !== null) this.#ports.remember({ collection: open.id, open: false });
    this.#leave();
  }

  get #input(): InputSize {
    return this.#ports.welcome.peek()?.model ?? FIRST_INPUT;
  }

  /** The model to teach: the one that is shown, unless that is taught itself. */
  #base(): string | null {
    const shown = this.#ports.welcome.peek()?.model.id;
    const { value } = this.#state;
    const taught = "list" in value ? value.list.taught : [];
    const own = taught.find(({ id }) => shown === id || shown?.startsWith(`${id}.`) === true);
    return own?.base ?? shown ?? null;
  }

  #nextHold(): number {
    const known = this.open?.pictures.reduce((most, { hold }) => Math.max(most, hold), 0) ?? 0;
    return this.#lastHold = Math.max(known, this.#lastHold) + 1;
  }

  async #classNamed(id: string, name: string): Promise<string> {
    const known = this.open?.taught?.classes.find((one) => one.name.toLowerCase() === name.toLowerCase());
    return known?.key ?? await this.#ports.server.addClass(id, name);
  }

  async #send(id: string, added: NewPictures): Promise<void> {
    const { ids, refused } = await this.#ports.server.addPictures(id, added);
    const [first] = refused;
    if (first !== undefined) this.#ports.say(first.words);
    if (added.hold === 0) this.#filed += ids.length;
    this.#dispatch({ kind: "added", classKey: added.classKey, hold: added.hold, ids });
  }

  #onState(taught: TaughtState): void {
    const before = this.open?.taught ?? null;
    this.#dispatch({ kind: "state", taught });
    if (firstLearned(before, taught)) this.#ports.setModel(taught.id);
    if (before?.headRevision !== taught.headRevision || this.open === null || !picturesFit(this.open)) {
      void this.#readPictures();
    }
  }

  /** Reads which pictures there are, once at a time, and not while some are on their way. */
  async #readPictures(): Promise<void> {
    const { open } = this;
    if (open === null || this.#reading || (this.#sending?.count ?? 0) > 0) return;
    this.#reading = true;
    try {
      const pictures = await this.#ports.server.pictures(open.id);
      if (this.open?.id === open.id) this.#dispatch({ kind: "pictures", pictures });
    } catch (error) {
      this.#dispatch({ kind: "problem", words: problemWords(error) });
    } finally {
      this.#reading = false;
    }
  }

  async #list(): Promise<void> {
    try {
      this.#dispatch({ kind: "listed", list: await this.#ports.server.list() });
    } catch (error) {
      if (this.#state.peek().kind === "asking") {
        this.#dispatch({ kind: "refused", words: problemWords(error) });
      } else this.#ports.say(problemWords(error));
    }
  }

  #close(): void {
    this.#leave();
    this.#dispatch({ kind: "closed" });
    this.#ports.remember({ collection: null, open: false });
  }

  #leave(): void {
    this.release();
    this.#run.abort();
    this.#filing.abort();
    this.#checking.abort();
    this.#sending = null;
  }

  #dispatch(event: TeachEvent): void {
    this.#state.value = teaching(this.#state.peek(), event);
  }

  async #do(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#ports.say(problemWords(error));
    }
  }
}

function countBy(waiting: readonly { readonly classKey: string }[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { classKey } of waiting) counts.set(classKey, (counts.get(classKey) ?? 0) + 1);
  return counts;
}
