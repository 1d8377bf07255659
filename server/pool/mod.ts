/** The server's models: which there are, and which are in memory. */
export { describeFound, findModels, type FoundModel } from "./catalogue.ts";
export { taughtId, uniqueId } from "./ids.ts";
export { isModelFile, uploadFolder } from "./paths.ts";
export {
  type AcquireOptions,
  type DerivedModel,
  type ModelLease,
  ModelPool,
  type OpenRequest,
  type PoolParts,
  withId,
} from "./pool.ts";
