/** tfjs's WASM kernels called directly: no tensor objects, no tape, no scopes, every value freed by hand. */
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import { getKernel, type KernelFunc, type NamedAttrMap, type TensorInfo } from "@tensorflow/tfjs-core";
import { NativeCalls } from "../native/calls.ts";
import { TFJS_END } from "../native/layout.ts";
import type { Native } from "../native/native.ts";
import { slidingCall } from "./sliding.ts";

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
  | "LeakyRelu"
  | "Multiply"
  | "PadV2"
  | "RealDiv"
  | "Relu"
  | "Relu6"
  | "ResizeBilinear"
  | "ResizeNearestNeighbor"
  | "Sigmoid"
  | "Softmax"
  | "Sub"
  | "Tanh"
  | "_FusedMatMul";

/** The backend of this isolate as the operations see it. */
export class Kernels {
  readonly #backend: BackendWasm;
  readonly #kernels = new Map<KernelName, KernelFunc>();
  /** Gradcast's own kernels, which take over what they can, or null where there are none. */
  readonly native: NativeCalls | null;
  #bytes = 0;
  #mostBytes = 0;
  #heapTop = 0;

  constructor(backend: BackendWasm, native: Native | null = null) {
    this.#backend = backend;
    this.native = native === null ? null : new NativeCalls(native, this);
  }

  /** Values that are alive. */
  get count(): number {
    return this.#backend.numDataIds();
  }

  /** Bytes of the values that are alive. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Most bytes that were alive at once. */
  get mostBytes(): number {
    return this.#mostBytes;
  }

  /** End of the highest value so far, in bytes: how much of the memory was ever in use. */
  get heapTop(): number {
    return this.#heapTop;
  }

  /** Where a value lies in the memory, in bytes. */
  address({ dataId }: Value): number {
    return this.#backend.dataIdMap.get(dataId).memoryOffset;
  }

  /** Runs a kernel; the value that comes back is the caller's to free. */
  run(
    name: KernelName,
    inputs: Readonly<Record<string, Value>>,
    attrs: Readonly<Record<string, unknown>>,
  ): Value {
    const own = this.native === null ? null : this.#runNative(this.native, name, inputs, attrs);
    if (own !== null) return own;
    let kernel = this.#kernels.get(name);
    if (kernel === undefined) {
      const config = getKernel(name, "wasm");
      if (config === undefined) {
        throw new Error(`Cannot run the kernel: the backend has none named ${name}`);
      }
      kernel = config.kernelFunc;
      this.#kernels.set(name, kernel);
    }
    const output = kernel({ inputs: { ...inputs }, backend: this.#backend, attrs: attrs as NamedAttrMap });
    if (Array.isArray(output)) throw new Error(`Cannot use kernel ${name}: it has several outputs`);
    return this.#counted(output);
  }

  /** Reserves room for a value; its content is whatever lay there. */
  allocate(shape: readonly number[]): Value {
    return this.#counted(this.#backend.makeOutput([...shape], "float32"));
  }

  /** Copies numbers into the WebAssembly memory. */
  upload(shape: readonly number[], values: Float32Array): Value {
    const value = this.allocate(shape);
    this.view(value).set(values);
    return value;
  }

  /** The numbers of a value where they lie; only until the next allocation, which may move the memory. */
  view(value: Value): Float32Array {
    const view = this.#backend.typedArrayFromHeap(value);
    if (view instanceof Float32Array) return view;
    throw new TypeError(`Cannot read the value: it must be float32, got ${value.dtype}`);
  }

  /** The same bytes in another shape, to be freed like any other value. */
  reshape(value: Value, shape: readonly number[]): Value {
    this.#backend.incRef(value.dataId);
    return { ...value, shape: [...shape] };
  }

  /** Gives a value's memory back once nothing shares it any more. */
  free(value: Value): void {
    if (!this.#backend.disposeData(value.dataId)) return;
    this.#bytes -= bytesOf(value);
    this.native?.forget(value);
  }

  #runNative(
    native: NativeCalls,
    name: KernelName,
    inputs: Readonly<Record<string, Value>>,
    attrs: Readonly<Record<string, unknown>>,
  ): Value | null {
    const { a, b } = inputs;
    if (name === "Add" && a !== undefined && b !== undefined) return native.add(a, b);
    if (name !== "FusedConv2D" && name !== "FusedDepthwiseConv2D") return null;
    const call = slidingCall(inputs, attrs);
    if (call === null) return null;
    return name === "FusedConv2D" ? native.convolve(call) : native.depthwise({ ...call, spread: [1, 1] });
  }

  /** tfjs looks at no address that it is given: 0 stands for no room, and what lies above its end is the kernels'. */
  #counted(value: Value): Value {
    const bytes = bytesOf(value);
    const address = this.address(value);
    const end = address + bytes;
    if (bytes > 0 && (address <= 0 || (this.native !== null && end > TFJS_END))) {
      throw new Error(
        `Cannot reserve memory for a value: it takes ${bytes} bytes, and ${this.#bytes} bytes are in use`,
      );
    }
    this.#bytes += bytes;
    this.#mostBytes = Math.max(this.#mostBytes, this.#bytes);
    this.#heapTop = Math.max(this.#heapTop, end);
    return value;
  }
}

function bytesOf({ shape }: Value): number {
  return shape.reduce((product, side) => product * side, Float32Array.BYTES_PER_ELEMENT);
}
