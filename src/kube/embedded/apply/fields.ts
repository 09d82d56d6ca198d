/**
 * A set of field paths, in the form of `metadata.managedFields[].fieldsV1`: one key per path element (`f:name`,
 * `k:{"name":"x"}`, `v:"x"`), `.` where the element itself belongs to the set, `{}` for an element with nothing below.
 * All functions are pure; results share parts with their arguments. The root itself is never a member.
 */
export interface Fields {
  [element: string]: Fields;
}

export const LEAF: Fields = Object.freeze({});
export const NOTHING: Fields = Object.freeze({});

/** Whether the element itself belongs to the set (not for the root). */
export function isMember(node: Fields): boolean {
  if ('.' in node) return true;
  for (const _ in node) return false;
  return true;
}

/** The element with `.` set. */
export function asMember(node: Fields | undefined): Fields {
  if (!node) return LEAF;
  return isMember(node) ? node : { '.': LEAF, ...node };
}

export function isEmpty(root: Fields): boolean {
  for (const _ in root) return false;
  return true;
}

export function union(a: Fields, b: Fields): Fields {
  if (isEmpty(a)) return b;
  if (isEmpty(b) || a === b) return a;
  return unionChildren(a, b, false);
}

function unionChildren(a: Fields, b: Fields, member: boolean): Fields {
  const result: Fields = member ? { '.': LEAF } : {};
  for (const key in a) {
    if (key === '.') continue;
    const other = b[key];
    result[key] = other ? unionNode(a[key]!, other) : a[key]!;
  }
  for (const key in b) if (key !== '.' && !(key in a)) result[key] = b[key]!;
  return result;
}

function unionNode(a: Fields, b: Fields): Fields {
  if (a === b) return a;
  const member = isMember(a) || isMember(b);
  const result = unionChildren(a, b, member);
  return onlyDot(result) ? LEAF : result;
}

/** What is in `a` and not in `b`. */
export function difference(a: Fields, b: Fields): Fields {
  if (isEmpty(a) || isEmpty(b)) return a;
  return differenceNode(a, b, false) ?? NOTHING;
}

function differenceNode(a: Fields, b: Fields, member: boolean): Fields | undefined {
  const result: Fields = {};
  let children = false;
  for (const key in a) {
    if (key === '.') continue;
    const own = a[key]!;
    const other = b[key];
    const left = other ? differenceNode(own, other, isMember(own) && !isMember(other)) : own;
    if (!left) continue;
    result[key] = left;
    children = true;
  }
  if (!children) return member ? LEAF : undefined;
  return member ? { '.': LEAF, ...result } : result;
}

/** What is in both. */
export function intersection(a: Fields, b: Fields): Fields {
  return intersectionNode(a, b, false) ?? NOTHING;
}

function intersectionNode(a: Fields, b: Fields, member: boolean): Fields | undefined {
  const result: Fields = {};
  let children = false;
  for (const key in a) {
    const other = key === '.' ? undefined : b[key];
    if (!other) continue;
    const own = a[key]!;
    const both = intersectionNode(own, other, isMember(own) && isMember(other));
    if (!both) continue;
    result[key] = both;
    children = true;
  }
  if (!children) return member ? LEAF : undefined;
  return member ? { '.': LEAF, ...result } : result;
}

export function sameFields(a: Fields, b: Fields): boolean {
  if (a === b) return true;
  for (const key in a) {
    if (key === '.') continue;
    const other = b[key];
    if (!other || isMember(a[key]!) !== isMember(other) || !sameFields(a[key]!, other)) return false;
  }
  for (const key in b) if (key !== '.' && !(key in a)) return false;
  return true;
}

/** Every path of the set, in the notation and order of messages: `.spec.list[name="x"].url`, members of a level first. */
export function pathTexts(root: Fields, prefix = ''): string[] {
  const elements = Object.keys(root)
    .filter((key) => key !== '.')
    .sort();
  const text = (key: string) => prefix + elementText(key);
  const members = elements.filter((key) => isMember(root[key]!)).map(text);
  return [...members, ...elements.flatMap((key) => pathTexts(root[key]!, text(key)))];
}

function elementText(element: string): string {
  const body = element.slice(2);
  if (element.startsWith('f:')) return `.${body}`;
  if (element.startsWith('v:')) return `[=${body}]`;
  if (element.startsWith('i:')) return `[${body}]`;
  const key = JSON.parse(body) as Record<string, unknown>;
  return `[${Object.entries(key)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(',')}]`;
}

function onlyDot(node: Fields): boolean {
  for (const key in node) if (key !== '.') return false;
  return true;
}
