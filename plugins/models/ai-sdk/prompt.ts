import type {
  LanguageModelV4FilePart,
  LanguageModelV4Message,
  LanguageModelV4Prompt,
  LanguageModelV4ToolResultPart,
} from '@ai-sdk/provider';
import type { Message, ToolCall, ToolImage } from 'nest-ark';

/** What a vendor's wire allows in a conversation. */
export interface PromptStyle {
  /** System messages stand before everything else. All of them are kept, in their order. */
  systemFirst: boolean;
  /** Tool results may hold images. Otherwise these follow in a user message after the results. */
  imagesInResults: boolean;
}

/** A conversation as the AI SDK wants it. Nothing is dropped but assistant messages that say and call nothing. */
export function promptOf(messages: Message[], style: PromptStyle): LanguageModelV4Prompt {
  const system = (message: Message) => message.role === 'system';
  const ordered = style.systemFirst
    ? [...messages.filter(system), ...messages.filter((message) => !system(message))]
    : messages;
  const names = toolNames(messages);
  const prompt: LanguageModelV4Prompt = [];
  let shown: ToolImage[] = [];
  const show = () => {
    if (shown.length > 0) prompt.push({ role: 'user', content: [caption(shown.length), ...shown.map(picture)] });
    shown = [];
  };
  for (const message of ordered) {
    // The results of one turn stand together: nothing may come between them.
    if (message.role !== 'tool') show();
    else if (!style.imagesInResults) shown.push(...(message.images ?? []));
    prompt.push(...converted(message, names, style));
  }
  show();
  return prompt;
}

function converted(message: Message, names: Map<string, string>, style: PromptStyle): LanguageModelV4Message[] {
  switch (message.role) {
    case 'system':
      return [{ role: 'system', content: message.content, ...named(message) }];
    case 'user':
      return [user(message)];
    case 'assistant':
      return assistant(message);
    case 'tool':
      return [{ role: 'tool', content: [result(message, names, style)] }];
  }
}

function user(message: Message): LanguageModelV4Message {
  const images = (message.images ?? []).map(picture);
  // The SDK reads the speaker of a plain text from its part.
  if (images.length === 0) {
    return { role: 'user', content: [{ type: 'text', text: message.content, ...named(message) }] };
  }
  const text = message.content === '' ? [] : [{ type: 'text' as const, text: message.content }];
  return { role: 'user', content: [...text, ...images], ...named(message) };
}

function assistant(message: Message): LanguageModelV4Message[] {
  const text = message.content === '' ? [] : [{ type: 'text' as const, text: message.content }];
  const calls = (message.toolCalls ?? []).map((call) => ({
    type: 'tool-call' as const,
    toolCallId: call.id,
    toolName: call.name,
    input: argumentsOf(call),
  }));
  if (text.length + calls.length === 0) return [];
  return [{ role: 'assistant', content: [...text, ...calls], ...named(message) }];
}

function result(message: Message, names: Map<string, string>, style: PromptStyle): LanguageModelV4ToolResultPart {
  const toolCallId = message.toolCallId ?? '';
  const part = { type: 'tool-result' as const, toolCallId, toolName: names.get(toolCallId) ?? message.name ?? 'tool' };
  const images = style.imagesInResults ? (message.images ?? []).map(picture) : [];
  if (images.length === 0) {
    return { ...part, output: { type: message.isError ? 'error-text' : 'text', value: message.content } };
  }
  return { ...part, output: { type: 'content', value: [{ type: 'text', text: message.content }, ...images] } };
}

const picture = ({ mimeType, data }: ToolImage): LanguageModelV4FilePart => ({
  type: 'file',
  mediaType: mimeType,
  data: { type: 'data', data },
});

const caption = (count: number) => ({
  type: 'text' as const,
  text: count === 1 ? 'The image of the tool result above:' : 'The images of the tool results above, in order:',
});

/** OpenAI's field for the speaker; other wires have none. Its alphabet is that of names of Kubernetes objects. */
function named({ name }: Message) {
  return name && /^[\w-]{1,64}$/.test(name) ? { providerOptions: { openaiCompatible: { name } } } : {};
}

/** Vendors other than OpenAI take objects only; what a model wrote that is none is kept under a name that says so. */
function argumentsOf(call: ToolCall): object {
  try {
    const value = JSON.parse(call.arguments || '{}') as unknown;
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch {
    // Falls through: it is text.
  }
  return { unreadableArguments: call.arguments };
}

function toolNames(messages: Message[]): Map<string, string> {
  return new Map(messages.flatMap(({ toolCalls = [] }) => toolCalls.map(({ id, name }) => [id, name] as const)));
}
