import type { ServedKind } from '../../catalogue.js';
import { definitionName, groupVersionKind } from './kind-schema.js';
import { META, reference } from './meta-definitions.js';

type Json = Record<string, unknown>;

const LIST =
  'allowWatchBookmarks continue fieldSelector labelSelector limit resourceVersion resourceVersionMatch sendInitialEvents timeoutSeconds watch';
const WRITE = 'dryRun fieldManager fieldValidation';
const DELETE = 'dryRun gracePeriodSeconds orphanDependents propagationPolicy';
const TYPES: Record<string, string> = {
  allowWatchBookmarks: 'boolean',
  sendInitialEvents: 'boolean',
  watch: 'boolean',
  force: 'boolean',
  orphanDependents: 'boolean',
  limit: 'integer',
  timeoutSeconds: 'integer',
  gracePeriodSeconds: 'integer',
};
const PATCH_TYPES = ['application/apply-patch+yaml', 'application/json-patch+json', 'application/merge-patch+json'];

/** The paths of one kind, with the operations kubectl looks for before it trusts the server with validation. */
export function pathsOf(served: ServedKind): Json {
  const { group, version, plural, namespaced } = served.type;
  const root = group ? `/apis/${group}/${version}` : `/api/${version}`;
  const collection = `${root}${namespaced ? '/namespaces/{namespace}' : ''}/${plural}`;
  const item = `${collection}/{name}`;
  const object = definitionName(served);
  const around = namespaced ? ['namespace', 'pretty'] : ['pretty'];
  const paths: Json = {
    [collection]: { ...collectionOperations(served), parameters: pathParameters(around) },
    [item]: { ...objectOperations(served, object), parameters: pathParameters(['name', ...around]) },
  };
  if (namespaced && served.verbs.includes('list')) {
    const parameters = pathParameters(['pretty']).concat(parametersOf(LIST));
    paths[`${root}/${plural}`] = { get: operation(served, 'list', listName(served)), parameters };
  }
  const subresources = {
    status: served.statusSubresource && object,
    scale: served.scale && 'io.k8s.api.autoscaling.v1.Scale',
  };
  for (const [name, response] of Object.entries(subresources)) {
    if (!response) continue;
    const { get, put, patch } = objectOperations(served, response);
    paths[`${item}/${name}`] = { get, put, patch, parameters: pathParameters(['name', ...around]) };
  }
  return paths;
}

function collectionOperations(served: ServedKind): Json {
  const object = definitionName(served);
  return only(served, {
    list: ['get', operation(served, 'list', listName(served), parametersOf(LIST))],
    create: ['post', operation(served, 'post', object, parametersOf(WRITE), [...bodyTypes(), object])],
    deletecollection: ['delete', operation(served, 'deletecollection', `${META}.Status`, parametersOf(LIST))],
  });
}

function objectOperations(served: ServedKind, object: string): Json {
  const patchTypes = served.builtIn ? [...PATCH_TYPES, 'application/strategic-merge-patch+json'] : PATCH_TYPES;
  return only(served, {
    get: ['get', operation(served, 'get', object, parametersOf('resourceVersion'))],
    update: ['put', operation(served, 'put', object, parametersOf(WRITE), [...bodyTypes(), object])],
    patch: [
      'patch',
      operation(served, 'patch', object, parametersOf(`${WRITE} force`), [...patchTypes, `${META}.Patch`]),
    ],
    delete: [
      'delete',
      operation(served, 'delete', `${META}.Status`, parametersOf(DELETE), [...bodyTypes(), `${META}.DeleteOptions`]),
    ],
  });
}

/** Keeps the operations whose verb the kind has. */
function only(served: ServedKind, operations: Record<string, [string, Json]>): Json {
  const kept = Object.entries(operations).filter(([verb]) => served.verbs.includes(verb));
  return Object.fromEntries(kept.map(([, [method, body]]) => [method, body]));
}

/** `body` is the media types of the request body, then the name of its definition. */
function operation(served: ServedKind, action: string, response: string, parameters?: Json[], body?: string[]): Json {
  const content = (types: string[], schema: string) =>
    Object.fromEntries(types.map((type) => [type, { schema: reference(schema) }]));
  return {
    description: `${action} ${served.type.kind}`,
    ...(parameters ? { parameters } : {}),
    ...(body
      ? { requestBody: { content: content(body.slice(0, -1), body.at(-1)!), required: action !== 'delete' } }
      : {}),
    responses: {
      200: { description: 'OK', content: content(['application/json', 'application/yaml'], response) },
      401: { description: 'Unauthorized' },
    },
    'x-kubernetes-action': action,
    'x-kubernetes-group-version-kind': groupVersionKind(served),
  };
}

function listName(served: ServedKind): string {
  return `${definitionName(served)}List`;
}

function bodyTypes(): string[] {
  return ['application/json', 'application/yaml'];
}

function parametersOf(names: string): Json[] {
  return names.split(' ').map((name) => ({
    name,
    in: 'query',
    schema: { type: TYPES[name] ?? 'string', uniqueItems: true },
  }));
}

function pathParameters(names: string[]): Json[] {
  return names.map((name) => {
    const inPath = name !== 'pretty';
    const schema = { type: 'string', uniqueItems: true };
    return { name, in: inPath ? 'path' : 'query', ...(inPath ? { required: true } : {}), schema };
  });
}
