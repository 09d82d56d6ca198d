import 'reflect-metadata';
import { createPrivateKey, randomBytes, webcrypto, X509Certificate } from 'node:crypto';
import * as x509 from '@peculiar/x509';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const DAY = 86_400_000;
/** Clocks differ; a certificate is valid from a little earlier than it was made. */
const BACKDATE = 3_600_000;

/** A certificate and its private key, both PEM. */
export interface KeyPair {
  certificate: string;
  key: string;
}

/** A new certificate authority, valid for ten years. */
export async function createAuthority(now: Date): Promise<KeyPair> {
  const keys = await newKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned(
    {
      serialNumber: serialNumber(),
      name: 'CN=nest-ark embedded API server authority',
      notBefore: new Date(now.getTime() - BACKDATE),
      notAfter: new Date(now.getTime() + 3650 * DAY),
      signingAlgorithm: ALGORITHM,
      keys,
      extensions: [
        new x509.BasicConstraintsExtension(true, 0, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey, false, webcrypto),
      ],
    },
    webcrypto,
  );
  return { certificate: certificate.toString('pem'), key: await pemOf(keys.privateKey) };
}

/** A server certificate for the given host names and addresses, signed by the authority, valid for one year. */
export async function createServerCertificate(authority: KeyPair, hosts: string[], now: Date): Promise<KeyPair> {
  const keys = await newKeys();
  const issuer = new x509.X509Certificate(authority.certificate);
  const certificate = await x509.X509CertificateGenerator.create(
    {
      serialNumber: serialNumber(),
      subject: 'CN=nest-ark embedded API server',
      issuer: issuer.subject,
      notBefore: new Date(now.getTime() - BACKDATE),
      notAfter: new Date(now.getTime() + 365 * DAY),
      signingAlgorithm: ALGORITHM,
      publicKey: keys.publicKey,
      signingKey: await signingKey(authority.key),
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
        new x509.SubjectAlternativeNameExtension(
          hosts.map((host) => ({ type: isAddress(host) ? ('ip' as const) : ('dns' as const), value: host })),
        ),
        await x509.AuthorityKeyIdentifierExtension.create(issuer, false, webcrypto),
      ],
    },
    webcrypto,
  );
  return { certificate: certificate.toString('pem'), key: await pemOf(keys.privateKey) };
}

/** Whether a pair can serve these hosts for another month. */
export function stillServes(pair: KeyPair, authority: KeyPair, hosts: string[], now: Date): boolean {
  try {
    const certificate = new X509Certificate(pair.certificate);
    const signedByAuthority = certificate.verify(new X509Certificate(authority.certificate).publicKey);
    const names = hosts.every((host) => (isAddress(host) ? certificate.checkIP(host) : certificate.checkHost(host)));
    return signedByAuthority && names && outlives(pair, now, 30 * DAY);
  } catch {
    return false;
  }
}

/** Whether an authority can sign certificates for another year. */
export function stillSigns(authority: KeyPair, now: Date): boolean {
  try {
    return new X509Certificate(authority.certificate).ca && outlives(authority, now, 400 * DAY);
  } catch {
    return false;
  }
}

function outlives(pair: KeyPair, now: Date, margin: number): boolean {
  const certificate = new X509Certificate(pair.certificate);
  const ownKey = certificate.checkPrivateKey(createPrivateKey(pair.key));
  const from = Date.parse(certificate.validFrom);
  return ownKey && from <= now.getTime() && Date.parse(certificate.validTo) - now.getTime() > margin;
}

function isAddress(host: string): boolean {
  return host.includes(':') || /^\d+\.\d+\.\d+\.\d+$/.test(host);
}

function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']) as Promise<webcrypto.CryptoKeyPair>;
}

async function pemOf(key: webcrypto.CryptoKey): Promise<string> {
  return x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY');
}

function signingKey(pem: string): Promise<webcrypto.CryptoKey> {
  const raw = x509.PemConverter.decodeFirst(pem);
  return webcrypto.subtle.importKey('pkcs8', raw, ALGORITHM, false, ['sign']) as Promise<webcrypto.CryptoKey>;
}

/** Positive and unique: browsers and curl refuse two certificates of one issuer with the same number. */
function serialNumber(): string {
  return `01${randomBytes(15).toString('hex')}`;
}
