import { apiVersionOf } from '../../../../kit/resource/resource.js';
import type { ServedKind } from '../../catalogue.js';
import { definitionName, kindSchema, listSchema } from './kind-schema.js';
import { META_DEFINITIONS } from './meta-definitions.js';
import { pathsOf } from './operations.js';

/** `api/v1` or `apis/{group}/{version}`: the name of a document in the index. */
export function documentName(type: { group: string; version: string }): string {
  return type.group ? `apis/${apiVersionOf(type)}` : `api/${type.version}`;
}

/** `GET /openapi/v3`: where the document of each group version is. The hash lets clients keep it for ever. */
export function openApiIndex(documents: { name: string; hash: string }[]): object {
  const entries = documents.map(({ name, hash }) => [name, { serverRelativeURL: `/openapi/v3/${name}?hash=${hash}` }]);
  return { paths: Object.fromEntries(entries) as Record<string, unknown> };
}

/** The OpenAPI 3.0 document of the kinds of one group version. */
export function openApiDocument(kinds: ServedKind[], version: string): object {
  const schemas: Record<string, unknown> = { ...META_DEFINITIONS };
  const paths: Record<string, unknown> = {};
  for (const served of kinds) {
    schemas[definitionName(served)] = kindSchema(served);
    if (served.verbs.includes('list')) schemas[`${definitionName(served)}List`] = listSchema(served);
    Object.assign(paths, pathsOf(served));
  }
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version },
    paths,
    components: {
      schemas,
      securitySchemes: {
        BearerToken: {
          type: 'apiKey',
          in: 'header',
          name: 'authorization',
          description: 'Bearer Token authentication',
        },
      },
    },
  };
}
