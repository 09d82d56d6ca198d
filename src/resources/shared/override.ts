import { ArrayMaxSize, ArrayMinSize, IsIn, IsOptional } from 'class-validator';
import { Field } from '../../kit/index.js';
import { ListOf, Nested } from '../schema/fields.js';
import { CheckedHeader, type Header } from './header.js';
import { LabelSelector } from './label-selector.js';

export const OVERRIDE_RESOURCES = ['model', 'mcpserver'] as const;

/** Headers added to the calls to some Models or MCPServers. */
export class Override {
  @IsIn(OVERRIDE_RESOURCES) resourceType: (typeof OVERRIDE_RESOURCES)[number];
  @ListOf(() => CheckedHeader)
  @ArrayMinSize(1)
  @ArrayMaxSize(64)
  headers: Header[];
  /** Absent: all resources of that type. */
  @IsOptional() @Nested(() => LabelSelector) @Field({ atomicMap: true }) labelSelector?: LabelSelector;
}
