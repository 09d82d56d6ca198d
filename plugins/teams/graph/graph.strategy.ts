import { type TeamState, type TeamStep, TeamStrategy } from 'nest-ark';

/** From the first member along the edges, until somebody has nobody to hand over to. */
@TeamStrategy({ name: 'graph', description: 'Each member hands over along an edge' })
export class GraphStrategy implements TeamStrategy {
  next({ team: { members, edges }, spoken }: TeamState): TeamStep {
    const last = spoken.at(-1);
    // Where several edges leave a member, Ark follows the last one.
    const name = last ? edges.findLast(({ from }) => from === last.name)?.to : members[0]?.name;
    const next = members.find((member) => member.name === name);
    return next ? { speak: [next] } : { end: true };
  }
}
