import { X509Certificate } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { createAuthority, createServerCertificate, stillServes, stillSigns } from './certificates.js';
import { kubeconfigText } from './kubeconfig.js';

const NOW = new Date();
const DAY = 86_400_000;
const HOSTS = ['localhost', '127.0.0.1', '::1'];
const later = (days: number) => new Date(NOW.getTime() + days * DAY);

describe('the certificates of the door', () => {
  it('serve the loopback names and are signed by the authority', async () => {
    const authority = await createAuthority(NOW);
    const server = await createServerCertificate(authority, HOSTS, NOW);
    const certificate = new X509Certificate(server.certificate);
    expect(certificate.checkHost('localhost')).toBe('localhost');
    expect(certificate.checkIP('127.0.0.1')).toBe('127.0.0.1');
    expect(certificate.checkIP('::1')).toBe('::1');
    expect(certificate.checkIssued(new X509Certificate(authority.certificate))).toBe(true);
    expect(certificate.ca).toBe(false);
    expect(stillServes(server, authority, HOSTS, NOW)).toBe(true);
  });

  it('are renewed before they end, for new hosts and under a new authority', async () => {
    const authority = await createAuthority(NOW);
    const server = await createServerCertificate(authority, HOSTS, NOW);
    expect(stillServes(server, authority, HOSTS, later(340))).toBe(false);
    expect(stillServes(server, authority, [...HOSTS, '10.0.0.5'], NOW)).toBe(false);
    expect(stillServes(server, await createAuthority(NOW), HOSTS, NOW)).toBe(false);
    expect(stillSigns(authority, later(3000))).toBe(true);
    expect(stillSigns(authority, later(3300))).toBe(false);
  });

  it('that are damaged or have a foreign key are not used', async () => {
    const authority = await createAuthority(NOW);
    const [one, other] = [
      await createServerCertificate(authority, HOSTS, NOW),
      await createServerCertificate(authority, HOSTS, NOW),
    ];
    expect(stillServes({ ...one, certificate: 'garbage' }, authority, HOSTS, NOW)).toBe(false);
    expect(stillServes({ ...one, key: other.key }, authority, HOSTS, NOW)).toBe(false);
  });
});

describe('the credentials of the administrator', () => {
  it('go into a kubeconfig with one context', () => {
    const text = kubeconfigText({ url: 'https://127.0.0.1:1', authority: 'PEM', token: 't' });
    expect(text).toContain('current-context: nest-ark');
    expect(text).toMatch(/server: '?https:\/\/127\.0\.0\.1:1'?\n/);
  });
});
