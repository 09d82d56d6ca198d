import { Global, Module } from '@nestjs/common';
import { RootLogger } from '../machinery/observability/root-logger.js';
import { Settings } from '../machinery/settings/settings.js';
import { Storage } from './storage.js';

/** The database of conversations and streams: a file in the data folder, or PostgreSQL by `DATABASE_URL`. */
@Global()
@Module({
  providers: [
    {
      provide: Storage,
      inject: [Settings, RootLogger],
      useFactory: (settings: Settings, logger: RootLogger) => new Storage(settings, logger),
    },
  ],
  exports: [Storage],
})
export class StorageModule {}
