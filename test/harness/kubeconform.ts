import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CommandResult, run } from './runtime.js';

type Schema = { [key: string]: unknown };

/** `/openapi/v2` of an API server. */
interface OpenApi {
  definitions: Record<string, Schema>;
}

interface GroupVersionKind {
  group: string;
  version: string;
  kind: string;
}

/** The kubeconform to test with, or undefined where there is none. */
export function findKubeconform(): string | undefined {
  const folders = [process.env.KUBEBUILDER_ASSETS, ...(process.env.PATH ?? '').split(':')];
  return folders.flatMap((folder) => (folder ? [join(folder, 'kubeconform')] : [])).find((file) => existsSync(file));
}

/** Writes the schemas of an API server as kubeconform reads them: one file for each kind. Its own come from the network. */
export function writeSchemas({ definitions }: OpenApi, folder: string): void {
  mkdirSync(folder, { recursive: true });
  const strict = Object.entries(definitions).map(([name, schema]) => [name, strictSchema(schema) as Schema] as const);
  writeFileSync(join(folder, 'all.json'), JSON.stringify({ definitions: Object.fromEntries(strict) }));
  for (const [name, schema] of strict) {
    for (const { group, version, kind } of (schema['x-kubernetes-group-version-kind'] ?? []) as GroupVersionKind[]) {
      const file = [kind.toLowerCase(), group.split('.')[0], version].filter(Boolean).join('-');
      writeFileSync(join(folder, `${file}.json`), JSON.stringify({ $ref: `all.json#/definitions/${name}` }));
    }
  }
}

/** @param objects YAML */
export function kubeconform(folder: string, objects: string, ...args: string[]): Promise<CommandResult> {
  const program = findKubeconform();
  if (!program) throw new Error('kubeconform is not installed');
  const location = join(folder, '{{.ResourceKind}}{{.KindSuffix}}.json');
  return run(program, ['-strict', '-summary', '-schema-location', location, ...args, '-'], { input: objects });
}

/** What nobody declared is wrong; a number may stand where Kubernetes takes either. */
function strictSchema(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(strictSchema);
  if (typeof schema !== 'object' || schema === null) return schema;
  const { $ref, format, ...rest } = schema as Schema;
  if (typeof $ref === 'string') return { $ref: $ref.replace('#/', 'all.json#/') };
  if (format === 'int-or-string') return { type: ['string', 'integer'] };
  const inner = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, strictSchema(value)]));
  const closed = rest.properties && !rest.additionalProperties && !rest['x-kubernetes-preserve-unknown-fields'];
  return closed ? { ...inner, additionalProperties: false } : inner;
}
