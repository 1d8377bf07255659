/** Class labels: "goldfish, Carassius auratus" is a list of names, of which the first is the common one. */

/** Gives the first name of a label. */
export function shortLabel(label: string): string {
  return label.split(",", 1)[0]?.trim() ?? label;
}

/** A class that a search found. */
export interface LabelMatch {
  readonly index: number;
  readonly label: string;
}

/** Finds classes by any of their names: whole names first, then beginnings of names, of words, then any part. */
export function searchLabels(labels: readonly string[], query: string, limit: number): LabelMatch[] {
  const wanted = query.trim().toLowerCase();
  if (wanted === "") return [];
  const ranked: (LabelMatch & { rank: number })[] = [];
  for (const [index, label] of labels.entries()) {
    const rank = rankOf(label.toLowerCase(), wanted);
    if (rank !== null) ranked.push({ index, label, rank });
  }
  ranked.sort((a, b) => a.rank - b.rank || a.label.length - b.label.length || a.index - b.index);
  return ranked.slice(0, limit).map(({ index, label }) => ({ index, label }));
}

function rankOf(label: string, wanted: string): number | null {
  const names = label.split(",").map((name) => name.trim());
  if (names.includes(wanted)) return 0;
  if (names.some((name) => name.startsWith(wanted))) return 1;
  if (label.includes(` ${wanted}`)) return 2;
  return label.includes(wanted) ? 3 : null;
}
