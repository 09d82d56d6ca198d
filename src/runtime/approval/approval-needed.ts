import type { ToolCall } from '../../kit/index.js';
import { formatDuration } from '../../resources/values/duration.js';
import { PersonNeeded } from './person-needed.js';

/** A call that a person must allow first. */
export interface ApprovalQuestion {
  /** Of the call, in the journal of the run. */
  key: string;
  /** As the model wrote it, without what is pinned. */
  call: ToolCall;
  agent: { name: string; namespace: string };
  timeoutMs: number;
  onTimeout: 'reject' | 'proceed';
}

/** A run pauses because calls of tools must be allowed first. */
export class ApprovalNeeded extends PersonNeeded {
  constructor(
    taskId: string,
    readonly questions: readonly ApprovalQuestion[],
  ) {
    super(taskId);
  }

  /** The shortest patience and the safest end of all calls that are asked about. */
  get timeout(): string {
    return formatDuration(Math.min(...this.questions.map(({ timeoutMs }) => timeoutMs)));
  }

  get onTimeout(): 'reject' | 'proceed' {
    return this.questions.every(({ onTimeout }) => onTimeout === 'proceed') ? 'proceed' : 'reject';
  }

  get text(): string {
    const calls = this.questions.map(
      ({ agent, call }) => `agent '${agent.namespace}/${agent.name}' wants to call ${call.name} with ${call.arguments}`,
    );
    const end = this.onTimeout === 'proceed' ? 'is made without an answer' : 'is refused without an answer';
    const one = calls.length === 1;
    return `${calls.join('; ')}. Approve or reject ${one ? 'it' : 'all of it'}: ${one ? 'it' : 'each'} ${end} within ${this.timeout}.`;
  }

  /** As Ark's engines tell it, in the metadata of an A2A task: every value is a text. */
  metadata(conversationId: string): Record<string, string> {
    const toolCalls = this.questions.map(({ call }) => ({
      id: call.id,
      type: 'function',
      function: { name: call.name, arguments: call.arguments },
    }));
    const { agent } = this.questions[0] as ApprovalQuestion;
    const context = {
      ConversationID: conversationId,
      PendingToolCallIndex: 0,
      CompletedToolResults: [],
      AgentName: agent.name,
      AgentNamespace: agent.namespace,
    };
    return {
      toolCalls: JSON.stringify(toolCalls),
      timeout: this.timeout,
      onTimeout: this.onTimeout,
      context: JSON.stringify(context),
    };
  }
}
