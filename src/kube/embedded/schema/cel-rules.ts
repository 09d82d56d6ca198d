import type { StructuralSchema } from '../catalogue.js';

export function compileRule(_rule: string, _schema: StructuralSchema): string | undefined {
  return undefined;
}
