import type { ValueSource } from '../shared/value-source.js';
import type { ParameterOwner } from '../values/parameter-owner.js';
import { named } from '../values/resolve-parameters.js';
import { resolveValue } from '../values/resolve-value.js';
import type { ValueLookup } from '../values/value-lookup.js';
import type { Model } from './model.resource.js';

type Block = Record<string, unknown>;

/** Where the value sources of one Model are looked up. */
export class ModelSettings {
  private readonly namespace: string;

  constructor(
    private readonly model: Model,
    private readonly lookup: ValueLookup,
    private readonly query?: ParameterOwner,
  ) {
    this.namespace = model.metadata.namespace ?? '';
  }

  /** A provider's block with every value source replaced by its text. Headers and properties are not part of it. */
  async settings(block: Block): Promise<Block> {
    const { headers: _headers, properties: _properties, ...rest } = block;
    return (await this.plain(rest, 'config')) as Block;
  }

  /** Extra request parameters. Ark stores them as texts; numbers, booleans and JSON get their type back. */
  async properties(sources: Record<string, ValueSource> | undefined): Promise<Block> {
    const properties: Block = {};
    for (const [name, source] of Object.entries(sources ?? {})) {
      const text = await this.text(source, `properties.${name}`);
      if (text) properties[name] = typed(text);
    }
    return properties;
  }

  async text(source: ValueSource, path: string): Promise<string | undefined> {
    const subject = `model '${this.namespace}/${this.model.metadata.name}', ${path}`;
    return named(subject, () => resolveValue(source, this.namespace, this.lookup, this.query));
  }

  private async plain(value: unknown, path: string): Promise<unknown> {
    if (isSource(value)) return this.text(value, path);
    if (Array.isArray(value)) return Promise.all(value.map((item, i) => this.plain(item, `${path}[${i}]`)));
    if (typeof value !== 'object' || value === null) return value;
    const entries = await Promise.all(
      Object.entries(value).map(async ([key, item]) => [key, await this.plain(item, `${path}.${key}`)] as const),
    );
    return Object.fromEntries(entries.filter(([, item]) => item !== undefined));
  }
}

/** `{value}` or `{valueFrom}` and nothing else. */
export function isSource(value: unknown): value is ValueSource {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const keys = Object.keys(value);
  const { value: text, valueFrom } = value as Block;
  const known = keys.length > 0 && keys.every((key) => key === 'value' || key === 'valueFrom');
  return known && (text === undefined || typeof text === 'string') && (!valueFrom || typeof valueFrom === 'object');
}

function typed(text: string): unknown {
  if (!/^(-?\d|true$|false$|null$|[[{"])/.test(text)) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
