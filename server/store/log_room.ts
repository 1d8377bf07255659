/** Whose entries give way when the log is full (L9). Pure. */

/** Who wrote entries: the pages of the server's own machine together, or the pages of one address. */
export const OWN_WRITER = "";

/** What one writer has in the log, or in its trash. */
export interface LogShare {
  /** {@link OWN_WRITER} or a numeric address. */
  readonly writer: string;
  readonly trashed: boolean;
  readonly bytes: number;
}

/** Bytes that a share has to give up at least, its oldest entries first. */
export interface LogCut {
  readonly writer: string;
  readonly trashed: boolean;
  readonly bytes: number;
}

/**
 * Decides what goes until `maxBytes` are left: what others have in the trash, then what others wrote, then the own trash,
 * then the own entries. Among others, those with the most give way until nobody has more than the rest.
 */
export function cutsFor(shares: readonly LogShare[], maxBytes: number): readonly LogCut[] {
  let excess = shares.reduce((sum, { bytes }) => sum + bytes, -maxBytes);
  const cuts: LogCut[] = [];
  for (const own of [false, true]) {
    for (const trashed of [true, false]) {
      const group = shares.filter((share) =>
        (share.writer === OWN_WRITER) === own && share.trashed === trashed
      );
      const level = levelFor(group.map(({ bytes }) => bytes), excess);
      for (const share of group) {
        const bytes = Math.min(share.bytes - level, excess);
        if (bytes <= 0) continue;
        cuts.push({ ...share, bytes });
        excess -= bytes;
      }
    }
  }
  return cuts;
}

/** The level to which the greatest of `sizes` have to come down so that `excess` bytes go, 0 where that is not enough. */
function levelFor(sizes: readonly number[], excess: number): number {
  if (excess <= 0) return Infinity;
  const sorted = sizes.toSorted((one, other) => other - one);
  let above = 0;
  for (const [place, size] of sorted.entries()) {
    above += size;
    const level = (above - excess) / (place + 1);
    if (level >= (sorted[place + 1] ?? 0)) return Math.max(0, Math.floor(level));
  }
  return 0;
}
