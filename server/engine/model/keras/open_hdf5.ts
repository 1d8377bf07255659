/** Opens HDF5 files; their library is only loaded for the first one, as most models have other formats. */
import type { Bytes, Hdf5 } from "./hdf5.ts";

/**
 * Opens a file.
 *
 * @param name for messages
 * @throws Error where it is damaged
 */
export async function openHdf5(name: string, source: Bytes): Promise<Hdf5> {
  const { Hdf5 } = await import("./hdf5.ts");
  return await Hdf5.open(name, source);
}
