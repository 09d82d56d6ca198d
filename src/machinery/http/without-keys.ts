/** A text that callers wrote, without the secret parts of API keys: somebody may paste a whole key where its public part belongs. */
export const withoutKeys = (text: string): string => text.replace(/sk-ark-[\w-]+/g, 'sk-ark-…');
