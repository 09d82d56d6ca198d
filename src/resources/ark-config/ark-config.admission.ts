import { defineAdmission } from '../admission/admission-rules.js';
import { parseDuration } from '../values/duration.js';
import { ARK_CONFIG, ArkConfig } from './ark-config.resource.js';

/** There is one ArkConfig. */
export const arkConfigAdmission = defineAdmission<ArkConfig>({
  kind: ArkConfig,
  validate({ object: config }) {
    if (config.metadata.name !== ARK_CONFIG) {
      return [`only the ArkConfig named "${ARK_CONFIG}" is read; name it "${ARK_CONFIG}"`];
    }
    const ttl = config.spec.queryTTL;
    return ttl !== undefined && parseDuration(ttl) <= 0 ? ['spec.queryTTL must be above zero'] : [];
  },
});
