import type { ListOptions } from '../../../api-server/api-server.js';
import { StatusError } from '../../../api-server/status.js';
import { encodeContinue } from '../../reading/continue-token.js';
import { invalidOption, unsupportedOption } from '../http/options-error.js';
import type { QueryParameters } from '../http/query-parameters.js';

/** The query of a list or watch, checked. */
export interface ListQuery {
  options: ListOptions;
  resourceVersion?: string;
  match?: 'Exact' | 'NotOlderThan';
}

/** Reads selectors, paging and version of a list. Throws BadRequest or Invalid in the words of the API server. */
export function listQuery(query: QueryParameters, namespace: string | undefined): ListQuery {
  const resourceVersion = query.resourceVersion();
  const match = versionMatch(query, resourceVersion);
  if (query.optionalFlag('sendInitialEvents') !== undefined) {
    throw forbiddenOption('sendInitialEvents', 'sendInitialEvents is forbidden for list');
  }
  const token = query.text('continue');
  if (token && resourceVersion && resourceVersion !== '0') {
    throw new StatusError('BadRequest', 'specifying resource version is not allowed when using continue');
  }
  const pinned = match === 'Exact' ? encodeContinue({ version: Number(resourceVersion), after: '' }) : undefined;
  return {
    options: { ...selectors(query, namespace), limit: query.count('limit'), continue: token ?? pinned },
    resourceVersion,
    match,
  };
}

/** Namespace and selectors, as lists, watches and deletions of collections have them. */
export function selectors(query: QueryParameters, namespace: string | undefined): ListOptions {
  return {
    ...(namespace === undefined ? {} : { namespace }),
    labelSelector: query.text('labelSelector'),
    fieldSelector: query.text('fieldSelector'),
  };
}

export function forbiddenOption(field: string, reason: string): StatusError {
  return invalidOption('ListOptions', field, 'FieldValueForbidden', `Forbidden: ${reason}`);
}

function versionMatch(query: QueryParameters, resourceVersion: string | undefined): ListQuery['match'] {
  const match = query.text('resourceVersionMatch');
  if (match === undefined) return undefined;
  if (resourceVersion === undefined) {
    throw forbiddenOption(
      'resourceVersionMatch',
      'resourceVersionMatch is forbidden unless resourceVersion is provided',
    );
  }
  if (query.text('continue')) {
    throw forbiddenOption('resourceVersionMatch', 'resourceVersionMatch is forbidden for continue');
  }
  if (match !== 'Exact' && match !== 'NotOlderThan') {
    throw unsupportedOption('ListOptions', 'resourceVersionMatch', match, ['Exact', 'NotOlderThan', '']);
  }
  if (match === 'Exact' && resourceVersion === '0') {
    throw forbiddenOption('resourceVersionMatch', 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"');
  }
  return match;
}
