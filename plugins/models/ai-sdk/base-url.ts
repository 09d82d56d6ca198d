import { invalid } from 'nest-ark';

/** The address without a trailing slash; a query string would swallow what is appended. */
export function readBaseUrl(text: string, subject: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw invalid(`${subject}: baseUrl '${text}' is no http or https address, e.g. https://api.openai.com/v1`);
  }
  if (url.username || url.password)
    throw invalid(`${subject}: baseUrl must not hold a password; write apiKey or headers`);
  if (url.search || url.hash) throw invalid(`${subject}: baseUrl must not hold a query or a fragment`);
  return url.href.replace(/\/+$/, '');
}
