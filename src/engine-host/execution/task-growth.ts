import type { Artifact, Task, TaskArtifactUpdateEvent } from '@a2a-js/sdk';
import { textOf, textPart } from '../a2a-parts.js';

/** What a task says that it did not say before, as its own stream tells it: a piece to append, or a whole artifact. */
export function growthOf(before: Task, { id: taskId, contextId, artifacts }: Task): TaskArtifactUpdateEvent[] {
  return artifacts.flatMap((artifact) => {
    const said = textOf(before.artifacts.find(({ artifactId }) => artifactId === artifact.artifactId)?.parts);
    const text = textOf(artifact.parts);
    if (text === said) return [];
    const append = said !== '' && text.startsWith(said);
    const piece: Artifact = { ...artifact, parts: [textPart(append ? text.slice(said.length) : text)] };
    return [{ taskId, contextId, artifact: piece, append, lastChunk: false, metadata: undefined }];
  });
}
