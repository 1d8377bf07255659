/** Class indexes in falling order of their logits, the `count` first; equal ones by index. */
export function topClasses(logits: Float32Array, count: number): readonly number[] {
  const top: number[] = [];
  for (const [index, logit] of logits.entries()) {
    let place = top.length;
    while (place > 0 && (logits[top[place - 1] as number] as number) < logit) place--;
    if (place >= count) continue;
    top.splice(place, 0, index);
    if (top.length > count) top.pop();
  }
  return top;
}
