import { Module } from '@nestjs/common';
import { RuntimeModule } from '../runtime.module.js';
import { NdjsonBodies } from './ndjson-bodies.js';
import { StreamController } from './stream.controller.js';
import { StreamWriterController } from './stream-writer.controller.js';

/** The streams of Queries for callers outside this process. */
@Module({
  imports: [RuntimeModule],
  controllers: [StreamController, StreamWriterController],
  providers: [NdjsonBodies],
})
export class StreamsModule {}
