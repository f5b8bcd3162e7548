/** Random numbers. Their bounds are tracked, so that no operation gives a NaN. */
import type { Any, B, ColumnName, E, KindName, N, RoutineSource, W } from '../language.ts'
import { ConditionGenerator } from './conditions.ts'
import {
  LARGE,
  MOST_RECORDS,
  STORED,
  both,
  limited,
  type Expression,
  type Frame,
  type Real,
  type Scope,
  type Statement,
  type Truth,
} from './pieces.ts'

/** A routine that the program may call. */
export interface Callable {
  readonly source: RoutineSource
  readonly parameters: readonly KindName[]
  readonly results: readonly KindName[]
  readonly bounds: readonly number[]
}

export abstract class RealGenerator extends ConditionGenerator {
  protected readonly routines: Callable[] = []
  /** Expressions so far: a program that is long enough goes on with the simplest ones. */
  protected size = 0

  protected real(scope: Scope, depth: number): Real {
    this.size++
    const made = this.anyReal(scope, this.size > 400 ? 0 : depth)
    const value = made.bound > LARGE ? limited(made, STORED) : made
    scope.again.push(value)
    return value
  }

  protected anyReal(scope: Scope, depth: number): Real {
    const { choices } = this
    if (depth <= 0) return this.leaf(scope)
    const r = (): Real => this.real(scope, depth - 1)
    const unary = (text: string, bound: number, x: Real, make: (x: N) => N): Real => ({
      text: `${text}(${x.text})`,
      bound,
      make: (f) => make(x.make(f)),
    })
    const kind = choices.below(scope.isRoutine ? 26 : scope.loops > 2 ? 27 : 32)
    switch (kind) {
      case 1:
      case 2:
        return both(
          r(),
          r(),
          '+',
          (a, b) => a + b,
          (a, b) => a.plus(b),
        )
      case 3:
        return both(
          r(),
          r(),
          '-',
          (a, b) => a + b,
          (a, b) => a.minus(b),
        )
      case 4:
      case 5:
        return both(
          r(),
          r(),
          '*',
          (a, b) => a * b,
          (a, b) => a.times(b),
        )
      case 6: {
        const [x, y] = [r(), r()]
        return {
          text: `${x.text} / max(|${y.text}|, .01)`,
          bound: x.bound * 100,
          make: (f) => x.make(f).over(f.language.max(y.make(f).absolute(), 0.01)),
        }
      }
      case 7: {
        // Infinite where y is 0, and held in bounds afterwards.
        const [x, y] = [r(), r()]
        return {
          text: `clamp((|${x.text}| + 1) / ${y.text})`,
          bound: 50,
          make: (f) => f.language.clamp(x.make(f).absolute().plus(1).over(y.make(f)), { low: -50, high: 50 }),
        }
      }
      case 8: {
        const x = r()
        return unary('-', x.bound, x, (v) => v.negated())
      }
      case 9: {
        const x = r()
        return unary('abs', x.bound, x, (v) => v.absolute())
      }
      case 10: {
        const x = r()
        return unary('sqrt abs', x.bound + 1, x, (v) => v.absolute().squareRoot())
      }
      case 11: {
        const x = r()
        return unary('floor', x.bound + 1, x, (v) => v.floor())
      }
      case 12:
        return both(r(), r(), 'min', Math.max, (a, b, f) => f.language.min(a, b))
      case 13:
        return both(r(), r(), 'max', Math.max, (a, b, f) => f.language.max(a, b))
      case 14:
        return limited(r(), choices.of([1, 10, 1000]))
      case 15:
      case 16: {
        const [c, x, y] = [this.truth(scope, depth - 1), r(), r()]
        return {
          text: `(${c.text} ? ${x.text} : ${y.text})`,
          bound: Math.max(x.bound, y.bound),
          make: (f) => f.language.where(c.make(f), x.make(f), y.make(f)),
        }
      }
      case 17: {
        const w = this.natural(scope, depth - 1)
        return { text: `num(${w.text})`, bound: 2 ** 32, make: (f) => w.make(f).toNum() }
      }
      case 18:
        return this.power(limited(r(), choices.of([40, 1022])))
      case 19: {
        const x = r()
        return {
          text: `exponent(${x.text})`,
          bound: 1100,
          make: (f) => f.language.exponent(f.language.max(x.make(f).absolute(), 1e-300)),
        }
      }
      case 20: {
        const x = r()
        return {
          text: `significand(${x.text})`,
          bound: 2,
          make: (f) => f.language.significand(f.language.max(x.make(f).absolute(), 1e-300)),
        }
      }
      case 21: {
        const x = limited(r(), 50)
        return { text: `exp(${x.text})`, bound: 1e22, make: (f) => f.language.exp(x.make(f)) }
      }
      case 22: {
        const x = r()
        return {
          text: `log(${x.text})`,
          bound: 1000,
          make: (f) => f.language.log(f.language.max(x.make(f).absolute(), 1e-300)),
        }
      }
      case 23: {
        const c = this.truth(scope, depth - 1)
        return { text: `num(${c.text})`, bound: 1, make: (f) => c.make(f).toNum() }
      }
      case 24:
        return this.chosen(scope, depth)
      case 25:
        return scope.uniform ? this.leaf(scope) : (this.called(scope, depth) ?? this.repeated(scope))
      case 26: {
        if (scope.uniform || scope.isRoutine) return this.leaf(scope)
        const entity = this.natural({ ...scope, uniform: true }, 1)
        const stream = choices.of(['taste', 'luck'])
        return {
          text: `normal(${stream}, ${entity.text})`,
          bound: 40,
          make: (f) => f.language.normal(stream, entity.make(f)),
        }
      }
      case 27:
      case 28:
      case 29:
      case 30:
        return this.reduced(scope, depth)
      case 31:
        return scope.again.length > 0 && !scope.uniform ? choices.of(scope.again) : this.leaf(scope)
      default:
        return this.leaf(scope)
    }
  }

  protected power(x: Real): Real {
    return {
      text: `2^floor(${x.text})`,
      bound: 2 ** x.bound,
      make: (f) => f.language.powerOfTwo(x.make(f).floor()),
    }
  }

  protected leaf(scope: Scope): Real {
    const { choices } = this
    const kind = choices.below(8)
    if (kind === 1 && scope.reals.length > 0 && !scope.uniform) return choices.of(scope.reals)
    if (kind > 1 && scope.places.length > 0) {
      const place = this.place(scope)
      if (place.dimension === 'firms' && !scope.uniform && choices.oneIn(6)) {
        const input = choices.of(['p', 'q'] as const)
        return {
          text: `input(${place.text}.${input})`,
          bound: STORED,
          make: (f) => f.language.input(place.make(f), input),
        }
      }
      const all: ColumnName[] = scope.uniform
        ? ['a', 'b', 'v', 'u', 'g', 'u']
        : ['a', 'x', 'y', 'h', 'b', 'v', 'u', 'w', 'g', 'u', 'g']
      const column = choices.of(all.filter((name) => this.readable.has(`${place.dimension}.${name}`))) as 'x'
      const vector = { v: 3, h: 3, g: 2 }[column as string]
      if (vector === undefined)
        return { text: `${place.text}.${column}`, bound: STORED, make: (f) => place.make(f)[column] }
      const index = this.index(scope, vector)
      return {
        text: `${place.text}.${column}[${index.text}]`,
        bound: STORED,
        make: (f) => place.make(f)[column as unknown as 'h'].at(index.make(f)),
      }
    }
    const literal = choices.of([0, 1, -1, 0.5, 3, -0.1, 1e-9, 250, -0])
    return {
      text: Object.is(literal, -0) ? '-0' : String(literal),
      bound: Math.abs(literal),
      make: (f) => f.language.num(literal),
    }
  }

  protected chosen(scope: Scope, depth: number): Real {
    const condition = this.truth(scope, depth - 1)
    const [x, y] = [this.real(scope, depth - 1), this.real(scope, depth - 1)]
    return {
      text: `choose(${condition.text}, ${x.text}, ${y.text})`,
      bound: Math.max(x.bound, y.bound),
      make: (f) =>
        f.language.choose(
          condition.make(f),
          () => ({ value: x.make(f) }),
          () => ({ value: y.make(f) }),
        ).value as N,
    }
  }

  protected called(scope: Scope, depth: number): Real | undefined {
    if (this.routines.length === 0) return undefined
    const { source, parameters, results, bounds } = this.choices.of(this.routines)
    const args = parameters.map((kind): Expression<Any> => {
      const inside = this.choices.oneIn(3) ? { ...scope, uniform: true } : scope
      return kind === 'num'
        ? limited(this.real(inside, depth - 1), STORED)
        : kind === 'whole'
          ? this.natural(inside, 1)
          : this.truth(inside, 1)
    })
    const which = this.choices.below(results.length)
    return {
      text: `${source.name}(${args.map((a) => a.text).join(', ')})[${which}]`,
      bound: results[which] === 'num' ? (bounds[which] as number) : 2 ** 32,
      make: (f) => {
        const result = f.language.call(
          source,
          args.map((a) => a.make(f)),
        )[which] as Any
        return results[which] === 'num' ? (result as N) : (result as W | B).toNum()
      },
    }
  }

  protected reduced(scope: Scope, depth: number): Real {
    const { choices } = this
    const range = this.range(scope)
    const visit = this.visiting(scope, range.dimension)
    const bind = (f: Frame, record: E): void => {
      f.records.set(visit.name, record)
    }
    const kind = choices.below(scope.uniform ? 4 : 6)
    const backwards = !range.isList && choices.oneIn(3)
    const term = this.real(visit.scope, depth - 1)
    const text = (name: string): string => `${name}(${range.text}, ${visit.name} => ${term.text})`
    switch (kind) {
      case 1:
        return {
          text: text('maximum'),
          bound: Math.max(term.bound, 5),
          make: (f) =>
            f.language.maximum(range.make(f), -5, (e) => {
              bind(f, e)
              return term.make(f)
            }),
        }
      case 2:
        return {
          text: text('minimum'),
          bound: Math.max(term.bound, 5),
          make: (f) =>
            f.language.minimum(range.make(f), 5, (e) => {
              bind(f, e)
              return term.make(f)
            }),
        }
      case 3: {
        const other = this.real(visit.scope, 1)
        return {
          text: `sums(${range.text}, ${visit.name} => ${term.text} | ${other.text})`,
          bound: MOST_RECORDS * (term.bound + other.bound),
          make: (f) => {
            const { first, second } = f.language.sums(range.make(f), (e) => {
              bind(f, e)
              return { first: term.make(f), second: other.make(f) }
            }) as { first: N; second: N }
            return first.minus(second)
          },
        }
      }
      case 4:
      case 5: {
        const [name, flag] = [this.name('s'), this.name('t')]
        const total: Real = { text: name, bound: STORED, make: (f) => f.values.get(name) as N }
        const seen: Truth = { text: flag, make: (f) => f.values.get(flag) as B }
        const inside = {
          ...visit.scope,
          reals: [...visit.scope.reals, total],
          truths: [...visit.scope.truths, seen],
          uniform: false,
          again: [...visit.scope.again],
        }
        const next = limited(this.real(inside, depth - 1), STORED)
        const more = this.truth(inside, 1)
        return {
          text: `fold(${range.text}${backwards ? ' backwards' : ''}, ${visit.name} ${name} ${flag} => ${next.text} | ${more.text})`,
          bound: STORED,
          make: (f) => {
            const result = f.language.fold(
              range.make(f),
              { total: f.language.num(1), seen: f.language.bool(false) },
              (state, e) => {
                bind(f, e)
                f.values.set(name, state.total as N).set(flag, state.seen as B)
                return { total: next.make(f), seen: more.make(f) }
              },
              backwards,
            )
            return f.language.where(result.seen as B, result.total as N, (result.total as N).negated())
          },
        }
      }
      default:
        return {
          text: text('sum'),
          bound: MOST_RECORDS * term.bound,
          make: (f) =>
            f.language.sum(range.make(f), (e) => {
              bind(f, e)
              return term.make(f)
            }),
        }
    }
  }

  /** At most seven rounds; `inside` may add statements to each. */
  protected repeated(scope: Scope, inside?: (scope: Scope) => Statement): Real {
    if (scope.inRepeat) return this.leaf(scope)
    const [count, total, bits] = [this.name('k'), this.name('s'), this.name('w')]
    const active = this.truth(scope, 1)
    const first = limited(this.real(scope, 1), STORED)
    const seed = this.natural(scope, 1)
    const body: Scope = {
      ...scope,
      inRepeat: true,
      uniform: false,
      again: [...scope.again],
      reals: [...scope.reals, { text: total, bound: STORED, make: (f) => f.values.get(total) as N }],
      naturals: [...scope.naturals, { text: bits, make: (f) => f.values.get(bits) as W }],
    }
    const statements = inside?.(body)
    const next = limited(this.real(body, 2), STORED)
    const mixed = this.natural(body, 2)
    const again = this.truth(body, 2)
    return {
      text: `repeat(${active.text}, ${total} = ${first.text}, ${bits} = ${seed.text} => {${statements?.text ?? ''}; ${next.text}; ${mixed.text}; again ${again.text}})`,
      bound: STORED,
      make: (f) => {
        const initial = { count: f.language.whole(0), total: first.make(f), bits: seed.make(f) }
        const result = f.language.repeat(active.make(f), initial, (state) => {
          f.values
            .set(count, state.count as W)
            .set(total, state.total as N)
            .set(bits, state.bits as W)
          statements?.run(f)
          const round = state.count as W
          return {
            again: again.make(f).and(round.isBelow(6)),
            next: { count: round.plus(1), total: next.make(f), bits: mixed.make(f) },
          }
        })
        return (result.total as N).plus((result.bits as W).and(255).toNum()).plus((result.count as W).toNum())
      },
    }
  }
}
