import { describe, expect, it } from '@jest/globals';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Min, ValidateNested } from 'class-validator';
import { validateOptions } from './validate-options.js';

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
    const options = validateOptions(Options, { prefix: 'a' });
    expect(options).toBeInstanceOf(Options);
    expect(options).toEqual({ delayMs: 10, prefix: 'a' });
    expect(validateOptions(Options, undefined).delayMs).toBe(10);
  });

  it('name every field that does not fit, also inside', () => {
    expect(() => validateOptions(Options, { delayMs: 'x', retry: { times: 0 } }, "engine 'slow'")).toThrow(
      "Options of engine 'slow' are not valid: delayMs must be an integer number; retry.times must not be less than 1.",
    );
  });

  it('refuse fields nobody declared, without repeating their values', () => {
    const refuse = () => validateOptions(Options, { delayMS: 's3cr3t' });
    expect(refuse).toThrow(/delayMS: property delayMS should not exist/);
    expect(refuse).not.toThrow(/s3cr3t/);
  });

  it('must be an object', () => {
    expect(() => validateOptions(Options, [1])).toThrow('Options of Options must be an object.');
  });
});
