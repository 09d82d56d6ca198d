import { ProvidesTools, type ToolConfig, type ToolResult, type ToolType } from 'nest-ark';
import { sum } from './sum.js';

/** Tools of the type `abacus`: add up `numbers`, which `spec.inputSchema` of the Tool has already checked. */
@ProvidesTools({ name: 'abacus', description: 'Adds up numbers' })
export class AbacusTool implements ToolType {
  async call(_tool: ToolConfig, { numbers }: Record<string, unknown>): Promise<ToolResult> {
    return { text: String(sum(numbers as number[])) };
  }
}
