/** The extension by which a message names its Query. */
export const EXTENSION = 'https://github.com/mckinsey/agents-at-scale-ark/tree/main/ark/api/extensions/query/v1';
export const REFERENCE = `${EXTENSION}/ref`;

/** Which Query a message names. */
export interface QueryName {
  name: string;
  namespace: string;
}

/** A result or an event of a stream, of either generation, in one form. */
export interface Answer {
  kind: 'message' | 'task' | 'status' | 'artifact' | 'unknown';
  text: string;
  /** Whether the text is what a status says, e.g. how far the work is. */
  ofStatus: boolean;
  contextId?: string;
  taskId?: string;
  role?: string;
  messageId?: string;
  /** In the words of 0.3: `completed`, `canceled`, `input-required`, … */
  state?: string;
  metadata: Record<string, unknown>;
}

interface Part {
  text?: string;
}
interface WireMessage {
  role?: string;
  messageId?: string;
  contextId?: string;
  taskId?: string;
  parts?: Part[];
  metadata?: Record<string, unknown>;
}
interface WireEvent extends WireMessage {
  kind?: string;
  id?: string;
  status?: { state?: string; message?: WireMessage };
  artifacts?: { parts?: Part[] }[];
  artifact?: { parts?: Part[] };
}

const KINDS: Record<string, Answer['kind']> = {
  message: 'message',
  task: 'task',
  'status-update': 'status',
  statusUpdate: 'status',
  'artifact-update': 'artifact',
  artifactUpdate: 'artifact',
};
const TERMINAL = new Set(['completed', 'failed', 'canceled', 'rejected']);
const WAITING = new Set(['input-required', 'auth-required']);

export const isTerminal = (answer: Answer) => answer.state !== undefined && TERMINAL.has(answer.state);

export const isWaiting = (answer: Answer) => answer.state !== undefined && WAITING.has(answer.state);

/** Reads `{kind: 'task', …}` of 0.3 and `{task: {…}}` of 1.0 alike. */
export function readAnswer(result: unknown): Answer {
  const wire = (typeof result === 'object' && result !== null ? result : {}) as Record<string, unknown>;
  const wrapped = Object.keys(wire).find((key) => key in KINDS && typeof wire[key] === 'object');
  const event = (wrapped ? wire[wrapped] : wire) as WireEvent;
  const kind = KINDS[wrapped ?? event.kind ?? ''] ?? 'unknown';
  const state = event.status?.state;
  return {
    kind,
    ...textOf(event),
    contextId: event.contextId || undefined,
    taskId: (kind === 'task' ? event.id : event.taskId) || undefined,
    role: event.role?.replace('ROLE_', '').toLowerCase(),
    messageId: event.messageId,
    state: state?.replace('TASK_STATE_', '').toLowerCase().replaceAll('_', '-'),
    metadata: event.metadata ?? event.status?.message?.metadata ?? {},
  };
}

function textOf(event: WireEvent): Pick<Answer, 'text' | 'ofStatus'> {
  const said = [...(event.parts ?? []), ...(event.artifact?.parts ?? [])];
  const kept = event.artifacts?.flatMap((artifact) => artifact.parts ?? []) ?? [];
  const ofStatus = said.length === 0 && kept.length === 0;
  const parts = ofStatus ? (event.status?.message?.parts ?? []) : [...said, ...kept];
  return { text: parts.map((part) => part.text ?? '').join(''), ofStatus };
}
