import { AGE, ALL_VERBS } from '../built-in/declare.js';
import type { BuiltInKind } from '../kind.js';
import type { Definition } from './definition.js';

/** The kinds that a definition serves, one per served version. */
export function definedKinds(definition: Definition): BuiltInKind[] {
  const { spec } = definition;
  const { names } = spec;
  return spec.versions
    .filter((version) => version.served)
    .map((version) => ({
      served: {
        type: {
          group: spec.group,
          version: version.name,
          kind: names.kind,
          plural: names.plural,
          namespaced: spec.scope === 'Namespaced',
        },
        singular: names.singular ?? names.kind.toLowerCase(),
        listKind: names.listKind ?? `${names.kind}List`,
        shortNames: names.shortNames ?? [],
        categories: names.categories ?? [],
        verbs: ALL_VERBS,
        statusSubresource: version.subresources?.status !== undefined,
        ...(version.subresources?.scale ? { scale: version.subresources.scale } : {}),
        schema: version.schema?.openAPIV3Schema ?? { type: 'object' },
        printerColumns: version.additionalPrinterColumns ?? [AGE],
        builtIn: false,
      },
      rules: { generation: true, unconditionalUpdate: false },
      selectableFields: version.selectableFields?.map((field) => field.jsonPath.replace(/^\./, '')),
    }));
}
