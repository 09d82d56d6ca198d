import { randomUUID } from 'node:crypto';
import { invalid } from '../../kit/index.js';
import type { ApiKey } from '../../storage/api-keys.js';
import { parseGrant } from '../grants.js';
import { hashOf, newKey } from '../key-text.js';

const LONGEST_NAME = 100;
const MOST_ROLES = 100;

/** What is wanted of a new key. */
export interface NewKey {
  name: string;
  roles: string[];
  /** Milliseconds since 1970. Absent: it never expires. */
  expiresAt?: number;
}

/** @throws `Invalid` naming the field */
export function readNewKey(body: unknown, now = Date.now()): NewKey {
  if (typeof body !== 'object' || body === null) throw invalid('the body must be a JSON object');
  const { name, roles, expires_at: expires } = body as Record<string, unknown>;
  if (typeof name !== 'string' || !/^[\w .@-]+$/.test(name) || name.length > LONGEST_NAME) {
    throw invalid(`name must be 1 to ${LONGEST_NAME} letters, digits, spaces and any of . @ _ -`);
  }
  return {
    name,
    roles: readRoles(roles),
    ...(expires === undefined || expires === null ? {} : readExpiry(expires, now)),
  };
}

function readRoles(roles: unknown): string[] {
  const texts = Array.isArray(roles) && roles.length > 0 && roles.length <= MOST_ROLES ? (roles as unknown[]) : [];
  if (texts.length === 0) throw invalid('roles must list what the key may do, e.g. ["user@team-a"] or ["reader"]');
  for (const text of texts) parseGrant(String(text));
  return texts.map(String);
}

function readExpiry(expires: unknown, now: number): { expiresAt: number } {
  const at = typeof expires === 'string' ? Date.parse(expires) : Number.NaN;
  if (Number.isNaN(at)) throw invalid('expires_at must be a time, e.g. 2027-01-01T00:00:00Z');
  if (at <= now) throw invalid(`expires_at is ${new Date(at).toISOString()}, which is over`);
  return { expiresAt: at };
}

/** A key with its secret, which only this answer holds. */
export function makeKey(wanted: NewKey, createdBy: string): { key: ApiKey; secret: string } {
  const { publicKey, secret } = newKey();
  const key = { ...wanted, publicKey, id: randomUUID(), secretHash: hashOf(secret), createdBy, createdAt: Date.now() };
  return { key, secret };
}
