import { Injectable } from '@nestjs/common';
import { errorText, type MemoryPage } from '../../kit/index.js';
import { RootLogger } from '../../machinery/observability/root-logger.js';
import { type CutAnswer, cutIn } from '../../reconcilers/query/answer-size.js';
import type { Query } from '../../resources/query/query.resource.js';
import { Memories } from '../../runtime/conversation/memories.js';

const PAGE = 1000;
const READ_WITHIN_MS = 30_000;

/** Finds answers that were too long for a Query's status, in the conversation that holds them whole. */
@Injectable()
export class WholeAnswers {
  constructor(
    private readonly memories: Memories,
    private readonly logger: RootLogger,
  ) {}

  /** The Query with its whole answer; as it is where nothing was cut, or the conversation does not hold it any more. */
  async in(query: Query): Promise<Query> {
    const response = query.status?.response;
    const cut = response && cutIn(response.content ?? '');
    if (!cut) return query;
    const content = await this.find(query, cut);
    return content === undefined
      ? query
      : { ...query, status: { ...query.status, response: { ...response, content } } };
  }

  private async find(query: Query, cut: CutAnswer): Promise<string | undefined> {
    try {
      return await this.read(query, cut);
    } catch (error) {
      const facts = { query: query.metadata.name, conversation: cut.conversation };
      this.logger.warn(
        { ...facts, err: error },
        `A long answer is shown as far as its Query has it: ${errorText(error)}`,
      );
      return undefined;
    }
  }

  /** The last words of the Query that begin as the answer does; what several targets said stands in several messages. */
  private async read(query: Query, { begin, conversation }: CutAnswer): Promise<string | undefined> {
    const memory = await this.memories.of(query);
    const signal = AbortSignal.timeout(READ_WITHIN_MS);
    let found: string | undefined;
    for (let after: number | undefined = 0; after !== undefined; ) {
      const page: MemoryPage = await memory.read(conversation, { after, limit: PAGE }, signal);
      for (const { queryId, message } of page.items) {
        const { content } = message;
        if (queryId === query.metadata.uid && typeof content === 'string' && content.startsWith(begin)) found = content;
      }
      after = page.next;
    }
    return found;
  }
}
