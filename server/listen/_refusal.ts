/** Refusals of the listening server itself, in the form that every address has (A7). */
import { STATUS_CODES } from "node:http";
import { ERRORS, type GradcastError } from "../../shared/errors.ts";
import { RETRY_AFTER_S } from "../../shared/limits.ts";
import { wireMessage } from "../../shared/wire_message.ts";

/** The refusal as a response. */
export function refusalResponse(error: GradcastError): Response {
  const { code } = error;
  const { status, words } = ERRORS[code];
  return Response.json({ code, message: wireMessage(error), words }, {
    status,
    headers: status === ERRORS.busy.status ? { "retry-after": String(RETRY_AFTER_S) } : {},
  });
}

/** A whole answer as text, for a connection that ends with it. */
export async function lastAnswer(response: Response): Promise<string> {
  const body = await response.text();
  const headers = new Headers(response.headers);
  headers.set("connection", "close");
  headers.set("content-length", String(new TextEncoder().encode(body).length));
  const lines = [...headers].map(([name, value]) => `${name}: ${value}\r\n`).join("");
  return `HTTP/1.1 ${response.status} ${STATUS_CODES[response.status] ?? ""}\r\n${lines}\r\n${body}`;
}
