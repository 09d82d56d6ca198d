/** One media range of an Accept header, or the type of a Content-Type header. */
export interface MediaType {
  /** Lower case, e.g. `application/json`. */
  type: string;
  parameters: Record<string, string>;
  quality: number;
}

/** Reads `type/subtype;a=b;q=0.5`. Parameter values keep their case. */
export function parseMediaType(text: string): MediaType {
  const [type = '', ...rest] = text.split(';');
  const parameters: Record<string, string> = {};
  for (const part of rest) {
    const [name = '', value = ''] = part.split('=', 2);
    if (name.trim()) parameters[name.trim().toLowerCase()] = value.trim().replace(/^"(.*)"$/, '$1');
  }
  const quality = Number(parameters.q ?? '1');
  return { type: type.trim().toLowerCase(), parameters, quality: Number.isFinite(quality) ? quality : 0 };
}

/** The media ranges of an Accept header, the best first; an absent header accepts anything. */
export function parseAccept(header: string | undefined): MediaType[] {
  if (!header?.trim()) return [parseMediaType('*/*')];
  const ranges = header.slice(0, 4096).split(',').map(parseMediaType);
  return ranges.filter((range) => range.type && range.quality > 0).sort((a, b) => b.quality - a.quality);
}
