/** The WebAssembly encoder: numbers as the format has them, modules that validate, instructions that do what they say. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  Bytes,
  Code,
  ModuleEncoder,
  OP,
  SIMD,
  type FunctionType,
  type WasmType,
} from '../../engine/backends/encoder.ts'

/** Reads a LEB128 number as the specification defines it, with arbitrary precision. */
function decoded(bytes: Uint8Array, signed: boolean, start = 0): { value: bigint; end: number } {
  let value = 0n
  let shift = 0n
  for (let at = start; ; at++) {
    const byte = bytes[at]
    if (byte === undefined) throw new Error('the number does not end')
    value |= BigInt(byte & 0x7f) << shift
    shift += 7n
    if (byte & 0x80) continue
    return { value: signed && byte & 0x40 ? value - (1n << shift) : value, end: at + 1 }
  }
}

describe('LEB128', () => {
  it('holds unsigned numbers of 32 bits, in as few bytes as they need', () => {
    const edges: [number, number][] = [
      [0, 1],
      [1, 1],
      [127, 1],
      [128, 2],
      [16383, 2],
      [16384, 3],
      [2 ** 21 - 1, 3],
      [2 ** 21, 4],
      [2 ** 28 - 1, 4],
      [2 ** 28, 5],
      [2 ** 31, 5],
      [2 ** 32 - 1, 5],
    ]
    for (const [value, length] of edges) {
      const bytes = new Bytes().u32(value).view()
      expect(decoded(bytes, false)).toEqual({ value: BigInt(value), end: length })
      expect(bytes.length).toBe(length)
    }
    fc.assert(
      fc.property(fc.nat(2 ** 32 - 1), (value) => {
        expect(decoded(new Bytes().u32(value).view(), false).value).toBe(BigInt(value))
      }),
    )
  })

  it('holds signed numbers of 32 bits', () => {
    const edges: [number, number][] = [
      [0, 1],
      [63, 1],
      [64, 2],
      [-1, 1],
      [-64, 1],
      [-65, 2],
      [8191, 2],
      [8192, 3],
      [-8192, 2],
      [-8193, 3],
      [2 ** 31 - 1, 5],
      [-(2 ** 31), 5],
    ]
    for (const [value, length] of edges) {
      const bytes = new Bytes().i32(value).view()
      expect(decoded(bytes, true)).toEqual({ value: BigInt(value), end: length })
    }
    fc.assert(
      fc.property(fc.integer(), (value) => {
        expect(decoded(new Bytes().i32(value).view(), true).value).toBe(BigInt(value))
      }),
    )
  })

  it('takes unsigned words where signed ones are written, as the same bits', () => {
    expect(decoded(new Bytes().i32(0xffff_ffff).view(), true).value).toBe(-1n)
    expect(decoded(new Bytes().i32(0x8000_0000).view(), true).value).toBe(-(2n ** 31n))
  })

  it('holds signed numbers of 64 bits', () => {
    for (const value of [0n, -1n, 63n, 64n, 2n ** 31n, 2n ** 63n - 1n, -(2n ** 63n)]) {
      const bytes = new Bytes().i64(value).view()
      expect(decoded(bytes, true)).toEqual({ value, end: bytes.length })
      expect(bytes.length).toBeLessThanOrEqual(10)
    }
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (value) => {
        expect(decoded(new Bytes().i64(value).view(), true).value).toBe(value)
      }),
    )
  })
})

describe('bytes', () => {
  it('grow without losing any', () => {
    const bytes = new Bytes()
    for (let i = 0; i < 5000; i++) bytes.byte(i & 0xff)
    bytes.bytes(Uint8Array.from({ length: 100_000 }, (_, i) => (i * 7) & 0xff)).bytes([1, 2, 3])
    expect(bytes.length).toBe(105_003)
    expect(Array.from(bytes.view().subarray(4999, 5003))).toEqual([4999 & 0xff, 0, 7, 14])
    expect(Array.from(bytes.view().subarray(-3))).toEqual([1, 2, 3])
  })

  it('hold texts with their length in UTF-8', () => {
    expect(Array.from(new Bytes().text('né').view())).toEqual([3, 0x6e, 0xc3, 0xa9])
  })

  it('hold every double exactly, little end first', () => {
    fc.assert(
      fc.property(fc.double(), (value) => {
        const view = new Bytes().f64(value).view()
        expect(Object.is(new DataView(view.buffer, view.byteOffset).getFloat64(0, true), value)).toBe(true)
      }),
    )
  })
})

describe('a function body', () => {
  it('declares its locals in runs of one type', () => {
    const code = new Code(['i32'])
    expect([code.local('v128'), code.local('v128'), code.local('f64'), code.local('v128')]).toEqual([
      1, 2, 3, 4,
    ])
    expect(Array.from(code.body())).toEqual([3, 2, 0x7b, 1, 0x7c, 1, 0x7b, OP.end])
  })

  it('uses locals again once they are released, but never parameters or locals of another type', () => {
    const code = new Code(['i32', 'f64'])
    const local = code.local('i32')
    code.release('i32', local)
    code.release('i32', 0)
    expect(code.local('f64')).toBe(3)
    expect(code.local('i32')).toBe(local)
    expect(code.local('i32')).toBe(4)
  })
})

interface Section {
  readonly id: number
  readonly bytes: Uint8Array
}

/** The sections of a module. */
function sectionsOf(binary: Uint8Array): Section[] {
  expect(Array.from(binary.subarray(0, 8))).toEqual([0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0])
  const sections: Section[] = []
  for (let at = 8; at < binary.length;) {
    const { value, end } = decoded(binary, false, at + 1)
    sections.push({ id: binary[at] as number, bytes: binary.subarray(end, end + Number(value)) })
    at = end + Number(value)
  }
  return sections
}

const MEMORY = { shared: false, minimumPages: 1, maximumPages: 1 }

describe('a module', () => {
  const moduleOf = (count: number): ModuleEncoder => {
    const encoder = new ModuleEncoder()
    for (let i = 0; i < count; i++)
      encoder.add(
        { parameters: i % 2 ? ['i32'] : [], results: ['i32'] },
        new Code(i % 2 ? ['i32'] : []).i32Const(i),
        i % 3 === 0 ? `f${i}` : undefined,
      )
    return encoder
  }

  it('validates and runs, with any number of functions', () => {
    for (const count of [0, 1, 2, 127, 128, 300]) {
      const binary = moduleOf(count).encode(MEMORY)
      expect(WebAssembly.validate(binary)).toBe(true)
      const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 })
      const exports = new WebAssembly.Instance(new WebAssembly.Module(binary), { env: { memory } })
        .exports as Record<string, (x?: number) => number>
      expect(Object.keys(exports)).toEqual(
        Array.from({ length: count }, (_, i) => i)
          .filter((i) => i % 3 === 0)
          .map((i) => `f${i}`),
      )
      for (const [name, run] of Object.entries(exports)) expect(`f${run(0)}`).toBe(name)
    }
  })

  it('has its sections in order, each type once', () => {
    const sections = sectionsOf(moduleOf(5).encode(MEMORY))
    expect(sections.map(({ id }) => id)).toEqual([1, 2, 3, 7, 10])
    expect(Array.from((sections[0] as Section).bytes)).toEqual([2, 0x60, 0, 1, 0x7f, 0x60, 1, 0x7f, 1, 0x7f])
    expect(Array.from((sections[2] as Section).bytes)).toEqual([5, 0, 1, 0, 1, 0])
  })

  it('holds each number that its code uses once, with its sign and its bits', () => {
    const numbers = [0.1, -0.1, 1, 0.1, 0, -0, Number.MIN_VALUE, Infinity]
    const encoder = new ModuleEncoder()
    const code = new Code([], encoder.constants)
    numbers.forEach((value, i) =>
      code
        .i32Const(16 * i)
        .f64x2Const(value)
        .simdMemory(SIMD.store, { align: 3, offset: 0 }),
    )
    encoder.add({ parameters: [], results: [] }, code, 'run')
    const binary = encoder.encode(MEMORY)
    expect(sectionsOf(binary).map(({ id }) => id)).toEqual([1, 2, 3, 6, 7, 10])
    // 0.1, -0.1, 1, the least number and infinity; zeros stand in the code.
    expect(encoder.constants.values).toEqual([0.1, -0.1, 1, Number.MIN_VALUE, Infinity])
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 })
    const instance = new WebAssembly.Instance(new WebAssembly.Module(binary), { env: { memory } })
    ;(instance.exports as { run(): void }).run()
    expect(Array.from(new Float64Array(memory.buffer, 0, 2 * numbers.length))).toEqual(
      numbers.flatMap((value) => [value, value]),
    )
  })

  it('imports a memory with limits, shared or not', () => {
    const limits = (shared: boolean, minimumPages: number, maximumPages: number): number[] => {
      const [, imports] = sectionsOf(moduleOf(1).encode({ shared, minimumPages, maximumPages }))
      return Array.from(
        (imports as Section).bytes.subarray(-3 - (minimumPages > 127 ? 1 : 0) - (maximumPages > 127 ? 1 : 0)),
      )
    }
    expect(limits(false, 1, 2)).toEqual([0x01, 1, 2])
    expect(limits(true, 3, 300)).toEqual([0x03, 3, 0xac, 0x02])
    const memory = new WebAssembly.Memory({ initial: 3, maximum: 300, shared: true })
    expect(
      () =>
        new WebAssembly.Instance(
          new WebAssembly.Module(moduleOf(1).encode({ shared: true, minimumPages: 3, maximumPages: 300 })),
          { env: { memory } },
        ),
    ).not.toThrow()
  })
})

/** Runs code that reads two v128 at 0 and 16 (and a third at 32) and leaves one at 48. */
function vector(
  write: (code: Code) => void,
  lanes: { f64?: readonly number[]; i32?: readonly number[] },
): { f64: number[]; i32: number[]; i64: bigint[] } {
  const code = new Code([])
  code.i32Const(48)
  write(code)
  code.simdMemory(SIMD.store, { align: 3, offset: 0 })
  return memoryAfter({ parameters: [], results: [] }, code, lanes)
}

function memoryAfter(
  type: FunctionType,
  code: Code,
  { f64, i32 }: { f64?: readonly number[]; i32?: readonly number[] },
  ...args: readonly number[]
): { f64: number[]; i32: number[]; i64: bigint[] } {
  const encoder = new ModuleEncoder()
  encoder.add(type, code, 'run')
  const binary = encoder.encode(MEMORY)
  expect(WebAssembly.validate(binary)).toBe(true)
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 })
  if (f64) new Float64Array(memory.buffer).set(f64)
  if (i32) new Int32Array(memory.buffer).set(i32)
  ;(
    new WebAssembly.Instance(new WebAssembly.Module(binary), { env: { memory } }).exports as {
      run(...given: readonly number[]): void
    }
  ).run(...args)
  return {
    f64: Array.from(new Float64Array(memory.buffer, 48, 2)),
    i32: Array.from(new Int32Array(memory.buffer, 48, 4)),
    i64: Array.from(new BigInt64Array(memory.buffer, 48, 2)),
  }
}

const load = (code: Code, at: number): Code =>
  code.i32Const(at).simdMemory(SIMD.load, { align: 3, offset: 0 })
const both =
  (op: number) =>
  (code: Code): void => {
    load(load(code, 0), 16).simd(op)
  }
const one =
  (op: number) =>
  (code: Code): void => {
    load(code, 0).simd(op)
  }

describe('SIMD instructions', () => {
  const [a, b] = [
    [1.5, -0],
    [-4, 0],
  ] as const
  const pair = { f64: [...a, ...b] }

  it('compute with pairs of doubles', () => {
    expect(vector(both(SIMD.f64x2Add), pair).f64).toEqual([-2.5, 0])
    expect(vector(both(SIMD.f64x2Sub), pair).f64).toEqual([5.5, -0])
    expect(vector(both(SIMD.f64x2Mul), pair).f64).toEqual([-6, -0])
    expect(vector(both(SIMD.f64x2Div), { f64: [1.5, 3, -4, 0] }).f64).toEqual([-0.375, Infinity])
    // pmin(a, b) is b < a ? b : a and pmax is a < b ? b : a: of 0 and -0 the first.
    expect(vector(both(SIMD.f64x2Pmin), pair).f64).toEqual([-4, -0])
    expect(vector(both(SIMD.f64x2Pmax), pair).f64).toEqual([1.5, -0])
    expect(vector(one(SIMD.f64x2Neg), pair).f64).toEqual([-1.5, 0])
    expect(vector(one(SIMD.f64x2Abs), { f64: [-2, -0] }).f64).toEqual([2, 0])
    expect(vector(one(SIMD.f64x2Sqrt), { f64: [2, 9] }).f64).toEqual([Math.SQRT2, 3])
    expect(vector(one(SIMD.f64x2Floor), { f64: [-0.5, 2.9] }).f64).toEqual([-1, 2])
  })

  it('compare pairs of doubles into masks', () => {
    const less = { f64: [1, 2, 2, 2] }
    expect(vector(both(SIMD.f64x2Lt), less).i64).toEqual([-1n, 0n])
    expect(vector(both(SIMD.f64x2Le), less).i64).toEqual([-1n, -1n])
    expect(vector(both(SIMD.f64x2Eq), less).i64).toEqual([0n, -1n])
    expect(vector(both(SIMD.f64x2Ne), less).i64).toEqual([-1n, 0n])
  })

  it('combine bits', () => {
    const bits = { i32: [0b1100, -1, 0, 5, 0b1010, 1, 7, 5, 0b0110, 0, -1, 0] }
    expect(vector(both(SIMD.and), bits).i32).toEqual([0b1000, 1, 0, 5])
    expect(vector(both(SIMD.or), bits).i32).toEqual([0b1110, -1, 7, 5])
    expect(vector(both(SIMD.xor), bits).i32).toEqual([0b0110, -2, 7, 0])
    expect(vector(both(SIMD.andnot), bits).i32).toEqual([0b0100, -2, 0, 0])
    expect(vector(one(SIMD.not), bits).i32).toEqual([~0b1100, 0, -1, ~5])
    expect(
      vector((code) => {
        load(load(load(code, 0), 16), 32).simd(SIMD.bitselect)
      }, bits).i32,
    ).toEqual([(0b1100 & 0b0110) | (0b1010 & ~0b0110), 1, 0, 5])
    expect(
      vector((code) => {
        load(load(code, 0), 16)
          .simd(SIMD.shuffle)
          .bytes([0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 28, 29, 30, 31])
      }, bits).i32,
    ).toEqual([0b1100, 0b1010, -1, 5])
  })

  it('compute with four words', () => {
    const words = { i32: [1, -1, 2 ** 31 - 1, 7, 2, 1, 1, 7] }
    expect(vector(both(SIMD.i32x4Add), words).i32).toEqual([3, 0, -(2 ** 31), 14])
    expect(vector(both(SIMD.i32x4Sub), words).i32).toEqual([-1, -2, 2 ** 31 - 2, 0])
    expect(vector(both(SIMD.i32x4Mul), words).i32).toEqual([2, -1, 2 ** 31 - 1, 49])
    expect(vector(both(SIMD.i32x4Eq), words).i32).toEqual([0, 0, 0, -1])
    expect(vector(both(SIMD.i32x4LtU), words).i32).toEqual([-1, 0, 0, 0])
    expect(
      vector((code) => {
        load(code, 0).i32Const(4).simd(SIMD.i32x4Shl)
      }, words).i32,
    ).toEqual([16, -16, -16, 112])
    expect(
      vector((code) => {
        load(code, 0).i32Const(28).simd(SIMD.i32x4ShrU)
      }, words).i32,
    ).toEqual([0, 15, 7, 0])
  })

  it('convert between words and doubles, and widen masks', () => {
    expect(vector(one(SIMD.f64x2ConvertLowI32x4U), { i32: [-1, 5, 1, 1] }).f64).toEqual([4294967295, 5])
    expect(vector(one(SIMD.i32x4TruncSatF64x2SZero), { f64: [-1.9, 1e10] }).i32).toEqual([
      -1,
      2 ** 31 - 1,
      0,
      0,
    ])
    expect(vector(one(SIMD.i64x2ExtendLowI32x4S), { i32: [-1, 3, 5, 7] }).i64).toEqual([-1n, 3n])
    expect(vector(one(SIMD.i64x2ExtendHighI32x4S), { i32: [-1, 3, -5, 7] }).i64).toEqual([-5n, 7n])
    expect(vector(both(SIMD.i64x2Add), { i32: [-1, 0, 1, 0, 1, 0, 1, 0] }).i64).toEqual([2n ** 32n, 2n])
    expect(
      vector(
        (code) => {
          load(code, 0).i32Const(52).simd(SIMD.i64x2Shl)
        },
        { i32: [3, 0, 1, 0] },
      ).i64,
    ).toEqual([3n << 52n, 1n << 52n])
    expect(
      vector(
        (code) => {
          load(code, 0).i32Const(52).simd(SIMD.i64x2ShrU)
        },
        { f64: [1, -1] },
      ).i64,
    ).toEqual([1023n, 3071n])
  })

  it('spread, take out and test lanes', () => {
    expect(
      vector((code) => {
        code.f64Const(2.5).simd(SIMD.f64x2Splat)
      }, {}).f64,
    ).toEqual([2.5, 2.5])
    expect(
      vector((code) => {
        code.i32Const(-3).simd(SIMD.i32x4Splat)
      }, {}).i32,
    ).toEqual([-3, -3, -3, -3])
    expect(
      vector((code) => {
        code.i64Const(-3n).simd(SIMD.i64x2Splat)
      }, {}).i64,
    ).toEqual([-3n, -3n])
    expect(
      vector(
        (code) => {
          load(code, 0).simd(SIMD.f64x2ExtractLane).byte(1).simd(SIMD.f64x2Splat)
        },
        { f64: [1, 2] },
      ).f64,
    ).toEqual([2, 2])
    expect(
      vector(
        (code) => {
          load(code, 0).simd(SIMD.i32x4ExtractLane).byte(3).simd(SIMD.i32x4Splat)
        },
        { i32: [1, 2, 3, 4] },
      ).i32,
    ).toEqual([4, 4, 4, 4])
    expect(
      vector(
        (code) => {
          load(code, 0).simd(SIMD.anyTrue).simd(SIMD.i32x4Splat)
        },
        { i32: [0, 0, 4, 0] },
      ).i32,
    ).toEqual([1, 1, 1, 1])
    expect(
      vector(
        (code) => {
          load(code, 0).simd(SIMD.i64x2AllTrue).simd(SIMD.i32x4Splat)
        },
        { i32: [0, 0, 4, 0] },
      ).i32,
    ).toEqual([0, 0, 0, 0])
    expect(
      vector(
        (code) => {
          load(code, 0).simd(SIMD.i64x2AllTrue).simd(SIMD.i32x4Splat)
        },
        { i32: [0, 1, 4, 0] },
      ).i32,
    ).toEqual([1, 1, 1, 1])
  })

  it('store single lanes', () => {
    const stored = (op: number, align: number, lane: number) => {
      const code = new Code([])
      load(code.i32Const(48), 0).simdMemory(op, { align, offset: 0 }).byte(lane)
      return memoryAfter({ parameters: [], results: [] }, code, { i32: [1, 2, 0x01020304, 4] }).i32
    }
    expect(stored(SIMD.store64Lane, 3, 1)).toEqual([0x01020304, 4, 0, 0])
    expect(stored(SIMD.store32Lane, 2, 3)).toEqual([4, 0, 0, 0])
    expect(stored(SIMD.store8Lane, 0, 9)).toEqual([3, 0, 0, 0])
  })

  it('have constants of every width', () => {
    expect(
      vector((code) => {
        code.f64x2Const(-0.1)
      }, {}).f64,
    ).toEqual([-0.1, -0.1])
    expect(
      vector((code) => {
        code.i64x2Const(-2n)
      }, {}).i64,
    ).toEqual([-2n, -2n])
    expect(
      vector((code) => {
        code.i32x4Const(0xffff_fffe)
      }, {}).i32,
    ).toEqual([-2, -2, -2, -2])
  })
})

describe('scalar instructions', () => {
  /** Runs an instruction on arguments of one type and gives its result as a number. */
  function scalar(op: number, type: WasmType, result: WasmType, ...args: number[]): number {
    const parameters = args.map(() => type)
    const code = new Code(parameters)
    args.forEach((_, i) => code.get(i))
    code.op(op)
    const encoder = new ModuleEncoder()
    encoder.add({ parameters, results: [result] }, code, 'run')
    const binary = encoder.encode(MEMORY)
    expect(WebAssembly.validate(binary)).toBe(true)
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 })
    return (
      new WebAssembly.Instance(new WebAssembly.Module(binary), { env: { memory } }).exports as {
        run(...given: number[]): number
      }
    ).run(...args)
  }

  it('compute with doubles', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), fc.double({ noNaN: true }), (x, y) => {
        expect(scalar(OP.f64Add, 'f64', 'f64', x, y)).toBe(x + y)
        expect(scalar(OP.f64Sub, 'f64', 'f64', x, y)).toBe(x - y)
        expect(scalar(OP.f64Mul, 'f64', 'f64', x, y)).toBe(x * y)
        expect(scalar(OP.f64Div, 'f64', 'f64', x, y)).toBe(x / y)
        expect(scalar(OP.f64Abs, 'f64', 'f64', x)).toBe(Math.abs(x))
        expect(scalar(OP.f64Neg, 'f64', 'f64', x)).toBe(-x)
        expect(scalar(OP.f64Floor, 'f64', 'f64', x)).toBe(Math.floor(x))
        expect(scalar(OP.f64Sqrt, 'f64', 'f64', x)).toBe(Math.sqrt(x))
        expect(scalar(OP.f64Lt, 'f64', 'i32', x, y)).toBe(x < y ? 1 : 0)
        expect(scalar(OP.f64Le, 'f64', 'i32', x, y)).toBe(x <= y ? 1 : 0)
        expect(scalar(OP.f64Eq, 'f64', 'i32', x, y)).toBe(x === y ? 1 : 0)
        expect(scalar(OP.f64Ne, 'f64', 'i32', x, y)).toBe(x === y ? 0 : 1)
      }),
      { numRuns: 30 },
    )
  })

  it('compute with words', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer(), (x, y) => {
        expect(scalar(OP.i32Add, 'i32', 'i32', x, y)).toBe((x + y) | 0)
        expect(scalar(OP.i32Sub, 'i32', 'i32', x, y)).toBe((x - y) | 0)
        expect(scalar(OP.i32Mul, 'i32', 'i32', x, y)).toBe(Math.imul(x, y))
        expect(scalar(OP.i32And, 'i32', 'i32', x, y)).toBe(x & y)
        expect(scalar(OP.i32Or, 'i32', 'i32', x, y)).toBe(x | y)
        expect(scalar(OP.i32Xor, 'i32', 'i32', x, y)).toBe(x ^ y)
        expect(scalar(OP.i32Shl, 'i32', 'i32', x, y)).toBe(x << y)
        expect(scalar(OP.i32ShrU, 'i32', 'i32', x, y)).toBe((x >>> y) | 0)
        expect(scalar(OP.i32Rotl, 'i32', 'i32', x, y & 31)).toBe(
          (x << (y & 31)) | ((x >>> (32 - (y & 31))) & ((y & 31) === 0 ? 0 : -1)),
        )
        if (y !== 0) expect(scalar(OP.i32RemU, 'i32', 'i32', x, y)).toBe(((x >>> 0) % (y >>> 0)) | 0)
        expect(scalar(OP.i32Eq, 'i32', 'i32', x, y)).toBe(x === y ? 1 : 0)
        expect(scalar(OP.i32LtS, 'i32', 'i32', x, y)).toBe(x < y ? 1 : 0)
        expect(scalar(OP.i32LtU, 'i32', 'i32', x, y)).toBe(x >>> 0 < y >>> 0 ? 1 : 0)
        expect(scalar(OP.i32GtS, 'i32', 'i32', x, y)).toBe(x > y ? 1 : 0)
        expect(scalar(OP.i32GeS, 'i32', 'i32', x, y)).toBe(x >= y ? 1 : 0)
        expect(scalar(OP.i32Eqz, 'i32', 'i32', x)).toBe(x === 0 ? 1 : 0)
        expect(scalar(OP.f64ConvertI32U, 'i32', 'f64', x)).toBe(x >>> 0)
        expect(scalar(OP.f64ConvertI32S, 'i32', 'f64', x)).toBe(x)
      }),
      { numRuns: 30 },
    )
  })

  it('loop, branch, load and store', () => {
    // Sums the words below an address, one by one.
    const code = new Code(['i32'])
    const [at, total] = [code.local('i32'), code.local('i32')]
    code.op(OP.block).op(0x40).op(OP.loop).op(0x40)
    code.get(at).get(0).op(OP.i32GeS).op(OP.brIf).u32(1)
    code.get(total).get(at).memory(OP.i32Load, { align: 2, offset: 0 }).op(OP.i32Add).set(total)
    code
      .get(at)
      .i32Const(4)
      .op(OP.i32Add)
      .tee(at)
      .i32Const(1000)
      .op(OP.i32LtS)
      .op(OP.if)
      .op(0x40)
      .op(OP.br)
      .u32(1)
      .op(OP.else)
      .op(OP.end)
    code.op(OP.end).op(OP.end)
    code.i32Const(48).get(total).memory(OP.i32Store, { align: 2, offset: 0 })
    code.i32Const(48).get(total).memory(OP.i32Store8, { align: 0, offset: 4 })
    code
      .i32Const(56)
      .i32Const(0)
      .memory(OP.f64Load, { align: 3, offset: 24 })
      .memory(OP.f64Store, { align: 3, offset: 0 })
    const { i32 } = memoryAfter(
      { parameters: ['i32'], results: [] },
      code,
      { i32: [100, 200, 300, 4, 5, 6, 7, 8] },
      12,
    )
    expect(i32).toEqual([600, 600 & 0xff, 7, 8])
  })
})
