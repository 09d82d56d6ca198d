import type { Type } from '@nestjs/common';
import type { ExtensionMark } from '../../kit/index.js';

/** An extension class with its mark and where it came from. */
export interface Extension {
  mark: ExtensionMark;
  target: Type<object>;
  file: string;
  /** `sha256:` and the digest of the file. */
  digest: string;
}
