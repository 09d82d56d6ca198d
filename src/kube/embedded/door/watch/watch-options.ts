import type { StoredWatchOptions } from '../../embedded-api-server.js';
import { unsupportedOption } from '../http/options-error.js';
import type { QueryParameters } from '../http/query-parameters.js';
import { forbiddenOption, selectors } from '../resources/list-options.js';

/** A watch that names no end is closed after 30 to 60 minutes, so that clients spread over restarted servers. */
const DEFAULT_TIMEOUT_SECONDS = 1800;
/** Node's timers wrap around above 2^31 milliseconds. */
const MAX_TIMEOUT_SECONDS = 2_000_000;

/** Reads the query of a watch. Throws BadRequest or Invalid in the words of the API server. */
export function watchOptions(
  query: QueryParameters,
  namespace: string | undefined,
): Omit<StoredWatchOptions, 'signal'> {
  const sendInitialEvents = query.optionalFlag('sendInitialEvents');
  const match = query.text('resourceVersionMatch');
  if (match !== undefined && sendInitialEvents === undefined) {
    throw forbiddenOption(
      'resourceVersionMatch',
      'resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided',
    );
  }
  if (sendInitialEvents !== undefined && match === undefined) {
    throw forbiddenOption(
      'resourceVersionMatch',
      'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan',
    );
  }
  if (match !== undefined && match !== 'NotOlderThan') {
    throw unsupportedOption('ListOptions', 'resourceVersionMatch', match, ['NotOlderThan']);
  }
  const timeout = query.count('timeoutSeconds') ?? Math.ceil(DEFAULT_TIMEOUT_SECONDS * (1 + Math.random()));
  const { labelSelector, fieldSelector, namespace: within } = selectors(query, namespace);
  return {
    ...(within === undefined ? {} : { namespace: within }),
    labelSelector,
    fieldSelector,
    resourceVersion: query.resourceVersion(),
    allowWatchBookmarks: query.flag('allowWatchBookmarks'),
    sendInitialEvents: sendInitialEvents ?? false,
    timeoutSeconds: Math.min(timeout, MAX_TIMEOUT_SECONDS),
  };
}
