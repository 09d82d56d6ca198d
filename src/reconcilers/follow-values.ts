import { type Follow, follows, type KubeObject } from '../kit/index.js';
import { ConfigMap } from '../resources/core/config-map.resource.js';
import { Secret } from '../resources/core/secret.resource.js';
import { Service } from '../resources/core/service.resource.js';
import type { ValueReference } from '../resources/values/resolve-value.js';

/** Watches what the values of a resource are read from. */
export const followValues = <T extends KubeObject>(references: (resource: T) => ValueReference[]): Follow[] =>
  [Secret, ConfigMap, Service].map((kind) =>
    follows<T>(kind, (resource) =>
      references(resource)
        .filter((reference) => reference.kind === kind)
        .map(({ key }) => key),
    ),
  );
