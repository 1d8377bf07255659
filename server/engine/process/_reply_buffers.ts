import type { Reply } from "../worker/host/messages.ts";
import { buffersOf } from "../worker/host/transfer.ts";

/** What of a reply moves to the server instead of being copied: the arrays of a batch's result. */
export function replyBuffers(reply: Reply): readonly ArrayBuffer[] {
  return "ok" in reply && reply.ok && reply.returns !== null && "rows" in reply.returns
    ? buffersOf(reply.returns)
    : [];
}
