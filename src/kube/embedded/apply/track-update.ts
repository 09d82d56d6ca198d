import type { UntypedObject } from '../../../kit/resource/object.js';
import type { Kind } from '../kinds/kind.js';
import type { WriteSettings } from '../writing/write-settings.js';

export function trackUpdate(
  _kind: Kind,
  _old: UntypedObject | undefined,
  _next: UntypedObject,
  _settings: WriteSettings,
  _now: Date,
): void {}
