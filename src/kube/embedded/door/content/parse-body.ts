import { CORE_SCHEMA, load, mergeTag, YAMLException } from 'js-yaml';
import { errorText } from '../../../../kit/errors/ark-error.js';
import { StatusError } from '../../../api-server/status.js';
import { MAX_BODY_BYTES } from '../http/read-body.js';
import { scanJson } from './scan-json.js';

/** A body that could be read. */
export interface ParsedBody {
  value: unknown;
  /** What a strict reader refuses, in the words of the API server, e.g. `duplicate field "spec.model"`. */
  findings: string[];
}

/** Objects of Kubernetes are some ten levels deep; the checks behind the door recurse. */
const MAX_DEPTH = 256;
/** Ten aliases cannot grow a body beyond reason; manifests use none. */
const MAX_ALIASES = 10;

const YAML_SCHEMA = CORE_SCHEMA.withTags(mergeTag);

/** Parses JSON. Throws BadRequest, its message opened by `prefix`. */
export function parseJson(text: string, prefix: string): ParsedBody {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const reason = text.trim() === '' ? 'unexpected end of JSON input' : shorten(errorText(error));
    throw new StatusError('BadRequest', `${prefix}${reason}`);
  }
  return { value, findings: inspect(text, prefix).map((path) => `duplicate field ${JSON.stringify(path)}`) };
}

/** Parses one YAML document (JSON is one, too). Throws BadRequest, its message opened by `prefix`. */
export function parseYaml(text: string, prefix: string): ParsedBody {
  const findings: string[] = [];
  let json: string | undefined;
  try {
    json = JSON.stringify(loadYaml(text, findings) ?? null);
  } catch (error) {
    throw new StatusError('BadRequest', `${prefix}${shorten(yamlText(error))}`);
  }
  if (json.length > 2 * MAX_BODY_BYTES) throw new StatusError('RequestEntityTooLarge', 'the YAML body is too large');
  inspect(json, prefix);
  return { value: JSON.parse(json), findings };
}

function loadYaml(text: string, findings: string[]): unknown {
  const options = { schema: YAML_SCHEMA, maxAliases: MAX_ALIASES, maxDepth: MAX_DEPTH };
  try {
    return load(text, options);
  } catch (error) {
    if (!(error instanceof YAMLException) || !/duplicate/.test(error.reason)) throw error;
    const line = (error.mark?.line ?? 0) + 1;
    const key = /^\s*(?:-\s+)?["']?([^"':]+)/.exec(text.split('\n')[line - 1] ?? '')?.[1] ?? '';
    findings.push(`yaml: unmarshal errors:\n  line ${line}: key ${JSON.stringify(key.trim())} already set in map`);
    return load(text, { ...options, json: true });
  }
}

function inspect(json: string, prefix: string): string[] {
  const facts = scanJson(json, MAX_DEPTH);
  if (facts.depth > MAX_DEPTH) throw new StatusError('BadRequest', `${prefix}exceeded max depth of ${MAX_DEPTH}`);
  if (facts.poisoned) throw new StatusError('BadRequest', `${prefix}a field cannot be called "__proto__"`);
  return facts.duplicates;
}

function yamlText(error: unknown): string {
  if (!(error instanceof YAMLException)) return `yaml: ${errorText(error)}`;
  return `yaml: line ${(error.mark?.line ?? 0) + 1}: ${error.reason}`;
}

/** Parsers quote the text they stumble over; a message stays one line of reasonable length. */
function shorten(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > 300 ? `${line.slice(0, 300)}…` : line;
}
