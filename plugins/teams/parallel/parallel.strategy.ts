import { type TeamConfig, type TeamState, type TeamStep, TeamStrategy } from 'nest-ark';

/** All members at once. None hears another; the answer is what each of them said, under its name. */
@TeamStrategy({ name: 'parallel', description: 'All members at once' })
export class ParallelStrategy implements TeamStrategy {
  next({ team: { members }, spoken, transcript }: TeamState): TeamStep {
    if (spoken.length === 0 && members.length > 0) return { speak: members };
    const names = [...new Set(members.map(({ name }) => name))];
    const said = names.flatMap((name) => {
      const words = transcript.findLast((said) => said.role === 'assistant' && said.name === name && said.content);
      return words ? [`# ${name}\n\n${words.content}`] : [];
    });
    return { end: true, answer: said.join('\n\n') };
  }

  turnsOf({ members }: TeamConfig): number {
    return members.length;
  }
}
