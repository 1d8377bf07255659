/** The model as tfjs-layers runs it: unfolded, `LayersModel.predict`. */
import * as tf from "@tensorflow/tfjs-core";
import { type LayersModel, loadLayersModel } from "@tensorflow/tfjs-layers";
import { INPUT_SIDE, noise } from "./_input.ts";

interface ModelJson {
  readonly modelTopology: object;
  readonly weightsManifest: tf.io.WeightsManifestConfig;
}

/** A LayersModel on the backend of this isolate. */
export class StockLayers {
  readonly #model: LayersModel;

  private constructor(model: LayersModel) {
    this.#model = model;
  }

  static async load(modelDir: string): Promise<StockLayers> {
    const { modelTopology, weightsManifest }: ModelJson = JSON.parse(
      await Deno.readTextFile(`${modelDir}/model.json`),
    );
    const parts = await Promise.all(
      weightsManifest.flatMap(({ paths }) => paths).map((path) => Deno.readFile(`${modelDir}/${path}`)),
    );
    const weightData = await new Blob(parts).arrayBuffer();
    const weightSpecs = weightsManifest.flatMap(({ weights }) => weights);
    const load = () => Promise.resolve({ modelTopology, weightSpecs, weightData });
    return new StockLayers(await loadLayersModel({ load }));
  }

  /** Logits of `images` pictures. */
  predict(images: number): Float32Array {
    const logits = tf.tidy(() =>
      this.#model.predict(tf.tensor4d(noise(images), [images, INPUT_SIDE, INPUT_SIDE, 3]))
    );
    if (Array.isArray(logits)) throw new Error("Cannot compare the model: it has several outputs");
    const read = logits.dataSync();
    logits.dispose();
    return Float32Array.from(read);
  }
}
