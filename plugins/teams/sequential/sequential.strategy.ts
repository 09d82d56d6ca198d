import { type TeamConfig, type TeamState, type TeamStep, TeamStrategy } from 'nest-ark';

/** One member after the other, in the order of the manifest: once, or with `loops` again and again up to `maxTurns`. */
@TeamStrategy({ name: 'sequential', description: 'One member after the other' })
export class SequentialStrategy implements TeamStrategy {
  next({ team: { members, loops }, spoken }: TeamState): TeamStep {
    const next = members[loops ? spoken.length % members.length : spoken.length];
    return next ? { speak: [next] } : { end: true };
  }

  turnsOf({ members, loops }: TeamConfig): number | undefined {
    return loops ? undefined : members.length;
  }
}
