import { invalid, type ModelConfig } from 'nest-ark';
import type { Body } from './model-wire.js';

/** What a request is made of; a property must not take its place. */
const OWN = ['model', 'messages', 'stream'];
/** What a request may bring along; then it wins over a property of that name. */
const REQUEST_FIRST = ['system', 'tools', 'tool_choice', 'response_format'];

/**
 * Writes a Model's properties into request bodies, under their own names and with their own types.
 *
 * @throws Invalid at once when a property would replace what the runtime itself writes
 */
export function propertiesInto(config: ModelConfig, subject: string): (body: Body) => Body {
  refuseOwnNames(config, subject);
  return (body) => {
    const request = Object.fromEntries(REQUEST_FIRST.flatMap((key) => (key in body ? [[key, body[key]]] : [])));
    return { ...body, ...config.properties, ...request };
  };
}

/** @throws Invalid when a property would replace what the runtime itself writes */
export function refuseOwnNames({ properties }: ModelConfig, subject: string): void {
  const taken = OWN.filter((name) => name in properties);
  if (taken.length === 0) return;
  throw invalid(`${subject}: properties must not hold ${taken.join(', ')}; the runtime sets them`);
}
