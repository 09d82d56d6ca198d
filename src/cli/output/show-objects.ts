import type { KubeObject, UntypedObject } from '../../kit/resource/object.js';
import type { ResourceType } from '../../kit/resource/resource.js';
import type { Cluster } from '../cluster/cluster.js';
import { UsageError } from '../exit-code.js';
import type { Terminal } from '../terminal.js';
import { jsonPath } from './json-path.js';
import { asDocument, printJson, printNames, printTable, printYaml } from './print.js';

export interface ShowOptions {
  /** `table` (the default), `wide`, `json`, `yaml`, `name`, or `jsonpath=TEMPLATE`. */
  output?: string;
  allNamespaces?: boolean;
  labelSelector?: string;
}

const FORMATS = ['table', 'wide', 'json', 'yaml', 'name', 'jsonpath=…'];

/** Refuses an unknown format before anything is read. */
export function checkOutput(output: string | undefined): void {
  if (output === undefined || ['table', 'wide', 'json', 'yaml', 'name'].includes(output)) return;
  if (output.startsWith('jsonpath=')) return;
  throw new UsageError(`Unknown output "${output}"; choose one of ${FORMATS.join(', ')}.`);
}

/** Prints one object or all objects of a kind. */
export async function showObjects(
  cluster: Cluster,
  type: ResourceType,
  name: string | undefined,
  options: ShowOptions,
  terminal: Terminal,
): Promise<void> {
  const everywhere = options.allNamespaces === true && type.namespaced;
  const namespace = everywhere || !type.namespaced ? undefined : cluster.namespace;
  const selection = { namespace, name, labelSelector: options.labelSelector };
  const output = options.output ?? 'table';
  if (output === 'table' || output === 'wide') {
    const table = await cluster.client.table(type, selection);
    if (!table.rows?.length) terminal.err(emptyText(type, namespace));
    else terminal.out(printTable(table, { wide: output === 'wide', withNamespace: everywhere }));
    return;
  }
  const objects = name
    ? [await cluster.client.get(type, { name, namespace })]
    : await cluster.client.list(type, selection);
  terminal.out(formatObjects(objects.map(withoutManagedFields), type, output, name !== undefined));
}

function formatObjects(objects: UntypedObject[], type: ResourceType, output: string, one: boolean): string {
  if (output === 'name') return printNames(objects, type);
  const document = asDocument(objects, one);
  if (output === 'json') return printJson(document);
  if (output === 'yaml') return printYaml(document);
  return jsonPath(output.slice('jsonpath='.length), document);
}

/** Who owns which field is of no interest to a reader; kubectl hides it too. */
export function withoutManagedFields<T extends KubeObject>(object: T): T {
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}

const emptyText = (type: ResourceType, namespace: string | undefined) =>
  namespace ? `No ${type.plural} in namespace "${namespace}".\n` : `No ${type.plural}.\n`;
