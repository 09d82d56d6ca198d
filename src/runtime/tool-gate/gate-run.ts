import type { Delegation, McpConnections } from '../../kit/index.js';
import type { RunScope } from '../delegation/run-scope.js';
import type { ToolOwner } from './listed-tools.js';
import type { ServerOf } from './tool-settings.js';

/** On whose behalf tools are called, and with what. */
export interface GateRun extends ToolOwner, RunScope {
  delegation: Delegation;
  mcp: McpConnections;
  serverOf: ServerOf;
}
