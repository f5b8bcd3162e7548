/**
 * The JavaScript back end: readable, one lane at a time, and the oracle for the WebAssembly one, which must agree
 * with it to the last bit. It works on the same memory.
 */
import type {
  Branch,
  Call,
  Item,
  Loop,
  Program,
  RecordRow,
  Region,
  Repeat,
  RoutineBody,
  Step,
  Store,
  Value,
} from '../trace/ir.ts'
import {
  BLOCK,
  HEADER,
  LANES,
  layoutOf,
  outputHeaderAddress,
  routinesOf,
  type Layout,
  type Space,
} from '../trace/layout.ts'
import { firstRow, inputPlace, spacesOfEntities } from './addressing.ts'
import type { Kernel } from './kernel.ts'

/** A compiled program as JavaScript source: a function of memory views that returns the kernel's functions. */
export interface JavaScriptModule {
  readonly source: string
  readonly layout: Layout
}

/** Writes a program as JavaScript source. */
export function emitJavaScript(program: Program, layout: Layout = layoutOf(program)): JavaScriptModule {
  const steps = {
    prelude: program.prelude,
    start: program.start,
    month: program.month,
    finish: program.finish,
  }
  const writer = new Writer(layout)
  const names = Object.fromEntries(
    Object.entries(steps).map(([phase, list]) => [
      phase,
      list.map((s, i) => writer.step(`${phase}_${i}`, s)),
    ]),
  )
  const routines = writer.routines(
    routinesOf(
      Object.values(steps)
        .flat()
        .map((s) => s.region),
    ),
  )
  const calls = (phase: string): string =>
    (names[phase] as string[]).map((name) => `${name}(block, month)`).join('; ')
  const source = `'use strict'
${HELPERS}
${routines}
${writer.done.join('\n')}
return {
  prelude(block, fromMonth, toMonth) { for (let month = fromMonth; month < toMonth; month++) { ${calls('prelude')} } },
  start(block) { const month = 0; ${calls('start')} },
  run(block, fromMonth, toMonth) { for (let month = fromMonth; month < toMonth; month++) { ${calls('month')} } },
  steps(block, month, from, to) { const all = [${(names.month as string[]).join(', ')}]; for (let i = from; i < to; i++) all[i](block, month) },
  finish(block, month) { ${calls('finish')} },
}`
  return { source, layout }
}

/** Binds a module to memory. `memory` is laid out as `layout` says. */
export function instantiateJavaScript({ source }: JavaScriptModule, memory: ArrayBufferLike): Kernel {
  const make = new Function('F', 'I', 'B', source) as (
    f: Float64Array,
    i: Int32Array,
    b: Uint8Array,
  ) => Kernel
  return make(new Float64Array(memory), new Int32Array(memory), new Uint8Array(memory))
}

/**
 * A routine as a plain function, for use and test outside a model. Several results come as an array.
 * Conditions are booleans, whole numbers unsigned.
 */
export function plainFunction(routine: {
  bodyFor(uniform: readonly boolean[]): RoutineBody
  readonly parameters: readonly string[]
}): (...args: (number | boolean)[]) => number {
  const body = routine.bodyFor(routine.parameters.map(() => false))
  const writer = new Writer(undefined)
  const routines = writer.routines([...routinesOf([body.body]), body])
  // Whole numbers are 32-bit integers inside, so that equal ones are identical.
  const call = `${writer.routineName(body)}(${body.parameters.map(({ kind }, i) => (kind === 'whole' ? `args[${i}] | 0` : `args[${i}]`)).join(', ')})`
  const read = body.results.map((result, i) => (result.kind === 'whole' ? `return${i} >>> 0` : `return${i}`))
  const source = `'use strict'\n${HELPERS}\n${routines}\nreturn (...args) => { ${call}; return ${read.length === 1 ? read[0] : `[${read.join(', ')}]`} }`
  return new Function(source)() as (...args: (number | boolean)[]) => number
}

const HELPERS = `const bits = new Float64Array(1), words = new Int32Array(bits.buffer)
const powerOfTwo = (k) => { words[0] = 0; words[1] = (k + 1023) << 20; return bits[0] }
const exponent = (x) => { bits[0] = x; return (words[1] >>> 20) - 1023 }
const significand = (x) => { bits[0] = x; words[1] = (words[1] & 0xfffff) | 0x3ff00000; return bits[0] }
const truncated = (x) => (x > 2147483647 ? 2147483647 : x < -2147483648 ? -2147483648 : x | 0)`

class Writer {
  readonly done: string[] = []
  private readonly layout: Layout | undefined
  private lines: string[] = []
  private readonly names = new Map<Value, string>()
  private readonly routineNames = new Map<RoutineBody, string>()
  private spaces = new Map<Value, Set<Space>>()
  private indent = 1

  constructor(layout: Layout | undefined) {
    this.layout = layout
  }

  /** The layout of the program; routines have none, since they touch no memory. */
  private get memory(): Layout {
    if (!this.layout) throw new Error('a routine cannot touch memory')
    return this.layout
  }

  step(name: string, { name: title, region }: Step): string {
    this.lines = []
    this.spaces = spacesOfEntities(region, this.memory)
    this.indent = 2
    this.write(region)
    const safe = `${name}_${title.replace(/\W/g, '_')}`
    this.done.push(`function ${safe}(block, month) {
  const point = I[(block + ${BLOCK.point}) >> 2], months = I[(block + ${BLOCK.months}) >> 2] + month * I[${HEADER.monthBytes >> 2}]
  for (let lane = 0; lane < ${name.startsWith('prelude') ? 1 : LANES}; lane++) {
${this.lines.join('\n')}
  }
}`)
    return safe
  }

  routineName(body: RoutineBody): string {
    let name = this.routineNames.get(body)
    if (!name) {
      name = `routine_${this.routineNames.size}_${body.name.replace(/\W/g, '_')}`
      this.routineNames.set(body, name)
    }
    return name
  }

  routines(bodies: readonly RoutineBody[]): string {
    const results = Math.max(1, ...bodies.map((body) => body.results.length))
    return (
      `let ${Array.from({ length: results }, (_, i) => `return${i}`).join(', ')}\n` +
      bodies
        .map((body) => {
          this.lines = []
          this.indent = 1
          this.write(body.body)
          body.results.forEach((result, i) => this.line(`return${i} = ${this.get(result)}`))
          return `function ${this.routineName(body)}(${body.parameters.map((p) => this.name(p)).join(', ')}) {\n${this.lines.join('\n')}\n}`
        })
        .join('\n')
    )
  }

  private write(region: Region): void {
    for (const item of region.items) this.item(item)
  }

  private item(item: Item): void {
    if (item.type === 'value') this.value(item.value)
    else if (item.type === 'loop') this.loop(item)
    else if (item.type === 'branch') this.branch(item)
    else if (item.type === 'repeat') this.repeat(item)
    else if (item.type === 'store') this.store(item)
    else if (item.type === 'record') this.record(item)
    else this.call(item)
  }

  private line(text: string): void {
    this.lines.push('  '.repeat(this.indent) + text)
  }

  private block(open: string, inside: () => void): void {
    this.line(`${open} {`)
    this.indent++
    inside()
    this.indent--
    this.line('}')
  }

  private name(value: Value): string {
    let name = this.names.get(value)
    if (!name) {
      name = `${value.kind[0]}${this.names.size}`
      this.names.set(value, name)
    }
    return name
  }

  private get(value: Value): string {
    if (value.op === 'const')
      return Object.is(value.literal, -0)
        ? '-0'
        : value.literal < 0
          ? `(${value.literal})`
          : String(value.literal)
    if (value.op === 'wholeConst') return String(value.literal | 0)
    if (value.op === 'boolConst') return value.literal === 1 ? 'true' : 'false'
    if (value.op === 'splat') return this.get(value.args[0] as Value)
    return this.name(value)
  }

  private value(value: Value): void {
    if (value.op === 'splat') return
    this.line(`const ${this.name(value)} = ${this.expression(value)}`)
    if (value.kind === 'entity') this.pointers(value)
  }

  private expression(value: Value): string {
    const [a, b, c] = value.args.map((arg) => this.get(arg)) as [string, string, string]
    switch (value.op) {
      case 'month':
        return 'month'
      case 'replication':
        return `I[((block + ${BLOCK.replications}) >> 2) + lane]`
      case 'key':
        return `I[${(HEADER.key >> 2) + value.literal}]`
      case 'count':
        return `I[${this.header(value.dimension, HEADER.count)}]`
      case 'indexOf':
        return this.get(value.args[0] as Value)
      case 'root':
        return '0'
      case 'link':
        return `I[${this.pointer(value.args[0] as Value, 'table')} + ${this.relation(value)}]`
      case 'childAt':
        return `I[${this.pointer(value.args[0] as Value, 'table')} + ${this.relation(value)}] + ${b}`
      case 'load':
        return this.load(value)
      case 'input':
        return this.input(value)
      case 'add':
        return `${a} + ${b}`
      case 'sub':
        return `${a} - ${b}`
      case 'mul':
        return `${a} * ${b}`
      case 'div':
        return `${a} / ${b}`
      case 'neg':
        return `-${a}`
      case 'abs':
        return `Math.abs(${a})`
      case 'sqrt':
        return `Math.sqrt(${a})`
      case 'floor':
        return `Math.floor(${a})`
      case 'min':
        return `${b} < ${a} ? ${b} : ${a}`
      case 'max':
        return `${a} < ${b} ? ${b} : ${a}`
      case 'select':
        return `${a} ? ${b} : ${c}`
      case 'powerOfTwo':
      case 'exponent':
      case 'significand':
        return `${value.op}(${a})`
      case 'toNum':
        return `${a} >>> 0`
      case 'lt':
        return `${a} < ${b}`
      case 'le':
        return `${a} <= ${b}`
      case 'eq':
        return `${a} === ${b}`
      case 'and':
        return `${a} && ${b}`
      case 'or':
        return `${a} || ${b}`
      case 'not':
        return `!${a}`
      case 'wholeAdd':
        return `(${a} + ${b}) | 0`
      case 'wholeSub':
        return `(${a} - ${b}) | 0`
      case 'wholeMul':
        return `Math.imul(${a}, ${b})`
      case 'wholeAnd':
        return `${a} & ${b}`
      case 'wholeOr':
        return `${a} | ${b}`
      case 'wholeXor':
        return `${a} ^ ${b}`
      case 'wholeShiftLeft':
        return `${a} << ${value.literal}`
      case 'wholeShiftRight':
        return `(${a} >>> ${value.literal}) | 0`
      case 'wholeRotateLeft':
        return `(${a} << ${value.literal}) | (${a} >>> ${32 - value.literal})`
      case 'wholeRemainder':
        return `((${a} >>> 0) % (${b} >>> 0)) | 0`
      case 'wholeEq':
        return `${a} === ${b}`
      case 'wholeLt':
        return `(${a} >>> 0) < (${b} >>> 0)`
      default:
        throw new Error(`${value.op} is bound by its item, not computed`)
    }
  }

  // ------------------------------------------------------------------------------------------ memory

  private header(dimension: Value['dimension'], field: number): number {
    const { index } = this.memory.dimensionOf(dimension as NonNullable<Value['dimension']>)
    return (HEADER.dimensions + HEADER.dimensionBytes * index + field) >> 2
  }

  private relation(value: Value): number {
    return (this.memory.relations.get(value.relation as NonNullable<Value['relation']>) as number) >> 2
  }

  /** Index of an entity's record in the view of a space: f64 slots, or i32 words for tables. */
  private pointer(entity: Value, space: Space): string {
    return `${this.name(entity)}_${space}`
  }

  private pointers(entity: Value): void {
    const layout = this.memory.dimensionOf(entity.dimension as NonNullable<Value['dimension']>)
    for (const space of this.spaces.get(entity) ?? []) {
      const base = `I[${this.header(entity.dimension, HEADER.base[space])}]`
      const start =
        space === 'lane'
          ? `block + ${base}`
          : space === 'point'
            ? `point + ${base}`
            : space === 'month'
              ? `months + ${base}`
              : base
      const shift = space === 'table' ? 2 : 3
      this.line(
        `const ${this.pointer(entity, space)} = ((${start}) >> ${shift}) + ${this.name(entity)} * ${layout.strides[space] >> shift}`,
      )
    }
  }

  private address(
    column: NonNullable<Value['column']>,
    entity: Value,
    component: number,
    dynamic: Value | undefined,
  ): { view: string; kind: Space } {
    const place = this.memory.columns.get(column)
    if (!place) throw new Error(`${column.name} has no place in memory`)
    const shift = place.space === 'table' ? 2 : 3
    const step = place.componentBytes >> shift
    const index = (place.offset >> shift) + component * step
    const moving = dynamic ? ` + ${this.get(dynamic)} * ${step}` : ''
    const lane = place.space === 'lane' ? ' + lane' : ''
    return {
      view: `${shift === 2 ? 'I' : 'F'}[${this.pointer(entity, place.space)} + ${index}${moving}${lane}]`,
      kind: place.space,
    }
  }

  private load(value: Value): string {
    const column = value.column as NonNullable<Value['column']>
    const { view } = this.address(column, value.args[0] as Value, value.component, value.args[1])
    return column.kind === 'bool' ? `${view} !== 0` : view
  }

  private input(value: Value): string {
    const { index, columns } = inputPlace(value, this.memory)
    return `F[${this.recordSlot(index, columns, value.args[0] as Value)}]`
  }

  /** Slot of a lane in a table that lies as [record][column][replication]. */
  private recordSlot(index: number, columns: number, entity: Value): string {
    const base = `I[${outputHeaderAddress(this.memory, index) >> 2}]`
    return `(${base} >> 3) + ${this.get(entity)} * ${columns} * I[${HEADER.rows >> 2}] + I[(block + ${BLOCK.row}) >> 2] + lane`
  }

  private store({ column, entity, component, dynamic, value }: Store): void {
    const { view } = this.address(column, entity, component, dynamic)
    this.line(`${view} = ${column.kind === 'bool' ? `${this.get(value)} ? 1 : 0` : this.get(value)}`)
  }

  private record({ table, entity, values }: RecordRow): void {
    if (table.byRecord === true) {
      for (const { name, value } of values) {
        const index = this.memory.outputs.findIndex(
          (output) => output.table === table.name && output.column === name,
        )
        const given = value.kind === 'bool' ? `${this.get(value)} ? 1 : 0` : this.get(value)
        this.line(`F[${this.recordSlot(index, table.columns.length, entity)}] = ${given}`)
      }
      return
    }
    const count = `I[${this.header(table.dimension, HEADER.count)}]`
    const rows = table.everyMonth ? `${count} * I[${HEADER.months >> 2}]` : count
    const row = `(I[(block + ${firstRow(table)}) >> 2] + lane) * ${rows} + ${table.everyMonth ? `month * ${count} + ` : ''}${this.get(entity)}`
    this.block('', () => {
      this.line(`const row = ${row}`)
      for (const { name, value } of values) {
        const index = this.memory.outputs.findIndex(
          (output) => output.table === table.name && output.column === name,
        )
        const { type } = this.memory.outputs[index] as Layout['outputs'][number]
        const base = `I[${outputHeaderAddress(this.memory, index) >> 2}]`
        const given = value.kind === 'bool' ? `${this.get(value)} ? 1 : 0` : this.get(value)
        const small = value.kind === 'bool' ? given : `truncated(${given})`
        this.line(
          type === 'f64'
            ? `F[(${base} >> 3) + row] = ${given}`
            : type === 'i32'
              ? `I[(${base} >> 2) + row] = ${small}`
              : `B[${base} + row] = ${small}`,
        )
      }
    })
  }

  // ----------------------------------------------------------------------------------------- control

  private loop({ range, variable, backwards, body, carried }: Loop): void {
    const name = this.name(variable)
    for (const c of carried) this.line(`let ${this.name(c.inside)} = ${this.get(c.initial)}`)
    let from = '0'
    let to = ''
    if (range.over === 'all') to = `I[${this.header(range.dimension, HEADER.count)}]`
    else {
      const at = `${this.pointer(range.parent, 'table')} + ${(this.memory.relations.get(range.relation) as number) >> 2}`
      from = `I[${at}]`
      to = `I[${at} + 1]`
    }
    const isList = range.over === 'list'
    const counter = isList ? `${name}_at` : name
    const head = backwards
      ? `for (let ${counter} = ${to} - 1, from = ${from}; ${counter} >= from; ${counter}--)`
      : `for (let ${counter} = ${from}, to = ${to}; ${counter} < to; ${counter}++)`
    this.block(head, () => {
      if (isList) this.line(`const ${name} = I[${counter}]`)
      this.pointers(variable)
      this.write(body)
      this.advance(carried)
    })
    for (const c of carried) this.line(`const ${this.name(c.result)} = ${this.name(c.inside)}`)
  }

  /** Assigns what is carried to the next pass, all at once. */
  private advance(carried: Loop['carried']): void {
    if (carried.length === 1) {
      const c = carried[0] as Loop['carried'][number]
      this.line(`${this.name(c.inside)} = ${this.get(c.next)}`)
      return
    }
    carried.forEach((c, i) => this.line(`const next${i} = ${this.get(c.next)}`))
    carried.forEach((c, i) => this.line(`${this.name(c.inside)} = next${i}`))
  }

  private repeat({ body, carried }: Repeat): void {
    for (const c of carried) this.line(`let ${this.name(c.inside)} = ${this.get(c.initial)}`)
    this.block(`while (${this.name((carried[0] as Loop['carried'][number]).inside)})`, () => {
      this.write(body)
      this.advance(carried)
    })
    for (const c of carried) this.line(`const ${this.name(c.result)} = ${this.name(c.inside)}`)
  }

  private branch({ condition, then, otherwise, results }: Branch): void {
    for (const { result } of results) this.line(`let ${this.name(result)}`)
    this.block(`if (${this.get(condition)})`, () => {
      this.write(then)
      for (const { then: value, result } of results) this.line(`${this.name(result)} = ${this.get(value)}`)
    })
    if (otherwise.items.length === 0 && results.length === 0) return
    this.block('else', () => {
      this.write(otherwise)
      for (const { otherwise: value, result } of results)
        this.line(`${this.name(result)} = ${this.get(value)}`)
    })
  }

  private call({ routine, args, results }: Call): void {
    this.line(`${this.routineName(routine)}(${args.map((arg) => this.get(arg)).join(', ')})`)
    results.forEach((result, i) => this.line(`const ${this.name(result)} = return${i}`))
  }
}
