/** A relay between a browser and the server that can fall silent without closing anything, or look like a proxy. */

/** A running relay on a free port of the loopback. */
export interface Relay extends AsyncDisposable {
  readonly port: number;
  /** From now on bytes are swallowed in both directions, as by a network that died silently; or no longer. */
  silence(on: boolean): void;
}

/** What a relay does with what passes. */
export interface RelayOptions {
  /** Writes the server's own port into `Host`, as a proxy does that does not keep the name it was asked for. */
  readonly rewritesHost?: boolean;
  /** What is written into the `Host` of every request, whatever stood there. */
  readonly host?: string;
  /** Lines that are added to the head of every request, as a proxy does that says for whom it asks. */
  readonly adds?: readonly string[];
}

/** Relays connections to `target`, a port of the loopback. */
export function startRelay(
  target: number,
  { rewritesHost = false, host, adds = [] }: RelayOptions = {},
): Relay {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  const open = new Set<Deno.Conn>();
  const tasks = new Set<Promise<void>>();
  let silent = false;

  const rewrite = (bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> => {
    if (!rewritesHost && host === undefined && adds.length === 0) return bytes;
    // One character a byte; the decoder that is called Latin-1 is none.
    let text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
    if (!/^[A-Z]+ \S+ HTTP\/1\.1\r\n/.test(text)) return bytes;
    if (host !== undefined) text = text.replace(/\r\nHost: [^\r]+/i, `\r\nHost: ${host}`);
    if (rewritesHost) text = text.replace(/(\r\nHost: [^:\r]+):\d+/i, `$1:${target}`);
    text = text.replace(
      /^[A-Z]+ \S+ HTTP\/1\.1\r\n/,
      (line) => [line, ...adds.map((one) => `${one}\r\n`)].join(""),
    );
    return Uint8Array.from(text, (character) => character.charCodeAt(0));
  };

  async function pump(
    from: Deno.Conn,
    to: Deno.Conn,
    change: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>,
  ): Promise<void> {
    try {
      for await (const chunk of from.readable) {
        if (silent) continue;
        const bytes = change(new Uint8Array(chunk));
        for (let at = 0; at < bytes.length;) at += await to.write(bytes.subarray(at));
      }
    } catch {
      // Either end may break at any time: that is what the relay is for.
    }
    for (const end of [from, to]) close(end);
  }

  function close(connection: Deno.Conn): void {
    if (!open.delete(connection)) return;
    try {
      connection.close();
    } catch (error) {
      if (!(error instanceof Deno.errors.BadResource)) throw error;
    }
  }

  function track(task: Promise<void>): void {
    tasks.add(task);
    void task.finally(() => tasks.delete(task));
  }

  async function accept(): Promise<void> {
    for await (const near of listener) {
      if (silent) {
        near.close();
        continue;
      }
      const far = await Deno.connect({ hostname: "127.0.0.1", port: target });
      open.add(near).add(far);
      track(pump(near, far, rewrite));
      track(pump(far, near, (bytes) => bytes));
    }
  }
  const accepting = accept();

  return {
    port,
    silence(on) {
      silent = on;
    },
    async [Symbol.asyncDispose]() {
      listener.close();
      await accepting;
      for (const connection of [...open]) close(connection);
      await Promise.all([...tasks]);
    },
  };
}
