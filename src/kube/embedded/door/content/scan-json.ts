/** What JSON.parse does not tell about a text. */
export interface JsonFacts {
  /** Paths of keys that occur twice in one object, e.g. `spec.tools[0].name`. */
  duplicates: string[];
  /** The deepest nesting of objects and arrays. */
  depth: number;
  /** Whether some key is `__proto__`, which no field of Kubernetes is called. */
  poisoned: boolean;
}

interface Level {
  keys?: Set<string>;
  index: number;
  label: string;
}

/** Reads a text that JSON.parse accepts, in one pass without recursion. Stops early below `maxDepth`. */
export function scanJson(text: string, maxDepth: number): JsonFacts {
  const facts: JsonFacts = { duplicates: [], depth: 0, poisoned: false };
  const levels: Level[] = [];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x22) {
      const end = endOfString(text, at);
      const level = levels.at(-1);
      if (level?.keys && isKey(text, end)) noteKey(text.slice(at, end + 1), level, levels, facts);
      at = end;
    } else if (code === 0x7b || code === 0x5b) {
      levels.push({ ...(code === 0x7b ? { keys: new Set<string>() } : {}), index: 0, label: '' });
      facts.depth = Math.max(facts.depth, levels.length);
      if (levels.length > maxDepth) return facts;
    } else if (code === 0x7d || code === 0x5d) {
      levels.pop();
    } else if (code === 0x2c) {
      const level = levels.at(-1);
      if (level) level.index++;
    }
  }
  return facts;
}

function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (text.charCodeAt(at) !== 0x22) at += text.charCodeAt(at) === 0x5c ? 2 : 1;
  return at;
}

/** In an object, a text followed by a colon is a key: no value can be. */
function isKey(text: string, end: number): boolean {
  let at = end + 1;
  while (text.charCodeAt(at) <= 0x20) at++;
  return text.charCodeAt(at) === 0x3a;
}

function noteKey(quoted: string, level: Level, levels: Level[], facts: JsonFacts): void {
  const key = quoted.includes('\\') ? (JSON.parse(quoted) as string) : quoted.slice(1, -1);
  level.label = key;
  if (key === '__proto__') facts.poisoned = true;
  if (level.keys!.has(key) && facts.duplicates.length < 100) facts.duplicates.push(pathOf(levels));
  level.keys!.add(key);
}

function pathOf(levels: Level[]): string {
  let path = '';
  for (const level of levels) path += level.keys ? `${path ? '.' : ''}${level.label}` : `[${level.index}]`;
  return path;
}
