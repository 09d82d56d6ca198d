import type { ServedKind } from '../../catalogue.js';
import { openApiDocument } from './openapi-v3.js';
import { v2Schema } from './v2-schema.js';

type Json = Record<string, unknown>;

interface Operation {
  parameters?: (Json & { schema: Json })[];
  requestBody?: { content: Record<string, { schema: Json }>; required: boolean };
  responses: Record<string, { description: string; content?: Record<string, { schema: Json }> }>;
}

/**
 * The OpenAPI 2.0 document of every served kind: the 3.0 document said in the older words. kubectl asks for it when it
 * validates a `kind: List`, whose items no server sees together.
 */
export function openApiV2Document(kinds: ServedKind[], version: string): object {
  const { paths, components } = openApiDocument(kinds, version) as {
    paths: Record<string, Json>;
    components: { schemas: Record<string, Json>; securitySchemes: Json };
  };
  return {
    swagger: '2.0',
    info: { title: 'Kubernetes', version },
    paths: mapValues(paths, v2Path),
    definitions: mapValues(components.schemas, v2Schema),
    securityDefinitions: components.securitySchemes,
    security: [{ BearerToken: [] }],
  };
}

function v2Path({ parameters, ...operations }: Json): Json {
  return {
    ...mapValues(
      operations as Record<string, Operation | undefined>,
      (operation) => operation && v2Operation(operation),
    ),
    parameters: (parameters as Operation['parameters'])?.map(v2Parameter),
  };
}

function v2Operation({ parameters = [], requestBody, responses, ...rest }: Operation): Json {
  const body = requestBody && {
    name: 'body',
    in: 'body',
    required: requestBody.required,
    schema: v2Schema(Object.values(requestBody.content)[0]!.schema),
  };
  return {
    ...rest,
    consumes: requestBody ? Object.keys(requestBody.content) : ['*/*'],
    produces: ['application/json', 'application/yaml'],
    schemes: ['https'],
    parameters: [...(body ? [body] : []), ...parameters.map(v2Parameter)],
    responses: mapValues(responses, ({ description, content }) => ({
      description,
      ...(content ? { schema: v2Schema(Object.values(content)[0]!.schema) } : {}),
    })),
  };
}

/** What 3.0 says in the schema of a parameter, 2.0 says in the parameter. */
function v2Parameter({ schema, ...parameter }: Json & { schema: Json }): Json {
  return { ...parameter, ...schema };
}

function mapValues<From, To>(record: Record<string, From>, change: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));
}
