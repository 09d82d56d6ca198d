import { IsIn, IsOptional, IsString, MinLength } from 'class-validator';
import { ListOf, TextMap } from '../schema/fields.js';

/** A piece of a message or artifact. `data` is JSON or base64 text. */
export class TaskPart {
  @IsIn(['text', 'file', 'data']) kind: 'text' | 'file' | 'data';
  @IsOptional() @IsString() text?: string;
  @IsOptional() @IsString() data?: string;
  @IsOptional() @IsString() uri?: string;
  @IsOptional() @IsString() mimeType?: string;
  @IsOptional() @TextMap() metadata?: Record<string, string>;
}

export class TaskArtifact {
  @IsString() @MinLength(1) artifactId: string;
  @IsOptional() @IsString() name?: string;
  @IsOptional() @IsString() description?: string;
  @ListOf(() => TaskPart) parts: TaskPart[];
  @IsOptional() @TextMap() metadata?: Record<string, string>;
}

export class TaskMessage {
  @IsOptional() @IsString() messageId?: string;
  @IsIn(['user', 'agent', 'system']) role: 'user' | 'agent' | 'system';
  @ListOf(() => TaskPart) parts: TaskPart[];
  @IsOptional() @TextMap() metadata?: Record<string, string>;
}
