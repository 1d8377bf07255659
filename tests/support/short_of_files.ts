/** A server without bounds of its own, for a test that gives its process few files. */
import { listen } from "../../server/listen/mod.ts";

const say = (text: string) => Deno.stdout.writeSync(new TextEncoder().encode(`${text}\n`));

const { port } = listen({
  host: "127.0.0.1",
  port: 0,
  answer: () => new Response("<there>"),
  onFault: (fault) => say(`fault ${String(fault)}`),
});
say(`port ${port}`);
