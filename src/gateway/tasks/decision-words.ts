type Decision = 'approved' | 'rejected';

const DECISIONS = new Map<string, Decision>([
  ['approve', 'approved'],
  ['approved', 'approved'],
  ['yes', 'approved'],
  ['reject', 'rejected'],
  ['rejected', 'rejected'],
  ['no', 'rejected'],
]);

/** What `approve`, `yes`, `no` … mean, as `spec.input` of an A2ATask wants it; undefined when it is no decision. */
export function decisionInWords(text: string): string | undefined {
  const decision = DECISIONS.get(text.trim().toLowerCase()) ?? decisionInJson(text);
  return decision && JSON.stringify({ decision });
}

/** `{"decision":"approved"}`, as programs say it. */
function decisionInJson(text: string): Decision | undefined {
  try {
    const { decision } = (JSON.parse(text) ?? {}) as { decision?: unknown };
    return decision === 'approved' || decision === 'rejected' ? decision : undefined;
  } catch {
    return undefined;
  }
}
