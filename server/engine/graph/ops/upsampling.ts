/** Enlarging by whole factors, and resizing. */
import { volume } from "../shapes.ts";
import { mixed, mixesVjp, resizeMixes, upsampleMixes } from "../vjp/upsampling.ts";
import { type Operation, some } from "./operation.ts";

const upsample: Operation<"upsample"> = {
  shape({ attrs: { factors } }, [input]) {
    const { height, width, channels } = volume(input);
    return [height * factors[0], width * factors[1], channels];
  },
  forward({ kernels, attrs: { factors, interpolation }, inputs }) {
    const [images] = some(inputs);
    const [, height = 1, width = 1] = images.shape;
    const size = [height * factors[0], width * factors[1]];
    return interpolation === "bilinear"
      ? kernels.run("ResizeBilinear", { images }, { size, alignCorners: false, halfPixelCenters: true })
      : kernels.run("ResizeNearestNeighbor", { images }, {
        size,
        alignCorners: false,
        halfPixelCenters: false,
      });
  },
  reads: () => "nothing",
  vjp({ kernels, attrs, gradient, shapes }) {
    const [shape] = some(shapes);
    return [mixesVjp(kernels, gradient, shape, upsampleMixes(shape, attrs))];
  },
};

const resize: Operation<"resize"> = {
  shape: ({ attrs: { size } }, [input]) => [...size, volume(input).channels],
  forward({ kernels, attrs, inputs }) {
    const [image] = some(inputs);
    return mixed(kernels, image, resizeMixes(image.shape, attrs));
  },
  reads: () => "nothing",
  vjp({ kernels, attrs, gradient, shapes }) {
    const [shape] = some(shapes);
    return [mixesVjp(kernels, gradient, shape, resizeMixes(shape, attrs))];
  },
};

/** The family's lines of the table of operations. */
export const UPSAMPLING = { upsample, resize } as const;
