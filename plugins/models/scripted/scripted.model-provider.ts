import { Type } from 'class-transformer';
import { IsArray, IsInt, IsObject, IsOptional, IsString, Max, Min, ValidateNested } from 'class-validator';
import { type ModelClient, type ModelConfig, type ModelProvider, ProvidesModels, readOptions } from 'nest-ark';
import { Script } from './script.js';

/** Token counts a line claims to have cost. */
export class ScriptedUsage {
  @IsInt()
  @Min(0)
  promptTokens: number;

  @IsInt()
  @Min(0)
  completionTokens: number;
}

/** A tool that a line asks for. */
export class ScriptedToolCall {
  @IsString()
  name: string;

  @IsOptional()
  @IsObject()
  arguments?: Record<string, unknown>;
}

/** One line of the script. */
export class ScriptLine {
  /** A text the last user message must contain, or a regular expression between slashes, e.g. `/^hi\b/i`. */
  @IsOptional()
  @IsString()
  match?: string;

  /** The same for what a tool said: the line is for conversations that end with the result of a tool. */
  @IsOptional()
  @IsString()
  afterTool?: string;

  /** `{result}` stands for what the last tool said. */
  @IsOptional()
  @IsString()
  answer?: string;

  /** Tools to call, all at once. Without `afterTool` the line is for conversations that do not end with a result. */
  @IsOptional()
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => ScriptedToolCall)
  toolCalls?: ScriptedToolCall[];

  /** Milliseconds before the first piece. */
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(600_000)
  delayMs?: number;

  @IsOptional()
  @ValidateNested()
  @Type(() => ScriptedUsage)
  usage?: ScriptedUsage;
}

/** The block `config.scripted` of a Model. */
export class ScriptedSettings {
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => ScriptLine)
  script: ScriptLine[] = [];

  /** Said when no line matches. Absent: such a question is an error. */
  @IsOptional()
  @IsString()
  default?: string;
}

/** A model that answers from a script in its manifest: no network, no key, always the same. */
@ProvidesModels({ name: 'scripted', description: 'Answers from a script in the manifest; for tests and first steps' })
export class ScriptedModelProvider implements ModelProvider {
  open(config: ModelConfig): ModelClient {
    const subject = `config.scripted of model '${config.namespace}/${config.name}'`;
    const script = new Script(readOptions(ScriptedSettings, config.settings, subject), subject);
    const { name, namespace, model } = config;
    return {
      config: { name, namespace, model },
      complete: (request, signal) => script.play(request.messages, signal),
    };
  }

  /** A script that can be read is a model that answers. */
  async probe(config: ModelConfig): Promise<void> {
    this.open(config);
  }
}
