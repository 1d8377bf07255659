/** tfjs's WASM kernels called directly: no tensor objects, no tape, no scopes, every value freed by hand. */
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import { getKernel, type KernelFunc, type NamedAttrMap, type TensorInfo } from "@tensorflow/tfjs-core";

/** A value in the WebAssembly memory: shape with the batch in front, and the id of its bytes. */
export type Value = TensorInfo;

/** Names of the kernels that the engine calls. */
export type KernelName =
  | "Add"
  | "AvgPool"
  | "BatchMatMul"
  | "Elu"
  | "FusedConv2D"
  | "FusedDepthwiseConv2D"
  | "MaxPool"
  | "Multiply"
  | "PadV2"
  | "Relu"
  | "Relu6"
  | "Sigmoid"
  | "Softmax"
  | "Tanh"
  | "_FusedMatMul";

/** The backend of this isolate as the operations see it. */
export class Kernels {
  readonly #backend: BackendWasm;
  readonly #kernels = new Map<KernelName, KernelFunc>();
  #bytes = 0;

  constructor(backend: BackendWasm) {
    this.#backend = backend;
  }

  /** Values that are alive. */
  get count(): number {
    return this.#backend.numDataIds();
  }

  /** Bytes of the values that are alive. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Runs a kernel; the value that comes back is the caller's to free. */
  run(
    name: KernelName,
    inputs: Readonly<Record<string, Value>>,
    attrs: Readonly<Record<string, unknown>>,
  ): Value {
    let kernel = this.#kernels.get(name);
    if (kernel === undefined) {
      const config = getKernel(name, "wasm");
      if (config === undefined) {
        throw new Error(`Cannot run the kernel as the backend has none named ${name}`);
      }
      kernel = config.kernelFunc;
      this.#kernels.set(name, kernel);
    }
    const output = kernel({ inputs: { ...inputs }, backend: this.#backend, attrs: attrs as NamedAttrMap });
    if (Array.isArray(output)) throw new Error(`Cannot use kernel ${name} as it has several outputs`);
    return this.#counted(output);
  }

  /** Reserves room for a value; its content is whatever lay there. */
  allocate(shape: readonly number[]): Value {
    return this.#counted(this.#backend.makeOutput([...shape], "float32"));
  }

  /** Copies numbers into the WebAssembly memory. */
  upload(shape: readonly number[], values: Float32Array<ArrayBuffer>): Value {
    return this.#counted(this.#backend.makeOutput([...shape], "float32", undefined, values));
  }

  /** The numbers of a value where they lie; only until the next allocation, which may move the memory. */
  view(value: Value): Float32Array {
    const view = this.#backend.typedArrayFromHeap(value);
    if (view instanceof Float32Array) return view;
    throw new TypeError(`Cannot read the value as it has to be float32: current value is ${value.dtype}`);
  }

  /** The same bytes in another shape, to be freed like any other value. */
  reshape(value: Value, shape: readonly number[]): Value {
    this.#backend.incRef(value.dataId);
    return { ...value, shape: [...shape] };
  }

  /** Gives a value's memory back once nothing shares it any more. */
  free(value: Value): void {
    if (this.#backend.disposeData(value.dataId)) this.#bytes -= bytesOf(value);
  }

  #counted(value: Value): Value {
    this.#bytes += bytesOf(value);
    return value;
  }
}

function bytesOf({ shape }: Value): number {
  return shape.reduce((product, side) => product * side, Float32Array.BYTES_PER_ELEMENT);
}
