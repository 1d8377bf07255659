/// <reference lib="dom" />
/** What the page does, and when: pointers, covers that leave, their answers, predictions that change. Runs in the page. */

/** Times in ms of the page's clock. */
export interface PageLog {
  /** Pointers that paint, by the time of the browser's own event. */
  readonly pointers: number[];
  /** Views that left, with their revisions. */
  readonly sent: { readonly atMs: number; readonly revision: number }[];
  /** The first result of each revision. */
  readonly answered: { readonly atMs: number; readonly revision: number }[];
  /** The list of predictions changed; `drawnMs`: the browser had drawn it. */
  readonly changed: { readonly atMs: number; drawnMs: number }[];
  /** Results of the main view since the page was opened. */
  results: number;
  /** Pictures that the timeline's worker made: how many, and their bytes. */
  readonly pictures: { count: number; bytes: number };
}

/** What a page that is prepared has. */
export interface LoggedPage {
  readonly pageLog: PageLog;
  /** Sends a text over the page's newest socket. */
  readonly sayOnSocket: (text: string) => void;
}

/** Has a page write its log; runs in the page before its own scripts. */
export function prepareLog(): void {
  const log: PageLog = {
    pointers: [],
    sent: [],
    answered: [],
    changed: [],
    results: 0,
    pictures: { count: 0, bytes: 0 },
  };
  let newest: WebSocket | null = null;
  const revisionOf = (text: string) => Number(/"revision":(\d+)/.exec(text)?.[1]);

  class LoggedSocket extends WebSocket {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols);
      newest = this;
      this.addEventListener("message", ({ data }) => {
        if (typeof data !== "string" || !data.startsWith('{"type":"result"')) return;
        log.results++;
        const revision = revisionOf(data);
        if (log.answered.at(-1)?.revision === revision) return;
        log.answered.push({ atMs: performance.now(), revision });
      });
    }

    override send(data: Parameters<WebSocket["send"]>[0]): void {
      if (typeof data === "string" && data.startsWith('{"type":"view"')) {
        log.sent.push({ atMs: performance.now(), revision: revisionOf(data) });
      }
      super.send(data);
    }
  }

  class LoggedWorker extends Worker {
    constructor(url: string | URL, options?: WorkerOptions) {
      super(url, options);
      this.addEventListener("message", ({ data }) => {
        if (!(data?.picture instanceof Blob)) return;
        log.pictures.count++;
        log.pictures.bytes += data.picture.size;
      });
    }
  }

  for (const kind of ["pointerdown", "pointermove"] as const) {
    addEventListener(kind, (event) => {
      if (event instanceof PointerEvent && event.buttons !== 0) log.pointers.push(event.timeStamp);
    }, { capture: true });
  }
  const afterDrawing = new MessageChannel();
  const waiting: PageLog["changed"] = [];
  afterDrawing.port1.onmessage = () => {
    for (const one of waiting.splice(0)) one.drawnMs = performance.now();
  };
  const watcher = new MutationObserver(() => {
    const change = { atMs: performance.now(), drawnMs: NaN };
    log.changed.push(change);
    // What is posted while a picture is being prepared comes once it is drawn.
    requestAnimationFrame(() => {
      waiting.push(change);
      afterDrawing.port2.postMessage(null);
    });
  });
  addEventListener("DOMContentLoaded", () => {
    const wait = setInterval(() => {
      const list = document.querySelector(".predictions ol.rows");
      if (list === null) return;
      clearInterval(wait);
      watcher.observe(list, { subtree: true, childList: true, characterData: true });
    }, 50);
  });
  Object.assign(globalThis, {
    WebSocket: LoggedSocket,
    Worker: LoggedWorker,
    pageLog: log,
    sayOnSocket: (text: string) => newest?.send(text),
  });
}

/** Reads the log; runs in the page. */
export function readLog(): PageLog {
  return (globalThis as unknown as LoggedPage).pageLog;
}

/** Empties what was logged of strokes; runs in the page. */
export function emptyLog(): void {
  const { pointers, sent, answered, changed } = (globalThis as unknown as LoggedPage).pageLog;
  for (const list of [pointers, sent, answered, changed]) list.length = 0;
}

/** Switches the reasons of the main view; runs in the page. */
export function switchReasons(on: boolean): void {
  (globalThis as unknown as LoggedPage).sayOnSocket(JSON.stringify({ type: "reasons", on }));
}
