import type { ServedKind } from '../../catalogue.js';
import { TOKEN_REQUEST } from '../tokens/token-verb.js';

export interface Subresource {
  name: string;
  /** Whose kind its objects are of. */
  response: { group: string; version: string; kind: string };
  verbs: string[];
}

/** The subresources of a kind, as discovery tells them. */
export function subresourcesOf(served: ServedKind): Subresource[] {
  const { group, version, kind } = served.type;
  const verbs = ['get', 'patch', 'update'];
  return [
    ...(served.statusSubresource ? [{ name: 'status', response: { group, version, kind }, verbs }] : []),
    ...(served.scale
      ? [{ name: 'scale', response: { group: 'autoscaling', version: 'v1', kind: 'Scale' }, verbs }]
      : []),
    ...(group === '' && kind === 'ServiceAccount'
      ? [{ name: 'token', response: TOKEN_REQUEST, verbs: ['create'] }]
      : []),
  ];
}
