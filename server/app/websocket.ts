/** The adapter from Deno's WebSocket to a viewer's socket. */
import type { Context } from "hono";
import { upgradeWebSocket } from "hono/deno";
import type { Hub } from "./hub.ts";
import type { Socket, Viewer } from "../session/mod.ts";

/** Answers `/ws`: one viewer for each connection. */
export function liveSocket(hub: Hub) {
  return upgradeWebSocket((_context: Context) => {
    let viewer: Viewer | null = null;
    return {
      onOpen(_event, { raw }) {
        if (raw === undefined) return;
        raw.binaryType = "arraybuffer";
        viewer = hub.connect(adapt(raw));
      },
      onMessage({ data }) {
        if (typeof data === "string") viewer?.receive(data);
        else if (data instanceof ArrayBuffer) viewer?.receive(new Uint8Array(data));
      },
      onClose() {
        viewer?.closed();
      },
      onError() {
        viewer?.closed();
      },
    };
  });
}

function adapt(raw: WebSocket): Socket {
  return {
    send(data) {
      // A socket that closed meanwhile throws; the close event follows and ends the session.
      if (raw.readyState === WebSocket.OPEN) raw.send(data);
    },
    close(code, reason) {
      if (raw.readyState === WebSocket.OPEN) raw.close(code, reason);
    },
    get bufferedBytes() {
      return raw.bufferedAmount;
    },
  };
}
