/** Whether work succeeded, and within a limit in ms: a broken encoder may never answer. */
export async function inTime(work: Promise<void>, limitMs: number): Promise<boolean> {
  const late = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => late.resolve(false), limitMs);
  const ended = work.then(() => true, () => false);
  return await Promise.race([ended, late.promise]).finally(() => clearTimeout(timer));
}
