import { describe, expect, it } from '@jest/globals';
import { IsString } from 'class-validator';
import { defineExtensionPoint, extensionMark, KIT_VERSION } from '../../kit/index.js';
import { extensionOf, refuseNamesakes } from './check-extension.js';
import type { Extension } from './extension.js';

const points = defineExtensionPoint<object, { name: string; options?: new () => object }>({
  point: 'tool',
  methods: [],
});

function tool(name: string, options?: new () => object) {
  class Tool {}
  points.decorate({ name, options })(Tool);
  return Tool;
}

const file = { path: '/p/clock.tool.js', stem: 'clock', point: 'tool' };

describe('an extension file', () => {
  it('holds exactly one extension, under any export name, once', () => {
    const Clock = tool('clock');
    expect(extensionOf(file, { Clock, default: Clock, other: 1 }).target).toBe(Clock);
  });

  it('is refused without an extension', () => {
    expect(() => extensionOf(file, { Clock: class {} })).toThrow('/p/clock.tool.js exports no class marked as tool');
  });

  it('is refused with two', () => {
    const exports = { A: tool('clock'), B: tool('watch') };
    expect(() => extensionOf(file, exports)).toThrow("exports tool 'clock' and tool 'watch'");
  });

  it('is refused when name or point differ from the file name', () => {
    expect(() => extensionOf(file, { A: tool('watch') })).toThrow("holds tool 'watch': name and file must agree");
    expect(() => extensionOf({ ...file, point: 'engine' }, { A: tool('clock') })).toThrow('Name the file clock.tool.');
  });

  it('is refused when it was built for another kit, or with a copy of it', () => {
    const Clock = tool('clock');
    const mark = extensionMark(Clock)!;
    Object.assign(mark, { kit: KIT_VERSION + 1 });
    expect(() => extensionOf(file, { Clock })).toThrow(`built for version ${KIT_VERSION + 1} of the kit`);
    Object.assign(mark, { kit: KIT_VERSION, instance: Symbol('another copy') });
    expect(() => extensionOf(file, { Clock })).toThrow("brings its own copy of 'nest-ark'");
  });

  it('is refused when its options class says nothing about its fields', () => {
    class Bare {
      zone = 'UTC';
    }
    class Said {
      @IsString()
      zone = 'UTC';
    }
    expect(() => extensionOf(file, { A: tool('clock', Bare) })).toThrow('options class Bare');
    expect(extensionOf(file, { A: tool('clock', Said) }).mark.name).toBe('clock');
  });

  it('must not share name and point with another', () => {
    const extension = (path: string): Extension => {
      const { mark, target } = extensionOf({ ...file, path }, { A: tool('clock') });
      return { mark, target, file: path, digest: '' };
    };
    expect(() => refuseNamesakes([extension('/a/clock.tool.js'), extension('/b/clock.tool.js')])).toThrow(
      "two extensions tool 'clock': /a/clock.tool.js and /b/clock.tool.js",
    );
  });
});
