/**
 * Random programs of the trace language, by construction free of NaN. A program is decided by two lists of whole
 * numbers, each choice taking the next one (0 when none is left, which is always the simplest choice), so that
 * fast-check shrinks programs by shrinking the lists.
 */
import {
  dimensionNames,
  type Any,
  type B,
  type DimensionName,
  type Language,
  type N,
  type ProgramSource,
  type RoutineSource,
  type TableSource,
} from '../language.ts'
import type { Choices } from './choices.ts'
import {
  Frame,
  STORED,
  all,
  joined,
  type Expression,
  type Place,
  type Scope,
  type Statement,
} from './pieces.ts'
import { StatementGenerator } from './statements.ts'

export class Generator extends StatementGenerator {
  private readonly later: Choices

  /** `first` decides the routines and the start, `later` all the rest. */
  constructor({ first, later }: { first: Choices; later: Choices }) {
    super(first)
    this.later = later
  }

  program(): ProgramSource {
    const top: Scope = {
      places: [this.world],
      reals: [],
      truths: [],
      naturals: [],
      uniform: false,
      isRoutine: false,
      loops: 0,
      again: [],
      inRepeat: false,
    }
    const routines = Array.from({ length: this.choices.below(3) }, (_, i) => this.routine(`r${i}`))
    const start = [this.startStep(top)]
    this.size = 0
    const choices = (this.choices = this.later)
    const months = Array.from({ length: 1 + choices.below(3) }, () =>
      joined([
        ...Array.from({ length: choices.below(4) }, () => this.firstFlow(top)),
        this.block(top, 3, true),
      ]),
    )
    const tables: TableSource[] = []
    const record = (dimension: DimensionName, everyMonth: boolean): Statement =>
      this.recorded(top, dimension, { everyMonth, byRecord: choices.oneIn(4) }, tables)
    const monthly = dimensionNames.filter(() => choices.oneIn(3)).map((d) => record(d, true))
    const final = dimensionNames.filter((d) => d === 'world' || choices.oneIn(2)).map((d) => record(d, false))
    const month = [...months, ...(monthly.length > 0 ? [joined(monthly)] : [])]
    const finish = [joined(final)]
    const steps = (statements: readonly Statement[]) =>
      statements.map(
        ({ run }) =>
          (language: Language) =>
            run(new Frame(language)),
      )
    const text = [
      ...routines,
      ...start.map((s) => `start: ${s.text}`),
      ...month.map((s) => `month: ${s.text}`),
      ...finish.map((s) => `finish: ${s.text}`),
    ].join('\n')
    return { start: steps(start), month: steps(month), finish: steps(finish), tables, text }
  }

  private readonly world: Place = {
    text: 'world',
    dimension: 'world',
    make: ({ language }) => language.world(),
  }

  private startStep(top: Scope): Statement {
    const statements = dimensionNames.map((dimension) => {
      const { scope, name } = this.visiting(top, dimension)
      const place = scope.places.at(-1) as Place
      const sets: Statement[] = []
      for (const column of ['x', 'y', 'live', 'h'] as const) {
        if (column === 'h')
          for (const component of [0, 1, 2])
            sets.push(this.setReal(place, 'h', this.real(scope, 1), component))
        else if (column === 'live') sets.push(this.setTruth(place, 'live', this.truth(scope, 1)))
        else sets.push(this.setReal(place, column, this.real(scope, 2)))
      }
      for (const column of ['x', 'y', 'live', 'h']) this.readable.add(`${dimension}.${column}`)
      return this.loop(name, all(dimension), joined(sets), false)
    })
    return joined(this.choices.oneIn(3) ? [...statements, this.block(top, 1, false)] : statements)
  }

  private recorded(
    top: Scope,
    dimension: DimensionName,
    { everyMonth, byRecord }: { everyMonth: boolean; byRecord: boolean },
    tables: TableSource[],
  ): Statement {
    const { choices } = this
    const { scope, name } = this.visiting(top, dimension)
    const place = scope.places.at(-1) as Place
    const state: [string, Expression<N | B>][] = (['x', 'y', 'live'] as const)
      .filter((c) => c === 'x' || !choices.oneIn(3))
      .map((c) => [c, { text: `${place.text}.${c}`, make: (f: Frame) => place.make(f)[c] }])
    if (choices.oneIn(2))
      for (const i of [0, 1, 2])
        state.push([`h${i}`, { text: `${place.text}.h[${i}]`, make: (f) => place.make(f).h.at(i) }])
    const extra = this.real(scope, 2)
    const columns = [...state, ['extra', extra] as const, ['flag', this.truth(scope, 1)] as const].map(
      ([column, value]) => ({
        name: column,
        type: column === 'x' || byRecord ? ('f64' as const) : choices.of(['f64', 'i32', 'u8'] as const),
        value,
      }),
    )
    const table = {
      name: `${dimension}${everyMonth ? 'Monthly' : 'Final'}`,
      dimension,
      everyMonth: everyMonth && !byRecord,
      byRecord,
      columns: columns.map(({ name: column, type }) => ({ name: column, type })),
    }
    tables.push(table)
    return this.loop(
      name,
      all(dimension),
      {
        text: `record ${columns.map((c) => `${c.name} ${c.type} ${c.value.text}`).join(', ')}`,
        run: (f) =>
          f.language.recordRow(
            table.name,
            place.make(f),
            Object.fromEntries(columns.map(({ name: column, value }) => [column, value.make(f)])),
          ),
      },
      choices.oneIn(4),
    )
  }

  private routine(name: string): string {
    const { choices } = this
    const parameters = Array.from({ length: 1 + choices.below(3) }, () =>
      choices.of(['num', 'whole', 'bool'] as const),
    )
    const frameOf = (language: Language, args: readonly Any[]): Frame => {
      const frame = new Frame(language)
      args.forEach((arg, i) => frame.values.set(`${name}_${i}`, arg))
      return frame
    }
    const given = parameters.map((kind, i) => ({
      kind,
      text: `${name}_${i}`,
      bound: STORED,
      make: (f: Frame) => f.values.get(`${name}_${i}`) as never,
    }))
    const scope: Scope = {
      places: [],
      reals: given.filter((p) => p.kind === 'num'),
      truths: given.filter((p) => p.kind === 'bool'),
      naturals: given.filter((p) => p.kind === 'whole'),
      uniform: false,
      isRoutine: true,
      loops: 2,
      again: [],
      inRepeat: false,
    }
    const results = Array.from({ length: 1 + choices.below(3) }, () =>
      choices.of(['num', 'whole', 'bool'] as const),
    )
    const values = results.map((kind) =>
      kind === 'num' ? this.real(scope, 3) : kind === 'whole' ? this.natural(scope, 3) : this.truth(scope, 2),
    )
    const inline = choices.oneIn(2)
    const source: RoutineSource = {
      name,
      parameters,
      inline,
      body: (language, args) => {
        const frame = frameOf(language, args)
        return values.map((value) => value.make(frame))
      },
    }
    this.routines.push({
      source,
      parameters,
      results,
      bounds: values.map((value) => ('bound' in value ? value.bound : 0)),
    })
    return `${inline ? 'inline ' : ''}routine ${name}(${parameters.join(', ')}) = ${values.map((v) => v.text).join('; ')}`
  }
}
