import { TARGET_TYPES, type TargetType } from '../cluster/ark-kinds.js';
import { UsageError } from '../exit-code.js';
import type { Target } from './query-object.js';

/** `agent/weather`; the plural is understood too. */
export function parseTarget(text: string): Target & { type: TargetType } {
  const [word = '', name = '', ...rest] = text.split('/');
  const type = TARGET_TYPES.find((known) => word === known || word === `${known}s`);
  if (!type) throw new UsageError(`"${word}" is not something to ask; choose one of ${TARGET_TYPES.join(', ')}.`);
  if (!name || rest.length > 0) throw new UsageError(`"${text}" is not a target; write it as ${type}/NAME.`);
  return { type, name };
}
