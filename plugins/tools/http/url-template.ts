import { invalid } from 'nest-ark';

/**
 * Fills `{argument}` in a URL. A value is data wherever it lands: it cannot end a path segment, start a query, climb out
 * of its folder or reach another host. A placeholder without argument stays as it is; objects and lists become JSON.
 *
 * @throws `Invalid` when the result is no URL, leads to another place than the template, or a value climbs
 */
export function fillUrl(template: string, args: Readonly<Record<string, unknown>>): URL {
  const filled = template.replaceAll(/\{([^{}]+)\}/g, (placeholder, name: string) =>
    Object.hasOwn(args, name) ? encodeURIComponent(urlText(args[name])) : placeholder,
  );
  if (!URL.canParse(filled)) throw invalid(`with these arguments the tool's URL is none`);
  const url = new URL(filled);
  if (!/^https?:$/.test(url.protocol)) throw invalid(`the tool's URL must begin with http:// or https://`);
  const path = /^[^:]+:\/\/[^/?#]*([^?#]*)/.exec(filled)?.[1] ?? '';
  if (path.split('/').some(isDots) && !template.includes('..')) {
    throw invalid('an argument cannot be "." or ".." where it is a part of a path');
  }
  return url;
}

const isDots = (segment: string): boolean => segment === '.' || segment === '..';

function urlText(value: unknown): string {
  const text = typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value ?? '');
  return text.toWellFormed();
}
