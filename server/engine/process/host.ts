/** What the engine's process does with its connection: passes messages on between the server and the engine's worker. */
import type { Reply, WorkerRequest } from "../worker/host/messages.ts";
import { replyBuffers } from "./_reply_buffers.ts";
import { askForAnother } from "./beat.ts";
import { Channel, type Connection } from "./channel.ts";
import { encodePacket } from "./packets.ts";
import { ALIVE_MS, type AnotherWanted, type FromProcess, greeting } from "./messages.ts";

/**
 * Serves the engine over an open connection, and exits when the server closes it: at once, whatever the worker is busy
 * with. This thread never computes.
 */
export async function hostEngine(connection: Connection): Promise<void> {
  // What computes neither opens a connection nor writes a file.
  for (const name of ["net", "write"] as const) await Deno.permissions.revoke({ name });
  await connection.write(greeting());
  const worker = new Worker(new URL("../worker/host/worker.ts", import.meta.url), {
    type: "module",
    name: "gradcast-engine",
  });
  const channel = new Channel(connection, {
    onMessage({ message, buffers }) {
      if ((message as AnotherWanted | WorkerRequest).call === "another") askForAnother();
      else worker.postMessage(message, buffers);
    },
    onEnd: () => Deno.exit(0),
  });
  const send = (message: FromProcess, transfer: readonly ArrayBuffer[] = []) =>
    channel.send(encodePacket(message, transfer));
  setInterval(() => send({ kind: "alive" }), ALIVE_MS);
  worker.onmessage = ({ data: reply }: MessageEvent<Reply>) =>
    send({ kind: "reply", reply }, replyBuffers(reply));
  worker.onerror = (event) => {
    event.preventDefault();
    send({ kind: "fault", message: event.message });
  };
  worker.onmessageerror = () => send({ kind: "unreadable" });
}
