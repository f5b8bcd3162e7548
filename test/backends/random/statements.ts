/** Random statements: columns set and read back, loops, conditions, repeats. */
import { dimensionNames, type B, type DimensionName, type N, type W } from '../language.ts'
import {
  MOST_RECORDS,
  STORED,
  all,
  flows,
  joined,
  limited,
  type Place,
  type Range,
  type Real,
  type Scope,
  type Statement,
  type Truth,
} from './pieces.ts'
import { RealGenerator } from './reals.ts'

type Flow = (typeof flows)[number]
type Open = { -readonly [K in keyof Scope]: Scope[K] }

export abstract class StatementGenerator extends RealGenerator {
  /** Statements in braces; what they name is used before they end. */
  protected block(outer: Scope, depth: number, isTop: boolean): Statement {
    const { choices } = this
    const scope = { ...outer, again: [...outer.again] }
    const statements: Statement[] = []
    const count = 1 + choices.below(isTop ? 5 : 3)
    for (let i = 0; i < count && (i === 0 || !choices.exhausted); i++)
      statements.push(...this.statement(scope, depth, isTop))
    return joined(statements)
  }

  protected statement(scope: Open, depth: number, isTop: boolean): Statement[] {
    const { choices } = this
    const kind = choices.below(depth > 0 ? (isTop ? 14 : 12) : 5)
    const place = this.place(scope)
    switch (kind) {
      case 1:
        return [this.accumulate(scope, place)]
      case 2:
        return this.named(scope, place)
      case 3:
        return this.setFlow(scope, place)
      case 4:
        return [this.setTruth(place, 'live', this.truth(scope, 2))]
      case 5:
      case 6:
        return [this.eachStatement(scope, depth)]
      case 7:
      case 8: {
        const condition = this.truth(choices.oneIn(3) ? { ...scope, uniform: true } : scope, 2)
        const inside = this.block(scope, depth - 1, false)
        return [
          {
            text: `when(${condition.text}) {${inside.text}}`,
            run: (f) => f.language.when(condition.make(f), () => inside.run(f)),
          },
        ]
      }
      case 9:
        return [this.chooseStatement(scope, depth, place)]
      case 10:
      case 11:
        return [this.repeatStatement(scope, depth, place)]
      case 12:
      case 13:
        return [this.firstFlow(scope)]
      default:
        return this.set(scope, place)
    }
  }

  protected set(scope: Scope, place: Place): Statement[] {
    const column = this.choices.of(['x', 'y', 'h'] as const)
    return column === 'h'
      ? [this.setVector(scope, place, 'h', 3), ...this.readBack(scope, place, 'h')]
      : [this.setReal(place, column, this.real(scope, 3))]
  }

  /** Reads what was just set, or the same column of a record that may be another one: reads must not pass writes. */
  protected readBack(
    scope: Scope,
    place: Place,
    column: 'h' | 'u' | 'w' | 'hot' | 'g',
    always = false,
  ): Statement[] {
    if (!always && !this.choices.oneIn(2)) return []
    const near = this.place(scope)
    const from = near.dimension === place.dimension ? near : place
    const index = this.index(scope, column === 'h' ? 3 : column === 'g' ? 2 : 1)
    const value: Real = {
      text: `${from.text}.${column}[${index.text}]`,
      bound: STORED,
      make: (f) => {
        const record = from.make(f)
        return column === 'hot'
          ? record.hot.toNum()
          : column === 'h' || column === 'g'
            ? record[column].at(index.make(f))
            : record[column]
      },
    }
    return [this.accumulate(scope, this.place(scope), value)]
  }

  protected setVector(scope: Scope, place: Place, column: 'h' | 'g', length: number): Statement {
    const value = this.real(scope, 2)
    if (!this.choices.oneIn(3)) return this.setReal(place, column, value, this.choices.below(length))
    const index = this.index(scope, length)
    const bounded = limited(value, STORED)
    return {
      text: `${place.text}.${column}[${index.text}] = ${bounded.text}`,
      run: (f) => {
        place.make(f)[column].set(index.make(f), bounded.make(f))
      },
    }
  }

  protected setReal(
    place: Place,
    column: 'x' | 'y' | 'u' | 'w' | 'h' | 'g',
    value: Real,
    component?: number,
  ): Statement {
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

  protected setTruth(place: Place, column: 'live' | 'hot', value: Truth): Statement {
    return {
      text: `${place.text}.${column} = ${value.text}`,
      run: (f) => {
        place.make(f)[column] = value.make(f)
      },
    }
  }

  protected accumulate(scope: Scope, place: Place, term = this.real(scope, 2)): Statement {
    const column = this.choices.of(['x', 'y'] as const)
    const before: Real = {
      text: `${place.text}.${column}`,
      bound: STORED,
      make: (f) => place.make(f)[column],
    }
    return this.setReal(place, column, {
      text: `${before.text} + ${term.text}`,
      bound: STORED + term.bound,
      make: (f) => before.make(f).plus(term.make(f)),
    })
  }

  /** A flow that is known to be set for all records, set again. */
  protected setFlow(scope: Scope, place: Place): Statement[] {
    const known = flows.filter((column) => this.readable.has(`${place.dimension}.${column}`))
    if (known.length === 0) return [this.accumulate(scope, place)]
    const column = this.choices.of(known)
    const inside = { ...scope, uniform: column === 'u' || column === 'hot' || this.choices.oneIn(2) }
    const set =
      column === 'hot'
        ? this.setTruth(place, column, this.truth(inside, 2))
        : column === 'g'
          ? this.setVector(inside, place, 'g', 2)
          : this.setReal(place, column, this.real(inside, 2))
    return [set, ...this.readBack(scope, place, column)]
  }

  /** A flow set for all records of a dimension, so that it can be read from there on. */
  protected firstFlow(scope: Scope): Statement {
    const known = dimensionNames.flatMap((d) =>
      flows.filter((c) => this.readable.has(`${d}.${c}`)).map((c) => [d, c] as const),
    )
    const again = known.length > 0 && this.choices.oneIn(2)
    const [dimension, column] = again
      ? this.choices.of(known)
      : [this.choices.of(dimensionNames), this.choices.of(flows)]
    const visit = this.visiting(
      { ...scope, uniform: column === 'u' || column === 'hot' || this.choices.oneIn(2) },
      dimension,
    )
    const place = visit.scope.places.at(-1) as Place
    const body =
      column === 'hot'
        ? this.setTruth(place, column, this.truth(visit.scope, 2))
        : column === 'g'
          ? joined([0, 1].map((i) => this.setReal(place, 'g', this.real(visit.scope, 2), i)))
          : this.setReal(place, column, this.real(visit.scope, 3))
    this.readable.add(`${dimension}.${column}`)
    const inPass =
      again && this.choices.oneIn(2)
        ? [this.accumulate(scope, this.place(visit.scope), this.sumOf(dimension, column))]
        : []
    const first = this.loop(visit.name, all(dimension), joined([body, ...inPass]), this.choices.oneIn(3))
    if (!this.choices.oneIn(2)) return first
    // Read at once, here or in another step: mostly a uniform flow that the prelude has to compute.
    const reader = this.visiting(scope, dimension)
    const read = this.readBack(reader.scope, reader.scope.places.at(-1) as Place, column, true)
    return joined([first, this.loop(reader.name, all(dimension), joined(read), false)])
  }

  /** A flow summed over all records while a loop is setting it for one after the other. */
  protected sumOf(dimension: DimensionName, column: Flow): Real {
    return {
      text: `sum(${dimension}, e => e.${column})`,
      bound: MOST_RECORDS * STORED,
      make: (f) =>
        f.language.sum(f.language.all(dimension), (e) =>
          column === 'hot' ? e.hot.toNum() : column === 'g' ? e.g.at(1) : e[column],
        ),
    }
  }

  /** Names a value for the statements after this one, and uses it at once lest nothing depends on it. */
  protected named(scope: Open, place: Place): Statement[] {
    const name = this.name('n')
    const value = this.real(scope, 3)
    const named: Real = { text: name, bound: value.bound, make: (f) => f.values.get(name) as N }
    if (!scope.uniform) scope.reals = [...scope.reals, named]
    return [
      {
        text: `${name} := ${value.text}`,
        run: (f) => {
          f.values.set(name, value.make(f))
        },
      },
      this.setReal(place, 'y', named),
    ]
  }

  protected loop(name: string, range: Range, body: Statement, backwards: boolean): Statement {
    return {
      text: `each(${range.text}${backwards ? ' backwards' : ''}, ${name} => {${body.text}})`,
      run: (f) =>
        f.language.each(
          range.make(f),
          (record) => {
            f.records.set(name, record)
            body.run(f)
          },
          backwards,
        ),
    }
  }

  protected eachStatement(scope: Scope, depth: number): Statement {
    const range = this.range(scope)
    const visit = this.visiting(scope, range.dimension)
    const body =
      scope.loops > 2
        ? joined(this.set(visit.scope, this.place(visit.scope)))
        : this.block(visit.scope, depth - 1, false)
    return this.loop(visit.name, range, body, !range.isList && this.choices.oneIn(3))
  }

  protected chooseStatement(scope: Scope, depth: number, place: Place): Statement {
    const condition = this.truth(this.choices.oneIn(3) ? { ...scope, uniform: true } : scope, 2)
    const yes = this.block(scope, depth - 1, false)
    const no = this.choices.oneIn(2) ? this.block(scope, depth - 1, false) : joined([])
    const values = [limited(this.real(scope, 2), STORED), limited(this.real(scope, 1), STORED)] as const
    const natural = [this.natural(scope, 1), this.natural(scope, 0)] as const
    const target = this.choices.of(['x', 'y'] as const)
    return {
      text: `${place.text}.${target} = choose(${condition.text}, {${yes.text}; ${values[0].text}, ${natural[0].text}}, {${no.text}; ${values[1].text}, ${natural[1].text}})`,
      run: (f) => {
        const side = (i: 0 | 1) => () => {
          ;(i === 0 ? yes : no).run(f)
          return { value: values[i].make(f), natural: natural[i].make(f), truth: f.language.bool(i === 0) }
        }
        const result = f.language.choose(condition.make(f), side(0), side(1))
        place.make(f)[target] = f.language.where(
          result.truth as B,
          result.value as N,
          (result.natural as W).shiftedRight(20).toNum(),
        )
      },
    }
  }

  protected repeatStatement(scope: Scope, depth: number, place: Place): Statement {
    const loop = this.repeated(
      { ...scope, loops: scope.loops + 1 },
      scope.loops > 2 || scope.inRepeat ? undefined : (inside) => this.block(inside, depth - 1, false),
    )
    return this.setReal(place, this.choices.of(['x', 'y'] as const), loop)
  }
}
