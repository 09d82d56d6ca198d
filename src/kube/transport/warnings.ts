/** Texts of `Warning` headers: `299 - "text"`, several in one header or in several. */
export function warnings(header: string | string[] | undefined): string[] {
  const texts: string[] = [];
  for (const value of [header ?? []].flat()) {
    for (const match of value.matchAll(/\d{3} \S+ "((?:[^"\\]|\\.)*)"/g)) {
      texts.push((match[1] ?? '').replace(/\\(.)/g, '$1'));
    }
  }
  return texts;
}
