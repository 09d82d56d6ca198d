/**
 * Whether a body that came with a status of refusal is an error of A2A: of JSON-RPC, or of HTTP+JSON in protocol 1.0 or
 * 0.3. Proxies that have lost the server behind them refuse in words of their own.
 */
export function isA2aRefusal(body: string): boolean {
  const { jsonrpc, error, code } = objectIn(body);
  if (jsonrpc !== undefined) return true;
  return isNumber((error as { code?: unknown } | null | undefined)?.code) || isNumber(code);
}

const isNumber = (value: unknown): boolean => typeof value === 'number';

function objectIn(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
