import type { ModelWire } from '../http/model-wire.js';

/**
 * Whether `GET {url}` lists a model by its id; undefined when the answer is no list.
 *
 * @throws what the wire throws when listing is refused
 */
export async function listedAt(
  url: string,
  model: string,
  wire: ModelWire,
  signal: AbortSignal,
): Promise<boolean | undefined> {
  const response = await wire.fetch(url, { signal });
  const text = await response.text();
  const ids = idsIn(text);
  // Ollama lists `name:latest` for what is called by its name alone.
  return ids && (ids.includes(model) || ids.includes(`${model}:latest`));
}

function idsIn(text: string): unknown[] | undefined {
  try {
    const { data } = JSON.parse(text) as { data?: unknown };
    return Array.isArray(data) ? data.map((entry: { id?: unknown } | null) => entry?.id) : undefined;
  } catch {
    return undefined;
  }
}
