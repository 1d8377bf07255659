/** The server's models: which there are, and which are in memory. */
export { describeFound, findModels, type FoundModel } from "./catalogue.ts";
export { type AcquireOptions, type ModelLease, ModelPool, type OpenRequest, type PoolParts } from "./pool.ts";
export { isModelFile, uploadFolder } from "./paths.ts";
