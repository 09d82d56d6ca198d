import { type DynamicModule, Global, Module, type Type } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AccountUse } from '../machinery/http/account-use.js';
import { CallersServer } from '../machinery/http/callers-server.js';
import { DoorProofs } from '../machinery/http/door-proofs.js';
import { RequestScope } from '../machinery/http/request-scope.js';
import { Settings } from '../machinery/settings/settings.js';
import { ApiKeys } from '../storage/api-keys.js';
import { Storage } from '../storage/storage.js';
import { StorageModule } from '../storage/storage.module.js';
import { AccessGuard } from './access.guard.js';
import { AuditLog } from './audit/audit-log.js';
import { Authentication } from './authentication.js';
import { AdminToken } from './callers/admin-token.js';
import { ApiKeyCallers } from './callers/api-key-callers.js';
import { ClusterCallers } from './callers/cluster-callers.js';
import { ClusterRights } from './callers/cluster-rights.js';
import { OidcCallers } from './callers/oidc-callers.js';
import { TokenCallers } from './callers/token-callers.js';
import { Cors } from './cors.js';
import { DeclaredRoutes } from './declared-routes.js';
import { ForeignPages } from './foreign-pages.js';
import { KeyUse } from './keys/key-use.js';
import { KeysController } from './keys/keys.controller.js';
import { ProtectedResourceController } from './protected-resource.controller.js';

/** Guards every HTTP door of the application. Expects `Settings` and `RootLogger` from a global module. */
@Global()
@Module({
  imports: [StorageModule],
  providers: [
    { provide: ApiKeys, inject: [Storage], useFactory: (storage: Storage) => new ApiKeys(storage) },
    { provide: APP_GUARD, useClass: AccessGuard },
    { provide: DoorProofs, inject: [Settings], useFactory: (settings: Settings) => DoorProofs.ofSettings(settings) },
    AccountUse,
    AdminToken,
    ApiKeyCallers,
    AuditLog,
    Authentication,
    CallersServer,
    ClusterCallers,
    ClusterRights,
    Cors,
    DeclaredRoutes,
    ForeignPages,
    KeyUse,
    OidcCallers,
    RequestScope,
    TokenCallers,
  ],
  exports: [AccountUse, CallersServer, DoorProofs, RequestScope],
})
export class AuthModule {
  /** @param doors whether the routes that manage API keys are served here */
  static register({ doors }: { doors: boolean }): DynamicModule {
    const controllers: Type[] = [ProtectedResourceController, ...(doors ? [KeysController] : [])];
    return { module: AuthModule, controllers };
  }
}
