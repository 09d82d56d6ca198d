import { invalid } from '../../kit/index.js';
import type { Service, ServicePort } from '../core/service.resource.js';
import type { ServiceReference } from '../shared/value-source.js';

/**
 * The URL of a Service inside the cluster. A port is found by name, else by number; a number the Service does not list
 * is used as it is. `https` for port 443 and for a port named `https`.
 */
export function serviceUrl(service: Service, reference: ServiceReference): string {
  const where = `${service.metadata.namespace ?? ''}/${service.metadata.name}`;
  const port = choosePort(service.spec?.ports ?? [], reference.port, where);
  const scheme = port.port === 443 || port.name === 'https' ? 'https' : 'http';
  const host = `${service.metadata.name}.${service.metadata.namespace ?? 'default'}.svc.cluster.local`;
  return `${scheme}://${host}:${port.port}${cleanPath(reference.path)}`;
}

function choosePort(ports: ServicePort[], wanted: string | number | undefined, where: string): ServicePort {
  if (wanted === undefined || wanted === '') {
    if (ports[0]) return ports[0];
    throw invalid(`service ${where} has no ports; name one in serviceRef.port`);
  }
  const text = String(wanted);
  const number = /^\d+$/.test(text) ? Number(text) : undefined;
  const found = ports.find((port) => port.name === text) ?? ports.find((port) => port.port === number);
  if (found) return found;
  if (number !== undefined && number >= 1 && number <= 65_535) return { port: number };
  const known = ports.map((port) => port.name ?? port.port).join(', ') || 'none';
  throw invalid(`service ${where} has no port "${text}"; its ports: ${known}`);
}

/** One slash in front, none behind, `.` and `..` resolved; empty stays empty. */
function cleanPath(path: string | undefined): string {
  if (!path) return '';
  const kept: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') kept.pop();
    else if (part !== '' && part !== '.') kept.push(part);
  }
  return kept.length > 0 ? `/${kept.join('/')}` : '';
}
