/**
 * Random programs of the trace language, by construction free of NaN. A program is decided by a list of whole
 * numbers, each choice taking the next one (0 when none is left, which is always the simplest choice), so that
 * fast-check shrinks programs by shrinking the list.
 */
import { dimensionNames, type Any, type B, type ColumnName, type DimensionName, type E, type KindName, type Language, type N, type ProgramSource, type Records, type RoutineSource, type TableSource, type W } from './language.ts'

/** Reads one choice after another. */
export class Choices {
  private readonly numbers: readonly number[]
  private at = 0

  constructor(numbers: readonly number[]) {
    this.numbers = numbers
  }

  /** A whole number below `n`. */
  below(n: number): number {
    return (this.numbers[this.at++] ?? 0) % n
  }

  /** True once in `n` times; false when nothing is left. */
  oneIn(n: number): boolean {
    return this.below(n) === n - 1
  }

  of<T>(options: readonly T[]): T {
    return options[this.below(options.length)] as T
  }

  get exhausted(): boolean {
    return this.at >= this.numbers.length
  }
}

/** Names bound by loops, branches and so on, while a program runs in a language. */
class Frame {
  readonly language: Language
  readonly values = new Map<string, Any>()
  readonly records = new Map<string, E>()

  constructor(language: Language) {
    this.language = language
  }
}

interface Expression<T> {
  readonly text: string
  readonly make: (frame: Frame) => T
}
interface Real extends Expression<N> { readonly bound: number }
type Truth = Expression<B>
type Natural = Expression<W>
interface Place extends Expression<E> { readonly dimension: DimensionName }
interface Statement { readonly text: string; readonly run: (frame: Frame) => void }

/** What may be used at a place in a program. */
interface Scope {
  readonly places: readonly Place[]
  readonly reals: readonly Real[]
  readonly truths: readonly Truth[]
  readonly naturals: readonly Natural[]
  /** Only values that are the same in all replications. */
  readonly uniform: boolean
  /** Inside a routine there is no memory. */
  readonly isRoutine: boolean
  /** Whether a loop can be started, and how many are around. */
  readonly loops: number
  /** Expressions written before, to be written again. */
  readonly again: Real[]
  readonly inRepeat: boolean
}

const flows = ['u', 'w', 'hot', 'g'] as const

/** Most records of any range, for the bounds of sums. */
const MOST_RECORDS = 16
const STORED = 1e4
const LARGE = 1e60

export class Generator {
  private choices: Choices
  private readonly later: Choices
  private names = 0
  /** Columns that are written for every record: state in the start, flows once they are set for all. */
  private readonly readable = new Set<string>(dimensionNames.flatMap((d) => ['a', 'b', 'on', 'v', 'term', 'code', 'codes'].map((c) => `${d}.${c}`)))
  private readonly routines: { source: RoutineSource; parameters: readonly KindName[]; results: readonly KindName[]; bounds: readonly number[] }[] = []
  private size = 0

  /** `first` decides the routines and the start, `later` all the rest. */
  constructor({ first, later }: { first: Choices; later: Choices }) {
    this.choices = first
    this.later = later
  }

  program(): ProgramSource {
    const top: Scope = { places: [this.world], reals: [], truths: [], naturals: [], uniform: false, isRoutine: false, loops: 0, again: [], inRepeat: false }
    const routines = Array.from({ length: this.choices.below(3) }, (_, i) => this.routine(`r${i}`))
    const start = [this.startStep(top)]
    this.size = 0
    const choices = this.choices = this.later
    const months = Array.from({ length: 1 + choices.below(3) }, () =>
      joined([...Array.from({ length: choices.below(4) }, () => this.firstFlow(top)), this.block(top, 2, true)]))
    const tables: TableSource[] = []
    const record = (dimension: DimensionName, everyMonth: boolean): Statement => this.recorded(top, dimension, { everyMonth, byRecord: choices.oneIn(4) }, tables)
    const monthly = dimensionNames.filter(() => choices.oneIn(3)).map((d) => record(d, true))
    const final = dimensionNames.filter((d) => d === 'world' || choices.oneIn(2)).map((d) => record(d, false))
    const month = [...months, ...(monthly.length > 0 ? [joined(monthly)] : [])]
    const finish = [joined(final)]
    const steps = (statements: readonly Statement[]) => statements.map(({ run }) => (language: Language) => run(new Frame(language)))
    const text = [...routines, ...start.map((s) => `start: ${s.text}`), ...month.map((s) => `month: ${s.text}`), ...finish.map((s) => `finish: ${s.text}`)].join('\n')
    return { start: steps(start), month: steps(month), finish: steps(finish), tables, text }
  }

  // ------------------------------------------------------------------------------------- statements

  private readonly world: Place = { text: 'world', dimension: 'world', make: ({ language }) => language.world() }

  private name(prefix: string): string {
    return `${prefix}${this.names++}`
  }

  private startStep(top: Scope): Statement {
    const statements = dimensionNames.map((dimension) => {
      const { scope, name } = this.visiting(top, dimension)
      const place = scope.places.at(-1) as Place
      const sets: Statement[] = []
      for (const column of ['x', 'y', 'live', 'h'] as const) {
        if (column === 'h') for (const component of [0, 1, 2]) sets.push(this.setReal(place, 'h', this.real(scope, 1), component))
        else if (column === 'live') sets.push(this.setTruth(place, 'live', this.truth(scope, 1)))
        else sets.push(this.setReal(place, column, this.real(scope, 2)))
      }
      for (const column of ['x', 'y', 'live', 'h']) this.readable.add(`${dimension}.${column}`)
      return this.loop(name, all(dimension), joined(sets), false)
    })
    return joined(this.choices.oneIn(3) ? [...statements, this.block(top, 1, false)] : statements)
  }

  /** Statements in braces; what they name is used before they end. */
  private block(outer: Scope, depth: number, isTop: boolean): Statement {
    const { choices } = this
    const scope = { ...outer, again: [...outer.again] }
    const statements: Statement[] = []
    const count = 1 + choices.below(isTop ? 5 : 3)
    for (let i = 0; i < count && (i === 0 || !choices.exhausted); i++) statements.push(...this.statement(scope, depth, isTop))
    return joined(statements)
  }

  private statement(scope: { -readonly [K in keyof Scope]: Scope[K] }, depth: number, isTop: boolean): Statement[] {
    const { choices } = this
    const kind = choices.below(depth > 0 ? (isTop ? 13 : 11) : 6)
    const place = this.place(scope)
    switch (kind) {
      case 1: return [this.accumulate(scope, place)]
      case 5: return this.setFlow(scope, place)
      case 2: return this.named(scope, place)
      case 3: return this.setFlow(scope, place)
      case 4: return [this.setTruth(place, 'live', this.truth(scope, 2))]
      case 6: case 7: return [this.eachStatement(scope, depth)]
      case 8: {
        const condition = this.truth(choices.oneIn(3) ? { ...scope, uniform: true } : scope, 2)
        const inside = this.block(scope, depth - 1, false)
        return [{ text: `when(${condition.text}) {${inside.text}}`, run: (f) => f.language.when(condition.make(f), () => inside.run(f)) }]
      }
      case 9: return [this.chooseStatement(scope, depth, place)]
      case 10: return [this.repeatStatement(scope, depth, place)]
      case 11: case 12: return [this.firstFlow(scope)]
      default: return this.set(scope, place)
    }
  }

  private set(scope: Scope, place: Place): Statement[] {
    const column = this.choices.of(['x', 'y', 'h'] as const)
    return column === 'h' ? [this.setVector(scope, place, 'h', 3), ...this.readBack(scope, place, 'h')] : [this.setReal(place, column, this.real(scope, 3))]
  }

  /** Reads what was just set, or the same column of a record that may be another one: reads must not pass writes. */
  private readBack(scope: Scope, place: Place, column: 'h' | 'u' | 'w' | 'hot' | 'g', always = false): Statement[] {
    if (!always && !this.choices.oneIn(2)) return []
    const near = this.place(scope)
    const from = near.dimension === place.dimension ? near : place
    const index = this.index(scope, column === 'h' ? 3 : column === 'g' ? 2 : 1)
    const value: Real = {
      text: `${from.text}.${column}[${index.text}]`, bound: STORED,
      make: (f) => {
        const record = from.make(f)
        return column === 'hot' ? record.hot.toNum() : column === 'h' || column === 'g' ? record[column].at(index.make(f)) : record[column]
      },
    }
    return [this.accumulate(scope, this.place(scope), value)]
  }

  private setVector(scope: Scope, place: Place, column: 'h' | 'g', length: number): Statement {
    const value = this.real(scope, 2)
    if (!this.choices.oneIn(3)) return this.setReal(place, column, value, this.choices.below(length))
    const index = this.index(scope, length)
    const bounded = limited(value, STORED)
    return { text: `${place.text}.${column}[${index.text}] = ${bounded.text}`, run: (f) => { place.make(f)[column].set(index.make(f), bounded.make(f)) } }
  }

  private setReal(place: Place, column: 'x' | 'y' | 'u' | 'w' | 'h' | 'g', value: Real, component?: number): Statement {
    const bounded = limited(value, STORED)
    const target = component === undefined ? column : `${column}[${component}]`
    return {
      text: `${place.text}.${target} = ${bounded.text}`,
      run: (f) => {
        const record = place.make(f)
        if (component === undefined) record[column as 'x'] = bounded.make(f)
        else record[column as 'h'].set(component, bounded.make(f))
      },
    }
  }

  private setTruth(place: Place, column: 'live' | 'hot', value: Truth): Statement {
    return { text: `${place.text}.${column} = ${value.text}`, run: (f) => { place.make(f)[column] = value.make(f) } }
  }

  private accumulate(scope: Scope, place: Place, term = this.real(scope, 2)): Statement {
    const column = this.choices.of(['x', 'y'] as const)
    const before: Real = { text: `${place.text}.${column}`, bound: STORED, make: (f) => place.make(f)[column] }
    return this.setReal(place, column, { text: `${before.text} + ${term.text}`, bound: STORED + term.bound, make: (f) => before.make(f).plus(term.make(f)) })
  }

  /** A flow that is known to be set for all records, set again. */
  private setFlow(scope: Scope, place: Place): Statement[] {
    const known = flows.filter((column) => this.readable.has(`${place.dimension}.${column}`))
    if (known.length === 0) return [this.accumulate(scope, place)]
    const column = this.choices.of(known)
    const inside = { ...scope, uniform: column === 'u' || column === 'hot' || this.choices.oneIn(2) }
    const set = column === 'hot' ? this.setTruth(place, column, this.truth(inside, 2))
      : column === 'g' ? this.setVector(inside, place, 'g', 2) : this.setReal(place, column, this.real(inside, 2))
    return [set, ...this.readBack(scope, place, column)]
  }

  /** A flow set for all records of a dimension, so that it can be read from there on. */
  private firstFlow(scope: Scope): Statement {
    const known = dimensionNames.flatMap((d) => flows.filter((c) => this.readable.has(`${d}.${c}`)).map((c) => [d, c] as const))
    const again = known.length > 0 && this.choices.oneIn(2)
    const [dimension, column] = again ? this.choices.of(known) : [this.choices.of(dimensionNames), this.choices.of(flows)]
    const visit = this.visiting({ ...scope, uniform: column === 'u' || column === 'hot' || this.choices.oneIn(2) }, dimension)
    const place = visit.scope.places.at(-1) as Place
    const body = column === 'hot' ? this.setTruth(place, column, this.truth(visit.scope, 2))
      : column === 'g' ? joined([0, 1].map((i) => this.setReal(place, 'g', this.real(visit.scope, 2), i)))
        : this.setReal(place, column, this.real(visit.scope, 3))
    this.readable.add(`${dimension}.${column}`)
    const first = this.loop(visit.name, all(dimension), body, this.choices.oneIn(3))
    if (!this.choices.oneIn(2)) return first
    // Read at once, here or in another step: mostly a uniform flow that the prelude has to compute.
    const reader = this.visiting(scope, dimension)
    const read = this.readBack(reader.scope, reader.scope.places.at(-1) as Place, column, true)
    return joined([first, this.loop(reader.name, all(dimension), joined(read), false)])
  }

  /** Names a value for the statements after this one, and uses it at once lest nothing depends on it. */
  private named(scope: { -readonly [K in keyof Scope]: Scope[K] }, place: Place): Statement[] {
    const name = this.name('n')
    const value = this.real(scope, 3)
    const named: Real = { text: name, bound: value.bound, make: (f) => f.values.get(name) as N }
    if (!scope.uniform) scope.reals = [...scope.reals, named]
    return [
      { text: `${name} := ${value.text}`, run: (f) => { f.values.set(name, value.make(f)) } },
      this.setReal(place, 'y', named),
    ]
  }

  private visiting(scope: Scope, dimension: DimensionName): { scope: Scope; name: string } {
    const name = this.name('e')
    const place: Place = { text: name, dimension, make: (f) => f.records.get(name) as E }
    return { name, scope: { ...scope, places: [...scope.places, place], loops: scope.loops + 1, again: [...scope.again] } }
  }

  private loop(name: string, range: Range, body: Statement, backwards: boolean): Statement {
    return {
      text: `each(${range.text}${backwards ? ' backwards' : ''}, ${name} => {${body.text}})`,
      run: (f) => f.language.each(range.make(f), (record) => { f.records.set(name, record); body.run(f) }, backwards),
    }
  }

  private eachStatement(scope: Scope, depth: number): Statement {
    const range = this.range(scope)
    const visit = this.visiting(scope, range.dimension)
    const body = scope.loops > 2 ? joined(this.set(visit.scope, this.place(visit.scope))) : this.block(visit.scope, depth - 1, false)
    return this.loop(visit.name, range, body, !range.isList && this.choices.oneIn(3))
  }

  private chooseStatement(scope: Scope, depth: number, place: Place): Statement {
    const condition = this.truth(this.choices.oneIn(3) ? { ...scope, uniform: true } : scope, 2)
    const yes = this.block(scope, depth - 1, false)
    const no = this.choices.oneIn(2) ? this.block(scope, depth - 1, false) : joined([])
    const values = [limited(this.real(scope, 2), STORED), limited(this.real(scope, 1), STORED)] as const
    const natural = [this.natural(scope, 1), this.natural(scope, 0)] as const
    const target = this.choices.of(['x', 'y'] as const)
    return {
      text: `${place.text}.${target} = choose(${condition.text}, {${yes.text}; ${values[0].text}, ${natural[0].text}}, {${no.text}; ${values[1].text}, ${natural[1].text}})`,
      run: (f) => {
        const side = (i: 0 | 1) => () => { (i === 0 ? yes : no).run(f); return { value: values[i].make(f), natural: natural[i].make(f), truth: f.language.bool(i === 0) } }
        const result = f.language.choose(condition.make(f), side(0), side(1))
        place.make(f)[target] = f.language.where(result.truth as B, result.value as N, (result.natural as W).shiftedRight(20).toNum())
      },
    }
  }

  private repeatStatement(scope: Scope, depth: number, place: Place): Statement {
    const loop = this.repeated({ ...scope, loops: scope.loops + 1 }, scope.loops > 1 || scope.inRepeat ? undefined : (inside) => this.block(inside, depth - 1, false))
    return this.setReal(place, this.choices.of(['x', 'y'] as const), loop)
  }

  private recorded(top: Scope, dimension: DimensionName, { everyMonth, byRecord }: { everyMonth: boolean; byRecord: boolean }, tables: TableSource[]): Statement {
    const { choices } = this
    const { scope, name } = this.visiting(top, dimension)
    const place = scope.places.at(-1) as Place
    const state: [string, Expression<N | B>][] = (['x', 'y', 'live'] as const).filter((c) => c === 'x' || !choices.oneIn(3))
      .map((c) => [c, { text: `${place.text}.${c}`, make: (f: Frame) => place.make(f)[c] }])
    if (choices.oneIn(2)) for (const i of [0, 1, 2]) state.push([`h${i}`, { text: `${place.text}.h[${i}]`, make: (f) => place.make(f).h.at(i) }])
    const extra = this.real(scope, 2)
    const columns = [...state, ['extra', extra] as const, ['flag', this.truth(scope, 1)] as const]
      .map(([column, value]) => ({ name: column, type: column === 'x' || byRecord ? 'f64' as const : choices.of(['f64', 'i32', 'u8'] as const), value }))
    const table = { name: `${dimension}${everyMonth ? 'Monthly' : 'Final'}`, dimension, everyMonth: everyMonth && !byRecord, byRecord, columns: columns.map(({ name: column, type }) => ({ name: column, type })) }
    tables.push(table)
    return this.loop(name, all(dimension), {
      text: `record ${columns.map((c) => `${c.name} ${c.type} ${c.value.text}`).join(', ')}`,
      run: (f) => f.language.recordRow(table.name, place.make(f), Object.fromEntries(columns.map(({ name: column, value }) => [column, value.make(f)]))),
    }, choices.oneIn(4))
  }

  private routine(name: string): string {
    const { choices } = this
    const parameters = Array.from({ length: 1 + choices.below(3) }, () => choices.of(['num', 'whole', 'bool'] as const))
    const frameOf = (language: Language, args: readonly Any[]): Frame => {
      const frame = new Frame(language)
      args.forEach((arg, i) => frame.values.set(`${name}_${i}`, arg))
      return frame
    }
    const given = parameters.map((kind, i) => ({ kind, text: `${name}_${i}`, bound: STORED, make: (f: Frame) => f.values.get(`${name}_${i}`) as never }))
    const scope: Scope = {
      places: [], reals: given.filter((p) => p.kind === 'num'), truths: given.filter((p) => p.kind === 'bool'), naturals: given.filter((p) => p.kind === 'whole'),
      uniform: false, isRoutine: true, loops: 2, again: [], inRepeat: false,
    }
    const results = Array.from({ length: 1 + choices.below(3) }, () => choices.of(['num', 'whole', 'bool'] as const))
    const values = results.map((kind) => (kind === 'num' ? this.real(scope, 3) : kind === 'whole' ? this.natural(scope, 3) : this.truth(scope, 2)))
    const inline = choices.oneIn(2)
    const source: RoutineSource = {
      name, parameters, inline,
      body: (language, args) => {
        const frame = frameOf(language, args)
        return values.map((value) => value.make(frame))
      },
    }
    this.routines.push({ source, parameters, results, bounds: values.map((value) => ('bound' in value ? value.bound : 0)) })
    return `${inline ? 'inline ' : ''}routine ${name}(${parameters.join(', ')}) = ${values.map((v) => v.text).join('; ')}`
  }

  // -------------------------------------------------------------------------------- records and ranges

  private place(scope: Scope): Place {
    const base = this.choices.of([...scope.places].reverse())
    if (base.dimension === 'pairs' && this.choices.oneIn(2)) {
      return this.choices.oneIn(2)
        ? { text: `groupOf(${base.text})`, dimension: 'groups', make: (f) => f.language.groupOf(base.make(f)) }
        : { text: `firmOf(${base.text})`, dimension: 'firms', make: (f) => f.language.firmOf(base.make(f)) }
    }
    if (base.dimension === 'firms' && this.choices.oneIn(3)) {
      if (this.choices.oneIn(2)) return { text: `friendOf(${base.text})`, dimension: 'firms', make: (f) => f.language.friendOf(base.make(f)) }
      const offset = this.choices.below(3)
      return {
        text: `cellAt(${base.text}, month + ${offset} mod term)`, dimension: 'cells',
        make: (f) => { const firm = base.make(f); return f.language.cellAt(firm, f.language.month().plus(offset).modulo(firm.term)) },
      }
    }
    return base
  }

  private range(scope: Scope): Range {
    const base = this.choices.of([...scope.places].reverse())
    if (base.dimension === 'groups') {
      return this.choices.oneIn(3)
        ? { text: `rivals(${base.text})`, dimension: 'firms', isList: true, make: (f) => f.language.rivals(base.make(f)) }
        : { text: `pairsOf(${base.text})`, dimension: 'pairs', isList: false, make: (f) => f.language.pairsOf(base.make(f)) }
    }
    if (base.dimension === 'firms') return { text: `cellsOf(${base.text})`, dimension: 'cells', isList: false, make: (f) => f.language.cellsOf(base.make(f)) }
    return all(this.choices.of(['groups', 'firms', 'pairs', 'cells', 'world'] as const))
  }

  // --------------------------------------------------------------------------------------- expressions

  private real(scope: Scope, depth: number): Real {
    this.size++
    const made = this.anyReal(scope, this.size > 400 ? 0 : depth)
    const value = made.bound > LARGE ? limited(made, STORED) : made
    scope.again.push(value)
    return value
  }

  private anyReal(scope: Scope, depth: number): Real {
    const { choices } = this
    if (depth <= 0) return this.leaf(scope)
    const r = (): Real => this.real(scope, depth - 1)
    const unary = (text: string, bound: number, x: Real, make: (x: N) => N): Real => ({ text: `${text}(${x.text})`, bound, make: (f) => make(x.make(f)) })
    const kind = choices.below(scope.isRoutine ? 26 : scope.loops > 2 ? 27 : 32)
    switch (kind) {
      case 1: case 2: return both(r(), r(), '+', (a, b) => a + b, (a, b) => a.plus(b))
      case 3: return both(r(), r(), '-', (a, b) => a + b, (a, b) => a.minus(b))
      case 4: case 5: return both(r(), r(), '*', (a, b) => a * b, (a, b) => a.times(b))
      case 6: {
        const [x, y] = [r(), r()]
        return { text: `${x.text} / max(|${y.text}|, .01)`, bound: x.bound * 100, make: (f) => x.make(f).over(f.language.max(y.make(f).absolute(), 0.01)) }
      }
      case 7: {
        // Infinite where y is 0, and held in bounds afterwards.
        const [x, y] = [r(), r()]
        return { text: `clamp((|${x.text}| + 1) / ${y.text})`, bound: 50, make: (f) => f.language.clamp(x.make(f).absolute().plus(1).over(y.make(f)), { low: -50, high: 50 }) }
      }
      case 8: { const x = r(); return unary('-', x.bound, x, (v) => v.negated()) }
      case 9: { const x = r(); return unary('abs', x.bound, x, (v) => v.absolute()) }
      case 10: { const x = r(); return unary('sqrt abs', x.bound + 1, x, (v) => v.absolute().squareRoot()) }
      case 11: { const x = r(); return unary('floor', x.bound + 1, x, (v) => v.floor()) }
      case 12: return both(r(), r(), 'min', Math.max, (a, b, f) => f.language.min(a, b))
      case 13: return both(r(), r(), 'max', Math.max, (a, b, f) => f.language.max(a, b))
      case 14: return limited(r(), choices.of([1, 10, 1000]))
      case 15: case 16: {
        const [c, x, y] = [this.truth(scope, depth - 1), r(), r()]
        return { text: `(${c.text} ? ${x.text} : ${y.text})`, bound: Math.max(x.bound, y.bound), make: (f) => f.language.where(c.make(f), x.make(f), y.make(f)) }
      }
      case 17: {
        const w = this.natural(scope, depth - 1)
        return { text: `num(${w.text})`, bound: 2 ** 32, make: (f) => w.make(f).toNum() }
      }
      case 18: return this.power(limited(r(), choices.of([40, 1022])))
      case 19: { const x = r(); return { text: `exponent(${x.text})`, bound: 1100, make: (f) => f.language.exponent(f.language.max(x.make(f).absolute(), 1e-300)) } }
      case 20: { const x = r(); return { text: `significand(${x.text})`, bound: 2, make: (f) => f.language.significand(f.language.max(x.make(f).absolute(), 1e-300)) } }
      case 21: { const x = limited(r(), 50); return { text: `exp(${x.text})`, bound: 1e22, make: (f) => f.language.exp(x.make(f)) } }
      case 22: { const x = r(); return { text: `log(${x.text})`, bound: 1000, make: (f) => f.language.log(f.language.max(x.make(f).absolute(), 1e-300)) } }
      case 23: { const c = this.truth(scope, depth - 1); return { text: `num(${c.text})`, bound: 1, make: (f) => c.make(f).toNum() } }
      case 24: return this.chosen(scope, depth)
      case 25: return scope.uniform ? this.leaf(scope) : this.called(scope, depth) ?? this.repeated(scope)
      case 26: {
        if (scope.uniform || scope.isRoutine) return this.leaf(scope)
        const entity = this.natural({ ...scope, uniform: true }, 1)
        const stream = choices.of(['taste', 'luck'])
        return { text: `normal(${stream}, ${entity.text})`, bound: 40, make: (f) => f.language.normal(stream, entity.make(f)) }
      }
      case 27: case 28: case 29: case 30: return this.reduced(scope, depth)
      case 31: return scope.again.length > 0 && !scope.uniform ? choices.of(scope.again) : this.leaf(scope)
      default: return this.leaf(scope)
    }
  }

  private power(x: Real): Real {
    return { text: `2^floor(${x.text})`, bound: 2 ** x.bound, make: (f) => f.language.powerOfTwo(x.make(f).floor()) }
  }

  private leaf(scope: Scope): Real {
    const { choices } = this
    const kind = choices.below(8)
    if (kind === 1 && scope.reals.length > 0 && !scope.uniform) return choices.of(scope.reals)
    if (kind > 1 && scope.places.length > 0) {
      const place = this.place(scope)
      if (place.dimension === 'firms' && !scope.uniform && choices.oneIn(6)) {
        const input = choices.of(['p', 'q'] as const)
        return { text: `input(${place.text}.${input})`, bound: STORED, make: (f) => f.language.input(place.make(f), input) }
      }
      const all: (ColumnName)[] = scope.uniform ? ['a', 'b', 'v', 'u', 'g', 'u'] : ['a', 'x', 'y', 'h', 'b', 'v', 'u', 'w', 'g', 'u', 'g']
      const column = choices.of(all.filter((name) => this.readable.has(`${place.dimension}.${name}`))) as 'x'
      const vector = { v: 3, h: 3, g: 2 }[column as string]
      if (vector === undefined) return { text: `${place.text}.${column}`, bound: STORED, make: (f) => place.make(f)[column] }
      const index = this.index(scope, vector)
      return { text: `${place.text}.${column}[${index.text}]`, bound: STORED, make: (f) => (place.make(f)[column as unknown as 'h']).at(index.make(f)) }
    }
    const literal = choices.of([0, 1, -1, 0.5, 3, -0.1, 1e-9, 250, -0])
    return { text: Object.is(literal, -0) ? '-0' : String(literal), bound: Math.abs(literal), make: (f) => f.language.num(literal) }
  }

  private chosen(scope: Scope, depth: number): Real {
    const condition = this.truth(scope, depth - 1)
    const [x, y] = [this.real(scope, depth - 1), this.real(scope, depth - 1)]
    return {
      text: `choose(${condition.text}, ${x.text}, ${y.text})`, bound: Math.max(x.bound, y.bound),
      make: (f) => f.language.choose(condition.make(f), () => ({ value: x.make(f) }), () => ({ value: y.make(f) })).value as N,
    }
  }

  private called(scope: Scope, depth: number): Real | undefined {
    if (this.routines.length === 0) return undefined
    const { source, parameters, results, bounds } = this.choices.of(this.routines)
    const args = parameters.map((kind): Expression<Any> => {
      const inside = this.choices.oneIn(3) ? { ...scope, uniform: true } : scope
      return kind === 'num' ? limited(this.real(inside, depth - 1), STORED) : kind === 'whole' ? this.natural(inside, 1) : this.truth(inside, 1)
    })
    const which = this.choices.below(results.length)
    return {
      text: `${source.name}(${args.map((a) => a.text).join(', ')})[${which}]`, bound: results[which] === 'num' ? bounds[which] as number : 2 ** 32,
      make: (f) => {
        const result = f.language.call(source, args.map((a) => a.make(f)))[which] as Any
        return results[which] === 'num' ? result as N : (result as W | B).toNum()
      },
    }
  }

  private reduced(scope: Scope, depth: number): Real {
    const { choices } = this
    const range = this.range(scope)
    const visit = this.visiting(scope, range.dimension)
    const bind = (f: Frame, record: E): void => { f.records.set(visit.name, record) }
    const kind = choices.below(scope.uniform ? 4 : 6)
    const backwards = !range.isList && choices.oneIn(3)
    const term = this.real(visit.scope, depth - 1)
    const text = (name: string): string => `${name}(${range.text}, ${visit.name} => ${term.text})`
    switch (kind) {
      case 1: return { text: text('maximum'), bound: Math.max(term.bound, 5), make: (f) => f.language.maximum(range.make(f), -5, (e) => { bind(f, e); return term.make(f) }) }
      case 2: return { text: text('minimum'), bound: Math.max(term.bound, 5), make: (f) => f.language.minimum(range.make(f), 5, (e) => { bind(f, e); return term.make(f) }) }
      case 3: {
        const other = this.real(visit.scope, 1)
        return {
          text: `sums(${range.text}, ${visit.name} => ${term.text} | ${other.text})`, bound: MOST_RECORDS * (term.bound + other.bound),
          make: (f) => {
            const { first, second } = f.language.sums(range.make(f), (e) => { bind(f, e); return { first: term.make(f), second: other.make(f) } }) as { first: N; second: N }
            return first.minus(second)
          },
        }
      }
      case 4: case 5: {
        const [name, flag] = [this.name('s'), this.name('t')]
        const total: Real = { text: name, bound: STORED, make: (f) => f.values.get(name) as N }
        const seen: Truth = { text: flag, make: (f) => f.values.get(flag) as B }
        const inside = { ...visit.scope, reals: [...visit.scope.reals, total], truths: [...visit.scope.truths, seen], uniform: false, again: [...visit.scope.again] }
        const next = limited(this.real(inside, depth - 1), STORED)
        const more = this.truth(inside, 1)
        return {
          text: `fold(${range.text}${backwards ? ' backwards' : ''}, ${visit.name} ${name} ${flag} => ${next.text} | ${more.text})`, bound: STORED,
          make: (f) => {
            const result = f.language.fold(range.make(f), { total: f.language.num(1), seen: f.language.bool(false) }, (state, e) => {
              bind(f, e)
              f.values.set(name, state.total as N).set(flag, state.seen as B)
              return { total: next.make(f), seen: more.make(f) }
            }, backwards)
            return f.language.where(result.seen as B, result.total as N, (result.total as N).negated())
          },
        }
      }
      default: return { text: text('sum'), bound: MOST_RECORDS * term.bound, make: (f) => f.language.sum(range.make(f), (e) => { bind(f, e); return term.make(f) }) }
    }
  }

  /** At most seven rounds; `inside` may add statements to each. */
  private repeated(scope: Scope, inside?: (scope: Scope) => Statement): Real {
    if (scope.inRepeat) return this.leaf(scope)
    const [count, total, bits] = [this.name('k'), this.name('s'), this.name('w')]
    const active = this.truth(scope, 1)
    const first = limited(this.real(scope, 1), STORED)
    const seed = this.natural(scope, 1)
    const body: Scope = {
      ...scope, inRepeat: true, uniform: false, again: [...scope.again],
      reals: [...scope.reals, { text: total, bound: STORED, make: (f) => f.values.get(total) as N }],
      naturals: [...scope.naturals, { text: bits, make: (f) => f.values.get(bits) as W }],
    }
    const statements = inside?.(body)
    const next = limited(this.real(body, 2), STORED)
    const mixed = this.natural(body, 2)
    const again = this.truth(body, 2)
    return {
      text: `repeat(${active.text}, ${total} = ${first.text}, ${bits} = ${seed.text} => {${statements?.text ?? ''}; ${next.text}; ${mixed.text}; again ${again.text}})`, bound: STORED,
      make: (f) => {
        const initial = { count: f.language.whole(0), total: first.make(f), bits: seed.make(f) }
        const result = f.language.repeat(active.make(f), initial, (state) => {
          f.values.set(count, state.count as W).set(total, state.total as N).set(bits, state.bits as W)
          statements?.run(f)
          const round = state.count as W
          return { again: again.make(f).and(round.isBelow(6)), next: { count: round.plus(1), total: next.make(f), bits: mixed.make(f) } }
        })
        return (result.total as N).plus((result.bits as W).and(255).toNum()).plus((result.count as W).toNum())
      },
    }
  }

  private truth(scope: Scope, depth: number): Truth {
    const { choices } = this
    const t = (): Truth => this.truth(scope, depth - 1)
    const kind = depth <= 0 ? choices.below(3) : choices.below(12)
    switch (kind) {
      case 1: case 2: {
        if (kind === 1 && scope.truths.length > 0 && !scope.uniform) return choices.of(scope.truths)
        if (scope.places.length === 0) return { text: 'true', make: (f) => f.language.bool(true) }
        const place = this.place(scope)
        const column = choices.of((scope.uniform ? ['on', 'hot'] as const : ['on', 'live', 'hot'] as const).filter((name) => this.readable.has(`${place.dimension}.${name}`)))
        return { text: `${place.text}.${column}`, make: (f) => place.make(f)[column] }
      }
      case 3: case 4: case 5: {
        const [x, y] = [this.real(scope, depth - 1), this.real(scope, depth - 1)]
        const op = choices.of(['isBelow', 'isAtMost', 'isAbove', 'isAtLeast', 'equals'] as const)
        return { text: `${x.text} ${op} ${y.text}`, make: (f) => x.make(f)[op](y.make(f)) }
      }
      case 6: { const [a, b] = [t(), t()]; return { text: `(${a.text} & ${b.text})`, make: (f) => a.make(f).and(b.make(f)) } }
      case 7: { const [a, b] = [t(), t()]; return { text: `(${a.text} | ${b.text})`, make: (f) => a.make(f).or(b.make(f)) } }
      case 8: { const a = t(); return { text: `!${a.text}`, make: (f) => a.make(f).not() } }
      case 9: {
        const [a, b] = [this.natural(scope, depth - 1), this.natural(scope, depth - 1)]
        const op = choices.of(['equals', 'isBelow'] as const)
        return { text: `${a.text} ${op} ${b.text}`, make: (f) => a.make(f)[op](b.make(f)) }
      }
      case 10: { const [c, a, b] = [t(), t(), t()]; return { text: `(${c.text} ? ${a.text} : ${b.text})`, make: (f) => f.language.whereBool(c.make(f), a.make(f), b.make(f)) } }
      case 11: { const w = this.natural(scope, depth - 1); return { text: `odd(${w.text})`, make: (f) => w.make(f).and(1).equals(1) } }
      default: return { text: 'false', make: (f) => f.language.bool(false) }
    }
  }

  private natural(scope: Scope, depth: number): Natural {
    const { choices } = this
    const two = (text: string, make: (a: W, b: W) => W): Natural => {
      const [a, b] = [this.natural(scope, depth - 1), this.natural(scope, depth - 1)]
      return { text: `(${a.text} ${text} ${b.text})`, make: (f) => make(a.make(f), b.make(f)) }
    }
    const kind = depth <= 0 ? choices.below(6) : choices.below(17)
    if (kind === 1 && scope.naturals.length > 0 && !scope.uniform) return choices.of(scope.naturals)
    if (kind > 0 && kind < 3 && !scope.uniform && !scope.isRoutine) return { text: 'replication', make: (f) => f.language.replication() }
    if (kind > 0 && kind < 4 && !scope.isRoutine) return { text: 'month', make: (f) => f.language.month() }
    switch (kind) {
      case 1: case 2: case 3: case 4: { const word = choices.of([0, 1, 2, 3] as const); return { text: `key${word}`, make: (f) => f.language.key(word) } }
      case 5: {
        if (scope.places.length === 0) return { text: '4294967295', make: (f) => f.language.whole(4294967295) }
        const place = this.place(scope)
        const index = this.index(scope, 2)
        const dimension = choices.of(dimensionNames)
        return choices.of<() => Natural>([
          () => ({ text: `${place.text}.code`, make: (f) => place.make(f).code }),
          () => ({ text: `${place.text}.codes[${index.text}]`, make: (f) => place.make(f).codes.at(index.make(f)) }),
          () => ({ text: `indexOf(${place.text})`, make: (f) => f.language.indexOf(place.make(f)) }),
          () => ({ text: `count(${dimension})`, make: (f) => f.language.count(dimension) }),
        ])()
      }
      case 6: return two('+', (a, b) => a.plus(b))
      case 7: return two('-', (a, b) => a.minus(b))
      case 8: return two('*', (a, b) => a.times(b))
      case 9: return two('&', (a, b) => a.and(b))
      case 10: return two('|', (a, b) => a.or(b))
      case 11: return two('^', (a, b) => a.xor(b))
      case 12: { const a = this.natural(scope, depth - 1); const d = choices.below(32); return { text: `(${a.text} << ${d})`, make: (f) => a.make(f).shiftedLeft(d) } }
      case 13: { const a = this.natural(scope, depth - 1); const d = choices.below(32); return { text: `(${a.text} >> ${d})`, make: (f) => a.make(f).shiftedRight(d) } }
      case 14: { const a = this.natural(scope, depth - 1); const d = choices.below(32); return { text: `(${a.text} rot ${d})`, make: (f) => a.make(f).rotatedLeft(d) } }
      case 15: {
        if (scope.isRoutine) return this.natural(scope, 0)
        const uniform = { ...scope, uniform: true }
        const [a, b] = [this.natural(uniform, depth - 1), this.natural(uniform, 0)]
        return { text: `(${a.text} mod ${b.text})`, make: (f) => a.make(f).modulo(b.make(f)) }
      }
      case 16: {
        if (scope.uniform) return this.natural(scope, 0)
        const [c, a, b] = [this.truth(scope, depth - 1), this.natural(scope, depth - 1), this.natural(scope, 0)]
        return { text: `(${c.text} ? ${a.text} : ${b.text})`, make: (f) => f.language.whereWhole(c.make(f), a.make(f), b.make(f)) }
      }
      default: { const literal = choices.of([0, 1, 7, 4294967295, 2147483648]); return { text: String(literal), make: (f) => f.language.whole(literal) } }
    }
  }

  /** A component of a vector: mostly a literal, else uniform and computed. */
  private index(scope: Scope, length: number): Expression<W | number> {
    const literal = this.choices.below(length)
    if (scope.isRoutine || !this.choices.oneIn(3)) return { text: String(literal), make: () => literal }
    const from = this.natural({ ...scope, uniform: true }, 1)
    return { text: `${from.text} mod ${length}`, make: (f) => from.make(f).modulo(length) }
  }
}

interface Range {
  readonly text: string
  readonly dimension: DimensionName
  readonly isList: boolean
  readonly make: (frame: Frame) => Records
}

const all = (dimension: DimensionName): Range => ({ text: dimension, dimension, isList: false, make: (f) => f.language.all(dimension) })

function joined(statements: readonly Statement[]): Statement {
  return { text: statements.map((s) => s.text).join('; '), run: (f) => { for (const statement of statements) statement.run(f) } }
}

function limited(value: Real, bound: number): Real {
  if (value.bound <= bound) return value
  return { text: `clamp(${value.text}, ${bound})`, bound, make: (f) => f.language.clamp(value.make(f), { low: -bound, high: bound }) }
}

function both(x: Real, y: Real, text: string, bound: (a: number, b: number) => number, make: (a: N, b: N, f: Frame) => N): Real {
  return { text: `(${x.text} ${text} ${y.text})`, bound: bound(x.bound, y.bound), make: (f) => make(x.make(f), y.make(f), f) }
}
