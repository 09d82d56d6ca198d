import { describe, expect, it } from '@jest/globals';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Min, ValidateNested } from 'class-validator';
import { readOptions } from './options.js';

class Retry {
  @IsInt()
  @Min(1)
  times = 1;
}

class Options {
  @IsInt()
  delayMs = 10;

  @IsString()
  @IsOptional()
  prefix?: string;

  @ValidateNested()
  @Type(() => Retry)
  @IsOptional()
  retry?: Retry;
}

describe('options of an extension', () => {
  it('become an instance with defaults', () => {
    const options = readOptions(Options, { prefix: 'a' }, 'options');
    expect(options).toBeInstanceOf(Options);
    expect(options).toEqual({ delayMs: 10, prefix: 'a' });
    expect(readOptions(Options, undefined, 'options').delayMs).toBe(10);
  });

  it('name every field that does not fit, also inside', () => {
    const wrong = { delayMs: 'x', retry: { times: 0 } };
    expect(() => readOptions(Options, wrong, "options of engine 'slow'")).toThrow(
      /^options of engine 'slow': delayMs must be an integer number; .*times must not be less than 1/,
    );
  });

  it('refuse fields nobody declared, without repeating their values', () => {
    const refuse = () => readOptions(Options, { delayMS: 's3cr3t' }, 'options');
    expect(refuse).toThrow(/property delayMS should not exist/);
    expect(refuse).not.toThrow(/s3cr3t/);
    expect(() => readOptions(undefined, { any: 1 }, 'options')).toThrow('options: takes no options, got any');
  });

  it('must be an object', () => {
    expect(() => readOptions(Options, [1], 'options')).toThrow('options: must be an object');
  });
});
