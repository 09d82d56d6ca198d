import type { LanguageModelV4CallOptions, LanguageModelV4FunctionTool } from '@ai-sdk/provider';
import type { CompletionRequest } from 'nest-ark';
import { type PromptStyle, promptOf } from './prompt.js';

type Schema = LanguageModelV4FunctionTool['inputSchema'];

/** What the AI SDK is asked. Nothing is set that nobody wrote: neither a temperature nor a number of answers. */
export function callOptions(request: CompletionRequest, style: PromptStyle): LanguageModelV4CallOptions {
  const { messages, tools = [], toolChoice, outputSchema } = request;
  return {
    prompt: promptOf(messages, style),
    ...(tools.length > 0 && {
      tools: tools.map(({ name, description, inputSchema }) => ({
        type: 'function' as const,
        name,
        description,
        inputSchema: inputSchema as Schema,
      })),
    }),
    ...(tools.length > 0 && toolChoice && { toolChoice: { type: toolChoice } }),
    ...(outputSchema && {
      responseFormat: { type: 'json' as const, name: outputSchema.name, schema: outputSchema.schema as Schema },
    }),
  };
}
