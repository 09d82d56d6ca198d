import { Controller, Headers, HttpCode, Param, Post, Query, UnauthorizedException } from '@nestjs/common';
import { OpenToAll } from '../../machinery/http/route-access.js';
import { RequestNamespace } from '../request-namespace.js';
import { TaskNotices } from './task-notices.js';

/** Where A2A servers send word of the tasks that they hold for agents of this system. */
@Controller('v1/a2a-tasks')
export class TaskNoticesController {
  constructor(
    private readonly notices: TaskNotices,
    private readonly namespaces: RequestNamespace,
  ) {}

  /**
   * A push notification of A2A, of any version; its body is not read. 204 with the task's own token in
   * `X-A2A-Notification-Token` or as `Authorization: Bearer`; else 401, whether there is such a task or not.
   */
  @Post(':name/notifications')
  @HttpCode(204)
  @OpenToAll()
  async hear(
    @Param('name') name: string,
    @Headers('x-a2a-notification-token') token?: string,
    @Headers('authorization') authorization?: string,
    @Query('namespace') given?: string,
  ): Promise<void> {
    const bearer = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
    const key = { name, namespace: this.namespaces.read(given) };
    if (await this.notices.take(key, token ?? bearer)) return;
    throw new UnauthorizedException('this is not the token that the server was given with the task');
  }
}
