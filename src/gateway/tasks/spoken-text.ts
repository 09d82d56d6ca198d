interface Chunk {
  choices?: { delta?: { content?: unknown } }[];
}

/** The words in one event of a Query's stream (an OpenAI chunk as JSON); empty for everything else in it. */
export function spokenText(data: string): string {
  const [choice] = (JSON.parse(data) as Chunk).choices ?? [];
  const content = choice?.delta?.content;
  return typeof content === 'string' ? content : '';
}
