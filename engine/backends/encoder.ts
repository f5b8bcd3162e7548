/** A small WebAssembly binary encoder: sections, functions and the instructions that the emitter needs. */

/** Codes of the value types. */
export const TYPE = { i32: 0x7f, i64: 0x7e, f64: 0x7c, v128: 0x7b } as const
/** A value type of WebAssembly that the emitter uses. */
export type WasmType = keyof typeof TYPE

/** Instructions without immediates, and the numbers of SIMD ones (behind the 0xfd prefix). */
export const OP = {
  block: 0x02,
  loop: 0x03,
  if: 0x04,
  else: 0x05,
  end: 0x0b,
  br: 0x0c,
  brIf: 0x0d,
  call: 0x10,
  select: 0x1b,
  localGet: 0x20,
  localSet: 0x21,
  localTee: 0x22,
  globalGet: 0x23,
  i32Load: 0x28,
  f64Load: 0x2b,
  i32Store: 0x36,
  f64Store: 0x39,
  i32Store8: 0x3a,
  i32Const: 0x41,
  i64Const: 0x42,
  f64Const: 0x44,
  i32Eqz: 0x45,
  i32Eq: 0x46,
  i32LtS: 0x48,
  i32LtU: 0x49,
  i32GtS: 0x4a,
  i32GeS: 0x4e,
  f64Eq: 0x61,
  f64Ne: 0x62,
  f64Lt: 0x63,
  f64Le: 0x65,
  i32Add: 0x6a,
  i32Sub: 0x6b,
  i32Mul: 0x6c,
  i32RemU: 0x70,
  i32And: 0x71,
  i32Or: 0x72,
  i32Xor: 0x73,
  i32Shl: 0x74,
  i32ShrU: 0x76,
  i32Rotl: 0x77,
  i64Add: 0x7c,
  i64Sub: 0x7d,
  i64And: 0x83,
  i64Or: 0x84,
  i64Shl: 0x86,
  i64ShrU: 0x88,
  f64Abs: 0x99,
  f64Neg: 0x9a,
  f64Floor: 0x9c,
  f64Sqrt: 0x9f,
  f64Add: 0xa0,
  f64Sub: 0xa1,
  f64Mul: 0xa2,
  f64Div: 0xa3,
  i64ExtendI32U: 0xad,
  f64ConvertI32S: 0xb7,
  f64ConvertI32U: 0xb8,
  f64ConvertI64U: 0xba,
  i64ReinterpretF64: 0xbd,
  f64ReinterpretI64: 0xbf,
} as const

/** Numbers of the SIMD instructions, which follow the 0xfd prefix. */
export const SIMD = {
  load: 0x00,
  store: 0x0b,
  const: 0x0c,
  shuffle: 0x0d,
  i32x4Splat: 0x11,
  i64x2Splat: 0x12,
  f64x2Splat: 0x14,
  i32x4ExtractLane: 0x1b,
  f64x2ExtractLane: 0x21,
  i32x4Eq: 0x37,
  i32x4LtU: 0x3a,
  f64x2Eq: 0x47,
  f64x2Ne: 0x48,
  f64x2Lt: 0x49,
  f64x2Le: 0x4b,
  not: 0x4d,
  and: 0x4e,
  andnot: 0x4f,
  or: 0x50,
  xor: 0x51,
  bitselect: 0x52,
  anyTrue: 0x53,
  store8Lane: 0x58,
  store32Lane: 0x5a,
  store64Lane: 0x5b,
  f64x2Floor: 0x75,
  i32x4Shl: 0xab,
  i32x4ShrU: 0xad,
  i32x4Add: 0xae,
  i32x4Sub: 0xb1,
  i32x4Mul: 0xb5,
  i64x2AllTrue: 0xc3,
  i64x2ExtendLowI32x4S: 0xc7,
  i64x2ExtendHighI32x4S: 0xc8,
  i64x2Shl: 0xcb,
  i64x2ShrU: 0xcd,
  i64x2Add: 0xce,
  f64x2Abs: 0xec,
  f64x2Neg: 0xed,
  f64x2Sqrt: 0xef,
  f64x2Add: 0xf0,
  f64x2Sub: 0xf1,
  f64x2Mul: 0xf2,
  f64x2Div: 0xf3,
  f64x2Pmin: 0xf6,
  f64x2Pmax: 0xf7,
  i32x4TruncSatF64x2SZero: 0xfc,
  f64x2ConvertLowI32x4U: 0xff,
} as const

const scratch = new DataView(new ArrayBuffer(8))

/** A growing run of bytes with the number formats of WebAssembly. */
export class Bytes {
  private data = new Uint8Array(1024)
  length = 0

  byte(value: number): this {
    if (this.length === this.data.length) this.grow(1)
    this.data[this.length++] = value
    return this
  }

  /** Unsigned LEB128. */
  u32(value: number): this {
    let rest = value >>> 0
    while (rest >= 0x80) {
      this.byte((rest & 0x7f) | 0x80)
      rest >>>= 7
    }
    return this.byte(rest)
  }

  /** Signed LEB128 of a 32-bit number. */
  i32(value: number): this {
    let rest = value | 0
    for (;;) {
      const low = rest & 0x7f
      rest >>= 7
      if ((rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0)) return this.byte(low)
      this.byte(low | 0x80)
    }
  }

  /** Signed LEB128 of a 64-bit number. */
  i64(value: bigint): this {
    let rest = BigInt.asIntN(64, value)
    for (;;) {
      const low = Number(rest & 0x7fn)
      rest >>= 7n
      if ((rest === 0n && (low & 0x40) === 0) || (rest === -1n && (low & 0x40) !== 0)) return this.byte(low)
      this.byte(low | 0x80)
    }
  }

  f64(value: number): this {
    scratch.setFloat64(0, value, true)
    for (let i = 0; i < 8; i++) this.byte(scratch.getUint8(i))
    return this
  }

  bytes(values: Uint8Array | readonly number[]): this {
    if (this.length + values.length > this.data.length) this.grow(values.length)
    this.data.set(values, this.length)
    this.length += values.length
    return this
  }

  text(value: string): this {
    const encoded = new TextEncoder().encode(value)
    return this.u32(encoded.length).bytes(encoded)
  }

  /** The bytes so far, shared with this buffer. */
  view(): Uint8Array {
    return this.data.subarray(0, this.length)
  }

  private grow(atLeast: number): void {
    const larger = new Uint8Array(Math.max(this.data.length * 2, this.length + atLeast))
    larger.set(this.data)
    this.data = larger
  }
}

/**
 * Vectors of two equal numbers that the code of a module uses, each once, as immutable globals: V8 reads one with one
 * instruction, and makes a constant in the code with three.
 */
export class Constants {
  private readonly indices = new Map<number, number>()

  /** The global that holds a number twice. Zero is none: it needs no memory. */
  globalOf(value: number): number | undefined {
    // A map takes both zeros for the same key.
    if (value === 0) return undefined
    const index = this.indices.get(value) ?? this.indices.size
    this.indices.set(value, index)
    return index
  }

  /** Numbers in the order of their globals. */
  get values(): number[] {
    return [...this.indices.keys()]
  }
}

/** One function being written: its code and its locals. Parameters come first among the locals. */
export class Code extends Bytes {
  private readonly types: WasmType[] = []
  private readonly free: Record<WasmType, number[]> = { i32: [], i64: [], f64: [], v128: [] }
  private readonly parameterCount: number
  private readonly constants: Constants | undefined

  /** @param constants of the module that the function is for; without them constants stand in the code */
  constructor(parameters: readonly WasmType[], constants?: Constants) {
    super()
    this.parameterCount = parameters.length
    this.constants = constants
  }

  /** A local of this type, reused if one was released. */
  local(type: WasmType): number {
    const released = this.free[type].pop()
    if (released !== undefined) return released
    this.types.push(type)
    return this.parameterCount + this.types.length - 1
  }

  release(type: WasmType, local: number): void {
    if (local >= this.parameterCount) this.free[type].push(local)
  }

  op(code: number): this {
    return this.byte(code)
  }

  simd(code: number): this {
    return this.byte(0xfd).u32(code)
  }

  get(local: number): this {
    return this.byte(OP.localGet).u32(local)
  }

  set(local: number): this {
    return this.byte(OP.localSet).u32(local)
  }

  tee(local: number): this {
    return this.byte(OP.localTee).u32(local)
  }

  i32Const(value: number): this {
    return this.byte(OP.i32Const).i32(value)
  }

  f64Const(value: number): this {
    return this.byte(OP.f64Const).f64(value)
  }

  i64Const(value: bigint): this {
    return this.byte(OP.i64Const).i64(value)
  }

  /** A memory instruction; `align` is the exponent of the alignment hint. */
  memory(code: number, { align, offset }: { align: number; offset: number }): this {
    return this.byte(code).u32(align).u32(offset)
  }

  simdMemory(code: number, { align, offset }: { align: number; offset: number }): this {
    return this.simd(code).u32(align).u32(offset)
  }

  /** Two equal f64: a constant of the module, or a `v128.const`. */
  f64x2Const(value: number): this {
    const global = this.constants?.globalOf(value)
    if (global !== undefined) return this.byte(OP.globalGet).u32(global)
    return this.simd(SIMD.const).f64(value).f64(value)
  }

  i64x2Const(value: bigint): this {
    const both = new BigUint64Array([BigInt.asUintN(64, value), BigInt.asUintN(64, value)])
    return this.simd(SIMD.const).bytes(new Uint8Array(both.buffer))
  }

  i32x4Const(value: number): this {
    return this.simd(SIMD.const).bytes(new Uint8Array(new Int32Array([value, value, value, value]).buffer))
  }

  /** The finished body: locals, code, end. */
  body(): Uint8Array {
    const runs: { type: WasmType; count: number }[] = []
    for (const type of this.types) {
      const last = runs.at(-1)
      if (last?.type === type) last.count++
      else runs.push({ type, count: 1 })
    }
    const out = new Bytes().u32(runs.length)
    for (const { type, count } of runs) out.u32(count).byte(TYPE[type])
    out.bytes(this.view()).byte(OP.end)
    return out.view()
  }
}

/** The types of a function's parameters and results. */
export interface FunctionType {
  readonly parameters: readonly WasmType[]
  readonly results: readonly WasmType[]
}

/** A module with one imported memory (`env.memory`) and any functions. */
export class ModuleEncoder {
  readonly constants = new Constants()
  private readonly types: string[] = []
  private readonly functions: { type: number; body: Uint8Array }[] = []
  private readonly exports: { name: string; index: number }[] = []

  /** The index that the next function will get. */
  get nextFunction(): number {
    return this.functions.length
  }

  add(type: FunctionType, code: Code, exportName?: string): number {
    const index = this.functions.length
    this.functions.push({ type: this.typeIndex(type), body: code.body() })
    if (exportName) this.exports.push({ name: exportName, index })
    return index
  }

  private typeIndex({ parameters, results }: FunctionType): number {
    const key = `${parameters.join(',')}>${results.join(',')}`
    const known = this.types.indexOf(key)
    if (known >= 0) return known
    return this.types.push(key) - 1
  }

  /** The binary. The memory is imported as shared when `shared`; sizes are in pages of 64 KiB. */
  encode({
    shared,
    minimumPages,
    maximumPages,
  }: {
    shared: boolean
    minimumPages: number
    maximumPages: number
  }): Uint8Array<ArrayBuffer> {
    const out = new Bytes().bytes([0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00])
    const section = (id: number, fill: (bytes: Bytes) => void): void => {
      const inner = new Bytes()
      fill(inner)
      out.byte(id).u32(inner.length).bytes(inner.view())
    }
    section(1, (b) => {
      b.u32(this.types.length)
      for (const key of this.types) {
        const [parameters, results] = key.split('>').map((list) => list.split(',').filter(Boolean)) as [
          string[],
          string[],
        ]
        b.byte(0x60).u32(parameters.length)
        for (const type of parameters) b.byte(TYPE[type as WasmType])
        b.u32(results.length)
        for (const type of results) b.byte(TYPE[type as WasmType])
      }
    })
    section(2, (b) =>
      b
        .u32(1)
        .text('env')
        .text('memory')
        .byte(0x02)
        .byte(shared ? 0x03 : 0x01)
        .u32(minimumPages)
        .u32(maximumPages),
    )
    section(3, (b) => {
      b.u32(this.functions.length)
      for (const { type } of this.functions) b.u32(type)
    })
    const { values } = this.constants
    if (values.length > 0)
      section(6, (b) => {
        b.u32(values.length)
        for (const value of values) {
          const code = new Code([]).f64x2Const(value)
          b.byte(TYPE.v128).byte(0x00).bytes(code.view()).byte(OP.end)
        }
      })
    section(7, (b) => {
      b.u32(this.exports.length)
      for (const { name, index } of this.exports) b.text(name).byte(0x00).u32(index)
    })
    section(10, (b) => {
      b.u32(this.functions.length)
      for (const { body } of this.functions) b.u32(body.length).bytes(body)
    })
    return new Uint8Array(out.view())
  }
}
