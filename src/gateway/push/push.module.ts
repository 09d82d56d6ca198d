import { Module } from '@nestjs/common';
import { RuntimeModule } from '../../runtime/runtime.module.js';
import { PushConfigs } from '../../storage/push-configs.js';
import { PushDeliveries } from '../../storage/push-deliveries.js';
import { SigningKeys } from '../../storage/signing-keys.js';
import { Storage } from '../../storage/storage.js';
import { StorageModule } from '../../storage/storage.module.js';
import { WholeAnswers } from '../tasks/whole-answers.js';
import { KeySetController } from './key-set.controller.js';
import { PushConnection } from './push-connection.js';
import { PushCourier } from './push-courier.js';
import { PushOutbox } from './push-outbox.js';
import { PushReceivers } from './push-receivers.js';
import { PushSignature } from './push-signature.js';

const stored = <T>(type: new (storage: Storage) => T) => ({
  provide: type,
  inject: [Storage],
  useFactory: (storage: Storage) => new type(storage),
});

/** Tells receivers that clients named when tasks of the gateway change. */
@Module({
  imports: [RuntimeModule, StorageModule],
  controllers: [KeySetController],
  providers: [
    stored(PushConfigs),
    stored(PushDeliveries),
    stored(SigningKeys),
    PushConnection,
    PushCourier,
    PushOutbox,
    PushReceivers,
    PushSignature,
    WholeAnswers,
  ],
  exports: [PushReceivers, WholeAnswers],
})
export class PushModule {}
