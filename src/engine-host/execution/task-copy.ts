import type { Artifact, Message, Part, Task } from '@a2a-js/sdk';

/**
 * A task that may be changed the way the SDK's handlers do it: fields, lists and artifacts are new, the parts and
 * messages in them are shared, because nobody changes those. Costs the same however long the texts are.
 */
export const copyTask = (task: Task): Task => ({
  ...task,
  artifacts: task.artifacts.map((artifact) => ({ ...artifact, parts: joinTexts(artifact.parts) })),
  history: [...task.history],
});

/** Texts that arrived in pieces become one part. */
function joinTexts(parts: Artifact['parts']): Part[] {
  const joined: Part[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    if (last?.content?.$case === 'text' && part.content?.$case === 'text') {
      joined[joined.length - 1] = {
        ...last,
        content: { $case: 'text', value: last.content.value + part.content.value },
      };
    } else joined.push(part);
  }
  return joined;
}

/** What messages cost, which stay the same while their task grows. */
export type MessageSizes = WeakMap<Message, number>;

/** What a task costs in memory, roughly, in bytes. */
export function sizeOfTask({ history, ...rest }: Task, known: MessageSizes): number {
  let size = sizeOf(rest);
  for (const message of history) {
    const cost = known.get(message) ?? sizeOf(message);
    known.set(message, cost);
    size += cost;
  }
  return size;
}

function sizeOf(value: unknown): number {
  if (typeof value === 'string') return 16 + 2 * value.length;
  if (typeof value !== 'object' || value === null) return 8;
  if (ArrayBuffer.isView(value)) return 64 + value.byteLength;
  let size = 32;
  for (const each of Object.values(value)) size += sizeOf(each);
  return size;
}
