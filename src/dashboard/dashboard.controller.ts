import { Controller, Get, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { notFound } from '../kit/index.js';
import { OpenToAll } from '../machinery/http/route-access.js';
import { DashboardFiles } from './dashboard-files.js';
import { DASHBOARD_PATH, isAtDashboard } from './dashboard-path.js';

/** The files of a web page, at the hosts `dashboard.*`. */
@Controller(DASHBOARD_PATH)
export class DashboardController {
  constructor(private readonly files: DashboardFiles) {}

  /**
   * A file, e.g. `GET http://dashboard.localhost:8080/assets/app.js`; places inside the page are its `index.html`. Open to
   * all, like the page of a login: the files say nothing about what people do here, and whatever the page shows it asks the
   * other doors for, which ask who is there.
   *
   * @throws `NotFound` for a file that is not there, at any other host, and where ARK_DASHBOARD names no folder
   */
  @Get(['', '*'])
  @OpenToAll()
  async file(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    // Any host may ask for the path inside by its name.
    if (!isAtDashboard(request)) throw notFound('a dashboard is served at the hosts dashboard.* only');
    const { content, type, tag } = await this.files.find(request.url);
    // Asked for again each time, and sent again only when it changed.
    void reply.headers({ etag: tag, 'cache-control': 'no-cache', 'x-content-type-options': 'nosniff' });
    void reply.header('content-security-policy', "frame-ancestors 'none'");
    if (request.headers['if-none-match'] === tag) await reply.status(304).send();
    else await reply.type(type).send(content);
  }
}
