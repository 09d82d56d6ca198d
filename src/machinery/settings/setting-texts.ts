// What the text of a setting may be; each throws what is wrong with it, without the name of the setting.

export const oneOf =
  <T extends string>(...values: T[]) =>
  (text: string): T => {
    const found = values.find((value) => value === text);
    if (found === undefined) throw new Error(`is "${text}"; valid: ${values.join(', ')}`);
    return found;
  };

export const wholeNumber =
  (least: number, most: number) =>
  (text: string): number => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < least || value > most) {
      throw new Error(`is "${text}"; valid: a whole number from ${least} to ${most}`);
    }
    return value;
  };

/** Without a slash at its end. */
export const httpUrl = (text: string): string => {
  const url = URL.parse(text);
  const plain = url && /^https?:$/.test(url.protocol) && !url.username && !url.search && !url.hash;
  if (!plain) throw new Error(`is "${text}"; valid: an http or https URL, for example http://ark.example.com:8080`);
  return text.replace(/\/+$/, '');
};

/** With a slash at its start and none at its end; empty text for nothing. */
export const urlPath = (text: string): string => {
  const path = text.replace(/\/+$/, '');
  if (!/^(\/[A-Za-z0-9._~-]+)*$/.test(path)) throw new Error(`is "${text}"; valid: a path, for example /a2a`);
  return path;
};

export const namespaceName = (text: string): string => {
  if (!/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(text)) throw new Error(`is "${text}"; valid: a DNS label`);
  return text;
};
