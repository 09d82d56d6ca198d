import type { PrinterColumn, ResourceType } from '../../../../kit/resource/resource.js';
import type { StructuralSchema } from '../../catalogue.js';
import type { BuiltInKind, KindRules } from '../kind.js';

export const ALL_VERBS = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];

export const AGE: PrinterColumn = { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' };

export interface Declaration {
  type: ResourceType;
  shortNames?: string[];
  categories?: string[];
  status?: boolean;
  /** Default: all verbs. */
  verbs?: string[];
  /** Properties besides apiVersion, kind and metadata. */
  properties: Record<string, StructuralSchema>;
  required?: string[];
  description: string;
  columns?: PrinterColumn[];
  rules?: Partial<KindRules>;
  selectableFields?: string[];
}

/** A built-in kind with the usual verbs, names and rules filled in. */
export function declare(declaration: Declaration): BuiltInKind {
  const { type } = declaration;
  return {
    served: {
      type,
      singular: type.kind.toLowerCase(),
      listKind: `${type.kind}List`,
      shortNames: declaration.shortNames ?? [],
      categories: declaration.categories ?? [],
      verbs: declaration.verbs ?? ALL_VERBS,
      statusSubresource: declaration.status ?? false,
      schema: {
        type: 'object',
        description: declaration.description,
        properties: declaration.properties,
        ...(declaration.required ? { required: declaration.required } : {}),
      },
      printerColumns: [...(declaration.columns ?? []), AGE],
      builtIn: true,
    },
    rules: { generation: false, unconditionalUpdate: true, ...declaration.rules },
    selectableFields: declaration.selectableFields,
  };
}
