import type { Command } from 'commander';
import { UsageError } from '../exit-code.js';

/** What {@link addHeaderFlag} gives to an action. */
export interface HeaderFlags {
  header?: string[];
}

const collect = (value: string, all: string[] = []) => [...all, value];

export function addHeaderFlag(command: Command): Command {
  const text =
    "sent with every request, e.g. 'Authorization: Bearer KEY'; may be given several times, is never printed";
  return command.option('--header <name:value>', text, collect);
}

/** @throws UsageError which never repeats what was given: it may be a key */
export function headersIn({ header: given = [] }: HeaderFlags): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [index, text] of given.entries()) {
    const colon = text.indexOf(':');
    const [name, value] = [text.slice(0, colon).trim(), text.slice(colon + 1).trim()];
    if (colon < 1 || !value || !isHeader(name, value)) {
      throw new UsageError(`--header number ${index + 1} is no header; write it like 'X-Api-Key: text'.`);
    }
    headers[name] = value;
  }
  return headers;
}

function isHeader(name: string, value: string): boolean {
  try {
    return new Headers([[name, value]]).has(name);
  } catch {
    return false;
  }
}
