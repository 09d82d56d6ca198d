import type { CliContext } from '../context.js';
import { printJson, printYaml } from '../output/print.js';
import { withoutManagedFields } from '../output/show-objects.js';
import { contentOf, type QueryObject } from './query-object.js';

export const OUTPUT_FORMATS = ['text', 'json', 'yaml', 'name', 'events'] as const;
export type OutputFormat = (typeof OUTPUT_FORMATS)[number];

/** Prints a finished Query in a format for programs: exactly one document. */
export function printQuery(query: QueryObject, format: OutputFormat, context: CliContext): void {
  const { terminal, alias } = context;
  if (format === 'name') terminal.out(`${query.metadata.name}\n`);
  if (format === 'yaml') terminal.out(printYaml(withoutManagedFields(query)));
  if (format !== 'json') return;
  const document = alias === 'fark' ? { response: contentOf(query) } : withoutManagedFields(query);
  terminal.out(printJson(document));
}
