/** WebAssembly decoders as emscripten packs them: started when first needed, thrown away when they break. */

/** One instance; it does one thing at a time, which is all that JavaScript can make of a synchronous function. */
export interface Started<Decoder> {
  readonly decoder: Decoder;
  /** What it printed on its standard error. */
  readonly warnings: string[];
}

/** What the packages' factories take; their types leave that open. */
type Factory<Decoder> = (settings: {
  noInitialRun: boolean;
  print(text: string): void;
  printErr(text: string): void;
  instantiateWasm(
    imports: WebAssembly.Imports,
    receive: (instance: WebAssembly.Instance) => void,
  ): WebAssembly.Exports;
}) => Promise<Decoder>;

/** Memory of a decoder in bytes: for its own needs, and for each pixel of the picture, channels and copies counted. */
const OWN_BYTES = 64 * 1024 * 1024;
const PIXEL_BYTES = 48;

/** WebAssembly's memory never shrinks: an instance that has more than this, in bytes, is not kept. */
const KEPT_BYTES = 192 * 1024 * 1024;

const PAGE_BYTES = 64 * 1024;

/** A decoder of one format. */
export class WasmCodec<Decoder> {
  readonly #factory: Factory<Decoder>;
  readonly #file: string;
  #compiled: Promise<WebAssembly.Module> | null = null;
  #running: Promise<Started<Decoder>> | null = null;
  #memory: WebAssembly.Memory | null = null;
  /** Memory that the running instance may have, in bytes. */
  #allowed = OWN_BYTES;

  /**
   * @param factory the package's function
   * @param file specifier of the WebAssembly file beside it
   */
  constructor(factory: unknown, file: string) {
    this.#factory = factory as Factory<Decoder>;
    this.#file = file;
  }

  /**
   * Gives the running instance, without the warnings of the picture before.
   *
   * @param pixels of the picture, as its header says: data that claims to be larger gets no memory for it
   */
  async start(pixels: number): Promise<Started<Decoder>> {
    this.#allowed = OWN_BYTES + pixels * PIXEL_BYTES;
    const started = await (this.#running ??= this.#start());
    started.warnings.length = 0;
    return started;
  }

  /** To be called after each picture: an instance that has grown large is let go. */
  settle(): void {
    if (this.#memory !== null && this.#memory.buffer.byteLength > KEPT_BYTES) this.drop();
  }

  /** Lets go of an instance that trapped or left by `exit`: what it had allocated would stay. */
  drop(): void {
    this.#running = null;
    this.#memory = null;
  }

  async #start(): Promise<Started<Decoder>> {
    this.#compiled ??= Deno.readFile(new URL(this.#file)).then((bytes) => WebAssembly.compile(bytes));
    const module = await this.#compiled;
    const warnings: string[] = [];
    const decoder = await this.#factory({
      noInitialRun: true,
      print: () => {},
      printErr: (text) => void warnings.push(text),
      instantiateWasm: (imports, receive) => {
        const instance = new WebAssembly.Instance(module, imports);
        this.#memory = this.#bounded(instance.exports);
        receive(instance);
        return instance.exports;
      },
    });
    return { decoder, warnings };
  }

  /** Gives the memory of an instance, which from now on grows no further than is allowed. */
  #bounded(exports: WebAssembly.Exports): WebAssembly.Memory {
    const memory = Object.values(exports).find((one) => one instanceof WebAssembly.Memory);
    if (memory === undefined) throw new TypeError("Cannot start the decoder: it exports no memory");
    const grow = memory.grow.bind(memory);
    // Emscripten grows it from JavaScript, and takes an error as "there is no more".
    memory.grow = (pages) => {
      const wanted = memory.buffer.byteLength + pages * PAGE_BYTES;
      if (wanted <= this.#allowed) return grow(pages);
      throw new RangeError(
        `Cannot give the decoder memory: expected at most ${this.#allowed} bytes, got ${wanted}`,
      );
    };
    return memory;
  }
}
