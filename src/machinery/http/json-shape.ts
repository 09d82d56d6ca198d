/** Bodies of A2A and of our own routes are some ten levels deep; what reads them recurses. */
const MAX_DEPTH = 128;

/** What keeps parsed JSON from being looked at any further, if anything. Does not recurse itself. */
export function shapeProblem(value: unknown): string | undefined {
  let level = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) return `it is nested more than ${MAX_DEPTH} levels deep`;
    const below: unknown[] = [];
    for (const each of level) {
      if (typeof each !== 'object' || each === null) continue;
      if (Object.hasOwn(each, '__proto__')) return 'a field cannot be called "__proto__"';
      for (const inner of Object.values(each)) if (typeof inner === 'object') below.push(inner);
    }
    level = below;
  }
  return undefined;
}
