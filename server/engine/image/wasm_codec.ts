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

/** A decoder of one format. */
export class WasmCodec<Decoder> {
  readonly #factory: Factory<Decoder>;
  readonly #file: string;
  #compiled: Promise<WebAssembly.Module> | null = null;
  #running: Promise<Started<Decoder>> | null = null;

  /**
   * @param factory the package's function
   * @param file specifier of the WebAssembly file beside it
   */
  constructor(factory: unknown, file: string) {
    this.#factory = factory as Factory<Decoder>;
    this.#file = file;
  }

  /** Gives the running instance, without the warnings of the picture before. */
  async start(): Promise<Started<Decoder>> {
    const started = await (this.#running ??= this.#start());
    started.warnings.length = 0;
    return started;
  }

  /** Lets go of an instance that trapped or left by `exit`: what it had allocated would stay. */
  drop(): void {
    this.#running = null;
  }

  async #start(): Promise<Started<Decoder>> {
    this.#compiled ??= Deno.readFile(new URL(this.#file)).then((bytes) => WebAssembly.compile(bytes));
    const module = await this.#compiled;
    const warnings: string[] = [];
    const decoder = await this.#factory({
      noInitialRun: true,
      print: () => {},
      printErr: (text) => void warnings.push(text),
      instantiateWasm(imports, receive) {
        const instance = new WebAssembly.Instance(module, imports);
        receive(instance);
        return instance.exports;
      },
    });
    return { decoder, warnings };
  }
}
