/** A TCP client without manners. */

/** A connection that sends whatever a test wants. */
export class Wire implements Disposable {
  readonly #tcp: Deno.TcpConn;
  #text = "";

  private constructor(tcp: Deno.TcpConn) {
    this.#tcp = tcp;
  }

  static async open(port: number, text = ""): Promise<Wire> {
    const wire = new Wire(await Deno.connect({ hostname: "127.0.0.1", port }));
    await wire.send(text);
    return wire;
  }

  /** Sends text as Latin-1, or bytes; fails once the server has closed. */
  async send(data: string | Uint8Array): Promise<void> {
    const bytes = typeof data === "string"
      ? Uint8Array.from(data, (character) => character.charCodeAt(0))
      : data;
    for (let sent = 0; sent < bytes.length;) sent += await this.#tcp.write(bytes.subarray(sent));
  }

  /** Everything up to where `pattern` fits or holds, or up to the end; a character for each byte. */
  async until(pattern: RegExp | ((text: string) => boolean)): Promise<string> {
    const holds = pattern instanceof RegExp ? (text: string) => pattern.test(text) : pattern;
    while (!holds(this.#text)) if (!await this.#read()) break;
    return this.#text;
  }

  /** Everything, once the server has closed. */
  async end(): Promise<string> {
    while (await this.#read());
    return this.#text;
  }

  async #read(): Promise<boolean> {
    const buffer = new Uint8Array(65_536);
    try {
      const length = await this.#tcp.read(buffer);
      if (length === null) return false;
      for (const byte of buffer.subarray(0, length)) this.#text += String.fromCharCode(byte);
      return true;
    } catch (error) {
      if (error instanceof Deno.errors.ConnectionReset) return false;
      throw error;
    }
  }

  [Symbol.dispose](): void {
    this.#tcp.close();
  }
}
