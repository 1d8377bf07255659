/** Sockets: messages and frames that nearly fit, in any order, on every address that upgrades. */
import * as v from "valibot";
import { encodeFrame, PROTOCOL_VERSION, ServerMessageSchema } from "../../shared/mod.ts";
import { STAGE } from "../support/stage.ts";
import { type Kind, patiently, type Target } from "./target.ts";
import type { Json, Random } from "../support/random.ts";
import { readPictures } from "./pictures.ts";

const VIEW = {
  revision: 1,
  method: "grad-cam",
  target: { kind: "rank", rank: 1 },
  layer: "top_activation",
  options: {},
};
const KEY = "0123456789abcdef0123456789abcdef";

/** What a client may say, each damaged before it is sent. */
const MESSAGES: readonly Json[] = [
  { type: "hello", version: PROTOCOL_VERSION, view: VIEW },
  { type: "view", view: { ...VIEW, method: "occlusion", options: { window: 64, stride: 32 } } },
  { type: "view", view: { ...VIEW, method: "smoothgrad", target: { kind: "label", label: "tabby" } } },
  { type: "panes", panes: [{ ...VIEW, id: 1 }, { ...VIEW, id: 2, against: { kind: "class", index: 7 } }] },
  { type: "log", on: true },
  { type: "share", on: true, key: KEY },
  { type: "stage", stage: { ...STAGE } },
  { type: "view", view: { ...VIEW, cover: { cells: `${"/w".repeat(85)}8=`, fill: "neighbour" } } },
  { type: "flip", revision: 1, on: true, fill: "blur" },
  { type: "reasons", on: true },
  { type: "ping" },
  { type: "pong" },
  { kind: "action", action: "freeze" },
  { kind: "class", index: 3 },
];

const PATHS = ["/ws", "/ws", "/ws", "/ws/watch/abc", "/ws/remote/abc", "/ws/watch/__proto__"];

export const sockets: Kind = { name: "sockets", step };

async function step(target: Target, random: Random): Promise<void> {
  const { server, found } = target;
  const socket = new WebSocket(`${server.url.replace("http", "ws")}${random.pick(PATHS)}`);
  socket.binaryType = "arraybuffer";
  const closed = new Promise<string>((resolve) => {
    socket.onclose = () => resolve("closed");
  });
  const opened = new Promise<string>((resolve) => {
    socket.onopen = () => resolve("opened");
  });
  socket.onerror = (event) => event.preventDefault();
  if (await patiently(Promise.race([opened, closed])) === null) {
    return found("a socket neither opened nor closed");
  }
  const pong = new Promise<string>((resolve) => {
    socket.onmessage = ({ data }) => {
      if (typeof data !== "string") return;
      const message = v.safeParse(ServerMessageSchema, JSON.parse(data));
      if (!message.success) return;
      if (message.output.type === "pong") resolve("pong");
      if (message.output.type !== "error") return;
      const { code, message: words } = message.output;
      if (code === "server-fault" || code === "engine-failed") found(`a socket received ${code}: ${words}`);
    };
  });
  const say = (data: string | Uint8Array<ArrayBuffer>) => {
    if (socket.readyState === WebSocket.OPEN) socket.send(data);
  };
  if (random.chance(0.9)) say(JSON.stringify(MESSAGES[0]));
  const pictures = await readPictures();
  for (let count = 1 + random.below(20); count > 0; count--) say(nextMessage(random, pictures, 21 - count));
  say('{"type":"ping"}');
  if (await patiently(Promise.race([pong, closed])) === null) {
    found("a socket got neither a pong nor a close");
  }
  socket.close();
  if (await patiently(closed) === null) found("a socket was not closed");
}

function nextMessage(
  random: Random,
  pictures: readonly Uint8Array[],
  id: number,
): string | Uint8Array<ArrayBuffer> {
  switch (random.below(6)) {
    case 0:
      return random.bytes(random.below(200));
    case 1:
    case 2: {
      const picture = new Uint8Array(random.pick(pictures));
      const format = random.pick(["jpeg", "png", "rgb"] as const);
      const still = random.chance(0.5);
      const frame = encodeFrame({ id, format, still, capturedMs: id, picture: random.damageBytes(picture) });
      return random.chance(0.5) ? random.damageBytes(frame) : new Uint8Array(frame);
    }
    case 3: {
      const text = JSON.stringify(random.pick(MESSAGES));
      return text.slice(0, random.below(text.length));
    }
    default:
      return JSON.stringify(random.damage(random.pick(MESSAGES)));
  }
}
