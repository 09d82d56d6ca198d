import type { IncomingMessage } from 'node:http';

/** Where the files of the dashboard are served inside; the outside knows the host alone. */
export const DASHBOARD_PATH = '/.dashboard';
/** `dashboard.localhost:8080`, `dashboard.127.0.0.1.nip.io`, … */
const DASHBOARD_HOST = /^dashboard\./i;

/** Whether a request is to a dashboard's host. */
export const isAtDashboard = ({ headers }: Pick<IncomingMessage, 'headers'>): boolean =>
  DASHBOARD_HOST.test(headers.host ?? '');

/** The path under which a request is answered: a dashboard's host has all of its own, every other host what it asks for. */
export function pathAtHost({ url = '/', headers }: Pick<IncomingMessage, 'url' | 'headers'>): string {
  return isAtDashboard({ headers }) && url.startsWith('/') ? DASHBOARD_PATH + url : url;
}

/** The segments of the path below the dashboard's, decoded. Undefined for one that names no file a browser may have. */
export function segmentsOf(url: string): string[] | undefined {
  const path = url.split('?')[0]?.slice(DASHBOARD_PATH.length) ?? '';
  try {
    const segments = path
      .split('/')
      .filter((segment) => segment !== '')
      .map(decodeURIComponent);
    return segments.some(isForbidden) ? undefined : segments;
  } catch {
    return undefined;
  }
}

/** Leads elsewhere, or is hidden: `..`, `.env`, `.git`. */
const isForbidden = (segment: string): boolean =>
  /[/\\\0]/.test(segment) || (segment.startsWith('.') && segment !== '.well-known');
