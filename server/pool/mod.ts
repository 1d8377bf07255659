/** The server's models: which there are, and which are in memory. */
export { describeFound, findModels, type FoundModel } from "./catalogue.ts";
export { taughtId, uniqueId } from "./ids.ts";
export { isModelFile, uploadFolder } from "./paths.ts";
export { ModelPool } from "./pool.ts";
export type { AcquireOptions, DerivedModel, ModelLease, OpenRequest, PoolParts } from "./pool_parts.ts";
export { withId } from "./with_id.ts";
