/** A WebSocket client without manners: sends any header and any bytes, and reads only when asked. */

const MASK_BYTES = 4;
const TEXT_OPCODE = 0x81;
const BINARY_OPCODE = 0x82;

/** What the server answered to the upgrade, and a way to send. */
export interface RawClient extends Disposable {
  readonly status: number;
  /** Sends one message; a rejected promise means that the server has closed the connection. */
  send(data: string | Uint8Array): Promise<void>;
  /** Resolves when the server ends the connection. */
  ended(): Promise<void>;
}

/** Asks for an upgrade at `/ws` with extra header lines. */
export async function connectRaw(
  port: number,
  headers: Readonly<Record<string, string>> = {},
): Promise<RawClient> {
  const connection = await Deno.connect({ hostname: "127.0.0.1", port });
  const lines = [
    "GET /ws HTTP/1.1",
    `Host: localhost:${port}`,
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ];
  await writeAll(connection, new TextEncoder().encode(`${lines.join("\r\n")}\r\n\r\n`));
  const answer = new Uint8Array(4096);
  const read = await connection.read(answer) ?? 0;
  const status = Number(/^HTTP\/1\.1 (\d+)/.exec(new TextDecoder().decode(answer.subarray(0, read)))?.[1]);
  return {
    status,
    send: (data) => writeAll(connection, maskedFrame(data)),
    async ended() {
      const buffer = new Uint8Array(65_536);
      try {
        while (await connection.read(buffer) !== null);
      } catch (error) {
        if (!(error instanceof Deno.errors.ConnectionReset)) throw error;
      }
    },
    [Symbol.dispose]: () => connection.close(),
  };
}

async function writeAll(connection: Deno.Conn, bytes: Uint8Array): Promise<void> {
  for (let written = 0; written < bytes.length;) written += await connection.write(bytes.subarray(written));
}

/** A client's messages have to be masked (RFC 6455, 5.3); a mask of zeros leaves them as they are. */
function maskedFrame(data: string | Uint8Array): Uint8Array {
  const payload = typeof data === "string" ? new TextEncoder().encode(data) : data;
  const header = [typeof data === "string" ? TEXT_OPCODE : BINARY_OPCODE];
  if (payload.length < 126) header.push(0x80 | payload.length);
  else if (payload.length < 65_536) header.push(0x80 | 126, payload.length >> 8, payload.length & 255);
  else {header.push(
      0x80 | 127,
      0,
      0,
      0,
      0,
      ...new Uint8Array(new Uint32Array([payload.length]).buffer).reverse(),
    );}
  const frame = new Uint8Array(header.length + MASK_BYTES + payload.length);
  frame.set(header);
  frame.set(payload, header.length + MASK_BYTES);
  return frame;
}
