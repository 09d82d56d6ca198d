import { Module } from '@nestjs/common';
import { DashboardController } from './dashboard.controller.js';
import { DashboardFiles } from './dashboard-files.js';

/** A web page at the hosts `dashboard.*`. Expects `Settings` as a global provider. */
@Module({ controllers: [DashboardController], providers: [DashboardFiles] })
export class DashboardModule {}
