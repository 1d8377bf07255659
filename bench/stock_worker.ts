/** Stock TensorFlow.js WASM, one thread, in a worker of its own: what the engine is compared with. */
import { openModel } from "../server/engine/model/model.ts";
import { StockLayers } from "./_stock_layers.ts";
import { StockNetwork } from "./_stock_network.ts";

/** What the bench asks for; every answer is the time that the work took, in ms. */
export type StockTask =
  | { readonly kind: "start"; readonly modelDir: string }
  /** One forward over `images` pictures, logits read. */
  | { readonly kind: "forward"; readonly images: number }
  | { readonly kind: "predict"; readonly images: number }
  /** `windows` forwards one by one, each of a picture with a part filled. */
  | { readonly kind: "occlusion"; readonly windows: number };

const scope: { onmessage: ((event: MessageEvent<StockTask>) => void) | null; postMessage(ms: number): void } =
  self as unknown as Worker;

let network: StockNetwork | null = null;
let layers: StockLayers | null = null;

scope.onmessage = async ({ data }) => {
  const startMs = performance.now();
  await perform(data);
  scope.postMessage(performance.now() - startMs);
};

async function perform(task: StockTask): Promise<void> {
  switch (task.kind) {
    case "start": {
      const folder = await openModel(task.modelDir);
      network = await StockNetwork.start(folder);
      layers = await StockLayers.load(task.modelDir);
      return;
    }
    case "forward":
      network?.forward(task.images);
      return;
    case "predict":
      layers?.predict(task.images);
      return;
    case "occlusion":
      for (let window = 0; window < task.windows; window++) network?.forwardOccluded(window);
      return;
    default: {
      const never: never = task;
      throw new TypeError(`Cannot do the task: its kind ${never} is unknown`);
    }
  }
}
