/** What callers of the HTTP doors may prove themselves with. */
export const AUTH_MODES = ['token'] as const;
export type AuthMode = (typeof AUTH_MODES)[number];

/** `none` alone is nothing: everybody is let in. @throws what is wrong with the text, as `readSettings` wants it */
export function parseAuthModes(text: string): AuthMode[] {
  if (text === 'none') return [];
  const names = text.split(',').map((name) => name.trim());
  const wrong = names.find((name) => !AUTH_MODES.includes(name as AuthMode));
  if (wrong !== undefined) throw new Error(`is "${text}"; valid: none, ${AUTH_MODES.join(', ')}`);
  return [...new Set(names)] as AuthMode[];
}
