/** The engine itself, as it lives in its worker: keeps frames, runs batches. */
import type { FrameFormat } from "../../../../shared/codec.ts";
import type { AnyHead } from "../../../heads/mod.ts";
import { Kernels, type Value } from "../../graph/kernels.ts";
import { decodePicture, fitInput, readPixels } from "../../image/mod.ts";
import type { OpenedModel } from "../../model/model.ts";
import type { Native } from "../../native/native.ts";
import type {
  Admitted,
  BatchResult,
  EngineStats,
  FrameKey,
  FramePicture,
  LoadedModel,
  PixelSize,
  Probe,
  Row,
} from "../../port.ts";
import { sketchOf } from "../../sketch.ts";
import type { StartedBackend } from "../../threads/backend.ts";
import type { Rows } from "../wants/want.ts";
import { probeFault } from "./fault.ts";
import { InputFrame, normalise, RGB } from "../input/frame.ts";
import { computeGradients } from "./gradient_rows.ts";
import { loadNetwork, type Network, withHeadAbilities } from "../network/network.ts";
import { readyHead } from "../network/taught_head.ts";
import { HEAP_BYTES } from "./room.ts";
import { checkForward, checkWeights, noisePicture, soundRow } from "../network/soundness.ts";
import { type Input, type Part, planParts } from "./parts.ts";
import { computeValues } from "./forward_rows.ts";
import { kindOf } from "../wants/mod.ts";
import { UnchangedFrames } from "./unchanged.ts";
import { Windows } from "./windows.ts";
import type { Form } from "../network/forms.ts";
import { Variations } from "../input/variations.ts";
import { rowOf } from "../wants/volumes.ts";

/** Key of the head that lies beside the model; those that are set have keys from 1 on. */
const OWN_HEAD = 0;

/** Options of {@link EngineCore}. */
export interface CoreOptions {
  /** Bytes that values and weights may take of the WebAssembly memory. */
  readonly heapBytes?: number;
  /** Whether the folder is the engine's own from now on, so that its weights need not be kept twice. */
  readonly takesFolder?: boolean;
  /** Receives how far the model is on its way into memory: the share of a stage that is done, 0 to 1. */
  readonly onLoading?: (stage: "upload" | "warm-up", share: number) => void;
}

/** Keeps frames and runs batches of probes on them. */
export class EngineCore {
  readonly model: LoadedModel;
  readonly #backend: StartedBackend;
  readonly #kernels: Kernels;
  readonly #network: Network;
  /** Names the head that lies beside the model, for probes that name none. */
  readonly #ownHead: Pick<Probe, "head">;
  readonly #variations: Variations;
  readonly #frames = new Map<FrameKey, InputFrame>();
  readonly #unchanged: UnchangedFrames;
  readonly #windows: Windows;
  #batches = 0;

  /** @throws Error where the model computes NaN or Infinity, or where one picture does not fit the memory */
  constructor(
    folder: OpenedModel,
    backend: StartedBackend,
    native: Native | null = null,
    { heapBytes = HEAP_BYTES, takesFolder = false, onLoading = () => {} }: CoreOptions = {},
  ) {
    checkWeights(folder.graph);
    this.#backend = backend;
    this.#kernels = new Kernels(backend.backend, native);
    const moveWeights = takesFolder && native !== null;
    this.#network = loadNetwork(folder, this.#kernels, {
      heapBytes,
      moveWeights,
      onUpload: (share) => onLoading("upload", share),
    });
    const { abilities, forms } = this.#network;
    const head = folder.head === null
      ? null
      : readyHead(folder.head, abilities.model.features?.count ?? null);
    if (head !== null) forms.setHead(OWN_HEAD, head);
    this.#ownHead = head === null ? {} : { head: OWN_HEAD };
    this.model = head === null ? abilities.model : withHeadAbilities(abilities, head).model;
    this.#variations = new Variations(this.model, this.#network.normalisation);
    this.#unchanged = new UnchangedFrames(this.#kernels, this.#network.room.unchangedBytes);
    this.#windows = new Windows({
      kernels: this.#kernels,
      unchanged: this.#unchanged,
      variations: this.#variations,
      inputOf: (picture) => this.#assemble([{ ...picture, variation: { kind: "none" } }]),
      pixelsOf: (picture) => this.#frame(picture),
    });
    const { height, width } = this.model;
    const noise = normalise(noisePicture(this.model), this.#network.normalisation);
    const input = this.#kernels.upload([1, height, width, 3], noise);
    checkForward(
      this.#kernels,
      this.#network.forms,
      folder.graph,
      input,
      (share) => onLoading("warm-up", share),
    );
    this.#kernels.free(input);
  }

  /** Decodes a picture, resizes it to the input's size and keeps it (F8). */
  async admit(
    key: FrameKey,
    format: FrameFormat,
    bytes: Uint8Array<ArrayBuffer>,
    size: PixelSize = this.model,
  ): Promise<Admitted> {
    const start = performance.now();
    const { width, height } = this.model;
    const decoded = format === "rgb"
      ? readPixels(bytes, size.width, size.height)
      : await decodePicture(bytes, { format });
    const isFit = format === "rgb" && size.width === width && size.height === height;
    const picture = isFit ? decoded : fitInput(decoded, width, height);
    this.#frames.set(key, new InputFrame(normalise(picture, this.#network.normalisation), this.model));
    const sketch = sketchOf({ ...picture, values: picture.rgb, channels: RGB });
    return { sketch, computeMs: performance.now() - start };
  }

  /** Forgets a frame. */
  release(key: FrameKey): void {
    this.#frames.delete(key);
    this.#unchanged.forget(key);
  }

  /** Runs one batch; an input that several probes share is computed once. */
  run(asked: readonly Probe[]): BatchResult {
    const batch = asked.map((probe) => ({ ...this.#ownHead, ...probe }));
    const start = performance.now();
    this.#batches++;
    this.#windows.count();
    const rows: Row[] = [];
    const places: number[] = [];
    for (const [place, probe] of batch.entries()) {
      const fault = this.#fault(probe);
      if (fault === null) places.push(place);
      else rows[place] = { ok: false, reason: `Cannot compute the row: ${fault}` };
    }
    const rowMs = batch.map(() => 0);
    const model = { folded: this.#network.folded, most: (part: Part) => this.#most(part) };
    for (const part of planParts(batch, places, model)) {
      const partStart = performance.now();
      const computed = [...this.#most(part) === 0 ? this.#refuse(part) : this.#compute(part)];
      const shareMs = (performance.now() - partStart) / computed.length;
      for (const [place, row] of computed) {
        rows[place] = soundRow(row);
        rowMs[place] = shareMs;
      }
    }
    return { rows, rowMs, computeMs: performance.now() - start };
  }

  /** Keeps a head for probes that name it, or forgets it. Throws GradcastError `bad-option` where it does not fit. */
  setHead(key: number, head: AnyHead | null): void {
    const { forms } = this.#network;
    forms.setHead(key, head === null ? null : readyHead(head, this.model.features?.count ?? null));
  }

  /** Figures of the moment. */
  stats(): EngineStats {
    return {
      threads: this.#backend.threads,
      tensors: this.#kernels.count,
      tensorBytes: this.#kernels.bytes,
      mostBytes: this.#kernels.mostBytes,
      heapBytes: this.#kernels.heapTop,
      frames: this.#frames.size,
      batches: this.#batches,
    };
  }

  #fault(probe: Probe): string | null {
    const { abilities, forms } = this.#network;
    const isHere = this.#frames.has(probe.frame);
    if (probe.head === undefined) return probeFault(probe, isHere, abilities);
    const head = forms.head(probe.head);
    return head === undefined
      ? `expected a head that was set and not forgotten, got ${probe.head}`
      : probeFault(probe, isHere, withHeadAbilities(abilities, head));
  }

  /** Inputs of a part that fit the memory at a time. */
  #most(part: Part): number {
    const { room, forms } = this.#network;
    return room.most(forms.outline(part.form), part, this.#windowsRead(part));
  }

  /** Nodes of unchanged frames that a part reads, or keeps for windows to come. */
  #windowsRead(part: Part): readonly string[] {
    return part.kind === "windows"
      ? this.#windows.reads(this.#network.forms.fast, part)
      : this.#windows.wanted;
  }

  /** The rows of a part of which not even one input fits. */
  #refuse(part: Part): Rows {
    const { room, forms } = this.#network;
    const lack = room.lack(forms.outline(part.form), part, this.#windowsRead(part));
    const row = { ok: false, reason: `Cannot compute the row: ${lack}` } as const;
    return new Map(part.inputs.flatMap(({ requests }) => requests).map(({ place }) => [place, row]));
  }

  #compute(part: Part): Rows {
    const form = this.#network.forms.take(part.form);
    const inParts = part.kind === "windows" ? this.#windows.compute(form, part) : null;
    if (inParts !== null) return inParts;
    const input = this.#assemble(part.inputs);
    const rows = this.#computeWhole(form, part, input);
    this.#kernels.free(input);
    return rows;
  }

  #computeWhole(form: Form, part: Part, input: Value): Rows {
    const kernels = this.#kernels;
    switch (part.kind) {
      case "windows":
        return computeValues({ kernels, form, part, input }, [], () => {});
      case "values": {
        const { unfold, fuseActivations } = part.form;
        // Heads come after all that windows read.
        const own = unfold.length === 0 && fuseActivations ? this.#windows.wanted : [];
        return computeValues({ kernels, form, part, input }, own, (values) => this.#keep(part, values, own));
      }
      case "gradients":
        return computeGradients({ kernels, form, part, input });
      case "own": {
        const kind = kindOf({ kind: part.want });
        if (kind.pass === "own") {
          return kind.compute({ kernels, form, from: part.from, inputs: part.inputs, input });
        }
        throw new TypeError(
          `Cannot compute a part: expected a want with a pass of its own, got ${part.want}`,
        );
      }
      default:
        throw new TypeError(`Cannot compute a part: expected a known kind, got ${part satisfies never}`);
    }
  }

  /** Keeps what windows will want of the unchanged frames in a part. */
  #keep(
    { inputs }: Pick<Part, "inputs">,
    values: ReadonlyMap<string, Value>,
    nodes: readonly string[],
  ): void {
    if (nodes.length === 0) return;
    const wanted = new Map([...values].filter(([node]) => nodes.includes(node)));
    for (const [row, input] of inputs.entries()) {
      if (input.variation.kind === "none") this.#unchanged.keep(input, wanted, row);
    }
    this.#unchanged.trim();
  }

  #frame({ frame: key, cover }: FramePicture): InputFrame {
    const frame = this.#frames.get(key);
    if (frame !== undefined) return this.#variations.covered(frame, cover);
    throw new Error(`Cannot read the frame: expected one that is kept, got ${key}`);
  }

  /** Writes the inputs into the WebAssembly memory, `[inputs, height, width, 3]`. */
  #assemble(inputs: readonly Omit<Input, "requests">[]): Value {
    const { height, width } = this.model;
    const value = this.#kernels.allocate([inputs.length, height, width, 3]);
    for (const [index, input] of inputs.entries()) {
      this.#variations.write(rowOf(this.#kernels, value, index), this.#frame(input), input.variation);
    }
    return value;
  }
}
