/** Why the system refused a file, in words that do not depend on the system. */
export function reasonOf(error: unknown): string {
  if (error instanceof Deno.errors.NotFound) return "there is no such file";
  if (error instanceof Deno.errors.IsADirectory) return "it is a folder";
  if (error instanceof Deno.errors.PermissionDenied || error instanceof Deno.errors.NotCapable) {
    return "the system does not allow it";
  }
  return `the system says '${error instanceof Error ? error.message : String(error)}'`;
}
