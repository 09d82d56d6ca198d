/** What a process may do; without a word it does all of it. */
export const ROLES = ['controller', 'api', 'gateway', 'engine'] as const;
export type Role = (typeof ROLES)[number];

/** @throws what is wrong with the text, as `readSettings` wants it */
export function parseRoles(text: string): Role[] {
  const names = text.split(',').map((name) => name.trim());
  const wrong = names.find((name) => !ROLES.includes(name as Role));
  if (wrong !== undefined) throw new Error(`names "${wrong}"; valid: one or more of ${ROLES.join(', ')}, with commas`);
  return [...new Set(names)] as Role[];
}
