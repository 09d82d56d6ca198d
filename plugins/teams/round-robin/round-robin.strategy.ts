import { type TeamState, type TeamStep, TeamStrategy } from 'nest-ark';

/** The old name of a looping sequence: one member after the other, again and again. */
@TeamStrategy({ name: 'round-robin', description: 'One member after the other, again and again' })
export class RoundRobinStrategy implements TeamStrategy {
  next({ team: { members }, spoken }: TeamState): TeamStep {
    const next = members[spoken.length % members.length];
    return next ? { speak: [next] } : { end: true };
  }
}
