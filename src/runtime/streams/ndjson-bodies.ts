import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { invalid } from '../../kit/index.js';

export const NDJSON = 'application/x-ndjson';
const LONGEST_LINE = 1 << 20;

/** Lets bodies of `application/x-ndjson` reach their controller as streams, read as they arrive. */
@Injectable()
export class NdjsonBodies implements OnModuleInit {
  constructor(private readonly host: HttpAdapterHost) {}

  onModuleInit(): void {
    const { httpAdapter } = this.host;
    if (httpAdapter?.getType() !== 'fastify') return;
    const fastify = httpAdapter.getInstance<FastifyInstance>();
    if (!fastify.hasContentTypeParser(NDJSON)) {
      fastify.addContentTypeParser(NDJSON, (_request, body, done) => done(null, body));
    }
  }
}

/**
 * The JSON objects of a body, each as its text. A last line without its end is taken too.
 * @throws `Invalid` naming the line that is no JSON object, or is longer than 1 MiB
 */
export async function* jsonLines(body: AsyncIterable<Buffer>): AsyncGenerator<string, void> {
  const decoder = new TextDecoder();
  let rest = '';
  let number = 0;
  for await (const part of body) {
    rest += decoder.decode(part, { stream: true });
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      number += 1;
      if (line.trim() !== '') yield checked(line.trim(), number);
    }
    if (rest.length > LONGEST_LINE) throw invalid(`line ${number + 1} is longer than ${LONGEST_LINE} characters`);
  }
  rest += decoder.decode();
  if (rest.trim() !== '') yield checked(rest.trim(), number + 1);
}

function checked(line: string, number: number): string {
  if (line.length > LONGEST_LINE) throw invalid(`line ${number} is longer than ${LONGEST_LINE} characters`);
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'object' && value !== null) return JSON.stringify(value);
  } catch {
    // Said below.
  }
  throw invalid(`line ${number} is not a JSON object`);
}
