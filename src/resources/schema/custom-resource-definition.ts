import {
  type PrinterColumn,
  type ResourceClass,
  type ResourceOptions,
  resourceOptions,
  type UntypedObject,
} from '../../kit/index.js';
import type { FieldClass } from './fields.js';
import { type StructuralSchema, structuralSchema } from './structural-schema.js';

/**
 * The CustomResourceDefinition of a resource class, as an `apiextensions.k8s.io/v1` object. Throws for a class without
 * `@Resource`, for a kind that every API server has, and for whatever a structural schema cannot say.
 */
export function customResourceDefinition(of: ResourceClass): UntypedObject {
  const options = resourceOptions(of);
  if (!options) throw new TypeError(`class ${of.name} carries no @Resource`);
  if (options.builtIn) throw new TypeError(`${options.kind} is built in: it has no CustomResourceDefinition`);
  const { group, kind, plural } = options;
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: options.scope ?? 'Namespaced',
      names: {
        kind,
        listKind: `${kind}List`,
        plural,
        singular: options.singular ?? kind.toLowerCase(),
        ...(options.shortNames?.length ? { shortNames: options.shortNames } : {}),
      },
      versions: [servedVersion(of, options)],
    },
  };
}

function servedVersion(of: ResourceClass, options: ResourceOptions): Record<string, unknown> {
  return {
    name: options.version,
    served: true,
    storage: true,
    schema: { openAPIV3Schema: objectSchema(of) },
    ...(options.status === false ? {} : { subresources: { status: {} } }),
    ...(options.printerColumns?.length ? { additionalPrinterColumns: options.printerColumns.map(column) } : {}),
  };
}

/** The whole object's schema: the envelope every object has, then what the class adds. */
function objectSchema(of: ResourceClass): StructuralSchema {
  const schema = structuralSchema(of as unknown as FieldClass);
  schema.properties = {
    apiVersion: { type: 'string' },
    kind: { type: 'string' },
    metadata: { type: 'object' },
    ...schema.properties,
  };
  return schema;
}

function column({ name, type, jsonPath, description, priority }: PrinterColumn): Record<string, unknown> {
  return { name, type, jsonPath, ...(description ? { description } : {}), ...(priority ? { priority } : {}) };
}
