import { StatusError } from '../../../api-server/status.js';

/** The query string of a request, read strictly: a value that cannot be understood is a BadRequest that names it. */
export class QueryParameters {
  constructor(private readonly parameters: URLSearchParams) {}

  /** The first value; undefined when absent or empty. */
  text(name: string): string | undefined {
    return this.parameters.get(name) || undefined;
  }

  all(name: string): string[] {
    return this.parameters.getAll(name).filter((value) => value !== '');
  }

  /** Go's truth: `?watch` and `?watch=1` mean yes, `0` and `false` mean no. */
  flag(name: string): boolean {
    return this.optionalFlag(name) ?? false;
  }

  optionalFlag(name: string): boolean | undefined {
    const value = this.parameters.get(name);
    if (value === null) return undefined;
    if (['', '1', 't', 'true'].includes(value.toLowerCase())) return true;
    if (['0', 'f', 'false'].includes(value.toLowerCase())) return false;
    throw badValue(name, value, 'true or false');
  }

  /** A whole number, zero or more. Go's zero value stands for absent. */
  count(name: string): number | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const number = Number(value);
    if (!/^\d+$/.test(value) || !Number.isSafeInteger(number)) throw badValue(name, value, 'a whole number');
    return number || undefined;
  }

  /** A resource version: an unsigned number, as text. */
  resourceVersion(): string | undefined {
    const value = this.text('resourceVersion');
    if (value === undefined || (/^\d{1,19}$/.test(value) && Number.isSafeInteger(Number(value)))) return value;
    throw badValue('resourceVersion', value, 'a whole number', 'invalid resource version: ');
  }
}

function badValue(name: string, value: string, wanted: string, before = ''): StatusError {
  const message = `${before}${name}: Invalid value: ${JSON.stringify(value)}: must be ${wanted}`;
  return new StatusError('BadRequest', message);
}
