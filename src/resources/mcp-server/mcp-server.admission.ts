import { defineAdmission } from '../admission/admission-rules.js';
import { headerProblems } from '../admission/checks/header-checks.js';
import { unresolvedAddress } from '../admission/checks/reference-checks.js';
import { MCPServer } from './mcp-server.resource.js';

/** A server needs an address that is known, or a program to start. */
export const mcpServerAdmission = defineAdmission<MCPServer>({
  kind: MCPServer,
  async validate({ object: server, lookup }) {
    const { transport, command, address, headers } = server.spec;
    const problems: string[] = [];
    if (transport === 'stdio') {
      if (!command) problems.push('transport stdio needs command, the program to start');
    } else {
      const problem = await unresolvedAddress(address, server.metadata.namespace ?? '', lookup);
      if (problem) problems.push(`spec.address cannot be resolved: ${problem}`);
    }
    return [...problems, ...headerProblems(headers)];
  },
});
