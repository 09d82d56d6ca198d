import { createPrivateKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { createAuthority, createServerCertificate, type KeyPair, stillServes, stillSigns } from './certificates.js';
import { privateFolder, readIfPresent, writePrivate } from './private-folder.js';

/** What the door needs to prove who it is and to know its administrator. */
export interface Credentials {
  authority: string;
  server: KeyPair;
  token: string;
  /** Signs the tokens of ServiceAccounts; a private key in PEM. */
  accountKey: string;
}

/**
 * Reads the credentials below a data folder and makes what is missing, damaged or near its end: `pki/ca.crt`,
 * `pki/ca.key`, `pki/server.crt`, `pki/server.key`, `pki/service-accounts.key`, `token`.
 */
export async function loadCredentials(dataDir: string, host: string, now = new Date()): Promise<Credentials> {
  await privateFolder(dataDir);
  const pki = join(dataDir, 'pki');
  await privateFolder(pki);
  const hosts = [...new Set(['localhost', '127.0.0.1', '::1', ...(isWildcard(host) ? [] : [host])])];

  let authority = await readPair(pki, 'ca');
  if (!authority || !stillSigns(authority, now)) {
    authority = await createAuthority(now);
    await writePair(pki, 'ca', authority);
  }
  let server = await readPair(pki, 'server');
  if (!server || !stillServes(server, authority, hosts, now)) {
    server = await createServerCertificate(authority, hosts, now);
    await writePair(pki, 'server', server);
  }
  const [token, accountKey] = await Promise.all([
    loadToken(join(dataDir, 'token')),
    loadAccountKey(join(pki, 'service-accounts.key')),
  ]);
  return { authority: authority.certificate, server, token, accountKey };
}

async function loadAccountKey(file: string): Promise<string> {
  const present = await readIfPresent(file);
  const key = present && isSigningKey(present) ? present : newSigningKey();
  await writePrivate(file, key);
  return key;
}

function newSigningKey(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

function isSigningKey(text: string): boolean {
  try {
    return createPrivateKey(text).asymmetricKeyDetails?.namedCurve === 'prime256v1';
  } catch {
    return false;
  }
}

async function loadToken(file: string): Promise<string> {
  const present = (await readIfPresent(file))?.trim();
  const token = present && present.length >= 32 ? present : randomBytes(32).toString('base64url');
  // Written again even if unchanged, so that a file that became readable for others is closed.
  await writePrivate(file, `${token}\n`);
  return token;
}

async function readPair(folder: string, name: string): Promise<KeyPair | undefined> {
  const certificate = await readIfPresent(join(folder, `${name}.crt`));
  const key = await readIfPresent(join(folder, `${name}.key`));
  return certificate && key ? { certificate, key } : undefined;
}

async function writePair(folder: string, name: string, pair: KeyPair): Promise<void> {
  await writePrivate(join(folder, `${name}.key`), pair.key);
  await writePrivate(join(folder, `${name}.crt`), pair.certificate);
}

function isWildcard(host: string): boolean {
  return host === '0.0.0.0' || host === '::';
}
