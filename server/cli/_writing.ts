/** Files that a command writes. */
import { reasonOf } from "./_reason.ts";
import { UsageError } from "./_usage_error.ts";

/**
 * Does something with a file that is written.
 *
 * @throws UsageError where that fails
 */
export async function writing<T>(file: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (cause) {
    throw new UsageError(`Cannot write the file: ${reasonOf(cause)}, got '${file}'`, {
      cause,
    });
  }
}
