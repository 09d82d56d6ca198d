/** For `@Transform`: old manifests write `apiKey: {}` where no key is wanted. */
export function absentWhenEmpty({ value }: { value: unknown }): unknown {
  const empty = typeof value === 'object' && value !== null && Object.keys(value).length === 0;
  return empty ? undefined : value;
}
