import type { DeleteOptions } from '../../../api-server/api-server.js';
import { StatusError } from '../../../api-server/status.js';
import { isObject } from '../../json/json.js';
import { decodeBody } from '../content/decode-object.js';
import type { DoorRequest } from '../http/door-request.js';
import { invalidOption, unsupportedOption } from '../http/options-error.js';
import { isDryRun } from './write-options.js';

const POLICIES = ['Foreground', 'Background', 'Orphan'] as const;

/** The options of a deletion, from its body and its query; the body wins where both speak. */
export async function deleteOptions(request: DoorRequest): Promise<DeleteOptions> {
  const { query } = request;
  const body = await optionsBody(request);
  query.count('gracePeriodSeconds');
  const dryRun = [...query.all('dryRun'), ...(Array.isArray(body.dryRun) ? (body.dryRun as unknown[]) : [])];
  const policy = body.propagationPolicy ?? query.text('propagationPolicy');
  const orphan = body.orphanDependents ?? query.optionalFlag('orphanDependents');
  if (policy && orphan !== undefined && orphan !== null) {
    const message = `Invalid value: ${JSON.stringify(policy)}: orphanDependents and deletionPropagation cannot be both set`;
    throw invalidOption('DeleteOptions', 'propagationPolicy', 'FieldValueInvalid', message);
  }
  return {
    dryRun: isDryRun(dryRun, 'DeleteOptions'),
    propagationPolicy: policyOf(policy) ?? (orphan === true ? 'Orphan' : undefined),
    preconditions: preconditionsOf(body.preconditions),
  };
}

async function optionsBody(request: DoorRequest): Promise<Record<string, unknown>> {
  const body = await request.body();
  if (body.length === 0) return {};
  const { value } = decodeBody(body, request.contentType, '');
  if (!isObject(value)) throw new StatusError('BadRequest', 'the body of a deletion must be a DeleteOptions object');
  if (value.kind !== undefined && value.kind !== '' && value.kind !== 'DeleteOptions') {
    throw new StatusError(
      'BadRequest',
      `the body of a deletion must be of kind DeleteOptions, not ${String(value.kind)}`,
    );
  }
  return value;
}

function policyOf(policy: unknown): DeleteOptions['propagationPolicy'] {
  if (policy === undefined || policy === null || policy === '') return undefined;
  const known = POLICIES.find((name) => name === policy);
  if (!known) throw unsupportedOption('DeleteOptions', 'propagationPolicy', policy, [...POLICIES, 'nil']);
  return known;
}

function preconditionsOf(value: unknown): DeleteOptions['preconditions'] {
  if (!isObject(value)) return undefined;
  const { uid, resourceVersion } = value;
  return {
    ...(typeof uid === 'string' ? { uid } : {}),
    ...(typeof resourceVersion === 'string' ? { resourceVersion } : {}),
  };
}
