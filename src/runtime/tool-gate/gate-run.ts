import type { McpConnections } from '../../kit/index.js';
import type { KeyedDelegation } from '../delegation/run-delegation.js';
import type { RunScope } from '../delegation/run-scope.js';
import type { ToolOwner } from './listed-tools.js';
import type { ServerOf } from './tool-settings.js';

/** On whose behalf tools are called, and with what. */
export interface GateRun extends ToolOwner, RunScope {
  /** Who acts, as people are told when they are asked about a call. */
  agent: { name: string; namespace: string };
  delegation: KeyedDelegation;
  mcp: McpConnections;
  serverOf: ServerOf;
}
