import type { ToolCall } from '../engine/message.js';
import type { ToolDescription } from '../model/model-provider.js';
import type { ToolResult } from './tool-result.js';

/**
 * The tools an agent may use, of every type, behind the tool gate.
 *
 * Guarantees: what is not listed cannot be called; pinned parameters cannot be seen or overridden; arguments fit the
 * schema; a call ends at its time-out; results are bounded.
 */
export interface ToolBox {
  /** In the order of the agent's manifest. */
  list(): ToolDescription[];
  /**
   * Calls a tool. A refusal, wrong arguments and a failing tool are results with `isError`, never exceptions; only
   * cancellation and a spent budget throw. A call that needs a person stays open, and the run ends under it; it is
   * repeated after the decision, and gets the results of finished calls again without calling anything.
   */
  call(call: ToolCall): Promise<ToolResult>;
}
