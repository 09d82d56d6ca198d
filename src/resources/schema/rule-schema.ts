/** The part of a class-validator metadata entry that matters here. */
export interface RuleMetadata {
  propertyName: string;
  type: string;
  name?: string;
  constraints?: unknown[];
  each?: boolean;
}

type Keywords = Record<string, unknown>;

/** What each class-validator decorator says in a structural schema. */
const RULES: Record<string, (constraints: unknown[]) => Keywords> = {
  isString: () => ({ type: 'string' }),
  isBoolean: () => ({ type: 'boolean' }),
  isInt: () => ({ type: 'integer' }),
  isNumber: () => ({ type: 'number' }),
  isObject: () => ({ type: 'object' }),
  isArray: () => ({ type: 'array' }),
  isIn: ([values]) => ({ type: typeof (values as unknown[])[0], enum: [...(values as unknown[])] }),
  min: ([least]) => ({ minimum: least }),
  max: ([most]) => ({ maximum: most }),
  minLength: ([least]) => ({ minLength: least }),
  maxLength: ([most]) => ({ maxLength: most }),
  matches: ([pattern]) => ({ type: 'string', pattern: portable(pattern as RegExp) }),
  arrayMinSize: ([least]) => ({ minItems: least }),
  arrayMaxSize: ([most]) => ({ maxItems: most }),
};

/** Decorators that say nothing about the shape. */
const SILENT = new Set(['isOptional', 'isDefined']);

/** The schema keywords of one decorator. Throws for a decorator without a counterpart. */
export function ruleSchema(rule: RuleMetadata, where: string): Keywords {
  if (rule.type === 'nestedValidation' || rule.type === 'conditionalValidation') return {};
  const name = rule.name ?? '';
  const keywords = RULES[name];
  if (keywords) return keywords(rule.constraints ?? []);
  if (SILENT.has(name)) return {};
  throw new Error(`${where}: no schema keyword for the decorator ${name || rule.type}`);
}

/** JavaScript escapes `/` in a pattern's source; API servers read Go's syntax, where it stands for itself. */
function portable(pattern: RegExp): string {
  if (pattern.flags) throw new Error(`pattern ${String(pattern)}: a schema pattern has no flags`);
  return pattern.source.replaceAll('\\/', '/');
}
