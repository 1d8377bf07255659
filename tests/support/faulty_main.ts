/**
 * The server's own entry with parts that break when a line on the standard input says so: a test asks whether the
 * server outlives each. It adds nothing to what is started otherwise.
 */
import { Hub } from "../../server/app/mod.ts";
import { Viewer } from "../../server/session/mod.ts";

/** A text message that a faulty socket handler breaks on. */
const BOOM = "boom";

/** Where something can break. */
export const PLACES = [
  "timer",
  "microtask",
  "promise",
  "listener",
  "worker",
  "socket handler",
  "request handler",
  "stream",
  "engine",
] as const;
export type Place = typeof PLACES[number];

/** The engine's worker, caught as it is made. */
const engines: Worker[] = [];
const OwnWorker = globalThis.Worker;
globalThis.Worker = class extends OwnWorker {
  constructor(url: string | URL, options?: WorkerOptions) {
    super(url, options);
    if (options?.name === "gradcast-engine") engines.push(this);
  }
};

let brokenRequests = false;
let brokenStreams = false;

const { receive } = Viewer.prototype;
Viewer.prototype.receive = function (data) {
  if (data === BOOM) throw new Error("broken socket handler");
  receive.call(this, data);
};

const { guest } = Hub.prototype;
Hub.prototype.guest = function (...asked) {
  if (brokenRequests) throw new Error("broken request handler");
  const made = guest.apply(this, asked);
  if (brokenStreams) {
    made[Symbol.dispose] = () => {
      throw new Error("broken stream");
    };
  }
  return made;
};

function breakAt(place: Place): void {
  switch (place) {
    case "timer":
      setTimeout(() => {
        throw new Error("broken timer");
      });
      return;
    case "microtask":
      queueMicrotask(() => {
        throw new Error("broken microtask");
      });
      return;
    case "promise":
      void Promise.reject(new Error("broken promise"));
      return;
    case "listener": {
      const target = new EventTarget();
      target.addEventListener("event", () => {
        throw new Error("broken listener");
      });
      setTimeout(() => target.dispatchEvent(new Event("event")));
      return;
    }
    case "worker": {
      // A worker whose errors nobody listens to.
      const script = "self.onmessage = () => { throw new Error('broken worker'); };";
      const url = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
      new OwnWorker(url, { type: "module" }).postMessage(null);
      return;
    }
    case "socket handler":
      return;
    case "request handler":
      brokenRequests = true;
      return;
    case "stream":
      brokenRequests = false;
      brokenStreams = true;
      return;
    case "engine":
      engines.at(-1)?.postMessage({ call: "run", id: 1_000_000, takes: "the test broke it" });
      return;
    default:
      place satisfies never;
  }
}

async function obey(): Promise<void> {
  const lines = Deno.stdin.readable.pipeThrough(new TextDecoderStream());
  for await (const text of lines) {
    for (const line of text.split("\n")) {
      const place = PLACES.find((one) => one === line);
      if (place !== undefined) breakAt(place);
    }
  }
}

void obey();
await import("../../server/main.ts");
